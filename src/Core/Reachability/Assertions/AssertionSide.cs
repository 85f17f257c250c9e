using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Traffic;
using CalicoConsole.Core.Selectors;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Reachability.Assertions;

/// <summary>A node's own address.</summary>
internal sealed record HostAddress(string Node, Ip Ip, HostKey Key)
{
    public FlowEnd End => new(Ip) { Node = Node };
}

/// <summary>All of a host that can decide over a flow to or from it: hosts of one key are alike.</summary>
internal readonly record struct HostKey(string Unique, BitKey Bits, int Pools, bool IsEnforced, EndpointToHostAction Action, bool OpenStack, Ip? Metadata,
    int MetadataPort);

/// <summary>What an end of an assertion stands for in one IP version.</summary>
internal sealed class AssertionSide
{
    /// <summary>Endpoints by class.</summary>
    public required GroupPart[] Parts { get; init; }

    /// <summary>Outside addresses that the rules tell apart.</summary>
    public required EndpointClass[] Outside { get; init; }

    /// <summary>Hosts.</summary>
    public required HostAddress[] Hosts { get; init; }

    /// <summary>Whether it names a host: then its own workloads count too.</summary>
    public bool NamesHost { get; init; }

    /// <summary>Why it stands for nothing; null when it stands for something.</summary>
    public string? Problem { get; init; }

    public bool IsEmpty => Parts.Length + Outside.Length + Hosts.Length == 0;
}

/// <summary>Finds what ends of assertions stand for. For one evaluation in one IP version; not thread-safe.</summary>
internal sealed class AssertionSides(ClusterSnapshot snapshot, ReachabilityModel model, TrafficClasses classes)
{
    private readonly Dictionary<AssertionEnd, AssertionSide> _known = [];
    private readonly Dictionary<string, HostKey> _keys = new(StringComparer.Ordinal);
    private HostAddress[]? _hosts;
    private ILookup<int, int>? _byLabels;

    private bool IsIPv6 => classes.IsIPv6;

    private IEnumerable<int> All => Enumerable.Range(0, classes.Entries.Length);

    private HostAddress[] AllHosts => _hosts ??=
    [
        .. model.Settings.Hosts.OrderBy(h => h.Key, StringComparer.Ordinal)
            .Where(h => h.Value.Address(IsIPv6) is not null).Select(h => new HostAddress(h.Key, h.Value.Address(IsIPv6)!.Value, KeyOf(h.Key))),
    ];

    public AssertionSide For(AssertionEnd end)
    {
        if (!_known.TryGetValue(end, out var side))
        {
            _known[end] = side = Make(end);
        }

        return side;
    }

    /// <summary>What decides for a node; a node that is not known has Felix's defaults and no address.</summary>
    public HostKey KeyOf(string node)
    {
        if (!_keys.TryGetValue(node, out var key))
        {
            var settings = model.HostOf(node);
            var ip = settings.Address(IsIPv6) ?? HostRules.UnknownAddress(IsIPv6);
            _keys[node] = key = new HostKey(
                classes.PerNode || model.Table.Hosts.ContainsKey(node)
                    ? node : "", new BitKey(classes.BitsOf(model.Table.Resolve(ip))), classes.Shapes.PoolsOf(ip),
                model.IsEnforced(node), settings.EndpointToHost
                    ?? model.Settings.EndpointToHost, settings.OpenStack, settings.MetadataAddress, settings.MetadataPort);
        }

        return key;
    }

    private AssertionSide Make(AssertionEnd end) => end.Kind switch
    {
        AssertionEndKind.Anything => Side(Parts(All), Outside(null), AllHosts, null),
        AssertionEndKind.Tag => OfLabels(key => key.Profiles.Any(p => model.Profiles.GetValueOrDefault(p)?.Profile.Tags.Contains(end.Value) == true),
            $"No endpoint is tagged {end.Value}."),
        AssertionEndKind.Profile => OfLabels(key => key.Profiles.Contains(end.Value), $"No endpoint has the profile {end.Value}."),
        AssertionEndKind.Selector => OfSelector(end.Value),
        AssertionEndKind.Network => OfNetwork(end.Value),
        AssertionEndKind.Host => OfHost(end.Value),
        AssertionEndKind.Net => OfNet(Cidr.Parse(end.Value)),
        _ => OfEndpoint(end.Value),
    };

    private AssertionSide OfLabels(Func<LabelKey, bool> fits, string none)
    {
        var keys = model.Table.LabelKeys;
        return Side(Parts(Labelled(labelClass => fits(keys[labelClass]))), [], [], none);
    }

    private AssertionSide OfSelector(string text) => Selector.TryParse(text, out var selector, out _)
        ? Side(Parts(Labelled(labelClass => selector.Matches(model.Members.Labels[labelClass]))), [], [], $"No endpoint matches {text}.")
        : Side([], [], [], $"{text} is not a selector.");

    private AssertionSide OfNetwork(string name)
    {
        var networksOf = EndpointGroups.By(EndpointGroups.Network, snapshot)!;
        return Side(Parts(All.Where(i => networksOf(classes.Entries[i].Endpoint).Contains(name, StringComparer.Ordinal))), [], [],
            $"No endpoint is on the network {name}.");
    }

    private AssertionSide OfHost(string node)
    {
        var hosts = AllHosts.Where(h => h.Node == node).ToArray();
        return new AssertionSide
        {
            Parts = [],
            Outside = [],
            Hosts = hosts,
            NamesHost = true,
            Problem = hosts.Length > 0 ? null : snapshot.Calico.Nodes.ContainsKey(node)
                ? $"Node {node} has no IPv{(IsIPv6 ? 6 : 4)} address in the datastore." : $"There is no node {node}.",
        };
    }

