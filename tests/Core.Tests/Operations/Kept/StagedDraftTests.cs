using System.Collections.Immutable;
using System.Text;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Policies;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Kept;

public sealed class StagedDraftTests
{
    private const string Old = """{"selector":"old == 'x'","order":5,"inbound_rules":[],"outbound_rules":[]}""";
    private const string Other = """{"selector":"other == 'x'","order":5,"inbound_rules":[],"outbound_rules":[]}""";
    private const string AsDrafted = """{"order":7,"inbound_rules":[],"outbound_rules":[],"selector":"has(a)","types":["ingress"]}""";
    private const string AsDraftedAndMore = """{"selector":"has(a)","x_new":1,"order":7,"inbound_rules":[],"outbound_rules":[],"types":["ingress"]}""";

    private static readonly OperationPlanner Planner = new();
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Policy Drafted = new() { Name = "web", Order = 7, Selector = "has(a)" };
    private static readonly string Manifest = ManifestOf(Drafted, new Profile { Name = "new", Tags = ["new"] });

    [Fact]
    public void Draft_IsReadAsItWasWritten()
    {
        var draft = StagedDraft.From(Manifest, World(3), "because", "anna", At);
        Assert.Equal([("policy web", 3UL), ("profile new", 0UL)], draft.Seen.Select(s => (s.Key, s.Value)));

        var read = StagedDraft.Read(Item(draft.ToJson()))!;
        Assert.Equal((draft.Manifest, "because", "anna", At), (read.Manifest, read.Note, read.By, read.At));
        Assert.Equal(draft.Seen, read.Seen);
        Assert.Equal(draft.Base, read.Base);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"manifest":1,"seen":{},"base":{},"note":"","by":"","at":""}""")]
    public void Document_ThatIsNoDraft_IsNone(string json) => Assert.Null(StagedDraft.Read(Item(json)));

    [Fact]
    public void Apply_OnWhatWasSeen_IsPlanned_AndOnAnythingElseRefused()
    {
        var draft = StagedDraft.From(Manifest, World(3), "", "anna", At);
        Assert.Empty(draft.On(World(3)).Conflicts);
        Assert.Empty(Plan(draft, World(3)).Errors);

        var standing = draft.On(World(4, Other));
        var conflict = Assert.Single(standing.Conflicts);
        Assert.Equal((DraftState.Conflict, "policy web"), (standing.State, conflict.Resource));
        Assert.Contains("selector: old", conflict.Base, StringComparison.Ordinal);
        Assert.Contains("selector: other", conflict.Now, StringComparison.Ordinal);
        Assert.Contains(
            "policy web was changed since the draft was staged",
            Assert.Single(Plan(draft, World(4, Other)).Errors).Reason,
            StringComparison.Ordinal);
        Assert.Contains("policy web was deleted", Assert.Single(Plan(draft, World(null)).Errors).Reason, StringComparison.Ordinal);
        Assert.Contains(
            "policy web was created",
            Assert.Single(Plan(StagedDraft.From(Manifest, World(null), "", "anna", At), World(3)).Errors).Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_OfAnOlderLook_IsRefusedWhenItChangesAfterIt() =>
        Assert.Contains(
            "policy web was changed",
            Planner.Plan(StagedDraft.From(Manifest, World(3), "", "anna", At).On(World(3)).Operation, World(4, Other)).Refusal().Reason,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(3, Old, false, DraftState.Ready)]
    [InlineData(4, Old, false, DraftState.Ready)]
    [InlineData(4, Old, true, DraftState.Ready)]
    [InlineData(4, Other, false, DraftState.Conflict)]
    [InlineData(4, Other, true, DraftState.Conflict)]
    [InlineData(null, Old, false, DraftState.Conflict)]
    [InlineData(4, AsDrafted, false, DraftState.Ready)]
    [InlineData(4, AsDrafted, true, DraftState.InForce)]
    [InlineData(4, AsDraftedAndMore, true, DraftState.InForce)]
    public void State_OfADraftOfTwo(int? revision, string policy, bool profileWritten, DraftState state)
    {
        var draft = StagedDraft.From(Manifest, World(3), "", "anna", At);
        var now = World(revision, policy);
        if (profileWritten)
        {
            now = Written(Planner.Plan(new WriteResource(WriteVerb.Create, new Profile { Name = "new", Tags = ["new"] }), now), now);
        }

        Assert.Equal(state, draft.On(now).State);
        var plan = Plan(draft, now);
        Assert.Equal(state == DraftState.Conflict, !plan.Errors.IsEmpty);
        Assert.Equal(state == DraftState.InForce, plan.Errors.IsEmpty && plan.Documents.All(d => d.Outcome == DocumentOutcome.Unchanged));
    }

    [Fact]
    public void Applied_IsInForce_UntilSomebodyChangesIt()
    {
        var draft = StagedDraft.From(Manifest, World(3), "", "anna", At);
        var applied = Written(Planner.Plan(draft.On(World(3)).Operation, World(3)), World(3));
        Assert.Equal(DraftState.InForce, draft.On(applied).State);

        var (calico, _) = CalicoStateUpdate.Apply(
            applied.Calico,
            new DatastoreUpdate.Change(V1Keys.Policy("web"), new StoredKey(V1Keys.Policy("web"), Encoding.UTF8.GetBytes(Other), 99), false, 99));
        Assert.Equal(DraftState.Conflict, draft.On(applied with { Calico = calico }).State);
    }

    [Fact]
    public void TwoDocumentsOfOneResource_AreInForceByTheLast()
    {
        var twice = ManifestOf(new Policy { Name = "web", Order = 1, Selector = "x == 'y'" }, Drafted);
        Assert.Equal(DraftState.InForce, StagedDraft.From(twice, World(3), "", "anna", At).On(World(4, AsDrafted)).State);
    }

    [Fact]
    public void Manifest_OfForms()
    {
        Assert.Contains(
            "name: web",
            StagedDraft.ManifestOf(new WriteResource(WriteVerb.Create, new Policy { Name = "web" }), World(3)),
            StringComparison.Ordinal);
        Assert.Contains(
            "name: p",
            StagedDraft.ManifestOf(new WriteResource(WriteVerb.Replace, new Profile { Name = "p" }), World(3)),
            StringComparison.Ordinal);
        Assert.Null(StagedDraft.ManifestOf(new DeleteResource(new ResourceId(KindNames.Profile, "p")), World(3)));
        Assert.Null(StagedDraft.ManifestOf(new ReorderPolicies(["web"]), World(3)));
    }

    private static string ManifestOf(params object[] resources) => string.Join("---\n", resources.Select(ResourceDocument.ToYaml));

    private static Plan Plan(StagedDraft draft, ClusterSnapshot world) => Planner.Plan(draft.On(world).Operation, world).Plan;

    private static ClusterSnapshot Written(PlannedOperation planned, ClusterSnapshot world)
    {
        Assert.Empty(planned.Plan.Errors);
        var (calico, revision) = (world.Calico, 50UL);
        foreach (var write in planned.Writes)
        {
            calico = CalicoStateUpdate.Apply(
                calico,
                new DatastoreUpdate.Change(write.Key, write.Value is { } value ? new StoredKey(write.Key, value, ++revision) : null, false, revision)).State;
        }

        return world with { Calico = calico };
    }

    private static KeptItem Item(string json) => new(KeptKinds.Draft, "d", new StoredKey(KeptKeys.For(KeptKinds.Draft, "d"), Encoding.UTF8.GetBytes(json), 1));

    private static ClusterSnapshot World(int? revision, string policy = Old) => new()
    {
        Calico = CalicoStateUpdate.FromListing(
            revision is { } r ? [new StoredKey(V1Keys.Policy("web"), Encoding.UTF8.GetBytes(policy), (ulong)r)] : ImmutableArray<StoredKey>.Empty, 9),
        Feeds = [Listings.EtcdIsLive],
    };
}
