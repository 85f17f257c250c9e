using CalicoConsole.Adapters.Audit;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace CalicoConsole.Web.Auth;

/// <summary>A cookie is worth what its session is: without a row that stands it is nobody's, however well it is signed.</summary>
internal static class SessionCookie
{
    /// <summary>
    /// How the names of the console's cookies begin; the database's id follows, so that two consoles on one host name do not sign each other out.
    /// </summary>
    public const string NamePrefix = "calico-console-";

    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        var sessions = services.GetRequiredService<SessionStore>();
        try
        {
            if (context.Principal is { } user && SessionClaims.Session(user) is { } id
                && await sessions.FindAsync(id, context.HttpContext.RequestAborted) is { } session)
            {
                await SeenAsync(sessions, session, services);
                return;
            }
        }
        catch (ConsoleDatabaseException e)
        {
            services.GetRequiredService<ILogger<SessionStore>>()
                .LogError("A session could not be looked up, so its request counts as nobody's: {Reason}", e.Message);
            context.RejectPrincipal();
            return;
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(context.Scheme.Name);
    }

    /// <summary>A page is sent to the sign-in; what scripts ask gets the status alone.</summary>
    public static Task ChallengeAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (context.Request.Path.StartsWithSegments(HubGuard.Hub))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
        else
        {
            context.Response.Redirect(context.RedirectUri);
        }

        return Task.CompletedTask;
    }

    private static async Task SeenAsync(SessionStore sessions, ConsoleSession session, IServiceProvider services)
    {
        try
        {
            await sessions.SeenAsync([session.Id], CancellationToken.None);
        }
        catch (ConsoleDatabaseException e)
        {
            // A full disk ends no session.
            services.GetRequiredService<ILogger<SessionStore>>().LogWarning("Could not record that a session is in use: {Reason}", e.Message);
        }
    }
}
