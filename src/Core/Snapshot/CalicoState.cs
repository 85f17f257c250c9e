using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Snapshot;

/// <summary>The Calico datastore as parsed resources, each with its raw keys. Immutable; a change makes a new one that shares the rest.</summary>
public sealed record CalicoState
{
    /// <summary>Nothing known.</summary>
    public static CalicoState Empty { get; } = new();

    /// <summary>The datastore's revision that this state includes.</summary>
    public ulong Revision { get; init; }

    /// <summary>Every key below the watched roots, raw.</summary>
    public KeyTree Keys { get; init; } = KeyTree.Empty;

    /// <summary>Pools by CIDR.</summary>
    public ImmutableSortedDictionary<Cidr, Stored<IPPool>> IPPools { get; init; } = ImmutableSortedDictionary<Cidr, Stored<IPPool>>.Empty;

    /// <summary>Profiles by name.</summary>
    public ImmutableSortedDictionary<string, Stored<Profile>> Profiles { get; init; } =
        ImmutableSortedDictionary.Create<string, Stored<Profile>>(StringComparer.Ordinal);

    /// <summary>Nodes by name.</summary>
    public ImmutableSortedDictionary<string, Stored<Node>> Nodes { get; init; } =
        ImmutableSortedDictionary.Create<string, Stored<Node>>(StringComparer.Ordinal);

    /// <summary>
    /// Hosts that have a directory and no key in it: calicoctl lists them as nodes all the same, until somebody deletes them (docs/calico-v1.md#node).
    /// </summary>
    public ImmutableSortedSet<string> BareHosts { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Workload endpoints by their key.</summary>
    public KeyedDictionary<Stored<WorkloadEndpoint>> WorkloadEndpoints { get; init; } =
        KeyedDictionary.Empty<Stored<WorkloadEndpoint>>(static e => e.Keys[0].Key);

    /// <summary>Policies by name.</summary>
    public ImmutableSortedDictionary<string, Stored<Policy>> Policies { get; init; } =
        ImmutableSortedDictionary.Create<string, Stored<Policy>>(StringComparer.Ordinal);

    /// <summary>Policies of other tiers by their key: calicoctl does not list them, but Felix enforces them (docs/calico-v1.md#policy).</summary>
    public ImmutableSortedDictionary<string, Stored<Policy>> TierPolicies { get; init; } =
        ImmutableSortedDictionary.Create<string, Stored<Policy>>(StringComparer.Ordinal);

    /// <summary>Keys that are none of Calico v1's kinds, by key; see <see cref="Snapshot.OtherKeys"/>.</summary>
    public ImmutableSortedDictionary<string, StoredKey> OtherKeys { get; init; } = ImmutableSortedDictionary.Create<string, StoredKey>(StringComparer.Ordinal);

    /// <summary>Host endpoints by their key.</summary>
    public ImmutableSortedDictionary<string, Stored<HostEndpoint>> HostEndpoints { get; init; } =
        ImmutableSortedDictionary.Create<string, Stored<HostEndpoint>>(StringComparer.Ordinal);

    /// <summary>BGP peers, global and of nodes, by their key.</summary>
    public ImmutableSortedDictionary<string, Stored<BgpPeer>> BgpPeers { get; init; } =
        ImmutableSortedDictionary.Create<string, Stored<BgpPeer>>(StringComparer.Ordinal);

    /// <summary>Configuration for all hosts.</summary>
    public ConfigurationScope Configuration { get; init; } = ConfigurationScope.Unset;

    /// <summary>Configuration of single hosts, by name; hosts without any are missing.</summary>
    public ImmutableSortedDictionary<string, ConfigurationScope> NodeConfiguration { get; init; } =
        ImmutableSortedDictionary.Create<string, ConfigurationScope>(StringComparer.Ordinal);

    /// <summary>IPAM blocks by CIDR.</summary>
    public ImmutableSortedDictionary<Cidr, Stored<IpamBlock>> Blocks { get; init; } = ImmutableSortedDictionary<Cidr, Stored<IpamBlock>>.Empty;

    /// <summary>Keys that are written otherwise than Calico writes them (see <see cref="V1KeySpelling"/>), by the key that it would write.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedSet<string>> OtherSpellings { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableSortedSet<string>>(StringComparer.Ordinal);

    /// <summary>Values that could not be parsed, and second keys of one identity, by key.</summary>
    public ImmutableSortedDictionary<string, Unparsable> Unparsable { get; init; } =
        ImmutableSortedDictionary.Create<string, Unparsable>(StringComparer.Ordinal);

    /// <summary>
    /// The key under which stands what Calico would write under <paramref name="key"/>: that one, or else the first that is spelled otherwise.
    /// </summary>
    public string KeyOf(string key) =>
        !OtherSpellings.IsEmpty && !Keys.TryGet(key, out _) && OtherSpellings.TryGetValue(key, out var others) ? others[0] : key;

    /// <summary>The workload endpoint of an identity, under whichever key it stands; null when there is none.</summary>
    public Stored<WorkloadEndpoint>? Find(WorkloadEndpointId id) => WorkloadEndpoints.GetValueOrDefault(KeyOf(V1Keys.WorkloadEndpoint(id)));

    /// <summary>The host endpoint of an identity, under whichever key it stands; null when there is none.</summary>
    public Stored<HostEndpoint>? FindHostEndpoint(string node, string name) => HostEndpoints.GetValueOrDefault(KeyOf(V1Keys.HostEndpoint(node, name)));

    /// <summary>Every key of one identity, that of Calico's spelling first, whether or not it is there.</summary>
    internal IEnumerable<string> SpellingsOf(string key) => OtherSpellings.TryGetValue(key, out var others) ? others.Prepend(key) : [key];
}
