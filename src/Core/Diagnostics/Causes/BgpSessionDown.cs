using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D41: BIRD has a session to the other host and it is not up.</summary>
public sealed class BgpSessionDown : Cause
{
    /// <inheritdoc/>
    public override string Id => "D41";

    /// <inheritdoc/>
    public override string Code => "bgp-down";

    /// <inheritdoc/>
    public override string Title => "The BGP session between the hosts is not established";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 92;

    /// <inheritdoc/>
    public override string Why =>
        "Connection refused means that BIRD is down over there; a timeout or no route that TCP port 179 is filtered or the address is "
        + "wrong; a bad peer AS that the numbers differ.";

    /// <inheritdoc/>
    public override ImmutableArray<string> EffectOf => ["bird-down", "felix-down", "node-ip-changed", "duplicate-node", "node-container"];

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.SameHost != false)
        {
            yield break;
        }

        foreach (var end in evidence.Ends)
        {
            var other = evidence.Other(end);
            if (end.Bgp.Value is not { IPv4: { IsRunning: true } daemon } || other.Node.Length == 0
                || evidence.Snapshot.Calico.Nodes.GetValueOrDefault(other.Node)?.Value.IPv4 is not { } peer)
            {
                continue;
            }

            var session = daemon.Sessions.FirstOrDefault(s => s.Peer == peer.Address.ToString());
            if (session is null or { IsEstablished: true })
            {
                continue;
            }

            yield return Found(
                Proof.Proven, end.HostName,
                $"{end.HostName} has no routes to the containers of {other.HostName}: the BGP session between them is not established.") with
            {
                For = [new($"session to {session.Peer}", $"{session.State}, {session.Info}", "up, Established",
                    $"BIRD on {end.HostName}, since {session.Since}")],
                FixNow = session.Info.Contains("refused", StringComparison.OrdinalIgnoreCase)
                    ? $"Nobody takes the session on {other.HostName}: start calico-node there, or wait some seconds if it was just started."
                    : session.Info.Contains("AS", StringComparison.Ordinal) ? "Give both nodes the AS number that the other expects."
                    : "Open TCP port 179 between the hosts in both directions, and look whether the address is right. Just after a start, wait 10 s.",
            };
        }
    }
}
