namespace CalicoConsole.Core.Model.V1;

/// <summary>Paths of Calico v1's keys in etcd, as the key text itself: the etcd client escapes it once more for the wire.</summary>
public static class V1Keys
{
    /// <summary>All of Calico.</summary>
    public const string Root = "/calico";

    /// <summary>Felix waits until it is <c>true</c>.</summary>
    public const string Ready = "/calico/v1/Ready";

    /// <summary>Felix's configuration for all hosts, one key a parameter.</summary>
    public const string FelixConfigDirectory = "/calico/v1/config";

    /// <summary>The cluster's GUID: 32 lower-case hex digits.</summary>
    public const string ClusterGuid = "/calico/v1/config/ClusterGUID";

    /// <summary>One directory per host.</summary>
    public const string HostDirectory = "/calico/v1/host";

    /// <summary>One directory per profile.</summary>
    public const string ProfileDirectory = "/calico/v1/policy/profile";

    /// <summary>Policies of the only tier.</summary>
    public const string PolicyDirectory = "/calico/v1/policy/tier/default/policy";

    /// <summary>The only tier of Calico v2.6.</summary>
    public const string DefaultTier = "default";

    /// <summary>Global BGP configuration and peers.</summary>
    public const string BgpGlobalDirectory = "/calico/bgp/v1/global";

    /// <summary>BGP configuration and peers per host.</summary>
    public const string BgpHostDirectory = "/calico/bgp/v1/host";

    /// <summary>Configuration of IPAM.</summary>
    public const string IpamConfig = "/calico/ipam/v2/config";

    /// <summary>Block affinities per host.</summary>
    public const string IpamHostDirectory = "/calico/ipam/v2/host";

    /// <summary>IPAM handles.</summary>
    public const string IpamHandleDirectory = "/calico/ipam/v2/handle";

    /// <summary>What Felix reports per host.</summary>
    public const string FelixHostDirectory = "/calico/felix/v1/host";

    /// <summary>A name as it stands in a key: <c>%</c> becomes <c>%25</c>, then <c>/</c> becomes <c>%2f</c> (libcalico-go name.go).</summary>
    public static string EscapeName(string name) => name.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2f", StringComparison.Ordinal);

    /// <summary>The reverse of <see cref="EscapeName"/>; upper-case <c>%2F</c> stays, as in Calico.</summary>
    public static string UnescapeName(string part) => part.Replace("%2f", "/", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);

    /// <summary>The directory of the pools of a family.</summary>
    public static string PoolDirectory(bool ipv6) => $"/calico/v1/ipam/v{(ipv6 ? 6 : 4)}/pool";

    /// <summary>An ipPool.</summary>
    public static string Pool(Cidr cidr) => $"{PoolDirectory(cidr.IsIPv6)}/{cidr.ToKeyPart()}";

    /// <summary>The directory of a profile.</summary>
    public static string Profile(string name) => $"{ProfileDirectory}/{EscapeName(name)}";

    /// <summary>One of the keys of a profile.</summary>
    public static string Profile(string name, ProfilePart part) => part switch
    {
        ProfilePart.Tags => ProfileTags(name),
        ProfilePart.Labels => ProfileLabels(name),
        ProfilePart.Rules => ProfileRules(name),
    };

    /// <summary>A profile's tags.</summary>
    public static string ProfileTags(string name) => $"{Profile(name)}/tags";

    /// <summary>A profile's labels.</summary>
    public static string ProfileLabels(string name) => $"{Profile(name)}/labels";

    /// <summary>A profile's rules.</summary>
    public static string ProfileRules(string name) => $"{Profile(name)}/rules";

    /// <summary>A policy.</summary>
    public static string Policy(string name) => $"{PolicyDirectory}/{EscapeName(name)}";

    /// <summary>A host's directory below <c>/calico/v1</c>; host names are not escaped.</summary>
    public static string Host(string node) => $"{HostDirectory}/{node}";

    /// <summary>The host in or below whose directory a path lies; null for others, and for a path that ends at the hosts' own directory.</summary>
    public static string? HostOf(string path)
    {
        const string Hosts = HostDirectory + "/";
        if (path.Length <= Hosts.Length || !path.StartsWith(Hosts, StringComparison.Ordinal) || path[Hosts.Length] == '/')
        {
            return null;
        }

        var end = path.IndexOf('/', Hosts.Length);
        return end < 0 ? path[Hosts.Length..] : path[Hosts.Length..end];
    }

