using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Reachability;

/// <summary>Endpoints, or addresses outside, that no policy, profile, rule or set of a model tells apart in one IP version.</summary>
internal sealed class EndpointClass
{
    public required int Id { get; init; }

    /// <summary>One of its endpoints; null for a class of outside addresses.</summary>
    public EndpointEntry? Representative { get; init; }

    /// <summary>What outside addresses these are; empty for endpoints.</summary>
    public string Outside { get; init; } = "";

    public required ResolvedAddress Address { get; init; }

    /// <summary>Whether nothing reaches or leaves it: not active.</summary>
    public bool IsDead { get; init; }

    /// <summary>What governs traffic into it; null when nobody polices it.</summary>
    public Governance? Ingress { get; init; }

    /// <summary>What governs traffic out of it; null when nobody polices it.</summary>
    public Governance? Egress { get; init; }

    /// <summary>Which of the matchers hold for its address.</summary>
    public required ulong[] Bits { get; init; }

    /// <summary>Its node, where classes are kept apart by node; null otherwise.</summary>
    public string? Node { get; init; }

    public bool Matches(int position) => (Bits[position >> 6] >> (position & 63) & 1) != 0;
}

/// <summary>
/// The classes of a model's endpoints in one IP version. An endpoint counts with its first address of that version. Where host endpoints police
/// packets before DNAT or connection tracking, or NAT outgoing can hide a sender from a workload, classes are kept apart by node. Immutable.
/// </summary>
internal sealed class TrafficClasses
{
    /// <summary>The name of all outside addresses that no rule names.</summary>
    public const string OtherAddresses = "other addresses";

    private readonly Dictionary<AddressMatcher, int> _positions;
    private readonly AddressMatcher[] _matchers;

    public TrafficClasses(ReachabilityModel model, bool ipv6)
    {
        (Model, IsIPv6) = (model, ipv6);
        Rules = [.. CompiledOf(model, ipv6)];
        _matchers = [.. Rules.SelectMany(r => new[] { r.Source, r.Destination }).OfType<AddressMatcher>().Distinct()];
        _positions = _matchers.Select((m, i) => (m, i)).ToDictionary(m => m.m, m => m.i);
        LeaksMark = Rules.Any(r => r.Action == RuleAction.Pass);
        Entries = model.Table.Entries;
        PerNode = HasGates(model) || HidesSenders(model, ipv6);
        Shapes = ShapeTable.Of(model, _matchers, ipv6, PerNode);
        (Classes, ClassOfShape) = Merge();
    }

    public ReachabilityModel Model { get; }

    public bool IsIPv6 { get; }

    /// <summary>Every compiled rule that Felix makes for the version.</summary>
    public CompiledRule[] Rules { get; }

    /// <summary>Whether some rule passes, so that the mark of a sender on the same host can matter.</summary>
    public bool LeaksMark { get; }

    /// <summary>Whether classes are kept apart by node.</summary>
    public bool PerNode { get; }

    /// <summary>All workload endpoints, in one fixed order for a table.</summary>
    public EndpointEntry[] Entries { get; }

    public ShapeTable Shapes { get; }

    public EndpointClass[] Classes { get; }

    private int[] ClassOfShape { get; }

    /// <summary>The class of an endpoint by its index in <see cref="Entries"/>; -1 when it has no address of the version.</summary>
    public int ClassOf(int entry) => Shapes.ShapeOf[entry] is >= 0 and var shape ? ClassOfShape[shape] : -1;

    public int PositionOf(AddressMatcher matcher) => _positions[matcher];

    public ulong[] BitsOf(in ResolvedAddress address)
    {
        var bits = new ulong[(_matchers.Length + 63) / 64];
        for (var i = 0; i < _matchers.Length; i++)
        {
            if (_matchers[i].Matches(address, Model.Members))
            {
                bits[i >> 6] |= 1UL << (i & 63);
            }
        }

        return bits;
    }

    /// <summary>How many endpoints have a further address of the version that some rule or pool does not treat as their first: classes know the first alone.</summary>
    public int CountSplitEndpoints() => Entries.Count(e => (IsIPv6 ? e.Endpoint.IPv6Nets : e.Endpoint.IPv4Nets) is { IsDefault: false, Length: > 1 } nets && nets.Skip(1).Any(n => !IsAlike(nets[0].Address, n.Address)));

