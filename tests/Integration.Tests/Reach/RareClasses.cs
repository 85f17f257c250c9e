using System.Text.Json.Nodes;

namespace CalicoConsole.Integration.Tests.Reach;

/// <summary>What a round's documents must have some of, counted from the documents themselves: a generator that stops making a class fails the test.</summary>
internal static class RareClasses
{
    public const string IcmpType = "rules with an ICMP type";
    public const string IcmpV6Type = "rules with an ICMPv6 type";
    public const string UdpPorts = "rules for UDP ports";
    public const string SourcePorts = "rules for source ports";
    public const string Negated = "rules with a negated match";
    public const string IPv6Set = "rules for IPv6 alone with a tag or selector";
    public const string UntrackedOneWay = "doNotTrack policies of one direction";
    public const string PreDnat = "preDNAT policies";
    public const string BothFamilies = "host endpoints by addresses of both families";
    public const string TwoOnOne = "interfaces that two host endpoints fit";

    /// <summary>The classes of rules.</summary>
    public static readonly string[] OfRules = [IcmpType, IcmpV6Type, UdpPorts, SourcePorts, Negated, IPv6Set];

    /// <summary>All classes.</summary>
    public static readonly string[] All = [.. OfRules, UntrackedOneWay, PreDnat, BothFamilies, TwoOnOne];

    private static readonly string[] Negations = ["notTag", "notSelector", "notNets", "notPorts"];
    private static readonly string[] Sets = ["tag", "selector", "notTag", "notSelector"];

    /// <summary>How many there are of each class that occurs.</summary>
    public static Dictionary<string, int> Count(JsonArray resources)
    {
        var classes = resources.SelectMany(r => (string?)r!["kind"] switch
        {
            "policy" => OfPolicy(r["spec"]!).Concat(Rules(r).SelectMany(OfRule)),
            "profile" => Rules(r).SelectMany(OfRule),
            "hostEndpoint" => OfHostEndpoint(r["spec"]!),
            _ => [],
        });
        var interfaces = resources.Where(r => (string?)r!["kind"] == "hostEndpoint")
            .GroupBy(r => ((string?)r!["metadata"]!["node"], (string?)r["metadata"]!["name"] == "downlink"));
        return classes.Concat(interfaces.Where(i => i.Count() > 1).Select(_ => TwoOnOne)).CountBy(c => c).ToDictionary(StringComparer.Ordinal);
    }

    private static IEnumerable<JsonNode> Rules(JsonNode resource) =>
        new[] { resource["spec"]!["ingress"], resource["spec"]!["egress"] }.OfType<JsonArray>().SelectMany(r => r).OfType<JsonNode>();

    private static IEnumerable<string> OfPolicy(JsonNode spec)
    {
        if ((bool?)spec["preDNAT"] == true)
        {
            yield return PreDnat;
        }

        if ((bool?)spec["doNotTrack"] == true && spec["types"]!.AsArray().Count == 1)
        {
            yield return UntrackedOneWay;
        }
    }

    private static IEnumerable<string> OfRule(JsonNode rule)
    {
        var (protocol, sides) = (rule["protocol"]?.ToString(), new[] { rule["source"], rule["destination"] }.OfType<JsonObject>().ToArray());
        if (rule["icmp"] is not null || rule["notICMP"] is not null)
        {
            yield return protocol == "icmpv6" ? IcmpV6Type : IcmpType;
        }

        if (protocol == "udp" && rule["destination"]?["ports"] is not null)
        {
            yield return UdpPorts;
        }

        if (rule["source"]?["ports"] is not null || rule["source"]?["notPorts"] is not null)
        {
            yield return SourcePorts;
        }

        if (rule["notProtocol"] is not null || rule["notICMP"] is not null || sides.Any(s => Negations.Any(s.ContainsKey)))
        {
            yield return Negated;
        }

        if ((protocol == "icmpv6" || (int?)rule["ipVersion"] == 6) && sides.Any(s => Sets.Any(s.ContainsKey)))
        {
            yield return IPv6Set;
        }
    }

    private static IEnumerable<string> OfHostEndpoint(JsonNode spec)
    {
        var expected = spec["expectedIPs"]?.AsArray().Select(a => (string)a!).ToArray() ?? [];
        if (spec["interfaceName"] is null && expected.Any(a => a.Contains(':', StringComparison.Ordinal))
            && !expected.All(a => a.Contains(':', StringComparison.Ordinal)))
        {
            yield return BothFamilies;
        }
    }
}
