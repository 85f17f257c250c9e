using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Reachability.Traffic;

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

    /// <summary>
    /// The class as it is at each further address, in the endpoint's order, where the rules or pools tell its addresses apart; empty when they are all alike.
    /// </summary>
    public ImmutableArray<EndpointClass> Further { get; init; } = [];

    /// <summary>How many addresses are told apart; 1 when all are alike.</summary>
    public int Places => Further.Length + 1;

    /// <summary>Its node, where classes are kept apart by node; null otherwise.</summary>
    public string? Node { get; init; }

    /// <summary>The class at one of its addresses, by index in the endpoint's order; all are the same where they are alike.</summary>
    public EndpointClass At(int place) => place == 0 || Further.IsEmpty ? this : Further[place - 1];

    /// <summary>The class at some of its addresses alone.</summary>
    /// <param name="places">Indices in the endpoint's order.</param>
    public EndpointClass Only(ImmutableArray<int> places)
    {
        if (Further.IsEmpty)
        {
            return this;
        }

        var first = At(places[0]);
        return new EndpointClass
        {
            Id = Id,
            Representative = Representative,
            Address = first.Address,
            IsDead = IsDead,
            Ingress = Ingress,
            Egress = Egress,
            Bits = first.Bits,
            Node = Node,
            Further = [.. places.Skip(1).Select(At)],
        };
    }

    public bool Matches(int position) => (Bits[position >> 6] >> (position & 63) & 1) != 0;
}

