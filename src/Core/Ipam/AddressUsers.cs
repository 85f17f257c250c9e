using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Ipam;

/// <summary>Who uses an address: a workload endpoint, or the IPIP tunnel of a node. Exactly one of the two is set.</summary>
/// <param name="Endpoint">The workload endpoint.</param>
/// <param name="TunnelOf">The node whose tunnel has it.</param>
public readonly record struct AddressUser(WorkloadEndpoint? Endpoint, string? TunnelOf)
{
    /// <summary>The node where it is used.</summary>
    public string Node => TunnelOf ?? Endpoint!.Id.Node;

    /// <summary>In words.</summary>
    public override string ToString() => TunnelOf is not null
        ? $"the IPIP tunnel of {TunnelOf}"
        : $"the endpoint {Endpoint!.Id.Orchestrator}/{Endpoint.Id.Workload}/{(Endpoint.Id.Name.Length > 12 ? Endpoint.Id.Name[..12] : Endpoint.Id.Name)} on {Endpoint.Id.Node}";

    /// <summary>The key that says so: the same user is the same key.</summary>
    internal string Key => TunnelOf is not null ? V1Keys.FelixConfig(TunnelParameter, TunnelOf) : V1Keys.WorkloadEndpoint(Endpoint!.Id);

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

    public static AddressUsers? Of(ImmutableArray<AddressUser> all) => all.Length switch
    {
        0 => null,
        1 => new(all[0], default),
        _ => new(all[0], all[1..]),
    };
}
