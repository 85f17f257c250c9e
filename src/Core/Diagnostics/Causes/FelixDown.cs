using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D03: calico-node or its Felix is not there, or the datastore is not declared ready.</summary>
public sealed class FelixDown : Cause
{
    /// <inheritdoc/>
    public override string Id => "D03";

    /// <inheritdoc/>
    public override string Code => "felix-down";

    /// <inheritdoc/>
    public override string Title => "Felix does not run, or waits";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 62;

    /// <inheritdoc/>
    public override string Why =>
        "What Felix programmed stays in force while it is away: old containers keep talking, new ones have no network, and changed rules "
        + "have no effect.";

    /// <inheritdoc/>
    public override ImmutableArray<string> EffectOf => ["rpf-loose", "iptables-backend", "node-container"];

    private const string Unread = "what was programmed before stays in force, and without calico-node the host's network could not be read";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (FeedNames.WasLive(evidence.Snapshot, FeedNames.Etcd) && !IsReady(evidence.Snapshot))
        {
            var bare = evidence.Ends.Where(e => e is { Host: not null, IsWorkload: true } && !IsProgrammed(e)).ToArray();
            yield return Found(bare.Any(e => e.Machine.Value is not null) ? Proof.Proven : Proof.Probable, "etcd",
                $"Felix waits on every host: {V1Keys.Ready} is not true.") with
            {
                For = [new(V1Keys.Ready, Text(evidence.Snapshot) ?? "missing", "true", "etcd")],
                // A Felix that waits leaves alone what it programmed before.
                Explains = bare.Length > 0,
                FixNow = "Set the key to true: every Felix begins to work. calico-node does that at its start.",
                Command = ShellCommand.Join(["etcdctl", "set", V1Keys.Ready, "true"]),
            };
        }

        foreach (var end in evidence.Ends.Where(e => e is { Host: not null, IsWorkload: true }).DistinctBy(e => e.Host!.Name))
        {
            if (end.CalicoNode is not { } node)
            {
                yield return Found(Proof.Probable, end.HostName, $"{end.HostName} has no calico-node: nobody looks after its containers.") with
                {
                    For = [new("container calico-node", "none", "running", $"the engine of {end.HostName}")],
                    Against = [Unread],
                    FixNow = $"Deploy calico-node on {end.HostName}.",
                    Mend = new CauseMend.DeployNode(end.Host!.Name),
                };
            }
            else if (node.State != "running")
            {
                yield return Found(Proof.Probable, end.HostName, $"calico-node on {end.HostName} is {node.State}: nobody looks after its containers.") with
                {
                    For = [new("container calico-node", node.State, "running", $"the engine of {end.HostName}"), .. Error(node.Details?.Error, end.HostName)],
                    Against = [Unread],
                    FixNow = "Start calico-node: containers that run keep their addresses.",
                    Command = ShellCommand.Join(["docker", "start", CalicoNames.NodeContainer]),
                    Mend = new CauseMend.StartContainer(end.Host!.Name, node.Id),
                };
            }
            else if (end.FelixRuns == false)
            {
                yield return Found(Proof.Proven, end.HostName, $"Felix does not run on {end.HostName}: new containers and changed rules wait for it.") with
                {
                    For =
                    [
                        new("process calico-felix", "not there", "running", $"calico-node on {end.HostName}"),
                        .. Error(end.FelixLog.Value?.LastFatal, end.HostName),
                    ],
                    // What Felix programmed stays: an endpoint that has its chain and its route talks on.
                    Explains = !IsProgrammed(end),
                    FixNow = "Restart calico-node: containers that run keep their addresses; routes to other hosts are away for some seconds.",
                    Command = ShellCommand.Join(["docker", "restart", CalicoNames.NodeContainer]),
                    Mend = new CauseMend.RestartContainer(end.Host!.Name, node.Id),
                };
            }
        }
    }

    private static bool IsProgrammed(EndEvidence end) =>
        end.Rules.Value?.Rules.Any(r => r.Chain == $"cali-tw-{end.Interface}") == true && end.Machine.Value?.OwnRoute is { GoesOn: true } route
        && route.Interface == end.Interface && end.Machine.Value.Parameter($"ipv4/conf/{end.Interface}/proxy_arp") != "0";

    private static bool IsReady(ClusterSnapshot snapshot) => Text(snapshot) == "true";

    private static string? Text(ClusterSnapshot snapshot) => snapshot.Calico.Keys.TryGet(V1Keys.Ready, out var stored) ? stored.Text : null;

    private static IEnumerable<EvidenceLine> Error(string? words, string host) =>
        words is { Length: > 0 } ? [new EvidenceLine("last words", words, "", $"calico-node on {host}")] : [];
}
