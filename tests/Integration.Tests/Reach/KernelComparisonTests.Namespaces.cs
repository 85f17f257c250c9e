using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace CalicoConsole.Integration.Tests.Reach;

/// <summary>
/// What Docker's endpoints cannot show: IPv6, UDP, policies before connection tracking and before DNAT, host endpoints by addresses of either family, and whole
/// exchanges beside first packets.
/// </summary>
public sealed partial class KernelComparisonTests
{
    [Fact]
    public async Task RandomRulesOfBothFamilies_EveryPair_PacketsAndAnswersDoWhatTheConsoleSays()
    {
        await lab.RequireAsync();
        var api = (await lab.ConsoleAsync()).Api;
        await using var stage = new NamespaceStage(lab, api);
        await stage.BuildAsync();
        var failures = new StringBuilder();
        var (compared, open, unanswered, disagreed, passes) = (0, 0, 0, 0, 0);
        var (forwarded, through, lost) = (0, 0, 0);
        var (dialled, reached) = (0, 0);
        var classes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var old = new HashSet<string>(StringComparer.Ordinal);
        for (var seed = Seed; seed < Seed + Rounds; seed++)
        {
            string[] addresses = [.. stage.Workloads.SelectMany(w => new[] { w.IPv4.ToString(), w.IPv6.ToString() })];
            var (text, counted) = await WriteAsync(stage, new RandomRules(seed, addresses) { IsWide = true }, old);
            Assert.All(RareClasses.All, c => Assert.True(counted.ContainsKey(c), $"seed {seed} has no {c}: the generator no longer makes them"));
            foreach (var (rare, count) in counted)
            {
                classes[rare] = classes.GetValueOrDefault(rare) + count;
            }

            var began = Stopwatch.GetTimestamp();
            Exchange[] tried;
            Outcome?[] said;
            Outcome[] seen;
            do
            {
                tried = stage.Exchanges(passes++ % NamespaceStage.Passes);
                said = await stage.AskAsync(tried);
                seen = await stage.TryAsync(tried, TimeSpan.FromSeconds(passes == 1 ? 1 : 2));
            }
            while (Enumerable.Range(0, tried.Length).Any(i => said[i] is { } s && s != seen[i]) && Stopwatch.GetElapsedTime(began) < Bound);

            var wrong = Enumerable.Range(0, tried.Length).Where(i => said[i] is { } s && s != seen[i]).ToArray();
            (compared, disagreed) = (compared + said.Count(s => s is not null), disagreed + wrong.Length);
            (open, unanswered) = (open + seen.Count(s => s.Arrives), unanswered + seen.Count(s => s is { Arrives: true, Answered: false }));
            var ways = Enumerable.Range(0, tried.Length).Where(i => said[i] is not null && NamespaceStage.IsForwarded(tried[i])).ToArray();
            (forwarded, through, lost) = (forwarded + ways.Length, through + ways.Count(i => seen[i].Arrives),
                lost + ways.Count(i => seen[i] is { Arrives: true, Answered: false }));
            var translated = Enumerable.Range(0, tried.Length).Where(i => said[i] is not null && tried[i].Dialled is not null).ToArray();
            (dialled, reached) = (dialled + translated.Length, reached + translated.Count(i => seen[i].Arrives));
            output.WriteLine(
                $"seed {seed}: {tried.Length} exchanges, {said.Count(s => s is null)} of them not known, {seen.Count(s => s.Arrives)} arrive, "
                + $"{seen.Count(s => s.Answered)} are answered, {wrong.Length} mismatches");
            if (wrong.Length > 0)
            {
                failures.Append(CultureInfo.InvariantCulture, $"seed {seed}: {text}\n");
                foreach (var i in wrong.Take(40))
                {
                    failures.Append(CultureInfo.InvariantCulture,
                        $"{tried[i]}: the console says {said[i]}, packets say {seen[i]}: {await stage.WhyAsync(tried[i])}\n");
                }
            }
        }

        output.WriteLine($"exchanges compared: {compared}, first packet arrives: {open}, of those not answered: {unanswered}, mismatches: {disagreed}");
        output.WriteLine($"of them only forwarded by a host: {forwarded}, arrive: {through}, of those not answered: {lost}");
        output.WriteLine($"of them through DNAT of the receiver's host: {dialled}, arrive: {reached}");
        output.WriteLine(string.Join("; ", classes.Select(c => $"{c.Key}: {c.Value}")));
        Assert.True(failures.Length == 0, failures.ToString());
        Assert.InRange(open, 1, compared - 1);
        // What a doNotTrack policy of one direction makes, and both ends of what a host forwards.
        Assert.InRange(unanswered, Rounds, open - 1);
        Assert.InRange(through, 1, forwarded - 1);
        Assert.InRange(reached, 1, dialled - 1);
    }

