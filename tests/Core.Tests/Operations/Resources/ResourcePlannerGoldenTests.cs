using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Golden;
using CalicoConsole.Core.Tests.Manifests;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Resources;

/// <summary>Every golden create, apply, replace, delete and config step as a plan: the same keys with the same bytes, or the same refusal.</summary>
public sealed class ResourcePlannerGoldenTests
{
    private static readonly OperationPlanner Planner = new();

    public static TheoryData<string> WriteSteps => [.. Steps("\\Acc (create|apply|replace) -f input.yaml\\z").Where(s => s.ExitCode == 0).Select(s => s.Name)];

    public static TheoryData<string> RefusedSteps =>
    [
        .. Steps("\\Acc (create|apply|replace|delete) ")
            .Where(s => s.ExitCode == 1 && Regex.IsMatch(s.Stdout, "resource (already exists|does not exist)")).Select(s => s.Name),
    ];

    public static TheoryData<string> DeleteSteps =>
        [.. Steps("\\Acc delete \\w+ \\S+( --(node|scope|orchestrator|workload)=\\S+)*\\z").Where(s => s.ExitCode == 0).Select(s => s.Name)];

    public static TheoryData<string> ConfigSteps => [.. Steps("\\Acc config (set|unset) ").Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(WriteSteps))]
    public void Write_GoldenStep_StandsAsCalicoctlLeftIt(string name)
    {
        var step = Step(name);
        var keys = step.Before;
        foreach (var resource in Documents(step))
        {
            if (resource is WorkloadEndpoint { Id.Name: "" })
            {
                return;
            }

            var planned = Planner.Plan(new WriteResource(Verb(step), resource), Listings.Snapshot(keys));
            Assert.Empty(planned.Plan.Errors);
            keys = keys.Applied(planned.Writes);
        }

        foreach (var (key, value) in step.Set)
        {
            Assert.Equal((key, value), (key, keys.GetValueOrDefault(key)));
        }

        Assert.Empty(keys.Keys.Except(step.Before.Keys).Except(step.Set.Keys).Except(["/calico/v1/Ready", "/calico/v1/config/ClusterGUID"]));
    }

    [Theory]
    [MemberData(nameof(RefusedSteps))]
    public void Refused_GoldenStep_SameReason(string name)
    {
        var step = Step(name);
        var reason = Regex.Match(step.Stdout, "resource (already exists|does not exist).*").Value;
        Operation operation = step.Command.StartsWith("cc delete", StringComparison.Ordinal)
            ? new DeleteResource(Named(step.Command))
            : new WriteResource(Verb(step), Documents(step).First());
        Assert.Equal(reason, Planner.Plan(operation, Listings.Snapshot(step.Before)).Refusal().Reason);
    }

    [Theory]
    [MemberData(nameof(DeleteSteps))]
    public void Delete_GoldenStep_RemovesTheSameKeys(string name)
    {
        var step = Step(name);
        var planned = Planner.Plan(new DeleteResource(Named(step.Command), EvenIfInUse: true), Listings.Snapshot(step.Before));
        Assert.Empty(planned.Plan.Errors);
        var left = step.Before.Applied(planned.Writes);
        Assert.Equal(step.Before.Keys.Except(step.Deleted).Order(StringComparer.Ordinal), left.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            step.Deleted.Order(StringComparer.Ordinal),
            planned.Plan.Changes.Where(c => c.After is null).Select(c => c.Object).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(ConfigSteps))]
    public void Config_GoldenStep_SameKeysOrSameReason(string name)
    {
        var step = Step(name);
        var words = step.Command.Split(' ')[3..].ToList();
        string? Option(string option) => words.Find(w => w.StartsWith($"--{option}=", StringComparison.Ordinal))?[(option.Length + 3)..];
        var plain = words.Where(w => !w.StartsWith("--", StringComparison.Ordinal)).ToList();
        var raw = Option("raw") switch { "felix" => RawConfiguration.Felix, "bgp" => RawConfiguration.Bgp, _ => RawConfiguration.None };
        var planned = Planner.Plan(new SetConfiguration(plain[0], plain.ElementAtOrDefault(1), Option("node"), raw), Listings.Snapshot(step.Before));
        if (step.ExitCode != 0)
        {
            Assert.Contains(planned.Refusal().Reason, step.Stdout, StringComparison.Ordinal);
            return;
        }

        Assert.Empty(planned.Plan.Errors);
        var after = step.Before.Applied(planned.Writes);
        Assert.Equal(step.Before.Applied([.. step.Set.Select(s => new KeyWrite(s.Key, Encoding.UTF8.GetBytes(s.Value), Expectation.Any))]), after);
    }

    [Fact]
    public void ConfigGet_Golden_PrintsTheSame()
    {
        var state = Listings.Snapshot(Steps("LogSeverity|config get").Single(s => s.Name.Contains("075-config-get", StringComparison.Ordinal)).Before).Calico;
        string?[] printed =
        [
            .. new[] { "logLevel", "nodeToNodeMesh", "asNumber", "ipip" }.Select(n => ConfigurationReader.Read(state, n, null, RawConfiguration.None)?.Value),
            ConfigurationReader.Read(state, "logLevel", "node-full", RawConfiguration.None)?.Value,
            ConfigurationReader.Read(state, "LOGLEVEL", "other", RawConfiguration.None)?.Value,
            ConfigurationReader.Read(state, "IpInIpMtu", null, RawConfiguration.Felix)?.Value,
            ConfigurationReader.Read(state, "Missing", null, RawConfiguration.Felix)?.Value,
        ];
        Assert.Equal(["warning", "off", "65546", "off", "debug", "warning (inherited from global)", "1440", "(unset)"], printed);
    }

    [Fact]
    public void Snapshot_UnparsablePolicyAndPeer_AreKeptWithTheirBytes()
    {
        var state = CalicoStateUpdate.FromListing(
            [
                Key("/calico/bgp/v1/global/as_num", "x"),
                Key("/calico/bgp/v1/global/peer_v4/10.0.0.1", "{\"ip\":\"10.0.0.1\",\"as_num\":7}"),
                Key("/calico/v1/policy/tier/default/policy/p", "{"),
            ],
            9);
        Assert.Empty(state.Policies);
        Assert.Empty(state.BgpPeers);
        Assert.Null(state.Configuration.AsNumber);
        Assert.Equal("x", state.Configuration.Bgp["as_num"].Text);
        Assert.Equal(["configuration", KindNames.BgpPeer, KindNames.Policy], state.Unparsable.Values.Select(u => u.Kind));
    }

    [Fact]
    public void EffectiveLabels_ProfileByProfile_FirstHitCounts()
    {
        var state = CalicoStateUpdate.FromListing(
        [
            Key("/calico/v1/policy/profile/a/tags", "[\"t\"]"),
            Key("/calico/v1/policy/profile/a/labels", "{\"x\":\"a\",\"own\":\"no\"}"),
            Key("/calico/v1/policy/profile/a/rules", "{}"),
            Key("/calico/v1/policy/profile/b/tags", "[\"u\"]"),
            Key("/calico/v1/policy/profile/b/labels", "{\"t\":\"label\",\"x\":\"b\"}"),
        ],
            9);
        var labels = EffectiveLabels.For(state, ImmutableSortedDictionary<string, string>.Empty.Add("own", "yes"), ["gone", "a", "b"]);
        Assert.Equal(["own=yes", "t=", "u=", "x=a"], labels.Select(p => $"{p.Key}={p.Value}").Order(StringComparer.Ordinal));
    }

    private static StoredKey Key(string key, string value) => new(key, Encoding.UTF8.GetBytes(value), 5);

    private static IEnumerable<GoldenStep> Steps(string command) =>
        GoldenStep.Read("calicoctl", "multi", "errors", "misc").Where(s => Regex.IsMatch(s.Command, command));

    private static GoldenStep Step(string name) => GoldenStep.Read(name.Split('/')[0]).Single(s => s.Name == name);

    private static WriteVerb Verb(GoldenStep step) => Enum.Parse<WriteVerb>(step.Command.Split(' ')[1], ignoreCase: true);

    private static IEnumerable<object> Documents(GoldenStep step) => GoldenYaml.Documents(step.Input ?? "").Select(d =>
    {
        Assert.True(
            ResourceDocument.TryRead<object>(JsonSerializer.SerializeToElement<JsonNode>(d), out var resource, out var errors),
            string.Join("; ", errors));
        return resource;
    });

    private static ResourceId Named(string command)
    {
        var words = command.Split(' ');
        string Option(string option) => words.FirstOrDefault(w => w.StartsWith($"--{option}=", StringComparison.Ordinal))?[(option.Length + 3)..] ?? "";
        return new ResourceId(words[2], words[3]) { Node = Option("node"), Orchestrator = Option("orchestrator"), Workload = Option("workload") };
    }
}