/// <summary>
/// The classes of a model's endpoints in one IP version. An endpoint counts with all its addresses of that version: endpoints are of one class when their
/// addresses, in
/// order, are alike. Where host endpoints police packets before DNAT or connection tracking, or NAT outgoing can hide a sender from a workload, classes are
/// kept apart by node. Immutable.
/// </summary>
internal sealed class TrafficClasses : IDerived
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
        Shapes = ShapeTable.From(model, _matchers, ipv6, PerNode);
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

    /// <summary>The shapes, to be taken over when they still hold.</summary>
    object IDerived.HandsOn => Shapes;

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

    /// <summary>How many endpoints have several addresses of the version that some rule or pool tells apart.</summary>
    public int CountSplitEndpoints() => Enumerable.Range(0, Entries.Length).Count(i => ClassOf(i) is >= 0 and var id && Classes[id].Places > 1);

    /// <summary>
    /// Classes for the addresses outside of Calico that the rules tell apart: the networks they name, and all others. Numbered after the endpoints' classes.
    /// </summary>
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
            .SelectMany(r => r.For(FlowDirection.Ingress, ipv6).Concat(r.For(FlowDirection.Egress, ipv6)));

    private static bool HasGates(ReachabilityModel model) =>
        !model.Table.Hosts.IsEmpty && model.Policies.Any(p => p.SelectorSet >= 0 && (p.Policy.DoNotTrack || p.Policy.PreDnat));

    private static bool HidesSenders(ReachabilityModel model, bool ipv6)
    {
        var pools = model.Settings.Pools;
        return pools.Any(p => p.NatOutgoing && p.Cidr.IsIPv6 == ipv6)
            && model.Table.Entries.Any(e => e.Nets(ipv6).Any(n => !pools.Any(p => p.Cidr.Contains(n.Address))));
    }

    private (EndpointClass[] Classes, int[] ClassOfShape) Merge()
    {
        var classes = new List<EndpointClass>();
        var known = new Dictionary<ClassKey, int>();
        var places = new Dictionary<(BitKey, int), int>();
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
                    classes.Add(new EndpointClass
                    {
                        Id = dead,
                        Representative = entry,
                        Address = Model.Table.Resolve(entry.Nets(IsIPv6)[0].Address),
                        IsDead = true,
                        Bits = new ulong[(_matchers.Length + 63) / 64]
                    });
                }

                classOfShape[i] = dead;
                continue;
            }

            var polices = enforced && Model.HostOf(node).IsWorkloadInterface(entry.Endpoint.InterfaceName);
            var addresses = entry.Nets(IsIPv6).Select(n => Model.Table.Resolve(n.Address)).ToArray();
            var bits = addresses.Select(a => BitsOf(a)).ToArray();
            var numbers = addresses.Select((a, at) => PlaceOf((new BitKey(bits[at]), Shapes.PoolsOf(a.Ip)))).ToArray();
            var alike = numbers.All(n => n == numbers[0]);
            EndpointClass At(int place, ImmutableArray<EndpointClass> further) => new()
            {
                Id = classes.Count,
                Representative = entry,
                Address = addresses[place],
                Ingress = polices ? Model.GovernanceOf(entry.LabelClass, FlowDirection.Ingress) : null,
                Egress = polices ? Model.GovernanceOf(entry.LabelClass, FlowDirection.Egress) : null,
                Bits = bits[place],
                Node = PerNode ? node : null,
                Further = further,
            };
            var made = At(0, alike ? [] : [.. Enumerable.Range(1, addresses.Length - 1).Select(p => At(p, []))]);
            var key = new ClassKey(made.Ingress, made.Egress, made.Node, numbers[0], alike ? "" : string.Join(',', numbers));
            if (!known.TryGetValue(key, out var id))
            {
                known[key] = id = made.Id;
                classes.Add(made);
            }

            classOfShape[i] = id;
        }

        return ([.. classes], classOfShape);

        int PlaceOf((BitKey, int) place)
        {
            if (!places.TryGetValue(place, out var number))
            {
                places[place] = number = places.Count;
            }

            return number;
        }
    }

    // Addresses by number: equal where rules and pools treat them alike.
    private readonly record struct ClassKey(Governance? Ingress, Governance? Egress, string? Node, int Place, string Places);
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
        Shares = new bool[entries.Length];
        var known = new Dictionary<Key, int>();
        var representatives = new List<int>();
        var nodes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = entries[i];
            var nets = entry.Nets(ipv6);
            if (nets.IsEmpty)
            {
                ShapeOf[i] = -1;
                continue;
            }

            var node = entry.Endpoint.Id.Node;
            if (!nodes.TryGetValue(node, out var number))
            {
                nodes[node] = number = nodes.Count;
            }

            var place = PlaceOf(model, entry, nets[0].Address);
            var further = nets.Length == 1 ? [] : nets.Skip(1).Select(n => PlaceOf(model, entry, n.Address)).ToArray();
            Shares[i] = place.Shared.Length > 0 || further.Any(p => p.Shared.Length > 0);
            var enforced = model.IsEnforced(node);
            var key = new Key(
                entry.LabelClass, place, further.All(p => p == place)
                    ? "" : string.Join(';', further), enforced, entry.IsActive, enforced
                    && model.HostOf(node).IsWorkloadInterface(entry.Endpoint.InterfaceName), perNode ? number : -1);
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

    /// <summary>By endpoint, whether one of its addresses is also that of an endpoint with other labels or profiles, or twice its own.</summary>
    public bool[] Shares { get; }

    /// <summary>By shape, the index of one of its endpoints.</summary>
    public int[] Representatives { get; }

    public int Count => Representatives.Length;

    private EndpointTable Table { get; }

    private ReachabilityInput Settings { get; }

    public static ShapeTable From(ReachabilityModel model, IEnumerable<AddressMatcher> matchers, bool ipv6, bool perNode)
    {
        ImmutableArray<Cidr> networks = [.. matchers.SelectMany(m => m.Nets.Concat(m.NotNets)).Where(n => n.IsIPv6 == ipv6).Distinct()];
        var boundaries = Cuts(networks.Concat(model.Settings.Pools.Select(p => p.Cidr)), ipv6);
        var near = (ipv6 ? model.Derived6 : model.Derived4).Inherited as ShapeTable;
        return near is not null && ReferenceEquals(near.Table, model.Table) && ReferenceEquals(near.Settings, model.Settings) && near.PerNode == perNode
            && near.Boundaries.AsSpan().SequenceEqual(boundaries)
            ? near
            : new ShapeTable(model, boundaries, networks, ipv6, perNode);
    }

    /// <summary>Where an address lies among the pools.</summary>
    public int PoolsOf(Ip ip) => ip.IsIPv6 == _ipv6 ? At(_poolCuts, ip) : -1;

    private Place PlaceOf(ReachabilityModel model, EndpointEntry entry, Ip ip)
    {
        var resolved = model.Table.Resolve(ip);
        var shared = resolved.Owner == entry.LabelClass && resolved.Others.IsDefault
            ? "" : $"{resolved.Owner},{(resolved.Others.IsDefault ? "" : string.Join(',', resolved.Others))}";
        return new Place(shared, At(Boundaries, ip), PoolsOf(ip));
    }

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

    private readonly record struct Key(int LabelClass, Place Place, string Further, bool Enforced, bool Active, bool Policed, int Node);

    // An address: who else has it, where it lies among the networks of rules, and among the pools.
    private readonly record struct Place(string Shared, int Network, int Pools);
}
