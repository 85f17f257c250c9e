using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Snapshot;

/// <summary>What a shared datastore holds of OpenStack (docs/calico-v1.md#openstack). Immutable; made by <see cref="From"/>.</summary>
/// <param name="DriverLives">Whether a master of the driver is elected, so that it rewrites its objects every 60 seconds.</param>
/// <param name="Endpoints">How many endpoints of VMs there are.</param>
/// <param name="ComputeHosts">Nodes that have such endpoints, by name.</param>
/// <param name="SecurityGroups">Profiles of security groups, by name.</param>
/// <param name="Subnets">Subnets for DHCP, in the order of their keys.</param>
/// <param name="UnreadableSubnets">Keys of subnets that cannot be read, with the reason.</param>
public sealed record OpenStackView(
    bool DriverLives,
    int Endpoints,
    ImmutableArray<string> ComputeHosts,
    ImmutableArray<string> SecurityGroups,
    ImmutableArray<DhcpSubnet> Subnets,
    ImmutableArray<(string Key, string Reason)> UnreadableSubnets)
{
    /// <summary>The orchestrator of VMs' endpoints.</summary>
    public const string Orchestrator = "openstack";

    /// <summary>How the driver names the profiles of security groups: this and the group's id.</summary>
    public const string ProfilePrefix = "openstack-sg-";

    /// <summary>The key that the elected master of the driver keeps alive.</summary>
    public const string ElectionKey = "/calico/openstack/v1/neutron_election";

    /// <summary>Whether there is anything of OpenStack.</summary>
    public bool IsPresent => DriverLives || Endpoints > 0 || !SecurityGroups.IsEmpty || !Subnets.IsEmpty || !UnreadableSubnets.IsEmpty;

    /// <summary>What a state holds. Pure.</summary>
    public static OpenStackView From(CalicoState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var endpoints = 0;
        var hosts = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var endpoint in state.WorkloadEndpoints.Values)
        {
            if (endpoint.Value.Id.Orchestrator == Orchestrator)
            {
                endpoints++;
                hosts.Add(endpoint.Value.Id.Node);
            }
        }

        var subnets = ImmutableArray.CreateBuilder<DhcpSubnet>();
        var unreadable = ImmutableArray.CreateBuilder<(string, string)>();
        foreach (var key in state.Keys.Below(DhcpSubnetCodec.Directory))
        {
            var decoded = DhcpSubnetCodec.Decode(key.Key[(DhcpSubnetCodec.Directory.Length + 1)..], key.Value.Span);
            if (decoded.IsOk)
            {
                subnets.Add(decoded.Value);
            }
            else
            {
                unreadable.Add((key.Key, decoded.Reason));
            }
        }

        return new OpenStackView(
            state.Keys.Find(ElectionKey) is not null,
            endpoints,
            [.. hosts],
            [.. state.Profiles.Keys.Where(IsSecurityGroup)],
            subnets.ToImmutable(),
            unreadable.ToImmutable());
    }

    /// <summary>Whether a profile is a security group's, which the driver rewrites.</summary>
    public static bool IsSecurityGroup(string profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return profile.StartsWith(ProfilePrefix, StringComparison.Ordinal);
    }

    /// <summary>The enabled or disabled pool that holds a subnet; null when none does.</summary>
    public static Cidr? PoolOf(CalicoState state, Cidr subnet)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.IPPools.Keys.Where(p => p.Contains(subnet)).Select(p => (Cidr?)p).FirstOrDefault();
    }
}
