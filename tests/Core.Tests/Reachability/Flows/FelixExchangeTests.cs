using System.Text.Json;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Flows;

namespace CalicoConsole.Core.Tests.Reachability.Flows;

/// <summary>The model against golden <c>verdicts-2</c>: every request over IPv4 and IPv6, every exchange, verdict for verdict.</summary>
public sealed class FelixExchangeTests(ITestOutputHelper output)
{
    [Fact]
    public void EveryRequestAndExchange_IsAsFelixDidIt()
    {
        var tallies = new SortedDictionary<string, Tally>(StringComparer.Ordinal);
        var wrong = new List<string>();
        foreach (var (scenario, index) in GoldenScenarios.All.Select((s, i) => (s, i)))
        {
            var model = GoldenScenarios.Model(scenario);
            var set = scenario.GetProperty("set").GetString()!;
            var name = $"{index} {set}: {(scenario.TryGetProperty("title", out var title) ? title.GetString() : $"seed {scenario.GetProperty("seed")}")}";
            foreach (var ipv6 in (bool[])[false, true])
            {
                var requests = Requests(model, scenario, ipv6).Select(r => (Part: "requests", Seen: r));
                var seen = requests.Concat(Exchanges(model, scenario, ipv6).Select(e => (Part: "exchanges", Seen: e)));
                foreach (var (part, (what, felix, ours, verdict)) in seen)
                {
                    var key = $"{set}, {part}, IPv{(ipv6 ? 6 : 4)}";
                    var tally = tallies.GetValueOrDefault(key);
                    tallies[key] = new(tally.Count + 1, tally.Same + (ours == felix ? 1 : 0), tally.Unknown + (ours is null ? 1 : 0));
                    if (ours != felix)
                    {
                        wrong.Add($"{name}, IPv{(ipv6 ? 6 : 4)} {what}: Felix {felix}, model {ours}: {string.Join("; ", verdict.Trace)}");
                    }
                }
            }
        }

        foreach (var (key, tally) in tallies)
        {
            output.WriteLine($"{key}: {tally.Same} of {tally.Count} the same, {tally.Unknown} unknown");
        }

        var oneOfEach = wrong.DistinctBy(w => w[..w.IndexOf(' ', StringComparison.Ordinal)]).Take(200);
        Assert.True(
            wrong.Count == 0,
            $"{wrong.Count} of {tallies.Values.Sum(t => t.Count)} differ, one of each scenario:\n{string.Join('\n', oneOfEach)}");
    }

    private static IEnumerable<(string What, bool Felix, bool? Ours, Verdict Verdict)> Requests(ReachabilityModel model, JsonElement scenario, bool ipv6)
    {
        if (!scenario.TryGetProperty(ipv6 ? "verdicts6" : "verdicts", out var verdicts))
        {
            yield break;
        }

        var kinds = GoldenScenarios.Endpoints.GetProperty(ipv6 ? "kinds6" : "kinds").EnumerateArray().ToArray();
        foreach (var from in verdicts.EnumerateObject())
        {
            var targets = GoldenScenarios.Endpoints.GetProperty("targets").GetProperty(from.Name).EnumerateArray().Select(t => t.GetString()!).ToArray();
            for (var t = 0; t < targets.Length; t++)
            {
                var bits = Convert.ToByte(from.Value.GetString()!.Substring(t * 2, 2), 16);
                for (var k = 0; k < kinds.Length; k++)
                {
                    var flow = GoldenScenarios.Probe(kinds[k], GoldenScenarios.End(from.Name, ipv6), GoldenScenarios.End(targets[t], ipv6));
                    var verdict = model.Explain(flow);
                    Assert.Equal(verdict.Allowed, model.Allows(flow));
                    bool? ours = verdict.Unknown is null ? verdict.Allowed : null;
                    yield return ($"{from.Name} > {targets[t]} {kinds[k].GetRawText()}", (bits >> (7 - k) & 1) == 1, ours, verdict);
                }
            }
        }
    }

    private static IEnumerable<(string What, bool Felix, bool? Ours, Verdict Verdict)> Exchanges(ReachabilityModel model, JsonElement scenario, bool ipv6)
    {
        if (!scenario.TryGetProperty(ipv6 ? "exchanges6" : "exchanges", out var exchanges))
        {
            yield break;
        }

        foreach (var pair in exchanges.EnumerateObject())
        {
            var (from, to) = pair.Name.Split('>') is [var a, var b] ? (a, b) : throw new InvalidDataException(pair.Name);
            var digits = pair.Value.GetString()!;
            for (var i = 0; i < digits.Length; i++)
            {
                var flow = GoldenScenarios.Request(GoldenScenarios.Exchanges[i], GoldenScenarios.End(from, ipv6), GoldenScenarios.End(to, ipv6));
                var verdict = model.Explain(flow);
                bool? ours = verdict.Unknown is null ? verdict.Allowed && verdict.ReplyAllowed != false : null;
                yield return ($"{pair.Name} exchange {GoldenScenarios.Exchanges[i]}", digits[i] == '1', ours, verdict);
            }
        }
    }

    private readonly record struct Tally(int Count, int Same, int Unknown);
}
