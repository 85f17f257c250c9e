using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Tests;

namespace CalicoConsole.Core.Tests.Reachability.Flows;

/// <summary>The model against what the real Felix 2.6.7 let through (golden <c>verdicts</c>), host endpoints included.</summary>
public sealed class FelixVerdictTests
{
    private static readonly JsonDocument Golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Golden("verdicts"), "verdicts.json")));

    public static TheoryData<int> Scenarios() => new(Enumerable.Range(0, Golden.RootElement.GetProperty("scenarios").GetArrayLength()));

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void EveryPairAndProbe_IsAsFelixDidIt(int index)
    {
        var scenario = Golden.RootElement.GetProperty("scenarios")[index];
        var (input, _) = Read(scenario);
        var model = new ReachabilityModel(input);
        var endpoints = Golden.RootElement.GetProperty("endpoints");
        var kinds = endpoints.GetProperty("kinds").EnumerateArray().ToArray();
        // What the plain reading says was not computed for host endpoints.
        var hasPlain = scenario.GetProperty("set").GetString() != "hep";
        var wrong = new List<string>();
        foreach (var from in scenario.GetProperty("verdicts").EnumerateObject())
        {
            var targets = endpoints.GetProperty("targets").GetProperty(from.Name).EnumerateArray().Select(t => t.GetString()!).ToArray();
            for (var t = 0; t < targets.Length; t++)
            {
                var bits = Convert.ToByte(from.Value.GetString()!.Substring(t * 2, 2), 16);
                int? plain = scenario.TryGetProperty("section5Differs", out var differs) && differs.TryGetProperty($"{from.Name}>{targets[t]}", out var text)
                    ? Convert.ToInt32(text.GetString(), 2)
                    : bits;
                for (var k = 0; k < kinds.Length; k++)
                {
                    var flow = FlowOf(kinds[k], End(endpoints, from.Name), End(endpoints, targets[t]));
                    var delivered = (bits >> (7 - k) & 1) == 1;
                    var verdict = model.Explain(flow);
                    if (verdict.Allowed != delivered || model.Allows(flow) != delivered || (hasPlain && verdict.Meant != ((plain >> (7 - k) & 1) == 1)))
                    {
                        var said = $"Felix {delivered}, plain {plain}, model {verdict.Allowed}/{verdict.Meant} by {string.Join("; ", verdict.Trace)}";
                        wrong.Add($"{from.Name} > {targets[t]} {kinds[k].GetRawText()}: {said}");
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of the scenario's verdicts differ, first:\n{string.Join('\n', wrong.Take(5))}");
    }

    private static Flow FlowOf(JsonElement kind, FlowEnd source, FlowEnd destination) => kind.GetProperty("proto").GetString() switch
    {
        "icmp" => new Flow(source, destination, ProtocolNumbers.Icmp)
        {
            IcmpType = kind.GetProperty("icmpType").GetInt32(),
            IcmpCode = kind.GetProperty("icmpCode").GetInt32(),
        },
        var name => new Flow(source, destination, name == "tcp" ? ProtocolNumbers.Tcp : ProtocolNumbers.Udp)
        {
            SourcePort = kind.GetProperty("srcPort").GetInt32(),
            DestinationPort = kind.GetProperty("dstPort").GetInt32(),
        },
    };

    private static FlowEnd End(JsonElement endpoints, string name)
    {
        var end = new FlowEnd(Ip.Parse(endpoints.GetProperty("nodes").GetProperty(name).GetProperty("ip").GetString()!));
        return name[0] switch
        {
            'w' => end with { Endpoint = new WorkloadEndpointId("vm", "libnetwork", "libnetwork", name) },
            'r' => end with { Endpoint = new WorkloadEndpointId("vm2", "libnetwork", "libnetwork", name) },
            'h' => end with { Node = "vm" },
            _ => end,
        };
    }

    private static (ReachabilityInput Input, int Unparsable) Read(JsonElement scenario)
    {
        var profiles = new Dictionary<string, List<StoredKey>>(StringComparer.Ordinal);
        var endpoints = ImmutableArray.CreateBuilder<WorkloadEndpoint>();
        var hosts = ImmutableArray.CreateBuilder<HostEndpoint>();
        var policies = ImmutableArray.CreateBuilder<Policy>();
        var unparsable = 0;
        foreach (var pair in scenario.GetProperty("etcd").EnumerateObject())
        {
            var value = Encoding.UTF8.GetBytes(pair.Value.GetString()!);
            switch (V1Key.Parse(pair.Name))
            {
                case V1Key.ProfileKey profile:
                    if (!profiles.TryGetValue(profile.Name, out var keys))
                    {
                        profiles[profile.Name] = keys = [];
                    }

                    keys.Add(new StoredKey(pair.Name, value, 1));
                    break;
                case V1Key.WorkloadEndpoint endpoint when WorkloadEndpointCodec.Decode(endpoint.Id, value).Value is { } decoded:
                    endpoints.Add(decoded);
                    break;
                case V1Key.HostEndpoint host when HostEndpointCodec.Decode(host.Node, host.Name, value).Value is { } decoded:
                    hosts.Add(decoded);
                    break;
                case V1Key.Policy policy when PolicyCodec.Decode(policy.Name, value).Value is { } decoded:
                    policies.Add(decoded);
                    break;
                default:
                    unparsable++;
                    break;
            }
        }

        return (new ReachabilityInput
        {
            WorkloadEndpoints = endpoints.ToImmutable(),
            HostEndpoints = hosts.ToImmutable(),
            Policies = policies.ToImmutable(),
            Profiles = [.. profiles.Select(p => ProfileCodec.Decode(p.Key, p.Value).Value)],
            EndpointToHost = Enum.Parse<EndpointToHostAction>(scenario.GetProperty("defaultEndpointToHostAction").GetString()!, ignoreCase: true),
            EnforcingNodes = ["vm"],
            Hosts = ImmutableDictionary<string, HostSettings>.Empty.Add("vm", new HostSettings { IPv4 = Cidr.Parse("10.244.0.11/24") }),
        }, unparsable);
    }
}
