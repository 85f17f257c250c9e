using System.Text.Json.Nodes;

namespace CalicoConsole.Integration.Tests.Reach;

/// <summary>
/// Random profiles, policies and endpoint labels as calicoctl's documents, made so that about as much is open as is closed. The same seed makes the same.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="addresses">Addresses of the containers, for nets in rules.</param>
internal sealed partial class RandomRules(int seed, IReadOnlyList<string> addresses)
{
    /// <summary>Profiles that exist in every round; those of networks first.</summary>
    public static readonly string[] Profiles = ["n1", "n2", "n3", "p1", "p2"];

    private static readonly string[] Tags = ["n1", "n2", "n3", "t1", "t2"];
    private static readonly string[] Selectors =
    [
        "all()", "", "has(t1)", "has(n2)", "role == 'web'", "role != 'db'", "role in {'web', 'cache'}", "role not in {'db'}", "env == 'a' && role == 'web'",
        "!has(role) || env == 'b'", "has(env)", "zone == ''", "!(env == 'a')",
    ];

    private static readonly string[] Edges = ["a", "b"];

    private readonly Random _random = new(seed);
    // The family of the networks and of ICMP in the rule at hand.
    private bool _ipv6;

    /// <summary>
    /// Whether rules are of both families, source ports and ICMPv6 come up, and policies of host endpoints (doNotTrack, preDNAT) are frequent.
    /// </summary>
    public bool IsWide { get; init; }

    /// <summary>A profile with tags, labels and rules.</summary>
    public JsonObject Profile(string name) => Document("profile", new JsonObject
    {
        ["name"] = name,
        ["tags"] = new JsonArray([.. Some(Tags, 2).Append(name).Distinct(StringComparer.Ordinal).Select(t => (JsonNode)t)]),
        ["labels"] = Labels(3),
    }, new JsonObject { ["ingress"] = Rules(4), ["egress"] = Rules(4, allowLast: 3) });

    /// <summary>A host endpoint, found by its addresses or by the interface's name too.</summary>
    public JsonObject HostEndpoint(string node, IEnumerable<string> addresses, string interfaceName, string name = "uplink")
    {
        var spec = new JsonObject
        {
            ["expectedIPs"] = new JsonArray([.. addresses.Select(a => (JsonNode)a)]),
            ["profiles"] = new JsonArray([.. Some(Profiles, 2).Select(n => (JsonNode)n)])
        };
        if (_random.Next(2) == 0)
        {
            spec["interfaceName"] = interfaceName;
        }

        var labels = Labels(2);
        if (IsWide)
        {
            labels["edge"] = Pick(Edges);
        }

        return Document("hostEndpoint", new JsonObject { ["name"] = name, ["node"] = node, ["labels"] = labels }, spec);
    }

    /// <summary>A policy of table filter; now and then, where there is no host endpoint, one of another table that no workload endpoint sees.</summary>
    public JsonObject Policy(string name, bool others)
    {
        var spec = new JsonObject { ["selector"] = Pick(Selectors) };
        if (_random.Next(4) > 0)
        {
            spec["order"] = Pick<double>([-3, 0, 2.5, 10, 100]);
        }

        var seldom = IsWide ? 3 : 10;
        var preDnat = others && _random.Next(seldom) == 0;
        string[] types = preDnat ? ["ingress"] : Pick<string[]>([["ingress"], ["ingress"], ["egress"], ["ingress", "egress"]]);
        spec["types"] = new JsonArray([.. types.Select(t => (JsonNode)t)]);
        if (types.Contains("ingress"))
        {
            spec["ingress"] = Rules(3, allowLast: 2);
        }

        if (types.Contains("egress"))
        {
            spec["egress"] = Rules(3, allowLast: 2);
        }

        if (preDnat)
        {
            spec["preDNAT"] = true;
        }
        else if (others && _random.Next(seldom) == 0)
        {
            spec["doNotTrack"] = true;
        }

        return Document("policy", new JsonObject { ["name"] = name }, spec);
    }

    /// <summary>How many policies a round has.</summary>
    public int PolicyCount() => _random.Next(5);

    /// <summary>Whether something comes to pass once in <paramref name="times"/> times.</summary>
    public bool Once(int times) => _random.Next(times) == 0;

    /// <summary>An endpoint's profiles: its network's mostly, others, now and then one that does not exist.</summary>
    public JsonArray ProfilesOf(string network)
    {
        var names = Some(Profiles, 2).Where(n => n != network).ToList();
        if (_random.Next(6) > 0)
        {
            names.Insert(_random.Next(names.Count + 1), network);
        }

        if (_random.Next(12) == 0)
        {
            names.Add("gone");
        }

        return new JsonArray([.. names.Select(n => (JsonNode)n)]);
    }

    /// <summary>Labels, each of which may be missing.</summary>
    public JsonObject Labels(int oneIn)
    {
        var labels = new JsonObject();
        foreach (var (key, values) in new[] { ("role", new[] { "web", "db", "cache" }), ("env", ["a", "b"]), ("zone", [""]) })
        {
            if (_random.Next(oneIn) == 0)
            {
                labels[key] = Pick(values);
            }
        }

        return labels;
    }

