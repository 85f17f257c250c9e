using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Evidence;

/// <summary>What the snapshot alone says about a question: the beginning of every diagnosis. Pure.</summary>
public static class EvidencePlan
{
    /// <summary>The evidence without any probe.</summary>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="ends">The question as it was read, without errors.</param>
    /// <param name="computed">What the rules say; null when it was not worked out.</param>
    public static DiagnosisEvidence Begin(ClusterSnapshot snapshot, DiagnosisQuestion question, DiagnosisEnds ends, Verdict? computed)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(ends);
        if (ends.From is not { } from || ends.To is not { } to)
        {
            throw new ArgumentException("both ends must be known", nameof(ends));
        }

        return new DiagnosisEvidence(snapshot, question, End(snapshot, from), End(snapshot, to)) { Computed = computed };
    }

    /// <summary>An end without any probe.</summary>
    public static EndEvidence End(ClusterSnapshot snapshot, FlowEndMatch match)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(match);
        var node = match.Endpoint?.Id.Node ?? match.End.UnregisteredOn ?? match.End.Node;
        return new EndEvidence(match)
        {
            Host = match.Container is { } container ? snapshot.Hosts.GetValueOrDefault(container.Host)
                : node is null ? null : snapshot.Hosts.Values.FirstOrDefault(h => h.NodeName == node),
        };
    }
}
