using System.Collections.Immutable;
using System.Text;
using Bunit;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Drafts;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Tests.Forms;

public sealed class DraftPageTests : IAsyncDisposable
{
    private const string Before = """{"selector":"has(a)","order":5,"inbound_rules":[],"outbound_rules":[],"types":["ingress"]}""";
    private const string Drafted = """{"selector":"has(a)","order":7,"inbound_rules":[],"outbound_rules":[],"types":["ingress"]}""";
    private const string Other = """{"selector":"has(b)","order":5,"inbound_rules":[],"outbound_rules":[],"types":["ingress"]}""";

    private readonly FormStage _stage = new();

    public async ValueTask DisposeAsync() => await _stage.DisposeAsync();

    [Theory]
    [InlineData(Before, 3, "can be applied")]
    [InlineData(Before, 4, "can be applied")]
    [InlineData(Other, 4, "conflict")]
    [InlineData(Drafted, 4, "in force")]
    public void List_SaysHowItStands(string stored, int revision, string words) =>
        Assert.Equal(words, Assert.Single(DraftRow.From(World(stored, (ulong)revision))).State.Words);

    [Fact]
    public async Task Ready_IsAppliedAsOneOperation()
    {
        _stage.State.Publish(World(Before, 3));
        var page = Open();
        Assert.Empty(page.FindAll("[data-draft-conflict], [data-draft-in-force]"));
        await SubmitAsync(page);
        var operation = Assert.IsType<ApplyManifest>(Assert.Single(_stage.Runner.Ran).Operation);
        Assert.Equal(("policy web", 3UL), Assert.Single(operation.Expected!) is var (name, revision) ? (name, revision) : default);
    }

    [Fact]
    public void InForce_OffersToDiscardItAlone()
    {
        _stage.State.Publish(World(Drafted, 4));
        var page = Open();
        Assert.Contains("The policy web is stored as this draft has it", page.Find("[data-draft-in-force]").TextContent, StringComparison.Ordinal);
        Assert.Equal("do/discard-draft?name=later", page.Find("[data-draft-in-force] a").GetAttribute("href"));
        Assert.Empty(page.FindAll("form, [data-draft-conflict]"));
        Assert.DoesNotContain(page.FindAll("button"), b => b.TextContent.Contains("Apply", StringComparison.Ordinal)
            || b.TextContent.Contains("Stage", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Applied_SaysSoAndOffersToDiscardIt()
    {
        _stage.State.Publish(World(Before, 3));
        var page = Open();
        await SubmitAsync(page);
        _stage.State.Publish(World(Drafted, 4));
        _stage.Runner.End(_stage.Runner.Ran.Single().Context.OperationId!.Value, OperationOutcome.Succeeded);
        page.WaitForAssertion(() =>
        {
            Assert.Equal("succeeded", page.Find("form").GetAttribute("data-phase"));
            Assert.NotNull(page.Find("[data-draft-in-force]"));
            Assert.DoesNotContain(page.FindAll("button"), b => b.TextContent.Trim() == "Apply draft");
        });
    }

    [Fact]
    public async Task Conflict_ShowsBothVersions()
    {
        _stage.State.Publish(World(Other, 4));
        var page = Open();
        var conflict = page.Find("[data-draft-conflict]").TextContent;
        Assert.Contains("policy web is not what it was", conflict, StringComparison.Ordinal);
        Assert.Contains("has(b)", conflict, StringComparison.Ordinal);
        await SubmitAsync(page);
        Assert.Empty(_stage.Runner.Ran);
    }

    private IRenderedComponent<DraftPage> Open()
    {
        var page = _stage.Open<DraftPage>("drafts/later");
        page.Render(p => p.Add(d => d.Name, "later"));
        return page;
    }

    // Who may change is asked beside the first rendering.
    private static Task SubmitAsync(IRenderedComponent<DraftPage> page)
    {
        page.WaitForAssertion(() => Assert.False(page.Find("button[type=submit]").HasAttribute("disabled")));
        return FormStage.SubmitAsync(page);
    }

    private static ClusterSnapshot World(string policy, ulong revision)
    {
        var draft = StagedDraft.From(ResourceDocument.ToYaml(new Policy { Name = "web", Order = 7, Selector = "has(a)", Types = ["ingress"] }),
            Stored(Before, 3), "because", "anna", DateTimeOffset.UnixEpoch);
        var key = KeptKeys.For(KeptKinds.Draft, "later");
        return Stored(policy, revision) with
        {
            Kept = ImmutableSortedDictionary<string, KeptItem>.Empty.Add(key,
                new KeptItem(KeptKinds.Draft, "later", new StoredKey(key, Encoding.UTF8.GetBytes(draft.ToJson()), 9))),
        };
    }

    private static ClusterSnapshot Stored(string policy, ulong revision) => Cluster.Snapshot() with
    {
        Calico = CalicoStateUpdate.FromListing([new StoredKey(V1Keys.Policy("web"), Encoding.UTF8.GetBytes(policy), revision)], revision),
    };
}