    private static string[] Narrow => ["10.20.0.0/16", "192.168.122.0/24", "10.20.0.0/17", "192.168.122.45/32"];

    private static string[] Wide =>
        ["10.30.0.0/16", "192.168.122.0/24", "10.30.1.0/24", "192.168.122.45/32", "fd30::/16", "fd22::/64", "fd30:0:0:2::/64", "fd22::101/128"];

    private static JsonObject Document(string kind, JsonObject metadata, JsonObject spec) =>
        new() { ["apiVersion"] = "v1", ["kind"] = kind, ["metadata"] = metadata, ["spec"] = spec };

    private JsonArray Rules(int most, int allowLast = 4)
    {
        var rules = new JsonArray();
        for (var i = _random.Next(most + 1); i > 0; i--)
        {
            rules.Add((JsonNode)Rule());
        }

        if (_random.Next(allowLast) == 0)
        {
            rules.Add((JsonNode)new JsonObject { ["action"] = Pick(["allow", "allow", "pass"]) });
        }

        return rules;
    }

    private JsonObject Rule()
    {
        var rule = new JsonObject { ["action"] = Pick(["allow", "allow", "allow", "allow", "deny", "deny", "pass", "pass", "log"]) };
        var ports = false;
        _ipv6 = IsWide && _random.Next(2) == 0;
        switch (_random.Next(7))
        {
            case 0:
                rule["protocol"] = Pick<JsonNode>(["icmp", 1]).DeepClone();
                break;
            case 1:
                rule["protocol"] = _ipv6 ? "icmpv6" : "icmp";
                rule[Pick(["icmp", "icmp", "notICMP"])] = _ipv6 ? Icmp(128, 128, 133, 129) : Icmp(8, 8, 13, 0);
                break;
            case 2 or 3:
                rule["protocol"] = Pick<JsonNode>(["tcp", "tcp", "tcp", 6, "udp"]).DeepClone();
                ports = true;
                break;
            case 4:
                rule["notProtocol"] = Pick<JsonNode>(["tcp", "icmp", 17]).DeepClone();
                break;
        }

        // Where packets come from any port, source ports are left out.
        var (source, destination) = (Side(ports: IsWide && ports && _random.Next(4) == 0, "50000:54999", "55000:59999", "50000:65535"),
            Side(ports && _random.Next(4) > 0));
        var nets = new[] { source, destination }.Any(s => s.ContainsKey("nets") || s.ContainsKey("notNets"));
        if (_random.Next(20) == 0 && !rule.ContainsKey("icmp") && !rule.ContainsKey("notICMP") && !(IsWide && nets))
        {
            rule["ipVersion"] = nets ? 4 : IsWide ? Pick([4, 6]) : 6;
        }

        (rule["source"], rule["destination"]) = (source, destination);

        return rule;
    }

    private JsonObject Icmp(params int[] types)
    {
        var icmp = new JsonObject { ["type"] = Pick(types) };
        if (_random.Next(3) == 0)
        {
            icmp["code"] = Pick([0, 1]);
        }

        return icmp;
    }

    private JsonObject Side(bool ports, params string[] ranges)
    {
        var side = new JsonObject();
        switch (_random.Next(9))
        {
            case 0 or 1:
                side["tag"] = Pick(Tags);
                break;
            case 2:
                side["selector"] = Pick(Selectors);
                break;
            case 3:
                side["nets"] = Nets();
                break;
            case 4:
                side["notTag"] = Pick(Tags);
                break;
            case 5:
                side["notSelector"] = Pick(Selectors);
                break;
            case 6:
                side["notNets"] = Nets();
                break;
        }

        if (ports)
        {
            side[Pick(["ports", "ports", "notPorts"])] = ranges.Length > 0 ? List<JsonNode>([.. ranges.Select(r => (JsonNode)r)])
                : List<JsonNode>(80, 443, "5000:6000", 8080, "1:1023");
        }

        return side;
    }

    // calicoctl refuses a rule with networks of both families.
    private JsonArray Nets() => List<JsonNode>(
        [.. addresses.Select(a => a.Contains(':', StringComparison.Ordinal) ? $"{a}/128" : $"{a}/32").Concat(IsWide ? Wide : Narrow)
            .Where(n => n.Contains(':', StringComparison.Ordinal) == _ipv6).Select(n => (JsonNode)n)]);

    private JsonArray List<T>(params T[] all)
        where T : JsonNode => new([.. Some(all, 2, 1).Select(n => n.DeepClone())]);

    private IEnumerable<T> Some<T>(T[] all, int most, int least = 0)
    {
        var chosen = _random.Next(least, most + 1);
        return [.. all.Select(item => (item, _random.Next())).OrderBy(i => i.Item2).Take(chosen).Select(i => i.item)];
    }

    private T Pick<T>(T[] all) => all[_random.Next(all.Length)];
}
