using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations;

/// <summary>Docker networks that Calico's plugin serves.</summary>
internal static class CalicoNetworks
{
    /// <summary>The name of its network driver.</summary>
    public const string Driver = "calico";

    /// <summary>The name of its address driver.</summary>
    public const string IpamDriver = "calico-ipam";

    /// <summary>Whether a host's network is one.</summary>
    public static bool IsCalico(DockerHostState host, string networkId) => host.Networks.TryGetValue(networkId, out var n) && n.Driver == Driver;

    /// <summary>The subnets that people asked for: without one, the plugin answers 0.0.0.0/0 and Docker shows it.</summary>
    public static ImmutableArray<Cidr> Subnets(DockerNetwork network) =>
        [.. network.Subnets.Select(s => Cidr.TryParse(s, out var c) ? c : (Cidr?)null).Where(c => c is { PrefixLength: > 0 }).Select(c => c!.Value)];
}
