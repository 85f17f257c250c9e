using System.Collections.Immutable;
using CalicoConsole.Core.Reconciliation;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;
using CalicoConsole.Web.Live;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET reconciliation</c>: every workload with its five legs.</summary>
internal static class ReconciliationApi
{
    private static readonly QueryParameter Faults = new("faults", "Only workloads with a fault", IsFlag: true);

    private static readonly QueryParameter Read = new(
        "read", "First asks the hosts for their interfaces and Docker's cluster store for its endpoints", IsFlag: true);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("reconciliation", ListAsync).WithName("listReconciliation").AnswersList<LegsAnswer>()
        .WithSummary("Every workload with its Docker endpoint, workload endpoint, IPAM assignment, profile and interface; faults=true leaves out those "
            + "without a fault, read=true asks the hosts for their interfaces and Docker's cluster store for its endpoints first (3 s at most); without it "
            + "interfaces are notRead").Takes(Faults, Read);

    private static async Task<IResult> ListAsync(
        ILegReader reader, IpamState ipam, IClusterState state, ConsoleSettings settings, HttpRequest request)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var readings = request.Has(Read) ? await reader.ReadAsync(state.Current, request.HttpContext.RequestAborted) : null;
        var onlyFaults = request.Has(Faults);
        var index = ipam.Current;
        WorkloadLegs[] rows =
        [
            .. Reconciler.Rows(index.Snapshot, index, readings).Where(r => !onlyFaults || r.IsFaulty).OrderBy(r => r.Key, StringComparer.Ordinal),
        ];
        return ApiList.InOrder(rows, r => r.Key, Answer, count: rows.Length);
    }

    private static LegsAnswer Answer(WorkloadLegs row) => new(
        row.Key, row.Name, row.Node.Length > 0 ? row.Node : null, [.. row.Addresses.Select(a => a.ToString())], row.IsFaulty, row.Sentence,
        [.. row.Legs.Select(l => new LegAnswer(
            Word(l.Leg.ToString()), Word(l.View.State.ToString()), l.View.Text, Said(l.View.Consequence), Said(l.View.Command)))]);

    private static string? Said(string text) => text.Length > 0 ? text : null;

    private static string Word(string member) => char.ToLowerInvariant(member[0]) + member[1..];
}

/// <summary>A workload with its legs.</summary>
/// <param name="Key">Its identity.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Node">Calico's name of its node; null when that is not known.</param>
/// <param name="Addresses">Its addresses.</param>
/// <param name="Fault">Whether a leg is missing, doubled or differs.</param>
/// <param name="Sentence">The row in words.</param>
/// <param name="Legs">docker, endpoint, address, profile and interface, in this order.</param>
internal sealed record LegsAnswer(
    string Key, string Name, string? Node, ImmutableArray<string> Addresses, bool Fault, string Sentence, ImmutableArray<LegAnswer> Legs);

/// <summary>One leg.</summary>
/// <param name="Leg">docker, endpoint, address, profile or interface.</param>
/// <param name="State">there, missing, doubled, differs, notRead or doesNotApply.</param>
/// <param name="Text">What was found, or why nothing was.</param>
/// <param name="Consequence">What follows from a fault.</param>
/// <param name="Command">What repairs it by hand, or shows it.</param>
internal sealed record LegAnswer(string Leg, string State, string Text, string? Consequence, string? Command);
