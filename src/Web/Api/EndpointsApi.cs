using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET endpoints?node=&amp;orchestrator=&amp;workload=&amp;profile=</c>: workload endpoints of every orchestrator.</summary>
internal static class EndpointsApi
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("endpoints", List).WithName("listEndpoints")
        .WithSummary("Workload endpoints, as calicoctl's v1 documents").Produces<ApiList<JsonElement>>();

    private static IResult List(IClusterState state, ConsoleSettings settings, string? node, string? orchestrator, string? workload, string? profile) =>
        FeedGate.EtcdMissing(state, settings) ?? TypedResults.Ok(ApiList.Of<JsonElement>(
        [
            .. state.Current.Calico.WorkloadEndpoints.Values.Select(e => e.Value)
                .Where(e => Fits(node, e.Id.Node) && Fits(orchestrator, e.Id.Orchestrator) && Fits(workload, e.Id.Workload) && (profile is null || Carries(e, profile)))
                .Select(Resources.Document),
        ]));

    private static bool Fits(string? wanted, string value) => wanted is null || wanted == value;

    private static bool Carries(WorkloadEndpoint endpoint, string profile) => !endpoint.ProfileIds.IsDefault && endpoint.ProfileIds.Contains(profile);
}
