using System.Text;
using Bunit;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations.Policies;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Policies;
using CalicoConsole.Web.Kit;
using Microsoft.AspNetCore.Components.Web;

namespace CalicoConsole.Web.Tests.Forms;

public sealed class PolicyBoardTests : IAsyncDisposable
{
    private readonly FormStage _stage = new();

    public PolicyBoardTests() => _stage.State.Publish(World());

    public async ValueTask DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public async Task Keyboard_MovesAPolicy_AndSavingIsOneOperation()
    {
        var page = _stage.Open<PolicyBoardPage>("policy-board");
        Assert.Equal(["first", "second", "third"], Order(page));
        await page.InvokeAsync(() => page.Find("[data-policy=third] .handle").KeyDown(new KeyboardEventArgs { Key = "ArrowUp", AltKey = true }));
        await page.InvokeAsync(() => page.Find("[data-policy=third] .handle").KeyDown(new KeyboardEventArgs { Key = "ArrowUp", AltKey = true }));
        Assert.Equal(["third", "first", "second"], Order(page));
        Assert.Contains("→ 5", page.Find("[data-policy=third]").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("→", page.Find("[data-policy=first]").TextContent, StringComparison.Ordinal);
        await FormStage.SubmitAsync(page);

        Assert.Equal(["third", "first", "second"], Assert.IsType<ReorderPolicies>(Assert.Single(_stage.Runner.Ran).Operation).Wanted);
    }

    [Fact]
    public void Drop_OnAnother_TakesItsPlace()
    {
        var page = _stage.Open<PolicyBoardPage>("policy-board");
        page.Find("[data-policy=first] .handle").DragStart(new DragEventArgs());
        page.Find("[data-policy=third]").Drop(new DragEventArgs());
        Assert.Equal(["second", "third", "first"], Order(page));
    }

    [Fact]
    public async Task ChangeElsewhere_IsSaid_AndMineGoesOnTop()
    {
        var page = _stage.Open<PolicyBoardPage>("policy-board");
        await page.InvokeAsync(() => FormStage.Button(page, "Move third up").Click());
        _stage.State.Publish(World(firstOrder: 15));
        page.WaitForAssertion(() => page.Find("[data-board-changed]"));
        await FormStage.ClickAsync(page, "put mine on top of it");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[data-board-changed]")));
        Assert.Equal(["first", "third", "second"], Order(page));
    }

    [Fact]
    public void DisabledPolicy_StandsGreyedInItsPlace()
    {
        _stage.State.Publish(WithDisabled());
        var page = _stage.Open<PolicyBoardPage>("policy-board");
        Assert.Equal(["first", "off", "second", "third"], page.FindAll(".board > li")
            .Select(l => l.GetAttribute("data-policy") ?? l.GetAttribute("data-disabled")));
        Assert.Contains("disabled by anna", page.Find("[data-disabled=off]").TextContent, StringComparison.Ordinal);
        Assert.Equal(["do/enable-policy?name=off", "do/delete-disabled-policy?name=off"],
            page.FindAll("[data-disabled=off] a").Select(a => a.GetAttribute("href")));
    }

    [Fact]
    public void Cards_ShowTheFirstRulesAsSentences_OfTheDirectionsThatCount()
    {
        const string Rules = """
            {"selector":"","order":10,"types":["ingress"],"inbound_rules":[{"action":"allow","protocol":"tcp","dst_ports":[80],"src_tag":"web"},{"action":"deny"},{"action":"log"},
            {"action":"allow"},{"action":"allow"}],"outbound_rules":[{"action":"deny"}]}
            """;
        _stage.State.Publish(World() with
        {
            Calico = CalicoStateUpdate.FromListing([Policy("first", Rules, 3),
                Policy("second", """{"selector":"","order":20,"inbound_rules":[],"outbound_rules":[]}""", 4)], 10),
        });
        var page = _stage.Open<PolicyBoardPage>("policy-board");
        Assert.Equal(
            ["in Allow TCP to port 80 from endpoints tagged web", "in Deny everything", "in Log everything, then go on with the next rule"],
            page.FindAll("[data-policy=first] [data-board-rule]")
                .Select(r => string.Join(' ', r.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
        Assert.Equal(("and 2 more", "policies/first"), page.Find("[data-policy=first] .board-rules a") is var more
            ? (more.TextContent, more.GetAttribute("href")) : default);
        Assert.Contains("No rule", page.Find("[data-policy=second] .board-rules").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeleteDisabled_WantsTheName_AndIsOneOperation()
    {
        _stage.State.Publish(WithDisabled());
        var page = _stage.Open<DeleteDisabledPolicyPage>("do/delete-disabled-policy?name=off");
        page.WaitForAssertion(() => Assert.False(page.Find("button[type=submit]").HasAttribute("disabled")));
        await FormStage.SubmitAsync(page);
        Assert.Empty(_stage.Runner.Ran);
        await FormStage.InputAsync(page, "Type off to confirm", "off");
        await FormStage.SubmitAsync(page);
        Assert.Equal(new DeleteDisabledPolicy("off", 9), Assert.Single(_stage.Runner.Ran).Operation);
    }

    [Fact]
    public async Task Disable_IsOneOperation_WithWhoAndWhen()
    {
        var page = _stage.Open<DisablePolicyPage>("do/disable-policy?name=second");
        page.WaitForAssertion(() => Assert.Contains("keeps it, byte for byte", page.Markup, StringComparison.Ordinal));
        await FormStage.SubmitAsync(page);
        var operation = Assert.IsType<DisablePolicy>(Assert.Single(_stage.Runner.Ran).Operation);
        Assert.Equal(("second", "admin", 4UL), (operation.PolicyName, operation.By, operation.ExpectedRevision));
    }

    private static IEnumerable<string?> Order(IRenderedComponent<PolicyBoardPage> page) =>
        page.FindAll("[data-policy]").Select(l => l.GetAttribute("data-policy"));

    private static ClusterSnapshot WithDisabled()
    {
        var key = KeptKeys.For(KeptKinds.DisabledPolicy, "off");
        var value = DisabledPolicy.Document("anna", DateTimeOffset.UnixEpoch, """{"selector":"","order":15,"inbound_rules":[],"outbound_rules":[]}"""u8.ToArray());
        return World() with { Kept = World().Kept.Add(key, new KeptItem(KeptKinds.DisabledPolicy, "off", new StoredKey(key, value, 9))) };
    }

    private static ClusterSnapshot World(int firstOrder = 10) => Cluster.Snapshot() with
    {
        Calico = CalicoStateUpdate.FromListing(
        [
            Policy("first", $$"""{"selector":"","order":{{firstOrder}},"inbound_rules":[],"outbound_rules":[]}""", 3),
            Policy("second", """{"selector":"","order":20,"inbound_rules":[],"outbound_rules":[]}""", 4),
            Policy("third", """{"selector":"","order":30,"inbound_rules":[],"outbound_rules":[]}""", 5),
        ], (ulong)firstOrder),
    };

    private static StoredKey Policy(string name, string json, ulong revision) => new(V1Keys.Policy(name), Encoding.UTF8.GetBytes(json), revision);
}
