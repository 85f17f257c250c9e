using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace CalicoConsole.Integration.Tests.Reach;

/// <summary>What Docker's endpoints cannot show: IPv6, UDP, policies before connection tracking and before DNAT, host endpoints by addresses of either family, and whole exchanges beside first packets.</summary>
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
        var old = new HashSet<string>(StringComparer.Ordinal);
        for (var seed = Seed; seed < Seed + Rounds; seed++)
        {
            string[] addresses = [.. stage.Workloads.SelectMany(w => new[] { w.IPv4.ToString(), w.IPv6.ToString() })];
            var text = await WriteAsync(stage, new RandomRules(seed, addresses) { IsWide = true }, old);
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
            output.WriteLine($"seed {seed}: {tried.Length} exchanges, {said.Count(s => s is null)} of them not known, {seen.Count(s => s.Arrives)} arrive, {seen.Count(s => s.Answered)} are answered, {wrong.Length} mismatches");
            if (wrong.Length > 0)
            {
                failures.Append(CultureInfo.InvariantCulture, $"seed {seed}: {text}\n");
                foreach (var i in wrong.Take(40))
                {
                    failures.Append(CultureInfo.InvariantCulture, $"{tried[i]}: the console says {said[i]}, packets say {seen[i]}: {await stage.WhyAsync(tried[i])}\n");
                }
            }
        }

        output.WriteLine($"exchanges compared: {compared}, first packet arrives: {open}, of those not answered: {unanswered}, mismatches: {disagreed}");
        Assert.True(failures.Length == 0, failures.ToString());
        Assert.InRange(open, 1, compared - 1);
    }

    private async Task<string> WriteAsync(NamespaceStage stage, RandomRules random, HashSet<string> old)
    {
        var api = (await lab.ConsoleAsync()).Api;
        var resources = new JsonArray([.. RandomRules.Profiles.Select(p => (JsonNode)random.Profile(p))]);
        foreach (var (spot, endpoint) in stage.Endpoints())
        {
            endpoint["metadata"]!["labels"] = random.Labels(2);
            endpoint["spec"]!["profiles"] = random.ProfilesOf($"n{spot.Name[^1]}");
            resources.Add((JsonNode)endpoint);
        }

        string[] policies = [.. Enumerable.Range(0, random.PolicyCount() + 2).Select(i => string.Create(CultureInfo.InvariantCulture, $"wide-{i}"))];
        foreach (var policy in policies)
        {
            resources.Add((JsonNode)random.Policy(policy, others: true));
        }

        foreach (var host in stage.Guarded)
        {
            if (random.Once(4))
            {
                await lab.Etcdctl("rm", $"/calico/v1/host/{host.Name}/endpoint/uplink");
                continue;
            }

            string[] expected = random.Once(3) ? [host.IPv4.ToString()] : random.Once(2) ? [host.IPv6.ToString()] : [host.IPv4.ToString(), host.IPv6.ToString()];
            resources.Add((JsonNode)random.HostEndpoint(host.Name, expected, "eth0"));
        }

        foreach (var gone in old.Except(policies, StringComparer.Ordinal).ToArray())
        {
            (await api.SendAsync(HttpMethod.Delete, $"policies/{gone}")).Demand(HttpStatusCode.OK);
            old.Remove(gone);
        }

        var text = resources.ToJsonString();
        (await api.SendAsync(HttpMethod.Post, "manifests?verb=apply&evenIfInUse=true", text)).Demand(HttpStatusCode.OK);
        old.UnionWith(policies);
        return text;
    }
}