    private bool IsAlike(Ip one, Ip other) => Shapes.PoolsOf(one) == Shapes.PoolsOf(other)
        && BitsOf(Model.Table.Resolve(one)).AsSpan().SequenceEqual(BitsOf(Model.Table.Resolve(other)));

    /// <summary>Classes for the addresses outside of Calico that the rules tell apart: the networks they name, and all others. Numbered after the endpoints' classes.</summary>
    public ImmutableArray<EndpointClass> OutsideClasses()
    {
        var nets = Shapes.Networks;
        var found = new Dictionary<(string, BitKey), EndpointClass>();
        foreach (var start in Shapes.Boundaries.Prepend(UInt128.Zero).Distinct())
        {
            var ip = new Ip(start, IsIPv6);
            var address = Model.Table.Resolve(ip);
            if (address.Owner >= 0 || Model.Settings.Pools.Any(p => p.Cidr.Contains(ip)))
            {
                continue;
            }

            var inside = nets.Where(n => n.Contains(ip)).OrderByDescending(n => n.PrefixLength).Select(n => n.Masked().ToString()).FirstOrDefault();
            var bits = BitsOf(address);
            var name = inside ?? OtherAddresses;
            found.TryAdd((name, new BitKey(bits)), new EndpointClass { Id = Classes.Length + found.Count, Outside = name, Address = address, Bits = bits });
        }

        return [.. found.Values.OrderBy(c => c.Id)];
    }

    private static IEnumerable<CompiledRule> CompiledOf(ReachabilityModel model, bool ipv6) =>
        model.Profiles.Values.Select(p => p.Rules).Concat(model.Policies.Where(p => p.SelectorSet >= 0).Select(p => p.Rules))
            .SelectMany(r => r.Of(FlowDirection.Ingress, ipv6).Concat(r.Of(FlowDirection.Egress, ipv6)));

    private static bool HasGates(ReachabilityModel model) =>
        !model.Table.Hosts.IsEmpty && model.Policies.Any(p => p.SelectorSet >= 0 && (p.Policy.DoNotTrack || p.Policy.PreDnat));

    private static bool HidesSenders(ReachabilityModel model, bool ipv6)
    {
        var pools = model.Settings.Pools;
        return pools.Any(p => p.NatOutgoing && p.Cidr.IsIPv6 == ipv6)
            && model.Table.Entries.Any(e => e.Address(ipv6) is { } address && !pools.Any(p => p.Cidr.Contains(address)));
    }

    private (EndpointClass[] Classes, int[] ClassOfShape) Merge()
    {
        var classes = new List<EndpointClass>();
        var known = new Dictionary<ClassKey, int>();
        var dead = -1;
        var classOfShape = new int[Shapes.Count];
        for (var i = 0; i < classOfShape.Length; i++)
        {
            var shape = Shapes.Representatives[i];
            var entry = Entries[shape];
            var node = entry.Endpoint.Id.Node;
            var enforced = Model.IsEnforced(node);
            if (enforced && !entry.IsActive)
            {
                if (dead < 0)
                {
                    dead = classes.Count;
                    classes.Add(new EndpointClass { Id = dead, Representative = entry, Address = Resolve(entry), IsDead = true, Bits = new ulong[(_matchers.Length + 63) / 64] });
                }

                classOfShape[i] = dead;
                continue;
            }

            var polices = enforced && Model.HostOf(node).IsWorkloadInterface(entry.Endpoint.InterfaceName);
            var address = Resolve(entry);
            var made = new EndpointClass
            {
                Id = classes.Count,
                Representative = entry,
                Address = address,
                Ingress = polices ? Model.GovernanceOf(entry.LabelClass, FlowDirection.Ingress) : null,
                Egress = polices ? Model.GovernanceOf(entry.LabelClass, FlowDirection.Egress) : null,
                Bits = BitsOf(address),
                Node = PerNode ? node : null,
            };
            var key = new ClassKey(made.Ingress, made.Egress, new BitKey(made.Bits), made.Node, Shapes.PoolsOf(address.Ip));
            if (!known.TryGetValue(key, out var id))
            {
                known[key] = id = made.Id;
                classes.Add(made);
            }

            classOfShape[i] = id;
        }

        return ([.. classes], classOfShape);
    }

    private ResolvedAddress Resolve(EndpointEntry entry) => Model.Table.Resolve(entry.Address(IsIPv6)!.Value);

    private readonly record struct ClassKey(Governance? Ingress, Governance? Egress, BitKey Bits, string? Node, int Pools);
}

