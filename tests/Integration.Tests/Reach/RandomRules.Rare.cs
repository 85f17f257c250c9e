using System.Text.Json.Nodes;

namespace CalicoConsole.Integration.Tests.Reach;

/// <summary>What chance alone brings too seldom: every round gets some of each class of <see cref="RareClasses"/>.</summary>
internal sealed partial class RandomRules
{
    /// <summary>
    /// Policies of host endpoints whose answers go another way than their requests: a doNotTrack policy that lets one direction through, another that takes out
    /// answers alone, a policy before DNAT, and one that opens something on every host endpoint.
    /// </summary>
    public IEnumerable<JsonObject> EdgePolicies()
    {
        yield return Edge("edge-in", "has(edge)", -50, "doNotTrack",
            Sent(Pick<(string, int)[]>([[("tcp", 8080)], [("tcp", 8080), ("udp", 5353)], [("tcp", 80), ("icmp", 0), ("icmpv6", 0)]])), null);
        yield return Edge("edge-out", $"edge == '{Pick(Edges)}'", -49, "doNotTrack", null, Answered(Pick(["tcp", "udp"]), Pick([80, 53, 8080])));
        var before = Sent([Pick([("tcp", 8443), ("udp", 5353), ("tcp", 80)]), Pick([("tcp", 8443), ("udp", 5353), ("udp", 53)])]);
        foreach (var rule in before)
        {
            rule!["action"] = Pick(["allow", "deny", "pass"]);
        }

        foreach (var rule in Rules(2).ToArray())
        {
            before.Add(rule!.DeepClone());
        }

        yield return Edge("edge-dnat", $"edge == '{Pick(Edges)}'", -48, "preDNAT", before, null);
        var open = Sent([(Pick(["tcp", "udp"]), Pick([80, 53, 8080])), ("icmp", 0), ("icmpv6", 0)]);
        yield return Edge("edge-open", "has(edge)", -47, null, open, (JsonArray)open.DeepClone());
    }

    /// <summary>Puts a rule of each class that a round lacks in front of some list of rules.</summary>
    public void Complete(JsonArray resources)
    {
        var lists = resources.Where(r => (string?)r!["kind"] is "policy" or "profile").SelectMany(r => new[] { r!["spec"]!["ingress"], r["spec"]!["egress"] })
            .OfType<JsonArray>().ToArray();
        foreach (var missing in RareClasses.OfRules.Where(c => !RareClasses.Count(resources).ContainsKey(c)).ToArray())
        {
            Pick(lists).Insert(0, Rare(missing));
        }
    }

    private JsonObject Rare(string rare)
    {
        var (rule, source, destination) = (new JsonObject { ["action"] = Pick(["allow", "deny", "pass"]) }, new JsonObject(), new JsonObject());
        switch (rare)
        {
            case RareClasses.IcmpType:
                (rule["protocol"], rule[Pick(["icmp", "notICMP"])]) = ("icmp", Icmp(8, 8, 13));
                break;
            case RareClasses.IcmpV6Type:
                (rule["protocol"], rule[Pick(["icmp", "notICMP"])]) = ("icmpv6", Icmp(128, 128, 133));
                break;
            case RareClasses.UdpPorts:
                (rule["protocol"], destination["ports"]) = ("udp", List<JsonNode>(53, 8080, "50:60"));
                break;
            case RareClasses.SourcePorts:
                (rule["protocol"], source[Pick(["ports", "notPorts"])]) = (Pick(["tcp", "udp"]), List<JsonNode>("50000:54999", "55000:59999"));
                break;
            case RareClasses.Negated:
                (Pick([source, destination]))["notTag"] = Pick(Tags);
                break;
            case RareClasses.IPv6Set:
                (rule["ipVersion"], source[Pick(["tag", "notTag"])]) = (6, Pick(Tags));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(rare), rare, "a class of rules that nothing makes");
        }

        (rule["source"], rule["destination"]) = (source, destination);
        return rule;
    }

    private static JsonObject Edge(string name, string selector, double order, string? table, JsonArray? ingress, JsonArray? egress)
    {
        var spec = new JsonObject
        {
            ["selector"] = selector,
            ["order"] = order,
            ["types"] =
                new JsonArray([.. new[] { ingress is null ? null : "ingress", egress is null ? null : "egress" }.OfType<string>().Select(t => (JsonNode)t)]),
        };
        foreach (var (direction, rules) in new[] { ("ingress", ingress), ("egress", egress) })
        {
            if (rules is not null)
            {
                spec[direction] = rules;
            }
        }

        if (table is not null)
        {
            spec[table] = true;
        }

        return Document("policy", new JsonObject { ["name"] = name }, spec);
    }

    private static JsonArray Sent((string Protocol, int Port)[] kinds) => new([.. kinds.Select(k => (JsonNode)(k.Port == 0
        ? new JsonObject { ["action"] = "allow", ["protocol"] = k.Protocol }
        : new JsonObject { ["action"] = "allow", ["protocol"] = k.Protocol, ["destination"] = new JsonObject { ["ports"] = new JsonArray(k.Port) } }))]);

    private static JsonArray Answered(string protocol, int port) =>
        [new JsonObject { ["action"] = "allow", ["protocol"] = protocol, ["source"] = new JsonObject { ["ports"] = new JsonArray(port) } }];
}
