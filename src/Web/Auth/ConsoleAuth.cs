using CalicoConsole.Adapters.Audit;
using CalicoConsole.Web.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace CalicoConsole.Web.Auth;

/// <summary>Who may come in: a bearer token for the API, a signed-in user for pages.</summary>
internal static class ConsoleAuth
{
    /// <summary>Policy of the API's routes.</summary>
    public const string ApiPolicy = "api";

    private const string ByPath = "ByPath";

    public static void AddConsoleAuth(this IServiceCollection services, ConsoleSettings settings)
    {
        services.AddAuthentication(options =>
            {
                options.DefaultScheme = ByPath;
                options.DefaultSignInScheme = IdentityConstants.ApplicationScheme;
            })
            .AddPolicyScheme(ByPath, null, options => options.ForwardDefaultSelector = context =>
                IsApi(context.Request.Path) ? ApiTokenHandler.SchemeName : IdentityConstants.ApplicationScheme)
            .AddScheme<AuthenticationSchemeOptions, ApiTokenHandler>(ApiTokenHandler.SchemeName, null)
            .AddIdentityCookies();
        services.ConfigureApplicationCookie(cookie =>
        {
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.ExpireTimeSpan = TimeSpan.FromHours(12);
            cookie.LoginPath = "/account/sign-in";
            cookie.AccessDeniedPath = "/account/sign-in";
            cookie.ReturnUrlParameter = "returnUrl";
            cookie.Events.OnValidatePrincipal = SessionCookie.ValidateAsync;
            cookie.Events.OnRedirectToLogin = SessionCookie.ChallengeAsync;
        });
        // Known once the database is open, which is before the first request.
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<ConsoleDatabase>((cookie, database) => cookie.Cookie.Name = SessionCookie.NamePrefix + database.Instance);
        services.AddOptions<AntiforgeryOptions>()
            .Configure<ConsoleDatabase>((antiforgery, database) => antiforgery.Cookie.Name = $"{SessionCookie.NamePrefix}form-{database.Instance}");
        services.AddIdentityCore<ConsoleUser>(identity =>
            {
                identity.Password.RequiredLength = 12;
                identity.Password.RequireDigit = identity.Password.RequireLowercase = identity.Password.RequireUppercase =
                    identity.Password.RequireNonAlphanumeric = false;
            })
            .AddRoles<IdentityRole>()
            .AddEntityFrameworkStores<ConsoleDbContext>()
            .AddSignInManager();
        services.AddScoped<AuthenticationStateProvider, ServerAuthenticationStateProvider>();
        services.AddCascadingAuthenticationState();
        services.AddSingleton<AttemptLimits>();
        services.AddSingleton<DecoyPassword>();
        services.AddSingleton<SignInAudit>();
        services.AddScoped<ConsoleSignIn>();
        services.AddSingleton<SessionWatch>();
        services.AddHostedService(p => p.GetRequiredService<SessionWatch>());
        services.AddScoped<CircuitSession>();
        services.AddScoped<CircuitHandler>(p => p.GetRequiredService<CircuitSession>());
        services.AddAuthorizationBuilder()
            .AddPolicy(ApiPolicy, p => p.AddAuthenticationSchemes(ApiTokenHandler.SchemeName).RequireAuthenticatedUser())
            .SetFallbackPolicy(settings.RequiresSignIn ? new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build() : null);
        if (settings.RequiresSignIn)
        {
            services.AddHostedService<LocalAdministrator>();
        }
    }

    public static void MapConsoleAuth(this IEndpointRouteBuilder routes) =>
        // A form parameter makes the antiforgery middleware check the token.
        routes.MapPost("/account/sign-out", async (HttpContext http, [FromForm] string? returnUrl, ConsoleSignIn signIn) =>
        {
            await signIn.SignOutAsync(http);
            return TypedResults.LocalRedirect(LocalUrl(http.Request.PathBase, returnUrl));
        }).ExcludeFromDescription();

    /// <summary>A path within this console, which lives below <paramref name="pathBase"/>: everything else becomes its front page.</summary>
    public static string LocalUrl(PathString pathBase, string? url) =>
        url is { Length: > 0 } && url.StartsWith(pathBase + "/", StringComparison.Ordinal) && (url.Length == 1 || (url[1] != '/' && url[1] != '\\'))
            && !url.Any(char.IsControl)
            ? url
            : pathBase + "/";

    private static bool IsApi(PathString path) => path.StartsWithSegments("/api") || path.StartsWithSegments("/openapi");
}