    private AssertionSide OfEndpoint(string text)
    {
        if (!FlowEnds.TryFind(snapshot, text, IsIPv6, out var match, out var problem))
        {
            return Side([], [], [], problem);
        }

        return match!.End switch
        {
            { Endpoint: { } id } when Ip.TryParse(text.Trim(), out var ip) =>
                Side(Parts(All.Where(i => classes.Entries[i].Endpoint.Id == id), a => a == ip), [], [], $"{text} has no endpoint that Felix knows."),
            { Endpoint: { } id } => Side(Parts(All.Where(i => classes.Entries[i].Endpoint.Id == id)), [], [], $"{text} has no endpoint that Felix knows."),
            { Node: { } node } => OfHost(node),
            { UnregisteredOn: not null } => Side([], [], [], $"{text} has no endpoint in the datastore."),
            var end => OfNet(new Cidr(end.Address, end.Address.Width)),
        };
    }

    private AssertionSide OfNet(Cidr net)
    {
        if (net.IsIPv6 != IsIPv6)
        {
            return Side([], [], [], null);
        }

        var hosts = AllHosts.Where(h => net.Contains(h.Ip)).ToArray();
        return Side(Parts(All, net.Contains), Outside(net), hosts, $"{net} has no endpoint or host, and no address outside the IP pools.");
    }

    private static AssertionSide Side(GroupPart[] parts, EndpointClass[] outside, HostAddress[] hosts, string? none) => new()
    {
        Parts = parts,
        Outside = outside,
        Hosts = hosts,
        Problem = parts.Length + outside.Length + hosts.Length == 0 ? none : null,
    };

    /// <summary>Endpoints, by index, whose label class fits: it is tried once for each class and not for each of 100,000 endpoints.</summary>
    private IEnumerable<int> Labelled(Func<int, bool> fits) =>
        (_byLabels ??= All.ToLookup(i => classes.Entries[i].LabelClass)).Where(g => fits(g.Key)).SelectMany(g => g).Order();

    /// <summary>Endpoints by class, with all their addresses or those alone for which a condition holds.</summary>
    private GroupPart[] Parts(IEnumerable<int> entries, Func<Ip, bool>? at = null)
    {
        var members = new Dictionary<(int Class, string Places), (ImmutableArray<int> Places, List<int> Entries)>();
        foreach (var i in entries)
        {
            if (classes.ClassOf(i) is not (>= 0 and var id))
            {
                continue;
            }

            ImmutableArray<int> places = default;
            if (at is not null)
            {
                var nets = classes.Entries[i].Nets(IsIPv6);
                if (nets.Length == 1 ? !at(nets[0].Address) : !nets.Any(n => at(n.Address)))
                {
                    continue;
                }

                places = nets.All(n => at(n.Address)) ? default : [.. Enumerable.Range(0, nets.Length).Where(p => at(nets[p].Address))];
            }

            var key = (id, places.IsDefault ? "" : string.Join(',', places));
            if (!members.TryGetValue(key, out var known))
            {
                members[key] = known = (places, []);
            }

            known.Entries.Add(i);
        }

        return
        [
            .. from member in members
               orderby member.Key.Class
               let part = GroupMembers.Part(classes, member.Key.Class, member.Value.Entries)
               let places = member.Value.Places
               select places.IsDefault ? part : part with { Class = part.Class.Only(places), Places = places },
        ];
    }

    /// <summary>
    /// One address of each range outside that the rules tell apart, within a network; addresses of pools, endpoints and hosts are not outside.
    /// </summary>
    private EndpointClass[] Outside(Cidr? net)
    {
        var found = new Dictionary<BitKey, EndpointClass>();
        var last = IsIPv6 ? UInt128.MaxValue : 0xFFFFFFFF;
        var (from, to) = net is { } within ? (within.First.Bits, within.Last.Bits) : (UInt128.Zero, last);
        UInt128[] starts = [.. classes.Shapes.Boundaries.Where(b => b > from && b <= to).Prepend(from)];
        for (var i = 0; i < starts.Length; i++)
        {
            var end = i + 1 < starts.Length ? starts[i + 1] - 1 : to;
            if (AddressIn(starts[i], end) is not { } ip)
            {
                continue;
            }

            var address = model.Table.Resolve(ip);
            var bits = classes.BitsOf(address);
            found.TryAdd(new BitKey(bits), new EndpointClass { Id = -1, Outside = ip.ToString(), Address = address, Bits = bits });
        }

        return [.. found.Values];
    }

    // Addresses for documentation read better than the first of a range; and one that somebody has is not outside.
    private Ip? AddressIn(UInt128 first, UInt128 last)
    {
        var preferred = IsIPv6 ? Ip.Parse("2001:db8::1") : Ip.Parse("198.51.100.1");
        UInt128[] tries = [preferred.Bits, .. Enumerable.Range(0, 1024).Select(o => first + (UInt128)((o + 1) % 1024))];
        foreach (var bits in tries.Where(t => t >= first && t <= last))
        {
            var ip = new Ip(bits, IsIPv6);
            if (model.Table.Resolve(ip).Owner < 0 && !model.Settings.Pools.Any(p => p.Cidr.Contains(ip)) && !AllHosts.Any(h => h.Ip == ip))
            {
                return ip;
            }
        }

        return null;
    }
}
