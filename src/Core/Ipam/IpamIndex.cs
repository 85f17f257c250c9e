using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Ipam;

/// <summary>
/// IPAM of one snapshot joined with who uses its addresses, and what is wrong in it (docs/calico-v1.md#what-is-derived). Immutable; the
/// next one is made from it and the keys that changed, so that a change costs as much as it touches.
/// </summary>
/// <remarks>
/// A single look is no proof of a leak: the libnetwork plugin allocates an address before it writes the endpoint, and releases it after
/// it has deleted the endpoint. Whoever keeps an index gives it the time of each look; an address that was suspect throughout
/// <see cref="ConfirmAfter"/> is confirmed.
/// </remarks>
public sealed class IpamIndex
{
    private ImmutableArray<IpamFinding> _findings;

    internal IpamIndex(ClusterSnapshot snapshot) => Snapshot = snapshot;

    /// <summary>Of an empty snapshot.</summary>
    public static IpamIndex Empty { get; } = new(new ClusterSnapshot());

    /// <summary>How long an address must be seen without a user before that is called a leak.</summary>
    public static TimeSpan ConfirmAfter { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The snapshot that it describes.</summary>
    public ClusterSnapshot Snapshot { get; }

    /// <summary>When the datastore was last seen live; the lowest time before that.</summary>
    public DateTimeOffset ObservedAt { get; internal init; } = DateTimeOffset.MinValue;

    /// <summary>Suspected leaks with the time since when each was seen without a user.</summary>
    public ImmutableSortedDictionary<Ip, DateTimeOffset> Suspects { get; internal init; } = ImmutableSortedDictionary<Ip, DateTimeOffset>.Empty;

    /// <summary>All findings, worst first, then by what they are about.</summary>
    public ImmutableArray<IpamFinding> Findings => _findings.IsDefault ? _findings = Sorted() : _findings;

    internal ImmutableDictionary<Ip, AddressUsers> Users { get; init; } = ImmutableDictionary<Ip, AddressUsers>.Empty;

    internal ImmutableDictionary<Cidr, ImmutableSortedSet<string>> Affinities { get; init; } = ImmutableDictionary<Cidr, ImmutableSortedSet<string>>.Empty;

    internal ImmutableDictionary<string, ImmutableDictionary<Cidr, int>> HandleUse { get; init; } =
        ImmutableDictionary.Create<string, ImmutableDictionary<Cidr, int>>(StringComparer.Ordinal);

    internal ImmutableSortedDictionary<string, ImmutableDictionary<Ip, string>> Running { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableDictionary<Ip, string>>(StringComparer.Ordinal);

    internal ImmutableSortedDictionary<Cidr, ImmutableArray<IpamFinding>> OfBlocks { get; init; } =
        ImmutableSortedDictionary<Cidr, ImmutableArray<IpamFinding>>.Empty;

    internal ImmutableSortedDictionary<Ip, IpamFinding> OfAddresses { get; init; } = ImmutableSortedDictionary<Ip, IpamFinding>.Empty;

    internal ImmutableSortedDictionary<string, IpamFinding> OfHandles { get; init; } =
        ImmutableSortedDictionary.Create<string, IpamFinding>(StringComparer.Ordinal);

    /// <summary>The index of a snapshot, made from nothing.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="now">When it was looked at.</param>
    public static IpamIndex From(ClusterSnapshot snapshot, DateTimeOffset now) => Empty.Next(snapshot, default, [], now);

    /// <summary>The index of a later snapshot.</summary>
    /// <param name="snapshot">The later snapshot.</param>
    /// <param name="keys">Datastore keys that changed since; default (not empty) when everything may have.</param>
    /// <param name="hosts">Docker hosts whose objects changed since.</param>
    /// <param name="now">When it is looked at.</param>
    public IpamIndex Next(ClusterSnapshot snapshot, ImmutableArray<string> keys, ImmutableArray<string> hosts, DateTimeOffset now) =>
        new IpamIndexBuilder(this, snapshot, keys, hosts).Build(now);

    /// <summary>Whether a suspected leak was seen long enough, and against Docker where the block's node is a configured host.</summary>
    public bool IsConfirmed(IpamFinding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return finding is { Kind: IpamFindingKind.Leak, Address: { } address }
            && Suspects.TryGetValue(address, out var since) && ObservedAt - since >= ConfirmAfter
            && !Snapshot.Hosts.Values.Any(h => h.NodeName == finding.Node
                && Snapshot.Feeds.FirstOrDefault(f => f.Name == $"docker/{h.Name}")?.Status != FeedStatus.Live);
    }

    /// <summary>
    /// Whether this names the same problems as an earlier look at the same snapshot, so that nobody need go through them again: nothing else was found, and
    /// nothing is suspect that time would confirm.
    /// </summary>
    public bool NamesSameProblemsAs(IpamIndex other) => other is not null && ReferenceEquals(Snapshot, other.Snapshot) && HasSameFindings(other)
        && Suspects.IsEmpty && other.Suspects.IsEmpty;

    /// <summary>Whether a finding should be put before everybody: it is confirmed, and neither a note nor a mere suspicion.</summary>
    public bool IsProblem(IpamFinding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return finding.Severity != IpamSeverity.Note && (finding.Kind != IpamFindingKind.Leak || IsConfirmed(finding));
    }

    /// <summary>Findings about blocks that a network holds, and about addresses in it.</summary>
    public IEnumerable<IpamFinding> FindingsIn(Cidr network) =>
        Findings.Where(f => f.Address is { } ip ? network.Contains(ip) : f.Block is { } block && network.Contains(block));

    /// <summary>Findings about one block and about its addresses, in the order of <see cref="Findings"/>.</summary>
    public IEnumerable<IpamFinding> FindingsOf(Cidr block)
    {
        var addresses = OfAddresses.IsEmpty
            ? [] : Enumerable.Range(0, IpamBlock.Size).Select(o => OfAddresses.GetValueOrDefault(block.First.Plus((UInt128)o))).OfType<IpamFinding>();
        return OfBlocks.GetValueOrDefault(block, []).Concat(addresses).OrderBy(f => f.Severity).ThenBy(f => f.Kind).ThenBy(f => f.Address);
    }

    /// <summary>Everybody who uses an address.</summary>
    public ImmutableArray<AddressUser> UsersOf(Ip address) => Users.TryGetValue(address, out var users) ? users.All : [];

    /// <summary>The running container that has an address on one of its networks, as <c>host/id</c>; null when none has.</summary>
    public string? RunningContainer(Ip address)
    {
        foreach (var (host, addresses) in Running)
        {
            if (addresses.TryGetValue(address, out var id))
            {
                return $"{host}/{id}";
            }
        }

        return null;
    }

    /// <summary>The block that an address belongs to; null when there is none.</summary>
    public Stored<IpamBlock>? BlockOf(Ip address) => Snapshot.Calico.Blocks.GetValueOrDefault(BlockArithmetic.BlockOf(address));

    /// <summary>The nodes that have an affinity key for a block, sorted.</summary>
    public ImmutableArray<string> AffineNodes(Cidr block) => Affinities.TryGetValue(block, out var nodes) ? [.. nodes] : [];

    /// <summary>How many addresses of a block other nodes' endpoints use.</summary>
    public int Borrowed(Cidr block) => OfBlocks.TryGetValue(block, out var findings)
        ? findings.FirstOrDefault(f => f.Kind == IpamFindingKind.Borrowed)?.Count ?? 0 : 0;

    /// <summary>The 64 addresses of a block with who holds each.</summary>
    public ImmutableArray<AddressHolder> Holders(IpamBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        var suspect = OfBlocks.GetValueOrDefault(block.Cidr, []).Where(f => f.Address is not null).ToDictionary(f => f.Address!.Value);
        var owners = BlockArithmetic.Allocated(block).ToDictionary(a => a.Address, a => a.Owner);
        return
        [
            .. Enumerable.Range(0, IpamBlock.Size).Select(ordinal =>
            {
                var address = BlockArithmetic.AddressAt(block, ordinal);
                var users = UsersOf(address);
                return new AddressHolder(
                    address,
                    owners.GetValueOrDefault(address),
                    users,
                    OfAddresses.GetValueOrDefault(address) ?? suspect.GetValueOrDefault(address),
                    block.AffineNode is { } node && users.Any(u => u.Node != node));
            }),
        ];
    }

    /// <summary>What is known of one address, in a block or not.</summary>
    public AddressHolder Holder(Ip address)
    {
        if (BlockOf(address)?.Value is { } block)
        {
            return Holders(block).First(h => h.Address == address);
        }

        return new AddressHolder(address, null, UsersOf(address), OfAddresses.GetValueOrDefault(address), false);
    }

    // What is found in the same things is the same, and need not be put in order again at every look.
    internal IpamIndex After(IpamIndex before)
    {
        _findings = HasSameFindings(before) ? before._findings : default;
        return this;
    }

    private bool HasSameFindings(IpamIndex other) => ReferenceEquals(OfBlocks, other.OfBlocks) && ReferenceEquals(OfAddresses, other.OfAddresses)
        && ReferenceEquals(OfHandles, other.OfHandles) && ReferenceEquals(Snapshot.Calico.Unparsable, other.Snapshot.Calico.Unparsable);

    private ImmutableArray<IpamFinding> Sorted()
    {
        var unreadable = Snapshot.Calico.Unparsable.Values.Where(u => u.Kind == KindNames.IpamBlock)
            .Select(u => new IpamFinding(IpamFindingKind.BlockUnreadable)
            {
                Block = V1Key.Parse(u.Stored.Key) is V1Key.IpamBlock b
                ? b.Block : null,
                Detail = $"{u.Stored.Key}: {u.Reason}"
            });
        return
        [
            .. OfBlocks.Values.SelectMany(f => f).Concat(OfAddresses.Values).Concat(OfHandles.Values).Concat(unreadable)
                .OrderBy(f => f.Severity).ThenBy(f => f.Kind)
                .ThenBy(f => f.Address ?? f.Block?.First ?? default)
                .ThenBy(f => f.Handle, StringComparer.Ordinal).ThenBy(f => f.Node, StringComparer.Ordinal),
        ];
    }
}
