using CalicoConsole.Web.Auth;

namespace CalicoConsole.Web.Api;

/// <summary>The REST API below <c>/api/v1</c> and its description.</summary>
internal static class ConsoleApi
{
    public static void AddConsoleApi(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddOpenApi("v1");
    }

    public static void MapConsoleApi(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName}.json").RequireAuthorization(ConsoleAuth.ApiPolicy);
        var api = routes.MapGroup("/api/v1").RequireAuthorization(ConsoleAuth.ApiPolicy).DisableAntiforgery();
        StatusApi.Map(api);
    }
}
