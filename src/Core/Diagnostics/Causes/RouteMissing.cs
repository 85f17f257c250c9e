using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Operations;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D07: the host's route to the container's address is missing or leads elsewhere.</summary>
public sealed class RouteMissing : Cause
{
    /// <inheritdoc/>
    public override string Id => "D07";

    /// <inheritdoc/>
    public override string Code => "route-missing";

    /// <inheritdoc/>
    public override string Title => "The host has no route to its own container";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 65;

    /// <inheritdoc/>
    public override string Why =>
        "Each container needs a route of its own on its host, by its own interface. Without it the block's blackhole or the uplink catches "
        + "the packets. NetworkManager and restarts of the network flush such routes; the interface goes when a container ends uncleanly.";

    /// <inheritdoc/>
    public override ImmutableArray<string> EffectOf => ["interface-prefix", "felix-down", "rpf-loose", "felix-behind", "name-mismatch", "stale-endpoint"];

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends.Where(e => e is { Endpoint: not null, Host: not null, Interface.Length: > 0 }))
        {
            if (end.Machine.Value is not { OwnRoute: { } route } machine || (route.GoesOn && route.Interface == end.Interface)
                || machine.Has(end.Interface) is not { } linked)
            {
                continue;
            }

            yield return Found(
                Proof.Proven, end.Name,
                linked ? $"{end.HostName} has no route to its own container {evidence.NameOf(end)}."
                    : $"{end.HostName} has lost the interface of {evidence.NameOf(end)}: nothing reaches it until it is restarted.") with
            {
                For =
                [
                    new($"route to {end.Address}", route.Text, $"dev {end.Interface}", $"routes of {end.HostName}"),
                    new($"interface {end.Interface}", linked ? "there" : "not there", "there", $"interfaces of {end.HostName}"),
                ],
                FixNow = linked ? "Felix puts the route back within 90 s; restarting calico-node does it at once."
                    : "Restart the container: it gets a new interface and keeps a fixed address.",
                FixForGood = linked ? "Keep NetworkManager off: unmanaged-devices=interface-name:cali*;interface-name:tunl* in its configuration." : "",
                Command = linked ? "docker restart calico-node" : ShellCommand.Join(["docker", "restart", end.Container?.Container.Name ?? end.Name]),
                Mend = linked ? end.CalicoNode is { } node ? new CauseMend.RestartContainer(end.Host!.Name, node.Id) : null
                    : end.Container is { } container ? new CauseMend.RestartContainer(container.Host, container.Container.Id) : null,
            };
        }
    }
}
