using System.Text.RegularExpressions;
using Bunit;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Policies;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Tests.Forms;

public sealed class PolicyFormTests : IAsyncDisposable
{
    private readonly FormStage _stage = new();

    public PolicyFormTests() =>
        Store(new Policy
        {
            Name = "web",
            Order = 10,
            Selector = "has(my_net) ",
            Types = ["egress", "ingress"],
            Unknown = new([KeyValuePair.Create("x_new", "1")])
        }, 50);

    public async ValueTask DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public async Task Create_Fields_AreTheOperation()
    {
        var page = _stage.Open<PolicyForm>("do/create-policy");
        await FormStage.InputAsync(page, "Name", "new");
        await FormStage.InputAsync(page, "Order", "1e2");
        await FormStage.InputAsync(page, "Selector", "role == 'x'");
        await FormStage.ChangeAsync(page, "Types", "ingress,egress");
        await FormStage.ClickAsync(page, "Add egress rule");
        await page.InvokeAsync(() => FormStage.Field(page, "Anywhere").Change(true));
        await FormStage.SubmitAsync(page);

        var operation = Assert.IsType<WriteResource>(Assert.Single(_stage.Runner.Ran).Operation);
        var policy = Assert.IsType<Policy>(operation.Resource);
        Assert.Equal((WriteVerb.Create, "new", 100, "role == 'x'"), (operation.Verb, policy.Name, policy.Order, policy.Selector));
        Assert.Equal(["ingress", "egress"], policy.Types);
        Assert.Equal("tcp", Assert.Single(policy.Egress).Protocol?.Name);
    }

    [Theory]
    [InlineData("has(my_net)", "1")]
    [InlineData("", "1")]
    [InlineData("none == 'x'", "0")]
    [InlineData("has(", "")]
    public async Task Selector_CountsWhatItMatchesNow(string selector, string matches)
    {
        var page = _stage.Open<PolicyForm>("do/create-policy");
        await FormStage.InputAsync(page, "Selector", selector);
        Assert.Equal(matches, page.Find("[data-matches]").GetAttribute("data-matches"));
    }

    [Fact]
    public async Task Selector_Wrong_IsMarkedInItsPlaceOnceLeft()
    {
        var page = _stage.Open<PolicyForm>("do/create-policy");
        await FormStage.InputAsync(page, "Selector", "role = 'x'");
        Assert.Empty(page.FindAll(".selector-mark"));
        await FormStage.InputAsync(page, "Name", "new");
        await FormStage.BlurAsync(page, "Selector");
        page.WaitForAssertion(() => Assert.Equal("5", page.Find(".selector-mark").GetAttribute("data-position")));
        await FormStage.SubmitAsync(page);
        Assert.Empty(_stage.Runner.Ran);
    }

