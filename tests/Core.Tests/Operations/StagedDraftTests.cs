using System.Collections.Immutable;
using System.Text;
using CalicoConsole.Core.Kept;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Operations;

public sealed class StagedDraftTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly string Manifest = $"{ResourceDocument.ToYaml(new Policy { Name = "web", Order = 7, Selector = "has(a)" })}---\n{ResourceDocument.ToYaml(new Profile { Name = "new", Tags = ["new"] })}";

    [Fact]
    public void Draft_IsReadAsItWasWritten()
    {
        var draft = StagedDraft.Of(Manifest, World(3), "because", "anna", At);
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
        var draft = StagedDraft.Of(Manifest, World(3), "", "anna", At);
        Assert.Empty(draft.Conflicts(World(3)));
        Assert.Empty(Plan(draft, World(3)).Errors);

        var conflict = Assert.Single(draft.Conflicts(World(4)));
        Assert.Equal("policy web", conflict.Resource);
        Assert.Contains("selector: old", conflict.Base, StringComparison.Ordinal);
        Assert.Contains("policy web was changed since the draft was staged", Assert.Single(Plan(draft, World(4)).Errors).Reason, StringComparison.Ordinal);
        Assert.Contains("policy web was deleted", Assert.Single(Plan(draft, World(null)).Errors).Reason, StringComparison.Ordinal);
        Assert.Contains("policy web was created", Assert.Single(Plan(StagedDraft.Of(Manifest, World(null), "", "anna", At), World(3)).Errors).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Manifest_OfForms()
    {
        Assert.Contains("name: web", StagedDraft.ManifestOf(new WriteResource(WriteVerb.Create, new Policy { Name = "web" }), World(3)), StringComparison.Ordinal);
        Assert.Contains("name: p", StagedDraft.ManifestOf(new UpdateProfile(new Profile { Name = "p" }), World(3)), StringComparison.Ordinal);
        Assert.Null(StagedDraft.ManifestOf(new DeleteProfile("p"), World(3)));
        Assert.Null(StagedDraft.ManifestOf(new ReorderPolicies(["web"]), World(3)));
    }

    private static Plan Plan(StagedDraft draft, ClusterSnapshot world) => new OperationPlanner().Plan(new ApplyManifest(ManifestVerb.Apply, ManifestReader.Read(draft.Manifest)) { Expected = draft.Seen }, world).Plan;

    private static KeptItem Item(string json) => new(KeptKinds.Draft, "d", new StoredKey(KeptKeys.Of(KeptKinds.Draft, "d"), Encoding.UTF8.GetBytes(json), 1));

    private static ClusterSnapshot World(int? revision) => new()
    {
        Calico = CalicoStateUpdate.FromListing(
            revision is { } r ? [new StoredKey(V1Keys.Policy("web"), Encoding.UTF8.GetBytes("""{"selector":"old == 'x'","order":5,"inbound_rules":[],"outbound_rules":[]}"""), (ulong)r)] : ImmutableArray<StoredKey>.Empty, 9),
        Feeds = [new FeedState("etcd", FeedStatus.Live, DateTimeOffset.UnixEpoch, null, DateTimeOffset.UnixEpoch)],
    };
}