/// <summary>
/// Endpoints grouped by what is cheap to see: label class, state, who polices, where the address lies among the networks that rules and pools
/// name. Shared by models whose endpoints and networks are the same. Immutable.
/// </summary>
internal sealed class ShapeTable
{
    private readonly UInt128[] _poolCuts;
    private readonly bool _ipv6;

    private ShapeTable(ReachabilityModel model, UInt128[] boundaries, ImmutableArray<Cidr> networks, bool ipv6, bool perNode)
    {
        (Boundaries, Networks, _ipv6, PerNode) = (boundaries, networks, ipv6, perNode);
        (Table, Settings) = (model.Table, model.Settings);
        _poolCuts = Cuts(model.Settings.Pools.Select(p => p.Cidr), ipv6);
        var entries = model.Table.Entries;
        ShapeOf = new int[entries.Length];
        var known = new Dictionary<Key, int>();
        var representatives = new List<int>();
        var nodes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = entries[i];
            if (entry.Address(ipv6) is not { } ip)
            {
                ShapeOf[i] = -1;
                continue;
            }

            var node = entry.Endpoint.Id.Node;
            if (!nodes.TryGetValue(node, out var number))
            {
                nodes[node] = number = nodes.Count;
            }

            var resolved = model.Table.Resolve(ip);
            var shared = resolved.Owner == entry.LabelClass && resolved.Others.IsDefault ? "" : $"{resolved.Owner},{(resolved.Others.IsDefault ? "" : string.Join(',', resolved.Others))}";
            var enforced = model.IsEnforced(node);
            var key = new Key(
                entry.LabelClass, shared, enforced, entry.IsActive, enforced && model.HostOf(node).IsWorkloadInterface(entry.Endpoint.InterfaceName), At(boundaries, ip), PoolsOf(ip), perNode ? number : -1);
            if (!known.TryGetValue(key, out var shape))
            {
                known[key] = shape = representatives.Count;
                representatives.Add(i);
            }

            ShapeOf[i] = shape;
        }

        Representatives = [.. representatives];
    }

    /// <summary>First addresses of the ranges that the networks of rules and pools cut, sorted; the range from address 0 on is not named.</summary>
    public UInt128[] Boundaries { get; }

    /// <summary>The networks that rules name.</summary>
    public ImmutableArray<Cidr> Networks { get; }

    public bool PerNode { get; }

    public int[] ShapeOf { get; }

    /// <summary>By shape, the index of one of its endpoints.</summary>
    public int[] Representatives { get; }

    public int Count => Representatives.Length;

    private EndpointTable Table { get; }

    private ReachabilityInput Settings { get; }

    public static ShapeTable Of(ReachabilityModel model, IEnumerable<AddressMatcher> matchers, bool ipv6, bool perNode)
    {
        ImmutableArray<Cidr> networks = [.. matchers.SelectMany(m => m.Nets.Concat(m.NotNets)).Where(n => n.IsIPv6 == ipv6).Distinct()];
        var boundaries = Cuts(networks.Concat(model.Settings.Pools.Select(p => p.Cidr)), ipv6);
        var near = ipv6 ? model.Shapes6 : model.Shapes4;
        return near is not null && ReferenceEquals(near.Table, model.Table) && ReferenceEquals(near.Settings, model.Settings) && near.PerNode == perNode && near.Boundaries.AsSpan().SequenceEqual(boundaries)
            ? near
            : new ShapeTable(model, boundaries, networks, ipv6, perNode);
    }

    /// <summary>Where an address lies among the pools.</summary>
    public int PoolsOf(Ip ip) => ip.IsIPv6 == _ipv6 ? At(_poolCuts, ip) : -1;

    private static int At(UInt128[] cuts, Ip ip)
    {
        var found = Array.BinarySearch(cuts, ip.Bits);
        return found >= 0 ? found + 1 : ~found;
    }

    private static UInt128[] Cuts(IEnumerable<Cidr> networks, bool ipv6)
    {
        var cuts = new SortedSet<UInt128>();
        foreach (var network in networks.Where(n => n.IsIPv6 == ipv6))
        {
            cuts.Add(network.First.Bits);
            var last = network.Last.Bits;
            if (last != (ipv6 ? UInt128.MaxValue : 0xFFFFFFFF))
            {
                cuts.Add(last + 1);
            }
        }

        return [.. cuts];
    }

    private readonly record struct Key(int LabelClass, string Shared, bool Enforced, bool Active, bool Policed, int Network, int Pools, int Node);
}
