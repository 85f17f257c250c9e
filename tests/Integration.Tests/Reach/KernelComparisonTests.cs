using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace CalicoConsole.Integration.Tests.Reach;

/// <summary>
/// The engine against packets: random profiles, policies, host endpoints and labels are written into the lab, whose nodes program the kernel from them by code
/// of their own (src/NodeEmulation/Dataplane, written from the reference and not from the engine); then every ping and TCP connect must end as <c>GET
/// reachability</c> says.
/// <c>CC_KERNEL_ROUNDS</c> sets how many (2), <c>CC_KERNEL_SEED</c> the first seed.
/// </summary>
[Collection(LabCollection.Name)]
public sealed partial class KernelComparisonTests(LabFixture lab, ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(25);
    private static readonly int Rounds = Number("CC_KERNEL_ROUNDS") ?? 2;
    private static readonly int Seed = Number("CC_KERNEL_SEED") ?? 2026;

    [Fact]
    public async Task RandomRules_EveryPair_PacketsDoWhatTheConsoleSays()
    {
        await lab.RequireAsync();
        var api = (await lab.ConsoleAsync()).Api;
        var stage = new KernelStage(lab, api);
        await stage.BuildAsync();
        var trials = stage.Trials;
        var failures = new StringBuilder();
        var (compared, open, disagreed, quirks, probes) = (0, 0, 0, 0, 0);
        var old = new HashSet<string>(StringComparer.Ordinal);
        for (var seed = Seed; seed < Seed + Rounds; seed++)
        {
            var (resources, guarded) = await WriteAsync(stage, new RandomRules(seed, stage.Addresses), old);
            var (asked, heard) = await ConvergeAsync(stage, trials);
            var said = asked.Select(a => a.Allowed).ToArray();
            quirks += asked.Count(a => a.Allowed != a.Meant);
            var wrong = Enumerable.Range(0, trials.Length).Where(i => said[i] != heard[i]).ToArray();
            (compared, open, disagreed) = (compared + trials.Length, open + said.Count(s => s), disagreed + wrong.Length);
            output.WriteLine($"seed {seed}: {trials.Length} trials, {said.Count(s => s)} open, {guarded} host endpoints, {wrong.Length} mismatches");
            foreach (var i in Sample(trials, said))
            {
                probes++;
                var answered = await stage.ConnectAsync(trials[i]);
                Assert.True(answered == heard[i], $"{trials[i]}: the console's probe says {Word(answered)}, packets say {Word(heard[i])}");
            }

            if (wrong.Length > 0)
            {
                failures.Append(CultureInfo.InvariantCulture, $"seed {seed}: {resources}\n");
                foreach (var i in wrong)
                {
                    failures.Append(CultureInfo.InvariantCulture,
                        $"{trials[i]}: the console says {Word(said[i])}, packets say {Word(heard[i])}: {await stage.WhyAsync(trials[i])}\n");
                }
            }
        }

        output.WriteLine(
            $"pairs compared: {compared}, open: {open}, mismatches: {disagreed}; decided by Felix's leaking mark: {quirks}; probes by the console: {probes}");
        Assert.True(failures.Length == 0, failures.ToString());
        Assert.InRange(open, 1, compared - 1);
        await CompareCountersAsync(stage, old);
    }

    // Two open and two closed connections from containers, spread over the pairs.
    private static IEnumerable<int> Sample(Trial[] trials, bool[] said) => Enumerable.Range(0, trials.Length)
        .Where(i => trials[i].Protocol == "tcp" && trials[i].From.Container is not null)
        .GroupBy(i => said[i]).SelectMany(g => g.Where((_, n) => n % ((g.Count() / 2) + 1) == 0));

    private static string Word(bool open) => open ? "open" : "closed";

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // The nodes follow etcd a moment later, and a busy machine answers late: agreement is waited for, disagreement must last.
    private static async Task<((bool Allowed, bool Meant)[] Said, bool[] Heard)> ConvergeAsync(KernelStage stage, Trial[] trials)
    {
        var began = Stopwatch.GetTimestamp();
        for (var seconds = 1; ; seconds = 2)
        {
            var said = await stage.AskAsync(trials);
            var heard = await stage.TryAsync(trials, seconds);
            if (said.Select(a => a.Allowed).SequenceEqual(heard) || Stopwatch.GetElapsedTime(began) > Bound)
            {
                return (said, heard);
            }
        }
    }

    private async Task<string> InterfaceAsync(Place host)
    {
        var shown = (await lab.RunOn(host.Name, "ip", "-o", "-4", "address", "show")).Demand().Output;
        return shown.Split('\n').Single(l => l.Contains($" {host.Address}/", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
    }

    private async Task<(string Text, int HostEndpoints)> WriteAsync(KernelStage stage, RandomRules random, HashSet<string> old)
    {
        var api = (await lab.ConsoleAsync()).Api;
        var resources = new JsonArray();
        foreach (var profile in RandomRules.Profiles)
        {
            resources.Add((JsonNode)random.Profile(profile));
        }

        foreach (var (container, endpoint) in await stage.EndpointsAsync())
        {
            endpoint["metadata"]!["labels"] = random.Labels(2);
            endpoint["spec"]!["profiles"] = random.ProfilesOf(KernelStage.NetworkOf(container));
            resources.Add((JsonNode)endpoint);
        }

        // Every other round has host endpoints: where one is, everything of the host but failsafe ports needs a rule.
        Place[] guarded = random.Once(2) ? [.. stage.Hosts.Where(_ => !random.Once(3))] : [];
        var count = random.PolicyCount();
        var policies = Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"policy-{i}")).ToArray();
        foreach (var policy in policies)
        {
            resources.Add((JsonNode)random.Policy(policy, others: guarded.Length == 0));
        }

        foreach (var host in guarded)
        {
            resources.Add((JsonNode)random.HostEndpoint(host.Name, [host.Address], await InterfaceAsync(host)));
        }

        foreach (var host in stage.Hosts.Except(guarded))
        {
            await lab.Etcdctl("rm", $"/calico/v1/host/{host.Name}/endpoint/uplink");
        }

        foreach (var gone in old.Except(policies, StringComparer.Ordinal).ToArray())
        {
            (await api.SendAsync(HttpMethod.Delete, $"policies/{gone}")).Demand(HttpStatusCode.OK);
            old.Remove(gone);
        }

        var text = resources.ToJsonString();
        (await api.SendAsync(HttpMethod.Post, "manifests?verb=apply&evenIfInUse=true", text)).Demand(HttpStatusCode.OK);
        old.UnionWith(policies);
        if (random.Once(3))
        {
            // One rule that Felix refuses makes the whole policy absent, its good rules too.
            const string Broken = """{"order":-100,"inbound_rules":[{"action":"deny"},{"action":"nonsense"}],"selector":"all()","types":["ingress","egress"]}""";
            (await lab.Etcdctl("set", "/calico/v1/policy/tier/default/policy/broken", Broken)).Demand();
            old.Add("broken");
        }

        return (text, guarded.Length);
    }
}
