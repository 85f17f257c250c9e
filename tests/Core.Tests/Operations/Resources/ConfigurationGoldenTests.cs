using System.Collections.Immutable;
using System.Text.Json;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Tests.Golden;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Resources;

/// <summary>Every recorded <c>calicoctl config</c> step: the same answer and the same keys.</summary>
public sealed class ConfigurationGoldenTests(ITestOutputHelper output)
{
    private static readonly OperationPlanner Planner = new();

    [Fact]
    public void Config_ByVerb_SameAnswerAndKeys()
    {
        var tally = new GoldenTally();
        foreach (var step in Golden2Json.Read("config-2.json").EnumerateArray())
        {
            var (verb, name, raw) = (step.Text("verb")!, step.Text("name")!, step.Text("raw"));
            var (said, keys) = Run(step);
            var row = raw is null ? "calicoctl's names" : $"--raw={raw}";
            var shown = $"{step.Text("id")} {verb} {name} {step.Text("value")} node={step.Text("node")} raw={raw}\n{step.GetProperty("before")}";

            // docs/manifests.md: names that vanish in etcd's listings are refused, as nobody would see what is written there.
            if (verb is not "get" && raw is "felix" or "bgp" && name.Split('/').Any(p => p.StartsWith('_')))
            {
                Assert.Contains("hides", said, StringComparison.Ordinal);
                tally.Add(row, "better", shown, "refused", keys.SequenceEqual(step.Keys("before")) ? "refused" : "written");
                continue;
            }

            tally.Add(row, verb, shown, Shown(step.Text("output")!, step.Keys("after")), Shown(said, keys));
        }

        Assert.Equal(1082, tally.Total("get") + tally.Total("set") + tally.Total("unset") + tally.Total("better"));
        tally.Report(output, "calicoctl config");
    }

    private static string Shown(string said, IEnumerable<KeyValuePair<string, string>> keys) =>
        $"{said}\n{string.Join('\n', keys.Select(k => $"{k.Key} = {k.Value}"))}";

    private static (string Said, ImmutableSortedDictionary<string, string> Keys) Run(JsonElement step)
    {
        var before = step.Keys("before");
        var (name, node) = (step.Text("name")!, step.Text("node"));
        if (RawNames.TryParse(step.Text("raw"), out var raw) is { } wrong)
        {
            return ($"Error executing command: {wrong}", before);
        }

        if (step.Text("verb") == "get")
        {
            var read = ConfigurationReader.Read(Listings.Snapshot(before).Calico, name, node, raw);
            return (read switch
            {
                null => $"Error executing command: {ConfigurationReader.Refusal(name, node, raw)}",
                { Problem: { } problem } => $"Error executing command: {problem}",
                { Value: var value } => value.Trim('\n'),
            }, before);
        }

        var planned = Planner.Plan(
            new SetConfiguration(name, step.Text("verb") == "unset" ? null : step.Text("value") ?? "", node, raw),
            Listings.Snapshot(before));
        return planned.Plan.Errors is [var error, ..] ? ($"Error executing command: {error.Reason}", before) : ("", before.Applied(planned.Writes));
    }
}