    private async Task<(string Text, Dictionary<string, int> Classes)> WriteAsync(NamespaceStage stage, RandomRules random, HashSet<string> old)
    {
        var api = (await lab.ConsoleAsync()).Api;
        var resources = new JsonArray([.. RandomRules.Profiles.Select(p => (JsonNode)random.Profile(p))]);
        foreach (var (spot, endpoint) in stage.Endpoints())
        {
            endpoint["metadata"]!["labels"] = random.Labels(2);
            endpoint["spec"]!["profiles"] = random.ProfilesOf($"n{spot.Name[^1]}");
            resources.Add((JsonNode)endpoint);
        }

        foreach (var policy in Enumerable.Range(0, random.PolicyCount() + 2).Select(i => string.Create(CultureInfo.InvariantCulture, $"wide-{i}")))
        {
            resources.Add((JsonNode)random.Policy(policy, others: true));
        }

        foreach (var policy in random.EdgePolicies())
        {
            resources.Add((JsonNode)policy);
        }

        await HostEndpointsAsync(stage, random, resources);
        random.Complete(resources);
        string[] policies = [.. resources.Where(r => (string?)r!["kind"] == "policy").Select(r => (string)r!["metadata"]!["name"]!)];
        foreach (var gone in old.Except(policies, StringComparer.Ordinal).ToArray())
        {
            (await api.SendAsync(HttpMethod.Delete, $"policies/{gone}")).Demand(HttpStatusCode.OK);
            old.Remove(gone);
        }

        var text = resources.ToJsonString();
        (await api.SendAsync(HttpMethod.Post, "manifests?verb=apply&evenIfInUse=true", text)).Demand(HttpStatusCode.OK);
        old.UnionWith(policies);
        return (text, RareClasses.Count(resources));
    }

    // The second host always has one; one of the two has a second that fits the same interface, before or after it by name.
    private async Task HostEndpointsAsync(NamespaceStage stage, RandomRules random, JsonArray resources)
    {
        var twice = stage.Guarded.ElementAt(random.Once(2) ? 0 : 1);
        var written = new List<(string Host, string Name)>();
        foreach (var host in stage.Guarded)
        {
            if (host == twice || host.Name != NamespaceStage.Router || !random.Once(4))
            {
                Write(host.Name, random.HostEndpoint(host.Name, Expected(host.IPv4.ToString(), host.IPv6.ToString()), "eth0"), "uplink");
            }
        }

        var name = random.Once(2) ? "another" : "vicinity";
        Write(twice.Name, random.HostEndpoint(twice.Name, Expected(twice.IPv4.ToString(), twice.IPv6.ToString()), "eth0", name), name);
        if (!random.Once(4))
        {
            Write(NamespaceStage.Router, random.HostEndpoint(NamespaceStage.Router, Expected(NamespaceStage.Second.IPv4, NamespaceStage.Second.IPv6), "eth1",
                "downlink"), "downlink");
        }

        if (!RareClasses.Count(resources).ContainsKey(RareClasses.BothFamilies))
        {
            var spec = resources[^1]!["spec"]!.AsObject();
            spec.Remove("interfaceName");
            var (host, second) = (stage.Guarded.Single(h => h.Name == (string)resources[^1]!["metadata"]!["node"]!),
                (string)resources[^1]!["metadata"]!["name"]! == "downlink");
            spec["expectedIPs"] = second ? new JsonArray(NamespaceStage.Second.IPv4, NamespaceStage.Second.IPv6)
                : new JsonArray(host.IPv4.ToString(), host.IPv6.ToString());
        }

        foreach (var (host, endpoint) in stage.Guarded.SelectMany(h => new[] { "uplink", "another", "vicinity", "downlink" }.Select(n => (h.Name, n)))
            .Except(written))
        {
            await lab.Etcdctl("rm", $"/calico/v1/host/{host}/endpoint/{endpoint}");
        }

        void Write(string host, JsonObject document, string endpoint)
        {
            resources.Add((JsonNode)document);
            written.Add((host, endpoint));
        }

        string[] Expected(string ipv4, string ipv6) => random.Once(3) ? [ipv4] : random.Once(2) ? [ipv6] : [ipv4, ipv6];
    }
}
