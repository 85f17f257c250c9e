using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D02: none of Felix's interface prefixes fits the container's interface.</summary>
public sealed class InterfacePrefix : Cause
{
    /// <inheritdoc/>
    public override string Id => "D02";

    /// <inheritdoc/>
    public override string Code => "interface-prefix";

    /// <inheritdoc/>
    public override string Title => "Felix does not look after the interfaces of containers";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 30;

    /// <inheritdoc/>
    public override string Why =>
        "Felix manages only interfaces whose names begin with one of its prefixes. Neutron's Calico driver writes the global key and sets "
        + "it to tap alone where it was unset, and then cali is gone on every Docker host.";

    private const string Parameter = "InterfacePrefix";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends.Where(e => e is { Container: not null, Interface.Length: > 0 }).DistinctBy(e => e.Node))
        {
            var (value, sure) = end.Felix(evidence.Snapshot, Parameter);
            if (!Covers(value, end.Interface))
            {
                yield return About(evidence.Snapshot, end.Node, value, sure ? Proof.Proven : Proof.Probable) with
                {
                    Headline = $"Felix on {end.HostName} does not look after {evidence.NameOf(end)}: its interface prefixes are {value}, and the container's "
                        + "interface begins with cali.",
                    Against = sure ? [] : [$"the environment of calico-node, which would go before etcd, could not be read: {end.Setup.Missing}"],
                };
            }
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Standing(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        // Where VMs are, the check of OpenStack's traps names it for both sides.
        if (snapshot.Calico.WorkloadEndpoints.Values.Any(e => e.Value.Id.Orchestrator == "openstack"))
        {
            yield break;
        }

        var nodes = snapshot.Views.Containers.Values.Where(c => c.Endpoints.Any(e => e.Endpoint is not null)).Select(c => c.NodeName)
            .Distinct(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            var value = EffectiveConfiguration.Felix(snapshot.Calico, Parameter, node).Value;
            if (!Covers(value, "cali"))
            {
                yield return About(snapshot, node, value, Proof.Probable);
            }
        }
    }

    private CauseFinding About(ClusterSnapshot snapshot, string node, string value, Proof proof)
    {
        var effective = EffectiveConfiguration.Felix(snapshot.Calico, Parameter, node);
        var from = effective.Value == value && effective.Stored is { } stored ? stored.Key : "the environment of calico-node";
        var mended = value.Length == 0 ? "cali" : $"cali,{value}";
        return Found(proof, node, $"Felix on {node} does not look after the interfaces of containers: its prefixes are {value}") with
        {
            For = [new("interface prefixes that count", value, "a list with cali", from)],
            FixNow = $"Set InterfacePrefix of node {node} to {mended}: Felix restarts itself, no container is touched, and it can be set back.",
            Command = ShellCommand.Join(["etcdctl", "set", V1Keys.FelixConfig(Parameter, node), mended]),
            Mend = new CauseMend.SetFelix(node, Parameter, mended),
        };
    }

    private static bool Covers(string prefixes, string name) =>
        prefixes.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Any(p => name.StartsWith(p, StringComparison.Ordinal));
}
