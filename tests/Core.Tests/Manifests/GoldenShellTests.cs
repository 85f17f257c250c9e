using System.Text.RegularExpressions;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Golden;
using CalicoConsole.Core.Tests.Operations.Resources;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Manifests;

/// <summary>
/// Golden steps carried out by our own code from the keys that stood before: the same output byte by byte and the same keys. What cannot
/// be carried out is a table for people, another program, or the subject of another test; the last test holds every step to one of these.
/// </summary>
public sealed class GoldenShellTests
{
    private static readonly OperationPlanner Planner = new();
    private static readonly Lazy<GoldenStep[]> Golden = new(() => [.. GoldenStep.Read("calicoctl", "multi", "errors", "misc", "node", "node-startup")]);

    /// <summary>Steps that are about something else, with where that is tested or why it is not ours.</summary>
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["calicoctl/001-version.json"] = "calicoctl's own version",
        ["misc/001-configfile-yaml.json"] = "calicoctl.cfg: ConsoleSettingsReaderTests",
        ["misc/002-configfile-unknown-field.json"] = "calicoctl.cfg: ConsoleSettingsReaderTests",
        ["misc/004-configfile-bad-datastore.json"] = "calicoctl.cfg: ConsoleSettingsReaderTests",
        ["misc/005-configfile-missing.json"] = "calicoctl.cfg: ConsoleSettingsReaderTests",
        ["misc/007-env-endpoints-two.json"] = "several endpoints: EtcdClusterTests",
        ["misc/008-wep-no-name.json"] = "the name is a new UUID each time: ManifestPlannerTests",
        ["misc/016-etcd-policy-prednat-no-types.json"] = "calicoctl 1.6.4 beside 1.6.3; 1.6.3's output: ResourceDocumentGoldenTests",
        ["misc/017-etcd-policy-order-int.json"] = "a table among it; a whole number in a float: CodecPropertyTests, ResourceDocumentGoldenTests",
        ["errors/070-delete-missing-skip.json"] = "--skip-not-exists counts what is missing as done",
        ["calicoctl/011-create-ippool-skipexists.json"] = "--skip-exists counts what exists as done; ManifestPlannerTests go on after it",
        ["errors/074-delete-ambiguous-hep.json"] = "an address in the API always names the node",
        ["errors/079-get-missing-node.json"] = "404: ManifestsApiTests",
        ["errors/080-get-bad-kind.json"] = "400: ManifestsApiTests",
        ["errors/082-get-bad-output.json"] = "calicoctl's command line",
        ["errors/083-get-case-kinds.json"] = "aliases of kinds: Kind_Alias",
        ["errors/085-bad-command.json"] = "calicoctl's command line",
        ["errors/086-bad-option.json"] = "calicoctl's command line",
        ["errors/088-etcd-down.json"] = "a lost etcd: EtcdKeysClientTests, and 503 of the API",
        ["multi/017-get-custom-columns.json"] = "calicoctl's command line",
    };

    public static TheoryData<string> CarriedOut => [.. Steps().Where(s => s.ExitCode == 0 && CanRun(s)).Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(CarriedOut))]
    public void Step_CarriedOutByUs_SameOutputAndSameKeys(string name)
    {
        var step = Steps().Single(s => s.Name == name);
        var shell = new Shell(step);
        Assert.Equal(step.Stdout.TrimEnd('\n'), shell.Run().TrimEnd('\n'));
        var wanted = step.Before.SetItems(step.Set).RemoveRange(step.Deleted);
        Assert.Equal(
            wanted.Where(p => p.Key is not "/calico/v1/config/ClusterGUID"),
            shell.Keys.Where(p => p.Key is not "/calico/v1/config/ClusterGUID" && (wanted.ContainsKey(p.Key) || p.Key != "/calico/v1/Ready")));
    }

    [Theory]
    [InlineData("ippool", KindNames.IPPool)]
    [InlineData("IPPool", KindNames.IPPool)]
    [InlineData("ippools", KindNames.IPPool)]
    [InlineData("Profiles", KindNames.Profile)]
    [InlineData("bgppeers", KindNames.BgpPeer)]
    [InlineData("workloadendpoints", KindNames.WorkloadEndpoint)]
    [InlineData("hostendpoint", KindNames.HostEndpoint)]
    [InlineData("nodes", KindNames.Node)]
    [InlineData("policies", KindNames.Policy)]
    [InlineData("ip-pool", null)]
    [InlineData("widgets", null)]
    public void Kind_Alias(string word, string? kind) => Assert.Equal(kind, ManifestExport.Kind(word));

    [Fact]
    public void EveryStep_IsCarriedOutRefusedAlikeOrAboutSomethingElse()
    {
        static HashSet<string> Names(params TheoryData<string>[] data) => [.. data.SelectMany(d => d.Select(row => row.Data))];
        var (inputs, written) = (Names(ManifestGoldenTests.Inputs), Names(ManifestPlannerTests.Written));
        var (refused, configured) = (
            Names(ResourcePlannerGoldenTests.RefusedSteps, ManifestPlannerTests.Refused),
            Names(ResourcePlannerGoldenTests.ConfigSteps));
        var left = new List<string>();
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var step in Steps())
        {
            var kinds = Classes(step, inputs, written, refused, configured).ToList();
            if (kinds.Count == 0)
            {
                left.Add($"{step.Name}: {step.Command}");
            }

            kinds.ForEach(k => counts[k] = counts.GetValueOrDefault(k) + 1);
        }

        Assert.True(left.Count == 0, string.Join('\n', left));
        Assert.Empty(Others.Keys.Except(Steps().Select(s => s.Name)));
        Assert.InRange(counts["carried out"], 50, int.MaxValue);
        Assert.InRange(counts["input refused alike"], 45, int.MaxValue);
    }

    private static IEnumerable<string> Classes(
        GoldenStep step,
        HashSet<string> inputs,
        HashSet<string> written,
        HashSet<string> refused,
        HashSet<string> configured)
    {
        if (step.ExitCode == 0 && CanRun(step))
        {
            yield return "carried out";
        }

        if (written.Contains(step.Name))
        {
            yield return "keys written alike";
        }

        if (inputs.Contains(step.Name) && step.Stdout.Contains("Failed", StringComparison.Ordinal))
        {
            yield return "input refused alike";
        }

        if (refused.Contains(step.Name))
        {
            yield return "execution refused alike";
        }

        if (configured.Contains(step.Name) || step.Command.Contains("config get", StringComparison.Ordinal))
        {
            yield return "configuration";
        }

        if (step.ExitCode == 0 && IsTable(step))
        {
            yield return "a table for people";
        }

        if (step.Name.StartsWith("node", StringComparison.Ordinal))
        {
            yield return "calicoctl node and the node's start-up: CalicoNodePlannerTests, StartupGoldenTests";
        }

        if (Others.ContainsKey(step.Name))
        {
            yield return "something else";
        }
    }

    /// <summary>Why a step without a check of its own is none of ours; null when nothing says so.</summary>
    internal static string? WhyNot(GoldenStep step) =>
        Others.GetValueOrDefault(step.Name)
        ?? (step.ExitCode == 0 && IsTable(step) ? "a table for people"
            : step.Name.StartsWith("node", StringComparison.Ordinal) ? "calicoctl node and the node's start-up: CalicoNodePlannerTests, StartupGoldenTests"
            : null);

    private static bool IsTable(GoldenStep step) => Commands(step).All(c => Regex.IsMatch(c, @"\Acc get \S+( \S+)?( --\S+)*( -o (ps|wide))?\z"));

    private static bool CanRun(GoldenStep step) =>
        !Others.ContainsKey(step.Name) && !step.Stdout.StartsWith("Failed", StringComparison.Ordinal) && Commands(step).All(Shell.Takes);

    private static string[] Commands(GoldenStep step) => step.Command.Split("; ");

    private static GoldenStep[] Steps() => Golden.Value;

    /// <summary>calicoctl and etcdctl, as far as they are ours.</summary>
    private sealed class Shell(GoldenStep step)
    {
        private const string Options = @"(?<options>(?: --\w+=\S+)*)";
        private const string Get =
            @"\A(?:cc|ns calicoctl-v1\.6\.4) get (?:-f input\.yaml|(?<kind>\w+)(?: (?<name>[^- ]\S*))?)" + Options + @" -o (?<form>yaml|json)\z";
        private const string File = @"\Acc (?<verb>create|apply|replace|delete) -f input\.yaml\z";
        private const string Named = @"\Acc delete (?<kind>\w+) (?<name>[^- ]\S*)" + Options + @"\z";
        private const string Set = @"\Ans etcdctl set (?<key>\S+) (?:'(?<value>[^']*)'|""(?<value>[^""]*)""|(?<value>\S+))\z";
        private const string Remove = @"\Ans etcdctl rm (?<key>\S+)\z";

        public System.Collections.Immutable.ImmutableSortedDictionary<string, string> Keys { get; private set; } = step.Before;

        public static bool Takes(string command) => new[] { Get, File, Named, Set, Remove }.Any(form => Regex.IsMatch(command, form));

        public string Run() => string.Concat(Commands(step).Select(One));

        private string One(string command)
        {
            if (Regex.Match(command, Get) is { Success: true } get)
            {
                return Print(get);
            }

            if (Regex.Match(command, File) is { Success: true } file)
            {
                var verb = Enum.Parse<ManifestVerb>(file.Groups["verb"].Value, ignoreCase: true);
                var operation = new ApplyManifest(verb, ManifestReader.Read(step.Input!)) { EvenIfInUse = true };
                var planned = Planner.Plan(operation, State());
                Take(planned);
                var documents = planned.Plan.Documents;
                return (documents.All(d => d.Errors.IsEmpty) ? ManifestWords.Success(verb, documents) : ManifestWords.Failure(verb, documents)) + "\n";
            }

            if (Regex.Match(command, Named) is { Success: true } named)
            {
                var kind = ManifestExport.Kind(named.Groups["kind"].Value)!;
                var id = new ResourceId(kind, named.Groups["name"].Value)
                {
                    Node = Option(named, "node"),
                    Orchestrator = Option(named, "orchestrator"),
                    Workload = Option(named, "workload"),
                };
                Take(Planner.Plan(new DeleteResource(id, null, true), State()));
                return $"Successfully deleted 1 '{kind}' resource(s)\n";
            }

            var key = Regex.Match(command, $"{Set}|{Remove}").Groups["key"].Value;
            if (Regex.Match(command, Set) is { Success: true } set)
            {
                Keys = Keys.SetItem(key, set.Groups["value"].Value);
                return set.Groups["value"].Value + "\n";
            }

            var before = Keys[key];
            Keys = Keys.Remove(key);
            return $"PrevNode.Value: {before}\n";
        }

        private string Print(Match get)
        {
            var found = get.Groups["kind"].Success
                ? ManifestExport.Select(State().Calico, new ExportFilter
                {
                    Kinds = [ManifestExport.Kind(get.Groups["kind"].Value)!],
                    Name = get.Groups["name"].Value,
                    Node = Option(get, "node"),
                    Orchestrator = Option(get, "orchestrator"),
                    Workload = Option(get, "workload"),
                    Scope = Option(get, "scope"),
                })
                : [.. ManifestReader.Read(step.Input!).Items.Select(i => State().Calico.FindResource(ResourceId.From(i.Resource!))!.Value)];
            if (get.Groups["form"].Value == "yaml")
            {
                return ManifestExport.ToYaml(found);
            }

            var items = found.Select(r => string.Join('\n', ResourceDocument.ToIndentedJson(r).Split('\n').Select(l => "  " + l)));
            return found.IsEmpty ? "[]\n" : $"[\n{string.Join(",\n", items)}\n]\n";
        }

        private static string Option(Match match, string name) => Regex.Match(match.Groups["options"].Value, $"--{name}=(\\S+)").Groups[1].Value;

        private void Take(PlannedOperation planned)
        {
            Assert.Empty(planned.Plan.Errors);
            Keys = Keys.Applied(planned.Writes);
        }

        private ClusterSnapshot State() => Listings.Snapshot(Keys);
    }
}
