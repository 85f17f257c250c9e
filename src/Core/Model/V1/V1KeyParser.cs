namespace CalicoConsole.Core.Model.V1;

internal static class V1KeyParser
{
    public static V1Key Parse(string key)
    {
        var parts = key.Split('/');
        if (parts.Length < 4 || parts[0].Length > 0 || parts[1] != "calico" || key.EndsWith('/') || key.Contains("//", StringComparison.Ordinal))
        {
            return new V1Key.Other(key);
        }

        ReadOnlySpan<string> rest = parts.AsSpan(4);
        var found = (parts[2], parts[3]) switch
        {
            ("v1", "Ready") => rest.IsEmpty ? new V1Key.Ready() : null,
            ("v1", "config") => rest is [var name] ? new V1Key.FelixConfig(null, name) : null,
            ("v1", "ipam") => Pool(rest),
            ("v1", "policy") => Policy(rest),
            ("v1", "host") => Host(rest),
            ("bgp", "v1") => Bgp(rest),
            ("ipam", "v2") => Ipam(rest),
            ("felix", "v1") => Felix(rest),
            _ => null,
        };
        return found ?? new V1Key.Other(key);
    }

    /// <summary>
    /// Whether a key is that of a workload endpoint as Calico writes it, of which there are more than of everything else together: without a text for
    /// each part. Not of one that is spelled otherwise: whether that one counts depends on others.
    /// </summary>
    public static bool TryWorkloadEndpoint(ReadOnlySpan<char> key, EndpointCaches caches, out WorkloadEndpointId id)
    {
        const string Hosts = V1Keys.HostDirectory + "/";
        id = default;
        if (!key.StartsWith(Hosts, StringComparison.Ordinal))
        {
            return false;
        }

        Span<Range> parts = stackalloc Range[7];
        var rest = key[Hosts.Length..];
        if (rest.Split(parts, '/') != 6 || rest[parts[1]] is not "workload" || rest[parts[4]] is not "endpoint"
            || rest[parts[0]].IsEmpty || rest[parts[2]].IsEmpty || rest[parts[3]].IsEmpty || rest[parts[5]].IsEmpty
            || !V1KeySpelling.IsEscaped(rest[parts[2]]) || !V1KeySpelling.IsEscaped(rest[parts[3]]) || !V1KeySpelling.IsEscaped(rest[parts[5]]))
        {
            return false;
        }

        id = new(caches.Host(rest[parts[0]]), caches.Name(rest[parts[2]]), caches.Name(rest[parts[3]]), V1Keys.UnescapeName(rest[parts[5]].ToString()));
        return true;
    }

    private static V1Key? Pool(ReadOnlySpan<string> rest)
    {
        if (rest is not [("v4" or "v6") and var family, "pool", var part])
        {
            return null;
        }

        return Cidr.TryParseKeyPart(part, out var cidr) && cidr.IsIPv6 == (family == "v6") ? new V1Key.Pool(cidr.Masked()) : new V1Key.MalformedPool(part);
    }

    private static V1Key? Policy(ReadOnlySpan<string> rest) => rest switch
    {
        ["profile", var name, "tags"] => new V1Key.ProfileKey(Name(name), ProfilePart.Tags),
        ["profile", var name, "labels"] => new V1Key.ProfileKey(Name(name), ProfilePart.Labels),
        ["profile", var name, "rules"] => new V1Key.ProfileKey(Name(name), ProfilePart.Rules),
        ["tier", var tier, "policy", var name] => new V1Key.Policy(tier, Name(name)),
        _ => null,
    };

    private static V1Key? Host(ReadOnlySpan<string> rest) => rest switch
    {
        [var node, "metadata"] => new V1Key.NodeKey(node, NodePart.Metadata),
        [var node, "bird_ip"] => new V1Key.NodeKey(node, NodePart.BirdIp),
        [var node, "orchestrator_refs"] => new V1Key.NodeKey(node, NodePart.OrchRefs),
        [var node, "config", var name] => new V1Key.FelixConfig(node, name),
        [var node, "endpoint", var name] => new V1Key.HostEndpoint(node, Name(name)),
        [var node, "workload", var orchestrator, var workload, "endpoint", var name] =>
            new V1Key.WorkloadEndpoint(new WorkloadEndpointId(node, Name(orchestrator), Name(workload), Name(name))),
        _ => null,
    };

    private static V1Key? Bgp(ReadOnlySpan<string> rest) => rest switch
    {
        ["global", ("peer_v4" or "peer_v6") and var family, var peer] => Peer(null, family, peer),
        ["global", var name] => new V1Key.BgpConfig(null, name),
        ["host", var node, ("peer_v4" or "peer_v6") and var family, var peer] => Peer(node, family, peer),
        ["host", var node, "ip_addr_v4"] => new V1Key.NodeKey(node, NodePart.IPv4),
        ["host", var node, "ip_addr_v6"] => new V1Key.NodeKey(node, NodePart.IPv6),
        ["host", var node, "network_v4"] => new V1Key.NodeKey(node, NodePart.NetworkV4),
        ["host", var node, "network_v6"] => new V1Key.NodeKey(node, NodePart.NetworkV6),
        ["host", var node, "as_num"] => new V1Key.NodeKey(node, NodePart.AsNumber),
        ["host", var node, var name] => new V1Key.BgpConfig(node, name),
        _ => null,
    };

    private static V1Key.BgpPeer? Peer(string? node, string family, string peer) =>
        Ip.TryParse(peer, out var ip) && ip.IsIPv6 == (family == "peer_v6") ? new V1Key.BgpPeer(node, ip) : null;

    private static V1Key? Ipam(ReadOnlySpan<string> rest) => rest switch
    {
        ["config"] => new V1Key.IpamConfig(),
        ["assignment", ("ipv4" or "ipv6") and var family, "block", var part] => Block(family, part, out var block) ? new V1Key.IpamBlock(block) : null,
        ["host", var node, ("ipv4" or "ipv6") and var family, "block", var part] => Block(family, part, out var block)
            ? new V1Key.IpamAffinity(node, block) : null,
        ["handle", var id] => new V1Key.IpamHandle(id),
        _ => null,
    };

    private static bool Block(string family, string part, out Cidr block)
    {
        var read = Cidr.TryParseKeyPart(part, out block) && block.IsIPv6 == (family == "ipv6");
        block = read ? block.Masked() : block;
        return read;
    }

    private static V1Key? Felix(ReadOnlySpan<string> rest) => rest switch
    {
        ["host", var node, "status"] => new V1Key.FelixStatus(node, false),
        ["host", var node, "last_reported_status"] => new V1Key.FelixStatus(node, true),
        ["host", var node, "workload", var orchestrator, var workload, "endpoint", var name] =>
            new V1Key.FelixWorkloadStatus(new WorkloadEndpointId(node, Name(orchestrator), Name(workload), Name(name))),
        ["host", var node, "endpoint", var name] => new V1Key.FelixHostEndpointStatus(node, Name(name)),
        _ => null,
    };

    private static string Name(string part) => V1Keys.UnescapeName(part);
}
