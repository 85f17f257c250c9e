using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Snapshot;

/// <summary>The immutable picture of the cluster that pages, the API and every pure function read. Shared by all readers without locks.</summary>
public sealed record ClusterSnapshot
{
    /// <summary>Counts up by one with every published snapshot.</summary>
    public long Version { get; init; }

    /// <summary>What the Calico datastore holds.</summary>
    public CalicoState Calico { get; init; } = CalicoState.Empty;

    /// <summary>Docker hosts by configured name.</summary>
    public ImmutableSortedDictionary<string, DockerHostState> Hosts { get; init; } =
        ImmutableSortedDictionary.Create<string, DockerHostState>(StringComparer.Ordinal);

    /// <summary>The etcd cluster's own facts; null until first read.</summary>
    public EtcdClusterFacts? Etcd { get; init; }

    /// <summary>Joins over all of this.</summary>
    public ClusterViews Views { get; init; } = ClusterViews.Empty;

    /// <summary>What the console keeps in its own database, by <see cref="KeptKeys"/>; empty until first read.</summary>
    public ImmutableSortedDictionary<string, KeptItem> Kept { get; init; } = ImmutableSortedDictionary.Create<string, KeptItem>(StringComparer.Ordinal);

    /// <summary>Every feed with its state, sorted by name: <c>audit</c>, <c>docker/&lt;host&gt;</c>, <c>etcd</c>, <c>etcd-cluster</c>.</summary>
    public ImmutableArray<FeedState> Feeds { get; init; } = [];
}

/// <summary>A resource with the keys it was read from.</summary>
/// <param name="Value">The parsed resource.</param>
/// <param name="Keys">Its keys with raw bytes and revision, in the order in which calicoctl writes them.</param>
public sealed record Stored<T>(T Value, ImmutableArray<StoredKey> Keys)
{
    /// <summary>The highest revision of its keys: changes whenever any of them does.</summary>
    public ulong Revision => Keys.IsDefaultOrEmpty ? 0 : Keys.Max(k => k.Revision);
}

/// <summary>A value that could not be parsed: kept and shown as such.</summary>
/// <param name="Stored">Key, raw bytes, revision.</param>
/// <param name="Kind">The kind that the key names.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record Unparsable(StoredKey Stored, string Kind, string Reason);

/// <summary>State of a feed.</summary>
/// <param name="Name">Name of the feed.</param>
/// <param name="Status">Its state.</param>
/// <param name="Since">Since when it is in this state (UTC).</param>
/// <param name="Detail">The reason or the last thing that happened, for people; null when there is nothing to say.</param>
/// <param name="LastLive">When it was last live; null if never.</param>
public sealed record FeedState(string Name, FeedStatus Status, DateTimeOffset Since, string? Detail, DateTimeOffset? LastLive);

/// <summary>States of a feed.</summary>
public enum FeedStatus
{
    /// <summary>Not yet tried to the end.</summary>
    Connecting,

    /// <summary>Reading everything anew.</summary>
    Syncing,

    /// <summary>What is shown is current.</summary>
    Live,

    /// <summary>The source is lost: what is shown is old.</summary>
    Stale,
}

/// <summary>A Docker host as last seen.</summary>
public sealed record DockerHostState
{
    /// <summary>Configured name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is reached, without secrets.</summary>
    public required string Address { get; init; }

    /// <summary>The engine's facts; null until first read.</summary>
    public DockerInfo? Info { get; init; }

    /// <summary>Networks by id.</summary>
    public ImmutableSortedDictionary<string, DockerNetwork> Networks { get; init; } =
        ImmutableSortedDictionary.Create<string, DockerNetwork>(StringComparer.Ordinal);

    /// <summary>
    /// Ids of those <see cref="Networks"/> of global scope that the engine leaves out of its list while it cannot reach its cluster store: as last known.
    /// </summary>
    public ImmutableSortedSet<string> LastKnownNetworks { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Containers by id.</summary>
    public ImmutableSortedDictionary<string, DockerContainer> Containers { get; init; } =
        ImmutableSortedDictionary.Create<string, DockerContainer>(StringComparer.Ordinal);

    /// <summary>Images.</summary>
    public ImmutableArray<DockerImage> Images { get; init; } = [];

    /// <summary>Calico's name for this host: the engine's own name, or the configured one until that is known.</summary>
    public string NodeName => Info?.Name is { Length: > 0 } name ? name : Name;
}

/// <summary>What changed between two snapshots.</summary>
/// <param name="Snapshot">The new snapshot.</param>
/// <param name="Keys">Datastore keys that changed; default (not empty) when everything may have changed.</param>
/// <param name="Hosts">Docker hosts whose objects changed.</param>
public sealed record SnapshotChange(ClusterSnapshot Snapshot, ImmutableArray<string> Keys, ImmutableArray<string> Hosts);
