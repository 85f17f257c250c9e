using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Tests;

namespace CalicoConsole.Core.Tests.Reachability.Flows;

/// <summary>Golden <c>verdicts-2</c>: what Felix 2.6.7 delivered over both IP versions, and which exchanges came to their end.</summary>
internal static class GoldenScenarios
{
    private static readonly JsonDocument Document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "golden2", "verdicts-2.json")));

    public static JsonElement Endpoints => Document.RootElement.GetProperty("endpoints");

    public static IReadOnlyList<JsonElement> All { get; } = [.. Document.RootElement.GetProperty("scenarios").EnumerateArray()];

    /// <summary>The exchanges of which <c>exchanges</c> has a digit each.</summary>
    public static IReadOnlyList<(int Protocol, int? Port)> Exchanges { get; } =
        [(ProtocolNumbers.Tcp, 80), (ProtocolNumbers.Tcp, 443), (ProtocolNumbers.Udp, 53), (ProtocolNumbers.Udp, 8080), (ProtocolNumbers.Icmp, null)];

    /// <summary>The model of a scenario's keys, read as a snapshot reads them.</summary>
    public static ReachabilityModel Model(JsonElement scenario)
    {
        var values = scenario.GetProperty("etcd").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);
        values["/calico/v1/config/DefaultEndpointToHostAction"] = scenario.GetProperty("defaultEndpointToHostAction").GetString()!;
        var keys = values.Select((v, i) => new StoredKey(v.Key, Encoding.UTF8.GetBytes(v.Value), (ulong)i + 1));
        return new ReachabilityModel(SnapshotInput.From(CalicoStateUpdate.FromListing([.. keys], (ulong)values.Count)) with { EnforcingNodes = ["vm"] });
    }

    /// <summary>One of the recorded machines.</summary>
    public static FlowEnd End(string name, bool ipv6)
    {
        var end = new FlowEnd(Ip.Parse(Endpoints.GetProperty("nodes").GetProperty(name).GetProperty(ipv6 ? "ip6" : "ip").GetString()!));
        return name[0] switch
        {
            'w' => end with { Endpoint = new WorkloadEndpointId("vm", "libnetwork", "libnetwork", name), Interface = new PassedInterface("eth0") },
            'h' => end with { Node = "vm", Interface = new PassedInterface("eth0") },
            _ => end,
        };
    }

    /// <summary>A probe between two machines.</summary>
    public static Flow Probe(JsonElement kind, FlowEnd source, FlowEnd destination) => kind.GetProperty("proto").GetString() switch
    {
        "tcp" => Ports(kind, source, destination, ProtocolNumbers.Tcp),
        "udp" => Ports(kind, source, destination, ProtocolNumbers.Udp),
        "icmp" => Icmp(kind, source, destination, ProtocolNumbers.Icmp),
        "icmpv6" => Icmp(kind, source, destination, ProtocolNumbers.IcmpV6),
        var other => throw new InvalidDataException($"unknown protocol {other}"),
    };

    /// <summary>The request of an exchange.</summary>
    public static Flow Request((int Protocol, int? Port) exchange, FlowEnd source, FlowEnd destination) => exchange.Protocol == ProtocolNumbers.Icmp
        ? Flow.Ping(source, destination)
        : new Flow(source, destination, exchange.Protocol) { SourcePort = 50001, DestinationPort = exchange.Port };

    private static Flow Ports(JsonElement kind, FlowEnd source, FlowEnd destination, int protocol) => new(source, destination, protocol)
    {
        SourcePort = kind.GetProperty("srcPort").GetInt32(),
        DestinationPort = kind.GetProperty("dstPort").GetInt32(),
    };

    private static Flow Icmp(JsonElement kind, FlowEnd source, FlowEnd destination, int protocol) => new(source, destination, protocol)
    {
        IcmpType = kind.GetProperty("icmpType").GetInt32(),
        IcmpCode = kind.GetProperty("icmpCode").GetInt32(),
    };
}
