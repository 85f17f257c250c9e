using CalicoConsole.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace CalicoConsole.Web.Auth;

/// <summary>Who may come in: bearer token for the API, a signed-in user for pages.</summary>
internal static class ConsoleAuth
{
    /// <summary>Policy of the API's routes.</summary>
    public const string ApiPolicy = "api";

    public static void AddConsoleAuth(this IServiceCollection services, ConsoleSettings settings)
    {
        services.AddAuthentication(ApiTokenHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiTokenHandler>(ApiTokenHandler.SchemeName, null);
        services.AddCascadingAuthenticationState();
        services.AddRateLimiter(_ => { });
        services.AddAuthorizationBuilder()
            .AddPolicy(ApiPolicy, p => p.AddAuthenticationSchemes(ApiTokenHandler.SchemeName).RequireAuthenticatedUser())
            .SetFallbackPolicy(settings.RequiresSignIn ? new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build() : null);
    }

    public static void MapConsoleAuth(this IEndpointRouteBuilder routes) => _ = routes;
}
