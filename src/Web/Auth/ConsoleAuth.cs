using System.Threading.RateLimiting;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace CalicoConsole.Web.Auth;

/// <summary>Who may come in: a bearer token for the API, a signed-in user for pages.</summary>
internal static class ConsoleAuth
{
    /// <summary>Policy of the API's routes.</summary>
    public const string ApiPolicy = "api";

    /// <summary>Rate limit of the sign-in.</summary>
    public const string SignInLimit = "sign-in";

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
            cookie.Cookie.Name = "calico-console";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.ExpireTimeSpan = TimeSpan.FromHours(12);
            cookie.LoginPath = "/account/sign-in";
            cookie.AccessDeniedPath = "/account/sign-in";
            cookie.ReturnUrlParameter = "returnUrl";
        });
        services.AddIdentityCore<ConsoleUser>(identity =>
            {
                identity.Password.RequiredLength = 12;
                identity.Password.RequireDigit = identity.Password.RequireLowercase = identity.Password.RequireUppercase = identity.Password.RequireNonAlphanumeric = false;
                identity.Lockout.MaxFailedAccessAttempts = 10;
                identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(1);
            })
            .AddRoles<IdentityRole>()
            .AddEntityFrameworkStores<ConsoleDbContext>()
            .AddSignInManager();
        services.AddScoped<AuthenticationStateProvider, RevalidatingUser>();
        services.AddCascadingAuthenticationState();
        services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.AddPolicy(SignInLimit, context => HttpMethods.IsPost(context.Request.Method)
                ? RateLimitPartition.GetFixedWindowLimiter(
                    "from " + context.Connection.RemoteIpAddress,
                    _ => new FixedWindowRateLimiterOptions { PermitLimit = 10, Window = TimeSpan.FromMinutes(1) })
                : RateLimitPartition.GetNoLimiter("reading"));
        });
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
        routes.MapPost("/account/sign-out", async ([FromForm] string? returnUrl, SignInManager<ConsoleUser> signIn) =>
        {
            await signIn.SignOutAsync();
            return TypedResults.LocalRedirect(LocalUrl(returnUrl));
        }).ExcludeFromDescription();

    /// <summary>A path within this console: everything else becomes its front page.</summary>
    public static string LocalUrl(string? url) =>
        url is { Length: > 0 } && url[0] == '/' && (url.Length == 1 || (url[1] != '/' && url[1] != '\\')) && !url.Any(char.IsControl) ? url : "/";

    private static bool IsApi(PathString path) => path.StartsWithSegments("/api") || path.StartsWithSegments("/openapi");
}
