using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D22: no majority of etcd is healthy.</summary>
public sealed class EtcdWithoutLeader : Cause
{
    /// <inheritdoc/>
    public override string Id => "D22";

    /// <inheritdoc/>
    public override string Code => "etcd-no-leader";

    /// <inheritdoc/>
    public override string Title => "etcd has no leader";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 2;

    /// <inheritdoc/>
    public override string Why =>
        "Without a majority etcd still answers plain reads, with old data, and takes no change: running workloads keep talking, and every "
        + "new one hangs and fails.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return Standing(evidence.Snapshot).Select(f => f with { Explains = evidence.Ends.Any(e => e.Container is not null && e.Endpoint is null) });
    }

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Standing(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (snapshot.Etcd is not { Members: { Length: > 0 } members } || members.Any(m => m.IsLeader == true)
            || members.Count(m => m is { Answers: true, Healthy: true }) * 2 > members.Length)
        {
            yield break;
        }

        var silent = members.Where(m => !m.Answers || !m.Healthy).Select(m => m.Name.Length > 0 ? m.Name : m.Id).ToArray();
        yield return Found(Proof.Proven, "etcd", $"etcd has no leader: {string.Join(", ", silent.Take(5))} cannot be reached or are not healthy") with
        {
            For = [new("healthy members", $"{members.Length - silent.Length} of {members.Length}", "a majority with a leader", "etcd")],
            FixNow = "Bring the members back; restore from a backup only as the last step.",
        };
    }
}
