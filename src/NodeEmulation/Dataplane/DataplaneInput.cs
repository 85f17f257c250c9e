using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.NodeEmulation.Startup;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>Everything that one host's data plane depends on.</summary>
/// <param name="Node">Name of this host in keys: endpoints of this node are local.</param>
/// <param name="Endpoints">Workload endpoints of all hosts.</param>
/// <param name="Profiles">All profiles.</param>
/// <param name="Policies">All policies of the tier <c>default</c>, the only one that this version has.</param>
/// <param name="Pools">All pools, disabled ones too.</param>
/// <param name="DefaultEndpointToHostAction">DROP, RETURN or ACCEPT, in any case; anything else is DROP.</param>
public sealed record DataplaneInput(
    string Node,
    ImmutableArray<WorkloadEndpoint> Endpoints,
    ImmutableArray<Profile> Profiles,
    ImmutableArray<Policy> Policies,
    ImmutableArray<IPPool> Pools,
    string DefaultEndpointToHostAction)
{
    /// <summary>Host endpoints of all hosts: their expected addresses are in the sets of tags and selectors.</summary>
    public ImmutableArray<HostEndpoint> HostEndpoints { get; init; } = [];

    /// <summary>This host's interfaces; needed for host endpoints without an interface name.</summary>
    public ImmutableArray<HostInterface> Interfaces { get; init; } = [];

    /// <summary>What host endpoints let in before policy.</summary>
    public ImmutableArray<FailsafePort> FailsafeInbound { get; init; } = FailsafePorts.Inbound;

    /// <summary>What host endpoints let out before policy.</summary>
    public ImmutableArray<FailsafePort> FailsafeOutbound { get; init; } = FailsafePorts.Outbound;

    /// <summary>
    /// Whether Felix looks after a workload endpoint of this host; of one that it leaves alone only the addresses count, in the sets of tags and selectors.
    /// </summary>
    public Func<WorkloadEndpoint, bool> LooksAfter { get; init; } = static _ => true;

    /// <summary>What a host's Felix reads from the datastore; its interfaces are the caller's.</summary>
    /// <param name="state">The datastore.</param>
    /// <param name="node">The host's name in keys.</param>
    /// <param name="setting">A parameter of Felix, such as <c>DefaultEndpointToHostAction</c>; null where nothing is set.</param>
    public static DataplaneInput From(CalicoState state, string node, Func<string, string?> setting)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(setting);
        return new DataplaneInput(
            node,
            [.. state.WorkloadEndpoints.Values.Select(e => e.Value)],
            [.. state.Profiles.Values.Select(p => p.Value)],
            [.. state.Policies.Values.Select(p => p.Value)],
            [.. state.IPPools.Values.Select(p => p.Value)],
            setting("DefaultEndpointToHostAction") ?? "DROP")
        {
            HostEndpoints = [.. state.HostEndpoints.Values.Select(e => e.Value)],
            FailsafeInbound = FailsafePorts.Read(setting("FailsafeInboundHostPorts"), FailsafePorts.Inbound),
            FailsafeOutbound = FailsafePorts.Read(setting("FailsafeOutboundHostPorts"), FailsafePorts.Outbound),
        };
    }
}
