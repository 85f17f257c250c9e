using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace CalicoConsole.Integration.Tests.Reach;

// What the console says that the rules of a profile counted, against iptables-save on both hosts.
public sealed partial class KernelComparisonTests
{
    // Each rule with words that only its own line of the kernel has.
    private static readonly (string Rule, string[] Words)[] Counted =
    [
        ("""{"action":"log","protocol":"tcp","destination":{"ports":[5432]}}""", ["--dports 5432 ", "-j LOG"]),
        ("""{"action":"deny","protocol":"tcp","destination":{"ports":[443]}}""", ["--dports 443 ", "-j DROP"]),
        ("""{"action":"allow","protocol":"tcp","source":{"nets":["10.20.0.0/16","192.168.122.0/24"]},"destination":{"ports":[80,"5000:6000"]}}""",
            ["--dports 80,5000:6000 ", "-j MARK"]),
        ("""{"action":"allow","protocol":"icmp","source":{"tag":"n2"}}""", ["-p icmp ", "-m set ", "-j MARK"]),
        ("""{"action":"allow","protocol":"udp"}""", ["-p udp ", "-j MARK"]),
    ];

    private static long Packets(string line) =>
        long.Parse(line.AsSpan(1, line.IndexOf(':', StringComparison.Ordinal) - 1), NumberStyles.None, CultureInfo.InvariantCulture);

    private async Task CompareCountersAsync(KernelStage stage, IEnumerable<string> policies)
    {
        var api = (await lab.ConsoleAsync()).Api;
        foreach (var host in stage.Hosts)
        {
            await lab.Etcdctl("rm", $"/calico/v1/host/{host.Name}/endpoint/uplink");
        }

        foreach (var policy in policies)
        {
            (await api.SendAsync(HttpMethod.Delete, $"policies/{policy}")).Demand(HttpStatusCode.OK);
        }

        var resources = new JsonArray();
        foreach (var network in (string[])["n1", "n2", "n3"])
        {
            resources.Add(JsonNode.Parse($$$"""
                {"apiVersion":"v1","kind":"profile","metadata":{"name":"{{{network}}}","tags":["{{{network}}}"]},
                 "spec":{"ingress":[{{{string.Join(',', Counted.Select(c => c.Rule))}}}],"egress":[{"action":"allow"}]}}
                """));
        }

        foreach (var (container, endpoint) in await stage.EndpointsAsync())
        {
            endpoint["spec"]!["profiles"] = new JsonArray(KernelStage.NetworkOf(container));
            resources.Add((JsonNode)endpoint);
        }

        (await api.SendAsync(HttpMethod.Post, "manifests?verb=apply&evenIfInUse=true", resources.ToJsonString())).Demand(HttpStatusCode.OK);
        var trials = stage.Trials;
        var (asked, heard) = await ConvergeAsync(stage, trials);
        Assert.Equal(asked.Select(a => a.Allowed), heard);
        var compared = new List<string>();
        foreach (var network in (string[])["n1", "n2", "n3"])
        {
            var lines = (await Task.WhenAll(stage.Hosts.Select(h => lab.RunOn(h.Name, "iptables-legacy-save", "-c", "-t", "filter"))))
                .SelectMany(r => r.Demand().Output.Split('\n')).Where(l => l.Contains($"] -A cali-pri-{network} ", StringComparison.Ordinal)).ToArray();
            long[] kernel = [.. Counted.Select(c => lines.Where(l => c.Words.All(w => $"{l} ".Contains(w, StringComparison.Ordinal))).Sum(Packets))];
            await api.UntilAsync($"rule-counters?profile={network}", answer => answer.GetProperty("items").EnumerateArray()
                .Where(r => r.GetProperty("direction").GetString() == "ingress" && r.GetProperty("state").GetString() == "known")
                .Select(r => r.GetProperty("packets").GetInt64()).SequenceEqual(kernel), seconds: 60);
            compared.Add($"{network} {string.Join('/', kernel)}");
            Assert.All(kernel[..^1], k => Assert.NotEqual(0, k));
            Assert.Equal(0, kernel[^1]);
        }

        output.WriteLine($"counters of {string.Join(", ", compared)}: equal");
    }
}