    [Theory]
    [InlineData("", "place 2 of 2, after web")]
    [InlineData("9", "place 1 of 2")]
    [InlineData("10", "place 1 of 2")]
    [InlineData("11", "place 2 of 2, after web")]
    public async Task Order_SaysThePlaceAmongTheOthers(string order, string place)
    {
        var page = _stage.Open<PolicyForm>("do/create-policy");
        await FormStage.InputAsync(page, "Name", "a");
        await FormStage.InputAsync(page, "Order", order);
        Assert.Contains(place + ".", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Edit_OneField_KeepsWhatWasStoredOfTheOthers()
    {
        var page = _stage.Open<PolicyForm>("do/edit-policy?name=web");
        await FormStage.InputAsync(page, "Order", "");
        await FormStage.SubmitAsync(page);
        var operation = Assert.IsType<WriteResource>(Assert.Single(_stage.Runner.Ran).Operation);
        var policy = Assert.IsType<Policy>(operation.Resource);
        Assert.Equal((WriteVerb.Replace, 50ul), (operation.Verb, operation.ExpectedRevision));
        Assert.Null(policy.Order);
        Assert.Equal("has(my_net) ", policy.Selector);
        Assert.Equal(["egress", "ingress"], policy.Types);
        Assert.Equal("x_new", Assert.Single(policy.Unknown.Members).Key);
    }

    [Fact]
    public async Task ChangedElsewhere_MineGoesOnTopFieldByField()
    {
        var page = _stage.Open<PolicyForm>("do/edit-policy?name=web");
        await FormStage.InputAsync(page, "Order", "5");
        Store(_stage.State.Current.Calico.Policies["web"].Value with
        {
            Selector = "has(theirs)",
            Annotations = _stage.State.Current.Calico.Policies["web"].Value.Annotations.Add("by", "them")
        }, 60);
        page.WaitForAssertion(() => Assert.NotNull(page.Find("[data-conflict=changed]")));
        await FormStage.ClickAsync(page, "Apply mine on top");
        await FormStage.SubmitAsync(page);
        var operation = Assert.IsType<WriteResource>(_stage.Runner.Ran.Last().Operation);
        var policy = Assert.IsType<Policy>(operation.Resource);
        Assert.Equal((60ul, 5d, "has(theirs)", "them"), (operation.ExpectedRevision, policy.Order, policy.Selector, policy.Annotations["by"]));
    }

    [Fact]
    public async Task ChangedElsewhere_BothArePutTogetherByHand()
    {
        var page = _stage.Open<PolicyForm>("do/edit-policy?name=web");
        await FormStage.InputAsync(page, "Order", "5");
        Store(_stage.State.Current.Calico.Policies["web"].Value with { Selector = "has(theirs)" }, 60);
        page.WaitForAssertion(() => Assert.NotNull(page.Find("[data-conflict=changed]")));
        await FormStage.ClickAsync(page, "Show their version");
        Assert.Contains("has(theirs)", page.Find(".merges").GetAttribute("data-theirs"), StringComparison.Ordinal);
        var mine = page.Find("textarea[data-merged]").GetAttribute("value")!;
        Assert.Contains("order: 5", mine, StringComparison.Ordinal);

        await page.InvokeAsync(() => page.Find("textarea[data-merged]").Input(mine.Replace("name: web", "name: other", StringComparison.Ordinal)));
        await FormStage.ClickAsync(page, "Take this text");
        Assert.Contains("cannot be changed", page.Find("#merged-wrong").TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.Find("[data-conflict=changed]"));

        var both = Regex.Replace(mine.Replace("order: 5", "order: 6", StringComparison.Ordinal), "selector: .*", "selector: has(theirs) && has(mine)");
        await page.InvokeAsync(() => page.Find("textarea[data-merged]").Input(both));
        await FormStage.ClickAsync(page, "Take this text");
        Assert.Empty(page.FindAll("[data-conflict]"));
        await FormStage.SubmitAsync(page);
        var operation = Assert.IsType<WriteResource>(_stage.Runner.Ran.Last().Operation);
        var policy = Assert.IsType<Policy>(operation.Resource);
        Assert.Equal((60ul, 6d, "has(theirs) && has(mine)", 1), (operation.ExpectedRevision, policy.Order, policy.Selector, policy.Unknown.Members.Length));
    }

    [Fact]
    public async Task Yaml_Edited_IsWhatRuns()
    {
        var page = _stage.Open<PolicyForm>("do/edit-policy?name=web");
        await FormStage.ClickAsync(page, "YAML");
        var text = FormStage.Field(page, "Policy as a calicoctl document").GetAttribute("value")!;
        await FormStage.InputAsync(page, "Policy as a calicoctl document", text.Replace("order: 10", "order: 12", StringComparison.Ordinal));
        await FormStage.SubmitAsync(page);
        var policy = Assert.IsType<Policy>(Assert.IsType<WriteResource>(Assert.Single(_stage.Runner.Ran).Operation).Resource);
        Assert.Equal((12, 1), (policy.Order, policy.Unknown.Members.Length));
    }

    private void Store(Policy policy, ulong revision)
    {
        var now = _stage.State.Current;
        var stored = new Stored<Policy>(policy, [new StoredKey(V1Keys.Policy(policy.Name), PolicyCodec.Encode(policy), revision)]);
        _stage.State.Publish(now with
        {
            Calico = now.Calico with
            {
                Policies = now.Calico.Policies.SetItem(policy.Name, stored),
                Keys = now.Calico.Keys.With(stored.Keys[0])
            }
        });
    }
}
