namespace CalicoConsole.Core.Model.V1;

/// <summary>The keys of a profile.</summary>
public enum ProfilePart
{
    /// <summary>tags.</summary>
    Tags,

    /// <summary>labels.</summary>
    Labels,

    /// <summary>rules.</summary>
    Rules,
}

/// <summary>The keys of a node resource (docs/calico-v1.md#node).</summary>
public enum NodePart
{
    /// <summary>metadata.</summary>
    Metadata,

    /// <summary>ip_addr_v4.</summary>
    IPv4,

    /// <summary>ip_addr_v6.</summary>
    IPv6,

    /// <summary>bird_ip.</summary>
    BirdIp,

    /// <summary>as_num.</summary>
    AsNumber,

    /// <summary>network_v4.</summary>
    NetworkV4,

    /// <summary>network_v6.</summary>
    NetworkV6,

    /// <summary>orchestrator_refs.</summary>
    OrchRefs,
}

/// <summary>What an etcd key of Calico v1 stands for (docs/calico-v1.md#kinds-and-their-keys). Names are unescaped.</summary>
public abstract record V1Key
{
    private V1Key()
    {
    }

    /// <summary>What a key stands for; <see cref="Other"/> when it is none of Calico v1's kinds. Never throws.</summary>
    public static V1Key Parse(string key) => V1KeyParser.Parse(key);

    /// <summary>The key that Calico writes for it; null where a key can be written in one way only. See <see cref="V1KeySpelling"/>.</summary>
    internal virtual string? Spelling => null;

    /// <summary>The kind that unreadable values and second keys of it are told under.</summary>
    internal virtual string KindName => "key";

    /// <summary>Whether its value counts in verdicts on traffic.</summary>
    internal virtual bool DecidesTraffic => false;

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
}
