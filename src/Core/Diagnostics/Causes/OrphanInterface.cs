using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D52: interfaces of containers that are gone.</summary>
public sealed class OrphanInterface : Cause
{
    /// <inheritdoc/>
    public override string Id => "D52";

    /// <inheritdoc/>
    public override string Code => "orphan-veth";

    /// <inheritdoc/>
    public override string Title => "Interfaces that no endpoint has";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Cosmetic;

    /// <inheritdoc/>
    public override int Step => 110;

    /// <inheritdoc/>
    public override string Why => "An interface of a container that is gone: it carries nothing and hinders nobody.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends.Where(e => e is { Host: not null, Machine.Value.Interfaces: not null }).DistinctBy(e => e.Host!.Name))
        {
            string[] orphans = [.. In(end.Machine.Value!.Interfaces!.Keys, end.Host!.Name, evidence.Snapshot)];
            if (orphans.Length > 0)
            {
                yield return Found(Proof.Probable, end.HostName, $"{end.HostName} has {Counted.Format(orphans.Length, "interface")} that no endpoint has.") with
                {
                    For = [new("interfaces", string.Join(", ", orphans.Take(5)), "none", $"interfaces of {end.HostName}")],
                    Explains = false,
                    FixNow = "Remove them, after a second look half a minute later: an interface comes moments before its endpoint.",
                    Command = ShellCommand.Join(["ip", "link", "del", orphans[0]]),
                };
            }
        }
    }

    /// <summary>Those of a host's interfaces that the plugin made and that no endpoint has, in any of the pictures given.</summary>
    /// <param name="names">The interfaces of the host.</param>
    /// <param name="host">Its configured name.</param>
    /// <param name="snapshots">Pictures of the cluster: before the interfaces were read, and after.</param>
    internal static IEnumerable<string> In(IEnumerable<string> names, string host, params ReadOnlySpan<ClusterSnapshot> snapshots)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var snapshot in snapshots)
        {
            if (snapshot.Hosts.GetValueOrDefault(host) is { } state)
            {
                known.UnionWith(snapshot.Calico.WorkloadEndpoints.Values.Where(e => e.Value.Id.Node == state.NodeName).Select(e => e.Value.InterfaceName));
                known.UnionWith(state.Containers.Values.SelectMany(c => c.Networks).Where(n => n.EndpointId.Length >= 11)
                    .Select(n => $"cali{n.EndpointId[..11]}"));
            }
        }

        return names.Where(i => i.StartsWith("cali", StringComparison.Ordinal) && i.Length == 15 && !known.Contains(i));
    }
}
