using System.Text.Json;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Selectors;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;

namespace CalicoConsole.Web.Api;

/// <summary>
/// <c>GET endpoints?node=&amp;orchestrator=&amp;workload=&amp;profile=&amp;selector=</c>: workload endpoints of every orchestrator;
/// <c>GET endpoints/{node}/{orchestrator}/{workload}/{**name}</c>: one of them.
/// </summary>
internal static class EndpointsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("endpoints", List).WithName("listEndpoints")
            .WithSummary("Workload endpoints, as calicoctl's v1 documents; selector is Calico's, on labels inherited from profiles and tags")
            .AnswersList<JsonElement>();
        api.MapGet("endpoints/{node}/{orchestrator}/{workload}/{**name}", Get).WithName("getEndpoint")
            .WithSummary("One workload endpoint by the names of its metadata; its ETag is its revision").Produces<JsonElement>().GivesETag();
    }

    private static IResult Get(string node, string orchestrator, string workload, string name, HttpContext http, IClusterState state, ConsoleSettings settings)
    {
        var id = new WorkloadEndpointId(node, orchestrator, workload, name);
        return FeedGate.EtcdMissing(state, settings) ?? (state.Current.Calico.Find(id) is { } found
            ? Resources.Answer(http, found)
            : ApiProblems.NotFound(KindNames.WorkloadEndpoint, ResourceId.From(id).Label));
    }

    private static IResult List(IClusterState state, ConsoleSettings settings, string? node, string? orchestrator, string? workload, string? profile,
        string? selector)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        if (!Selector.TryParse(selector ?? "", out var wanted, out var error))
        {
            var reason = $"at position {error.Position + 1}: {error.Reason}";
            return ApiProblems.Problem(
                StatusCodes.Status400BadRequest, "The selector is not valid", $"'{selector}' {reason}.", [new("selector", reason)],
                    [new("position", error.Position)]);
        }

        var calico = state.Current.Calico;
        var whole = node is null && orchestrator is null && workload is null && profile is null && string.IsNullOrEmpty(selector);
        return ApiList.InOrder(
            calico.WorkloadEndpoints.Values.Where(Fit), e => e.Keys[0].Key, e => Resources.Document(e.Value),
            from: key => calico.WorkloadEndpoints.From(key).Where(Fit), count: whole ? calico.WorkloadEndpoints.Count : null);

        bool Fit(Stored<WorkloadEndpoint> stored) => stored.Value is var e
            && Fits(node, e.Id.Node) && Fits(orchestrator, e.Id.Orchestrator) && Fits(workload, e.Id.Workload) && (profile is null || Carries(e, profile))
            && (string.IsNullOrEmpty(selector) || wanted.Matches(EffectiveLabels.For(calico, e)));
    }

    private static bool Fits(string? wanted, string value) => wanted is null || wanted == value;

    private static bool Carries(WorkloadEndpoint endpoint, string profile) => !endpoint.ProfileIds.IsDefault && endpoint.ProfileIds.Contains(profile);
}
