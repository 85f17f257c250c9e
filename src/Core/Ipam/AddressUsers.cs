using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Ipam;

/// <summary>Who uses an address: a workload endpoint, or the IPIP tunnel of a node. Exactly one of the two is set.</summary>
/// <param name="Endpoint">The workload endpoint.</param>
/// <param name="TunnelOf">The node whose tunnel has it.</param>
/// <param name="Key">The key that says so, as it is stored: the same user is the same key.</param>
public readonly record struct AddressUser(WorkloadEndpoint? Endpoint, string? TunnelOf, string Key)
{
    /// <summary>A workload endpoint.</summary>
    public static AddressUser From(Stored<WorkloadEndpoint> endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new(endpoint.Value, null, endpoint.Keys[0].Key);
    }

    /// <summary>The IPIP tunnel of a node.</summary>
    public static AddressUser OfTunnel(string node) => new(null, node, V1Keys.FelixConfig(TunnelParameter, node));

    /// <summary>The node where it is used.</summary>
    public string Node => TunnelOf ?? Endpoint!.Id.Node;

    /// <summary>In words.</summary>
    public override string ToString() => TunnelOf is not null
        ? $"the IPIP tunnel of {TunnelOf}"
        : $"the endpoint {Endpoint!.Id.Orchestrator}/{Endpoint.Id.Workload}/{(Endpoint.Id.Name.Length > 12 ? Endpoint.Id.Name[..12] : Endpoint.Id.Name)} "
            + $"on {Endpoint.Id.Node}";

    /// <summary>The Felix parameter that holds a node's IPIP tunnel address.</summary>
    internal const string TunnelParameter = "IpInIpTunnelAddr";
}

/// <summary>All users of one address; most have one.</summary>
/// <param name="First">The first.</param>
/// <param name="Others">The others; default when there are none.</param>
internal readonly record struct AddressUsers(AddressUser First, ImmutableArray<AddressUser> Others)
{
    public int Count => 1 + (Others.IsDefault ? 0 : Others.Length);

    public ImmutableArray<AddressUser> All => Others.IsDefaultOrEmpty ? [First] : [First, .. Others];

    public static AddressUsers? From(ImmutableArray<AddressUser> all) => all.Length switch
    {
        0 => null,
        1 => new(all[0], default),
        _ => new(all[0], all[1..]),
    };
}
