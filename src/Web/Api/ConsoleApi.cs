using CalicoConsole.Web.Auth;
using CalicoConsole.Web.Kinds;
using Microsoft.OpenApi;

namespace CalicoConsole.Web.Api;

/// <summary>The REST API below <c>/api/v1</c> and its description.</summary>
internal static class ConsoleApi
{
    public static void AddConsoleApi(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddSingleton<Changes>();
        services.AddSingleton<SnapshotEvents>();
        services.AddOpenApi("v1", options =>
        {
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo
                {
                    Title = "Calico Console",
                    Version = "v1",
                    Description = "Calico kinds are calicoctl's v1 resources as JSON; Docker objects use Docker's names plus host."
                };
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
                {
                    ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
                };
                document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] }];
                return Task.CompletedTask;
            });
            options.AddOperationTransformer((operation, context, _) =>
            {
                RouteParameters.Describe(operation, context.Description.ActionDescriptor.EndpointMetadata);
                return Task.CompletedTask;
            });
        });
    }

    public static void MapConsoleApi(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName}.json").RequireAuthorization(ConsoleAuth.ApiPolicy);
        var api = routes.MapGroup("/api/v1").RequireAuthorization(ConsoleAuth.ApiPolicy).DisableAntiforgery().WithStrictFlags();
        StatusApi.Map(api);
        VersionApi.Map(api);
        ProblemsApi.Map(api);
        RuleCountersApi.Map(api);
        ReconciliationApi.Map(api);
        foreach (var kind in KindPages.All)
        {
            kind.MapApi(api);
        }

        IpamApi.Map(api);
        ConfigApi.Map(api);
        ManifestsApi.Map(api);
        BgpApi.Map(api);
        NetworksApi.Map(api);
        ContainersApi.Map(api);
        AttachmentsApi.Map(api);
        ReachabilityApi.Map(api);
        CapturesApi.Map(api);
        DiagnosesApi.Map(api);
        ScenesApi.Map(api);
        AssertionsApi.Map(api);
        PolicyBoardApi.Map(api);
        DraftsApi.Map(api);
        AuditApi.Map(api);
        EventsApi.Map(api);
    }
}
