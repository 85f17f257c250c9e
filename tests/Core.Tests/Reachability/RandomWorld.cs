using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Flows;

// By a name of its own: this file is also compiled where the namespace is known everywhere.
using Kept = System.Collections.Immutable;

namespace CalicoConsole.Core.Tests.Reachability;

/// <summary>Small random clusters with every kind of rule, repeatable by seed.</summary>
internal sealed class RandomWorld(int seed)
{
    private static readonly string[] Tags = ["web", "db", "t1", "app"];
    private static readonly string[] Selectors =
        ["has(web)", "app == 'a'", "app != 'a'", "app in {'a', 'b'}", "all()", "!has(db)", "has(t1) && app == 'b'", ""];
    private static readonly string[] Networks = ["10.65.0.0/24", "10.65.0.0/30", "10.65.0.4/32", "203.0.113.0/24", "0.0.0.0/1", "10.244.0.11/32"];
    private readonly Random _random = new(seed);

    public static readonly string[] Nodes = ["n1", "n2"];

    public ReachabilityInput Input(bool allowOnly = false, bool hosts = true)
    {
        Kept.ImmutableArray<Profile> profiles = [.. Enumerable.Range(0, 3).Select(i => Profile($"p{i.ToString(CultureInfo.InvariantCulture)}", allowOnly))];
        return new ReachabilityInput
        {
            Profiles = profiles,
            Policies = [.. Enumerable.Range(0, _random.Next(4)).Select(i => Policy($"pol{i.ToString(CultureInfo.InvariantCulture)}", allowOnly))],
            WorkloadEndpoints = [.. Enumerable.Range(1, 7).Select(i => Endpoint(i, 3))],
            HostEndpoints = hosts && _random.Next(2) == 0 ? [Host("n1", "eth0", "10.244.0.11"), Host("n2", "", "10.244.0.12")] : [],
            Pools =
            [
                new IPPool
                {
                    Cidr = Cidr.Parse("10.65.0.0/29"),
                    NatOutgoing = _random.Next(3) == 0,
                    IpipEnabled = _random.Next(4) == 0,
                    IpipMode = _random.Next(2) == 0 ? "cross-subnet" : "always",
                },
                .. _random.Next(2) == 0 ? [new IPPool { Cidr = Cidr.Parse("10.65.0.8/29"), Disabled = true }] : Kept.ImmutableArray<IPPool>.Empty,
            ],
            Hosts = Kept.ImmutableDictionary.ToImmutableDictionary(Nodes, n => n, n => new HostSettings
            {
                IPv4 = Cidr.Parse(n == "n1" ? "10.244.0.11/24" : "10.244.0.12/24"),
                InterfacePrefixes = ["cali"],
                EndpointToHost = (EndpointToHostAction)_random.Next(3),
            }),
            EnforcingNodes = _random.Next(5) == 0 ? ["n1"] : null,
        };
    }

    public Profile Profile(string name, bool allowOnly = false) => new()
    {
        Name = name,
        Tags = [.. Tags.Where(_ => _random.Next(3) == 0)],
        Labels = _random.Next(2) == 0 ? Labels() : Labels().Clear(),
        Ingress = Rules(allowOnly),
        Egress = Rules(allowOnly),
        HasRules = allowOnly || _random.Next(12) != 0,
    };

    public Policy Policy(string name, bool allowOnly = false) => new()
    {
        Name = name,
        Order = _random.Next(3) == 0 ? null : _random.Next(3),
        Selector = Pick(Selectors),
        Types = _random.Next(3) switch { 0 => ["ingress"], 1 => ["egress"], _ => ["ingress", "egress"] },
        Ingress = Rules(allowOnly),
        Egress = Rules(allowOnly),
        DoNotTrack = !allowOnly && _random.Next(6) == 0,
        PreDnat = !allowOnly && _random.Next(6) == 0,
    };

    public Rule Rule(bool allowOnly = false)
    {
        var protocol = _random.Next(6) switch { 0 => "tcp", 1 => "udp", 2 => "icmp", 3 => "tcp", _ => null };
        var ports = protocol is "tcp" or "udp";
        return new Rule
        {
            Action = allowOnly ? "allow" : _random.Next(8) switch { 0 or 1 => "deny", 2 => "pass", 3 => "log", _ => "allow" },
            Protocol = protocol is null ? null : new Protocol(protocol, 0),
            NotProtocol = protocol is null && _random.Next(5) == 0 ? new Protocol(null, 6) : null,
            Icmp = protocol == "icmp" && _random.Next(2) == 0 ? new Icmp(8, _random.Next(2) == 0 ? 0 : null) : default,
            NotIcmp = protocol == "icmp" && _random.Next(4) == 0 ? new Icmp(13, null) : default,
            IPVersion = _random.Next(12) == 0 ? 6 : null,
            Source = Side(ports && _random.Next(6) == 0),
            Destination = Side(ports && _random.Next(2) == 0),
        };
    }

