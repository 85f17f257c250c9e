using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using CalicoConsole.Integration.Tests.Api;

namespace CalicoConsole.Integration.Tests.Reach;

/// <summary>A place with an address in each family.</summary>
/// <param name="Name">Its short name, that of its network namespace after the lab's prefix.</param>
/// <param name="Question">As the console is asked for it; null where that is the address.</param>
/// <param name="Host">The host that it is on; null outside.</param>
/// <param name="IPv4">Its IPv4 address.</param>
/// <param name="IPv6">Its IPv6 address.</param>
internal sealed record Spot(string Name, string? Question, string? Host, IPAddress IPv4, IPAddress IPv6)
{
    /// <summary>Whether it is a host itself.</summary>
    public bool IsHost => Host == Name;

    /// <summary>The host whose second interface it is behind; null when it is not.</summary>
    public string? Behind { get; init; }

    /// <summary>Its address in a family.</summary>
    public IPAddress Of(bool ipv6) => ipv6 ? IPv6 : IPv4;
}

/// <summary>An exchange that is tried.</summary>
internal sealed record Exchange(Spot From, Spot To, bool IPv6, ProtocolType Protocol, int Port, ushort SourcePort)
{
    /// <summary>The question's protocol and port: the type for ICMP.</summary>
    public (string Protocol, int Port) Asked => Protocol switch
    {
        ProtocolType.Tcp => ("tcp", Port),
        ProtocolType.Udp => ("udp", Port),
        ProtocolType.Icmp => ("icmp", 8),
        _ => ("icmpv6", 128),
    };

    /// <summary>The port of the router that is dialled, and that DNAT replaces by the receiver; null when the receiver itself is dialled.</summary>
    public int? Dialled { get; init; }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture,
        $"{(Dialled is { } port ? $"by port {port} of the router: " : "")}{From.Name} ({From.Of(IPv6)}) -> {To.Name} ({To.Of(IPv6)}) {Asked.Protocol} "
        + $"{Asked.Port} from {SourcePort}");
}

/// <summary>Whether the first packet arrives, and whether the whole exchange comes about.</summary>
internal readonly record struct Outcome(bool Arrives, bool Answered);

/// <summary>
/// Endpoints made of namespaces and veth pairs beside Docker's, because Docker 20.10 starts no container where a host has IPv6: two on each host, both hosts,
/// one outside beside the hosts and one behind the second interface of the first host, which forwards for it, each with an address in both families.
/// </summary>
internal sealed class NamespaceStage(LabFixture lab, ConsoleApi api) : IAsyncDisposable
{
    private const string Gateway = "169.254.1.1";
    private const string Gateway6 = "fe80::1";

    /// <summary>The host that has a second interface.</summary>
    public const string Router = "docker01";

    private const string RouterIPv4 = "192.168.122.45";
    private const string RouterIPv6 = "fd22::45";
    private static readonly string[] Hosts = ["docker01", "docker02"];
    private static readonly (ProtocolType Protocol, int Port)[] Kinds = [(ProtocolType.Tcp, 80), (ProtocolType.Tcp, 8080), (ProtocolType.Udp, 53),
        (ProtocolType.Udp, 8080), (ProtocolType.Icmp, 0)];
    private const int PortsOfPass = 100;
    private readonly Dictionary<string, PacketPeer> _peers = [];
    private readonly List<string> _made = [];
    private bool _isTranslating;

    /// <summary>How many passes there can be.</summary>
    public const int Passes = 150;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>All places.</summary>
    public IReadOnlyList<Spot> Spots { get; private set; } = [];

    /// <summary>The addresses of the router's second interface.</summary>
    public static (string IPv4, string IPv6) Second => ("10.40.1.1", "fd40:0:0:1::1");

    /// <summary>Ports of the router that DNAT gives to its first workload.</summary>
    public static readonly (ProtocolType Protocol, int Dialled, int Port)[] Translated = [(ProtocolType.Tcp, 8443, 80), (ProtocolType.Udp, 5353, 53)];

