using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D43: the host's route to the other end does not lead to the other end's host.</summary>
public sealed class RemoteRouteMissing : Cause
{
    /// <inheritdoc/>
    public override string Id => "D43";

    /// <inheritdoc/>
    public override string Code => "remote-route-missing";

    /// <inheritdoc/>
    public override string Title => "The host has no route to the other workload";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Partial;

    /// <inheritdoc/>
    public override int Step => 94;

    /// <inheritdoc/>
    public override string Why =>
        "The session is up and the route is not there, or leads elsewhere: the pool is missing, a route reflector does not pass it on, or "
        + "another host's route wins.";

    /// <inheritdoc/>
    public override ImmutableArray<string> EffectOf => ["bird-down", "bgp-down", "no-peers", "no-pool", "node-ip-changed", "node-ip-wrong", "duplicate-node",
        "felix-down", "pool-overlap", "name-mismatch", "stale-endpoint"];

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
            if (!other.IsWorkload || other.Endpoint is null || end.Machine.Value?.PeerRoute is not { } route
                || evidence.Snapshot.Calico.Nodes.GetValueOrDefault(other.Node)?.Value.IPv4 is not { } peer)
            {
                continue;
            }

            var there = route.GoesOn && (route.Via == peer.Address || route.Interface.StartsWith("tunl", StringComparison.Ordinal));
            if (there)
            {
                continue;
            }

            yield return Found(Proof.Proven, end.HostName, $"{end.HostName} has no route to {evidence.NameOf(other)} by its host {other.HostName}.") with
            {
                For = [new($"route to {other.Address}", route.Text, $"via {peer.Address}", $"routes of {end.HostName}")],
                FixNow = $"Look at what {other.HostName} exports: its block must lie in a pool, and its session to {end.HostName} must be up.",
                Command = ShellCommand.Join(["docker", "exec", CalicoNames.NodeContainer, "birdcl", "-s", "/var/run/calico/bird.ctl", "show", "route", "for",
                    other.Address.ToString()]),
            };
        }
    }
}