    /// <summary>One of the keys of a node.</summary>
    public static string Node(string node, NodePart part) => part switch
    {
        NodePart.Metadata => $"{Host(node)}/metadata",
        NodePart.BirdIp => $"{Host(node)}/bird_ip",
        NodePart.OrchRefs => $"{Host(node)}/orchestrator_refs",
        NodePart.IPv4 => BgpHostConfig(node, "ip_addr_v4"),
        NodePart.IPv6 => BgpHostConfig(node, "ip_addr_v6"),
        NodePart.NetworkV4 => BgpHostConfig(node, "network_v4"),
        NodePart.NetworkV6 => BgpHostConfig(node, "network_v6"),
        NodePart.AsNumber => BgpHostConfig(node, "as_num"),
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "unknown part"),
    };

    /// <summary>A host endpoint.</summary>
    public static string HostEndpoint(string node, string name) => $"{Host(node)}/endpoint/{EscapeName(name)}";

    /// <summary>A workload endpoint.</summary>
    public static string WorkloadEndpoint(WorkloadEndpointId id) => $"{WorkloadEndpoints(id.Node, id.Orchestrator, id.Workload)}/{EscapeName(id.Name)}";

    /// <summary>The directory of a workload's endpoints.</summary>
    public static string WorkloadEndpoints(string node, string orchestrator, string workload) => $"{Workload(node, orchestrator, workload)}/endpoint";

    /// <summary>The directory of a workload.</summary>
    public static string Workload(string node, string orchestrator, string workload) =>
        $"{Host(node)}/workload/{EscapeName(orchestrator)}/{EscapeName(workload)}";

    /// <summary>A Felix parameter for all hosts, or for one.</summary>
    public static string FelixConfig(string name, string? node = null) => node is null ? $"{FelixConfigDirectory}/{name}" : $"{Host(node)}/config/{name}";

    /// <summary>A global BGP value: as_num, loglevel, node_mesh.</summary>
    public static string BgpGlobal(string name) => $"{BgpGlobalDirectory}/{name}";

    /// <summary>A host's directory of BGP values.</summary>
    public static string BgpHost(string node) => $"{BgpHostDirectory}/{node}";

    /// <summary>A BGP value of a host.</summary>
    public static string BgpHostConfig(string node, string name) => $"{BgpHost(node)}/{name}";

    /// <summary>A BGP peer of all hosts, or of one.</summary>
    public static string BgpPeer(Ip peer, string? node = null) =>
        $"{(node is null ? BgpGlobalDirectory : BgpHost(node))}/peer_v{(peer.IsIPv6 ? 6 : 4)}/{peer}";

    /// <summary>The directory of IPAM blocks of a family.</summary>
    public static string IpamBlocks(bool ipv6) => $"/calico/ipam/v2/assignment/{Family(ipv6)}/block";

    /// <summary>An IPAM block.</summary>
    public static string IpamBlock(Cidr block) => $"{IpamBlocks(block.IsIPv6)}/{block.ToKeyPart()}";

    /// <summary>A host's directory of block affinities.</summary>
    public static string IpamHost(string node) => $"{IpamHostDirectory}/{node}";

    /// <summary>The directory of a host's block affinities of a family.</summary>
    public static string IpamAffinities(string node, bool ipv6) => $"{IpamHost(node)}/{Family(ipv6)}/block";

    /// <summary>The affinity of a block to a host.</summary>
    public static string IpamAffinity(string node, Cidr block) => $"{IpamAffinities(node, block.IsIPv6)}/{block.ToKeyPart()}";

    /// <summary>An IPAM handle; ids are not escaped.</summary>
    public static string IpamHandle(string id) => $"{IpamHandleDirectory}/{id}";

    /// <summary>Felix's status of a host; lives as long as its reports.</summary>
    public static string FelixStatus(string node) => $"{FelixHostDirectory}/{node}/status";

    /// <summary>The last status that Felix ever reported of a host.</summary>
    public static string FelixLastStatus(string node) => $"{FelixHostDirectory}/{node}/last_reported_status";

    private static string Family(bool ipv6) => ipv6 ? "ipv6" : "ipv4";
}