    /// <summary>Whether the router only forwards an exchange: neither end is there.</summary>
    public static bool IsForwarded(Exchange exchange) =>
        (exchange.From.Behind == Router && exchange.To.Host != Router) || (exchange.To.Behind == Router && exchange.From.Host != Router);

    /// <summary>The hosts among them.</summary>
    public IEnumerable<Spot> Guarded => Spots.Where(s => s.IsHost);

    private Spot Receiver => Workloads.First(w => w.Host == Router);

    /// <summary>The endpoints among them.</summary>
    public IEnumerable<Spot> Workloads => Spots.Where(s => s.Host is not null && !s.IsHost);

    /// <summary>
    /// Every exchange between two places, each with a source port that no other from there has, in this pass or an earlier one: what connection tracking
    /// remembers of those lets none of these through.
    /// </summary>
    /// <param name="pass">The number of the pass, from 0 to <see cref="Passes"/> - 1.</param>
    public Exchange[] Exchanges(int pass)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(pass, Passes);
        var next = Spots.ToDictionary(s => s, _ => 50000 + (pass * PortsOfPass));
        return
        [
            .. from source in Spots
               from target in Spots
               where source != target
               from ipv6 in (bool[])[false, true]
               from kind in Kinds
               select new Exchange(source, target, ipv6, kind.Protocol == ProtocolType.Icmp && ipv6 ? ProtocolType.IcmpV6 : kind.Protocol, kind.Port,
                   (ushort)next[source]++),
            .. from source in Spots
               where source.Host != Router
               from ipv6 in (bool[])[false, true]
               from port in Translated
               select new Exchange(source, Receiver, ipv6, port.Protocol, port.Port, (ushort)next[source]++) { Dialled = port.Dialled },
        ];
    }

    /// <summary>Fresh nodes, and the namespaces with their links and routes.</summary>
    public async Task BuildAsync()
    {
        await lab.ResetAsync();
        await Task.WhenAll(Hosts.Select(h => lab.DeployNodeOnAsync(h, "NO_DEFAULT_POOLS=true")));
        Spots =
        [
            .. from host in (int[])[1, 2]
               from workload in (int[])[1, 2]
               let name = string.Create(CultureInfo.InvariantCulture, $"w{host}{workload}")
               select new Spot(
                   name, string.Create(CultureInfo.InvariantCulture, $"docker0{host}/netns/{name}/eth0"), Hosts[host - 1],
                   IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.30.{host}.{workload}")),
                       IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"fd30:0:0:{host}::{workload}"))),
            new("docker01", "docker01", "docker01", IPAddress.Parse("192.168.122.45"), IPAddress.Parse("fd22::45")),
                new("docker02", "docker02", "docker02", IPAddress.Parse("192.168.122.46"), IPAddress.Parse("fd22::46")),
            new("x1", null, null, IPAddress.Parse("192.168.122.101"), IPAddress.Parse("fd22::101")),
            new("y1", null, null, IPAddress.Parse("10.40.1.2"), IPAddress.Parse("fd40:0:0:1::2")) { Behind = Router },
        ];
        foreach (var workload in Workloads)
        {
            await WorkloadAsync(workload);
        }

        await OutsideAsync(Spots.Single(s => s.Host is null && s.Behind is null));
        foreach (var host in Guarded)
        {
            await HostAsync(host);
        }

        foreach (var host in Guarded)
        {
            await NeighboursAsync(host);
        }

        await BehindAsync(Spots.Single(s => s.Behind is not null));
        _isTranslating = true;
        foreach (var (protocol, dialled, port) in Translated)
        {
            await TranslateAsync("-A", protocol, dialled, port);
        }

        foreach (var spot in Spots)
        {
            _peers[spot.Name] = new PacketPeer(Namespace(spot.Name), isIPv6: true);
        }
    }

    /// <summary>The endpoints as documents for calicoctl, without labels and profiles.</summary>
    public IEnumerable<(Spot Spot, JsonObject Document)> Endpoints() => Workloads.Select(w => (w, new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "workloadEndpoint",
        ["metadata"] = new JsonObject { ["node"] = w.Host, ["orchestrator"] = "netns", ["workload"] = w.Name, ["name"] = "eth0" },
        ["spec"] = new JsonObject { ["interfaceName"] = "cali" + w.Name, ["mac"] = Mac(w), ["ipNetworks"] = new JsonArray($"{w.IPv4}/32", $"{w.IPv6}/128") },
    }));

    /// <summary>What the console says of each; null where it does not know.</summary>
    public async Task<Outcome?[]> AskAsync(Exchange[] exchanges)
    {
        var said = new Outcome?[exchanges.Length];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, exchanges.Length),
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancel },
            async (i, _) =>
            {
                var answer = await api.GetAsync(Question(exchanges[i]));
                if (answer.GetProperty("allowed") is not { ValueKind: JsonValueKind.True or JsonValueKind.False } verdict)
                {
                    return;
                }

                var allowed = verdict.GetBoolean();
                said[i] = new Outcome(allowed, allowed && answer.GetProperty("replyAllowed") is not { ValueKind: JsonValueKind.False });
            });
        return said;
    }

    /// <summary>What the packets do, all at once.</summary>
    public async Task<Outcome[]> TryAsync(Exchange[] exchanges, TimeSpan limit)
    {
        foreach (var peer in _peers.Values)
        {
            peer.Forget();
        }

        var answered = await Task.WhenAll(exchanges.Select(e => _peers[e.From.Name].TryAsync(
            e.Dialled is null ? e.To.Of(e.IPv6) : IPAddress.Parse(e.IPv6 ? RouterIPv6 : RouterIPv4), e.Protocol, e.Dialled ?? e.Port, e.SourcePort, limit)));
        return [.. exchanges.Select((e, i) => new Outcome(_peers[e.To.Name].Saw(new Arrival(e.From.Of(e.IPv6), e.Protocol, e.SourcePort)), answered[i]))];
    }

    /// <summary>Why the console says so, as sentences.</summary>
    public async Task<string> WhyAsync(Exchange exchange) =>
        string.Join(" | ", (await api.GetAsync(Question(exchange))).GetProperty("trace").EnumerateArray().Select(s => s.GetProperty("sentence").GetString()));

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers.Values)
        {
            await peer.DisposeAsync();
        }

        foreach (var (protocol, dialled, port) in _isTranslating ? Translated : [])
        {
            await TranslateAsync("-D", protocol, dialled, port);
        }

        foreach (var name in _made)
        {
            await IpAsync(null, $"netns delete {Namespace(name)}");
        }

        // Addresses, neighbours and routes of IPv6 go with it; the links to the namespaces went with these.
        foreach (var host in Guarded)
        {
            await SettingsAsync(host.Name, "eth0", "disable_ipv6=1");
            await IpAsync(host.Name, "route flush root 10.30.0.0/16", "route flush root 10.40.0.0/16");
        }
    }

    private static string Question(Exchange exchange)
    {
        var ports = exchange.Protocol is ProtocolType.Tcp or ProtocolType.Udp ? $"&sourcePort={exchange.SourcePort.ToString(CultureInfo.InvariantCulture)}"
            : "";
        var dialled = exchange.Dialled is { } to
            ? $"&dialled={Uri.EscapeDataString($"{(exchange.IPv6 ? $"[{RouterIPv6}]" : RouterIPv4)}:{to.ToString(CultureInfo.InvariantCulture)}")}" : "";
        var ends = $"from={Uri.EscapeDataString(Name(exchange.From, exchange.IPv6))}&to={Uri.EscapeDataString(Name(exchange.To, exchange.IPv6))}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"reachability?{ends}&protocol={exchange.Asked.Protocol}&port={exchange.Asked.Port}{ports}"
            + $"&ipVersion={(exchange.IPv6 ? 6 : 4)}{Way(exchange)}{dialled}");
    }

    // The other host has one interface, which the console is to find by itself.
    private static string Way(Exchange exchange)
    {
        var (first, second) = ($"eth0,{RouterIPv4},{RouterIPv6}", $"eth1,{Second.IPv4},{Second.IPv6}");
        var (from, to) = (exchange.From, exchange.To);
        return IsForwarded(exchange) ? $"&via={Router}&viaIn={(from.Behind is null ? first : second)}&viaOut={(to.Behind is null ? first : second)}"
            : from.Host == to.Host ? ""
            : from.Host == Router ? $"&fromInterface={(to.Behind is null ? first : second)}"
            : to.Host == Router ? $"&toInterface={(from.Behind is null ? first : second)}"
            : "";
    }

    private static string Name(Spot spot, bool ipv6) => spot.Question ?? spot.Of(ipv6).ToString();

    private static string Mac(Spot spot) => $"02:00:00:00:{spot.Name[1]}0:0{spot.Name[2]}";

    private string Namespace(string name) => $"cc-{lab.Id}-{name}";

    private async Task WorkloadAsync(Spot spot)
    {
        var (host, link) = (spot.Host!, "cali" + spot.Name);
        await MakeAsync(spot.Name);
        await IpAsync(null, $"link add {link} netns {Namespace(host)} type veth peer name eth0 netns {Namespace(spot.Name)} address {Mac(spot)}");
        await SettingsAsync(host, link, "accept_dad=0", "disable_ipv6=0");
        await SettingsAsync(spot.Name, "eth0", "accept_dad=0", "disable_ipv6=0");
        await IpAsync(host, $"link set {link} up", $"address add {Gateway6}/64 dev {link} nodad");
        await IpAsync(
            spot.Name, "link set eth0 up", $"address add {spot.IPv4}/32 dev eth0", $"address add {spot.IPv6}/128 dev eth0 nodad",
            $"route add {Gateway} dev eth0 scope link", $"route add default via {Gateway} dev eth0", $"-6 route add default via {Gateway6} dev eth0");
    }

    private async Task OutsideAsync(Spot spot)
    {
        await MakeAsync(spot.Name);
        await IpAsync(null, $"link add {spot.Name} netns {Namespace("net")} type veth peer name eth0 netns {Namespace(spot.Name)}");
        await IpAsync("net", $"link set {spot.Name} master br0 up");
        await SettingsAsync(spot.Name, "eth0", "accept_dad=0", "disable_ipv6=0");
        await IpAsync(spot.Name, "link set eth0 up", $"address add {spot.IPv4}/24 dev eth0", $"address add {spot.IPv6}/64 dev eth0 nodad");
        await RoutesAsync(spot.Name);
    }

    // The router's own packets to it carry the router's address beside the other hosts, so that the console's names for it hold.
    private async Task BehindAsync(Spot spot)
    {
        await MakeAsync(spot.Name);
        await IpAsync(null, $"link add eth1 netns {Namespace(Router)} type veth peer name eth0 netns {Namespace(spot.Name)}");
        await SettingsAsync(Router, "eth1", "accept_dad=0", "disable_ipv6=0");
        await SettingsAsync(spot.Name, "eth0", "accept_dad=0", "disable_ipv6=0");
        await IpAsync(
            Router, "link set eth1 up", $"address add {Second.IPv4}/24 dev eth1", $"address add {Second.IPv6}/64 dev eth1 nodad noprefixroute",
            $"route replace 10.40.1.0/24 dev eth1 src {RouterIPv4}", $"-6 route replace fd40:0:0:1::/64 dev eth1 src {RouterIPv6}");
        await IpAsync(
            spot.Name, "link set eth0 up", $"address add {spot.IPv4}/24 dev eth0", $"address add {spot.IPv6}/64 dev eth0 nodad",
            $"route add default via {Second.IPv4}", $"-6 route add default via {Second.IPv6} dev eth0",
            $"neighbour replace {Second.IPv6} lladdr {await AddressAsync(Router, "eth1")} dev eth0 nud permanent");
        await IpAsync(Router, $"neighbour replace {spot.IPv6} lladdr {await AddressAsync(spot.Name)} dev eth1 nud permanent");
        foreach (var other in Spots.Where(s => s.Name != Router && s.Behind is null && (s.IsHost || s.Host is null)))
        {
            await IpAsync(other.Name, $"route replace 10.40.1.0/24 via {RouterIPv4}", $"-6 route replace fd40:0:0:1::/64 via {RouterIPv6} dev eth0");
        }

        // Docker may have forbidden what no rule of its own lets through.
        await CommandAsync("ip", ["netns", "exec", Namespace(Router), "iptables", "-P", "FORWARD", "ACCEPT"]);
    }

    private async Task TranslateAsync(string verb, ProtocolType protocol, int dialled, int port)
    {
        foreach (var (tool, from, to) in new[] { ("iptables", RouterIPv4, $"{Receiver.IPv4}"), ("ip6tables", RouterIPv6, $"[{Receiver.IPv6}]") })
        {
            var rule = string.Create(
                CultureInfo.InvariantCulture,
                    $"-d {from} -p {(protocol == ProtocolType.Tcp ? "tcp" : "udp")} --dport {dialled} -j DNAT --to-destination {to}:{port}");
            await CommandAsync("ip", ["netns", "exec", Namespace(Router), tool, "-t", "nat", verb, "PREROUTING", .. rule.Split(' ')]);
        }
    }

    private async Task HostAsync(Spot host)
    {
        await SettingsAsync(host.Name, "eth0", "accept_dad=0", "disable_ipv6=0");
        await IpAsync(host.Name, $"address replace {host.IPv6}/64 dev eth0 nodad");
        await RoutesAsync(host.Name);
        (await lab.Etcdctl("set", $"/calico/bgp/v1/host/{host.Name}/ip_addr_v6", host.IPv6.ToString())).Demand();
    }

    // Neighbour discovery is no connection: a host endpoint would end it, as Felix's does.
    private async Task NeighboursAsync(Spot host)
    {
        foreach (var other in Spots.Where(s => s != host && s.Behind is null && (s.IsHost || s.Host is null)))
        {
            await IpAsync(host.Name, $"neighbour replace {other.IPv6} lladdr {await AddressAsync(other.Name)} dev eth0 nud permanent");
            await IpAsync(other.Name, $"neighbour replace {host.IPv6} lladdr {await AddressAsync(host.Name)} dev eth0 nud permanent");
        }
    }

    // BIRD announces no IPv6 here, and a session takes its time: the ways to the workloads of other hosts are given.
    private Task RoutesAsync(string name) => IpAsync(
        name, [.. Guarded.Where(h => h.Name != name).SelectMany(h =>
            new[] { $"route replace 10.30.{h.Name[^1]}.0/24 via {h.IPv4}", $"-6 route replace fd30:0:0:{h.Name[^1]}::/64 via {h.IPv6} dev eth0" })]);

    private async Task MakeAsync(string name)
    {
        if (File.Exists($"/run/netns/{Namespace(name)}"))
        {
            // A run that was ended left it behind, in a lab that stays up.
            await IpAsync(null, $"netns delete {Namespace(name)}");
        }

        await IpAsync(null, $"netns add {Namespace(name)}");
        _made.Add(name);
        await IpAsync(name, "link set lo up");
    }

    private async Task<string> AddressAsync(string name, string link = "eth0") =>
        (await CommandAsync("ip", ["netns", "exec", Namespace(name), "cat", $"/sys/class/net/{link}/address"])).Trim();

    private Task<string> SettingsAsync(string name, string link, params string[] settings) =>
        CommandAsync("ip", ["netns", "exec", Namespace(name), "sh", "-c", $"for s; do echo \"${{s#*=}}\" >\"/proc/sys/net/ipv6/conf/{link}/${{s%%=*}}\"; done",
            "sh", .. settings]);

    private async Task IpAsync(string? name, params string[] lines)
    {
        foreach (var line in lines)
        {
            await CommandAsync("ip", [.. name is null ? [] : new[] { "-n", Namespace(name) }, .. line.Split(' ')]);
        }
    }

    private static async Task<string> CommandAsync(string file, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{file} {string.Join(' ', arguments)}: {await error}");
    }
}
