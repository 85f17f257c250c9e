namespace CalicoConsole.Core.Model.V1;

/// <summary>
/// What an etcd key of Calico v1 stands for (docs/calico-v1.md#kinds-and-their-keys), and by which pattern it is told. Names are unescaped.
/// </summary>
public abstract record V1Key
{
    private V1Key()
    {
    }

    /// <summary>The key that Calico writes for it; null where a key can be written in one way only. See <see cref="V1KeySpelling"/>.</summary>
    internal virtual string? Spelling => null;

    /// <summary>The kind that unreadable values and second keys of it are told under.</summary>
    internal virtual string KindName => "key";

    /// <summary>Whether its value counts in verdicts on traffic.</summary>
    internal virtual bool DecidesTraffic => false;

    /// <summary>What a key stands for; <see cref="Other"/> when it is none of Calico v1's kinds. Never throws.</summary>
    public static V1Key Parse(string key)
    {
        var parts = key.Split('/');
        if (parts.Length < 4 || parts[0].Length > 0 || parts[1] != "calico" || key.EndsWith('/') || key.Contains("//", StringComparison.Ordinal))
        {
            return new Other(key);
        }

        ReadOnlySpan<string> rest = parts.AsSpan(4);
        var found = (parts[2], parts[3]) switch
        {
            ("v1", "Ready") => rest.IsEmpty ? new Ready() : null,
            ("v1", "config") => rest is [var name] ? new FelixConfig(null, name) : null,
            ("v1", "ipam") => ReadPool(rest),
            ("v1", "policy") => ReadPolicy(rest),
            ("v1", "host") => ReadHost(rest),
            ("bgp", "v1") => ReadBgp(rest),
            ("ipam", "v2") => ReadIpam(rest),
            ("felix", "v1") => ReadFelix(rest),
            _ => null,
        };
        return found ?? new Other(key);
    }

    /// <summary>
    /// Whether a key is that of a workload endpoint as Calico writes it, of which there are more than of everything else together: without a text for
    /// each part. Not of one that is spelled otherwise: whether that one counts depends on others.
    /// </summary>
    internal static bool TryWorkloadEndpoint(ReadOnlySpan<char> key, EndpointCaches caches, out WorkloadEndpointId id)
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

    /// <summary>An ipPool.</summary>
    public sealed record Pool(Cidr Cidr) : V1Key
    {
        internal override string Spelling => V1Keys.Pool(Cidr);

        internal override string KindName => KindNames.IPPool;

        internal override bool DecidesTraffic => true;
    }

    /// <summary>A key below the pools' directory that is no CIDR: it crashes Felix and calicoctl (docs/calico-v1.md#ippool).</summary>
    public sealed record MalformedPool(string Name) : V1Key;

    /// <summary>One of the three keys of a profile.</summary>
    public sealed record ProfileKey(string Name, ProfilePart Part) : V1Key
    {
        internal override string Spelling => V1Keys.Profile(Name, Part);

        internal override string KindName => KindNames.Profile;

        internal override bool DecidesTraffic => true;
    }

    /// <summary>A policy; Calico uses the tier <c>default</c> only.</summary>
    public sealed record Policy(string Tier, string Name) : V1Key
    {
        internal override string? Spelling => Tier == V1Keys.DefaultTier ? V1Keys.Policy(Name) : null;

        internal override string KindName => KindNames.Policy;

        internal override bool DecidesTraffic => true;
    }

    /// <summary>One of the keys of a node.</summary>
    public sealed record NodeKey(string Node, NodePart Part) : V1Key
    {
        internal override bool DecidesTraffic => true;
    }

    /// <summary>A host endpoint.</summary>
    public sealed record HostEndpoint(string Node, string Name) : V1Key
    {
        internal override string Spelling => V1Keys.HostEndpoint(Node, Name);

        internal override string KindName => KindNames.HostEndpoint;

        internal override bool DecidesTraffic => true;
    }

    /// <summary>A workload endpoint.</summary>
    public sealed record WorkloadEndpoint(WorkloadEndpointId Id) : V1Key
    {
        internal override string Spelling => V1Keys.WorkloadEndpoint(Id);

        internal override string KindName => KindNames.WorkloadEndpoint;

        internal override bool DecidesTraffic => true;
    }

    /// <summary>A Felix parameter; of all hosts when <paramref name="Node"/> is null.</summary>
    public sealed record FelixConfig(string? Node, string Name) : V1Key
    {
        internal override bool DecidesTraffic => true;
    }

    /// <summary>The flag that Felix waits for.</summary>
    public sealed record Ready : V1Key;

    /// <summary>A BGP value that is no node key: as_num, loglevel, node_mesh of all hosts, or loglevel of one.</summary>
    public sealed record BgpConfig(string? Node, string Name) : V1Key;

    /// <summary>A BGP peer; of all hosts when <paramref name="Node"/> is null.</summary>
    public sealed record BgpPeer(string? Node, Ip Peer) : V1Key
    {
        internal override string Spelling => V1Keys.BgpPeer(Peer, Node);

        internal override string KindName => KindNames.BgpPeer;
    }

    /// <summary>Configuration of IPAM.</summary>
    public sealed record IpamConfig : V1Key;

    /// <summary>An IPAM block.</summary>
    public sealed record IpamBlock(Cidr Block) : V1Key
    {
        internal override string Spelling => V1Keys.IpamBlock(Block);