    /// <summary>Every pair of ends: endpoints, hosts, outside.</summary>
    public static IEnumerable<(FlowEnd From, FlowEnd To)> Pairs(ReachabilityInput input)
    {
        FlowEnd[] ends =
        [
            .. input.WorkloadEndpoints.SelectMany(Ends),
            new FlowEnd(Ip.Parse("10.244.0.11")) { Node = "n1" }, new FlowEnd(Ip.Parse("10.244.0.12")) { Node = "n2" },
            new FlowEnd(Ip.Parse("203.0.113.7")), new FlowEnd(Ip.Parse("8.8.8.8")),
        ];
        return from a in ends from b in ends where a != b && (a.Endpoint is null || a.Endpoint != b.Endpoint) select (a, b);
    }

    /// <summary>An endpoint at each of its addresses.</summary>
    public static IEnumerable<FlowEnd> Ends(WorkloadEndpoint endpoint) => endpoint.IPv4Nets.Select(n => new FlowEnd(n.Address) { Endpoint = endpoint.Id });

    private WorkloadEndpoint Endpoint(int number, int profiles) => new()
    {
        Id = new WorkloadEndpointId(Pick(Nodes), "libnetwork", "libnetwork", $"w{number.ToString(CultureInfo.InvariantCulture)}"),
        InterfaceName = _random.Next(15) == 0 ? "tap1" : $"cali{number.ToString(CultureInfo.InvariantCulture)}",
        State = _random.Next(12) == 0 ? "inactive" : "active",
        // The same address twice, now and then; and more than one address, alike or not, in a pool or not.
        IPv4Nets =
        [
            new Cidr(new Ip(0x0A410000 + (UInt128)(_random.Next(15) == 0 ? 1 : number), false), 32),
            .. Enumerable.Range(0, _random.Next(4) == 0 ? 1 + _random.Next(2) : 0).Select(i => Cidr.Parse(Pick(Addresses(number, i)) + "/32")),
        ],
        ProfileIds =
        [
            .. Enumerable.Range(0, profiles).Where(_ => _random.Next(2) == 0).Select(i => $"p{i.ToString(CultureInfo.InvariantCulture)}"),
            .. _random.Next(15) == 0 ? ["missing"] : Array.Empty<string>(),
        ],
        Labels = _random.Next(2) == 0 ? Labels() : Labels().Clear(),
    };

    private static string[] Addresses(int number, int nth)
    {
        var last = (16 + (2 * number) + nth).ToString(CultureInfo.InvariantCulture);
        return [$"10.65.0.{last}", $"10.65.0.{last}", $"203.0.113.{last}", $"172.31.0.{last}", "10.65.0.1"];
    }

    private HostEndpoint Host(string node, string name, string ip) => new()
    {
        Node = node,
        Name = $"{node}-host",
        InterfaceName = name,
        ExpectedIPv4 = [Ip.Parse(ip)],
        ProfileIds = _random.Next(2) == 0 ? ["p0"] : [],
        Labels = Labels(),
    };

    private Kept.ImmutableSortedDictionary<string, string> Labels() =>
        Kept.ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("app", Pick(["a", "b", ""]));

    private Kept.ImmutableArray<Rule> Rules(bool allowOnly) => [.. Enumerable.Range(0, _random.Next(4)).Select(_ => Rule(allowOnly))];

    private RuleEntity Side(bool ports) => new()
    {
        Tag = _random.Next(6) == 0 ? Pick(Tags) : "",
        NotTag = _random.Next(12) == 0 ? Pick(Tags) : "",
        Selector = _random.Next(6) == 0 ? Pick(Selectors) : "",
        NotSelector = _random.Next(12) == 0 ? Pick(Selectors) : "",
        Nets = _random.Next(5) == 0 ? [Cidr.Parse(Pick(Networks)), Cidr.Parse(Pick(Networks))] : [],
        NotNets = _random.Next(10) == 0 ? [Cidr.Parse(Pick(Networks))] : [],
        Ports = ports ? [_random.Next(2) == 0 ? new PortRange(80, 80) : new PortRange(80, 443), new PortRange(5432, 5432)] : [],
        NotPorts = ports && _random.Next(3) == 0 ? [new PortRange(100, 200)] : [],
    };

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