        internal override string KindName => KindNames.IpamBlock;
    }

    /// <summary>The affinity of a block to a host.</summary>
    public sealed record IpamAffinity(string Node, Cidr Block) : V1Key
    {
        internal override string Spelling => V1Keys.IpamAffinity(Node, Block);

        internal override string KindName => KindNames.IpamBlock;
    }

    /// <summary>An IPAM handle.</summary>
    public sealed record IpamHandle(string Id) : V1Key;

    /// <summary>Felix's report on a host; <paramref name="Last"/> is the one that does not expire.</summary>
    public sealed record FelixStatus(string Node, bool Last) : V1Key;

    /// <summary>Felix's report on a workload endpoint.</summary>
    public sealed record FelixWorkloadStatus(WorkloadEndpointId Id) : V1Key;

    /// <summary>Felix's report on a host endpoint.</summary>
    public sealed record FelixHostEndpointStatus(string Node, string Name) : V1Key;

    /// <summary>None of the kinds above.</summary>
    public sealed record Other(string Key) : V1Key;

    private static V1Key? ReadPool(ReadOnlySpan<string> rest)
    {
        if (rest is not [("v4" or "v6") and var family, "pool", var part])
        {
            return null;
        }

        return Cidr.TryParseKeyPart(part, out var cidr) && cidr.IsIPv6 == (family == "v6") ? new Pool(cidr.Masked()) : new MalformedPool(part);
    }

    private static V1Key? ReadPolicy(ReadOnlySpan<string> rest) => rest switch
    {
        ["profile", var name, "tags"] => new ProfileKey(Unescaped(name), ProfilePart.Tags),
        ["profile", var name, "labels"] => new ProfileKey(Unescaped(name), ProfilePart.Labels),
        ["profile", var name, "rules"] => new ProfileKey(Unescaped(name), ProfilePart.Rules),
        ["tier", var tier, "policy", var name] => new Policy(tier, Unescaped(name)),
        _ => null,
    };

    private static V1Key? ReadHost(ReadOnlySpan<string> rest) => rest switch
    {
        [var node, "metadata"] => new NodeKey(node, NodePart.Metadata),
        [var node, "bird_ip"] => new NodeKey(node, NodePart.BirdIp),
        [var node, "orchestrator_refs"] => new NodeKey(node, NodePart.OrchRefs),
        [var node, "config", var name] => new FelixConfig(node, name),
        [var node, "endpoint", var name] => new HostEndpoint(node, Unescaped(name)),
        [var node, "workload", var orchestrator, var workload, "endpoint", var name] =>
            new WorkloadEndpoint(new WorkloadEndpointId(node, Unescaped(orchestrator), Unescaped(workload), Unescaped(name))),
        _ => null,
    };

    private static V1Key? ReadBgp(ReadOnlySpan<string> rest) => rest switch
    {
        ["global", ("peer_v4" or "peer_v6") and var family, var peer] => ReadPeer(null, family, peer),
        ["global", var name] => new BgpConfig(null, name),
        ["host", var node, ("peer_v4" or "peer_v6") and var family, var peer] => ReadPeer(node, family, peer),
        ["host", var node, "ip_addr_v4"] => new NodeKey(node, NodePart.IPv4),
        ["host", var node, "ip_addr_v6"] => new NodeKey(node, NodePart.IPv6),
        ["host", var node, "network_v4"] => new NodeKey(node, NodePart.NetworkV4),
        ["host", var node, "network_v6"] => new NodeKey(node, NodePart.NetworkV6),
        ["host", var node, "as_num"] => new NodeKey(node, NodePart.AsNumber),
        ["host", var node, var name] => new BgpConfig(node, name),
        _ => null,
    };

    private static BgpPeer? ReadPeer(string? node, string family, string peer) =>
        Ip.TryParse(peer, out var ip) && ip.IsIPv6 == (family == "peer_v6") ? new BgpPeer(node, ip) : null;

    private static V1Key? ReadIpam(ReadOnlySpan<string> rest) => rest switch
    {
        ["config"] => new IpamConfig(),
        ["assignment", ("ipv4" or "ipv6") and var family, "block", var part] => ReadBlock(family, part, out var block) ? new IpamBlock(block) : null,
        ["host", var node, ("ipv4" or "ipv6") and var family, "block", var part] => ReadBlock(family, part, out var block)
            ? new IpamAffinity(node, block) : null,
        ["handle", var id] => new IpamHandle(id),
        _ => null,
    };

    private static bool ReadBlock(string family, string part, out Cidr block)
    {
        var read = Cidr.TryParseKeyPart(part, out block) && block.IsIPv6 == (family == "ipv6");
        block = read ? block.Masked() : block;
        return read;
    }

    private static V1Key? ReadFelix(ReadOnlySpan<string> rest) => rest switch
    {
        ["host", var node, "status"] => new FelixStatus(node, false),
        ["host", var node, "last_reported_status"] => new FelixStatus(node, true),
        ["host", var node, "workload", var orchestrator, var workload, "endpoint", var name] =>
            new FelixWorkloadStatus(new WorkloadEndpointId(node, Unescaped(orchestrator), Unescaped(workload), Unescaped(name))),
        ["host", var node, "endpoint", var name] => new FelixHostEndpointStatus(node, Unescaped(name)),
        _ => null,
    };

    private static string Unescaped(string part) => V1Keys.UnescapeName(part);
}
