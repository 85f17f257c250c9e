using Bunit;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Components.Forms.Policies;

namespace CalicoConsole.Web.Tests.Forms;

public sealed class PolicyFormTests : IAsyncDisposable
{
    private readonly FormStage _stage = new();

    public PolicyFormTests() => Store(new Policy { Name = "web", Order = 10, Selector = "has(my_net) ", Types = ["egress", "ingress"], Unknown = new([KeyValuePair.Create("x_new", "1")]) }, 50);

    public async ValueTask DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public void Create_Fields_AreTheOperation()
    {
        var page = _stage.Open<CreatePolicyPage>("do/create-policy");
        FormStage.Field(page, "Name").Input("new");
        FormStage.Field(page, "Order").Input("1e2");
        FormStage.Field(page, "Selector").Input("role == 'x'");
        FormStage.Field(page, "Types").Change("ingress,egress");
        FormStage.Button(page, "Add egress rule").Click();
        page.Find("form").Submit();

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
    public void Selector_CountsWhatItMatchesNow(string selector, string matches)
    {
        var page = _stage.Open<CreatePolicyPage>("do/create-policy");
        FormStage.Field(page, "Selector").Input(selector);
        Assert.Equal(matches, page.Find("[data-matches]").GetAttribute("data-matches"));
    }

    [Fact]
    public void Selector_Wrong_IsMarkedInItsPlaceOnceLeft()
    {
        var page = _stage.Open<CreatePolicyPage>("do/create-policy");
        FormStage.Field(page, "Selector").Input("role = 'x'");
        Assert.Empty(page.FindAll(".selector-mark"));
        FormStage.Field(page, "Name").Input("new");
        FormStage.Field(page, "Selector").Blur();
        page.WaitForAssertion(() => Assert.Equal("5", page.Find(".selector-mark").GetAttribute("data-position")));
        page.Find("form").Submit();
        Assert.Empty(_stage.Runner.Ran);
    }

    [Theory]
    [InlineData("", "place 2 of 2, after web")]
    [InlineData("9", "place 1 of 2")]
    [InlineData("10", "place 1 of 2")]
    [InlineData("11", "place 2 of 2, after web")]
    public void Order_SaysThePlaceAmongTheOthers(string order, string place)
    {
        var page = _stage.Open<CreatePolicyPage>("do/create-policy");
        FormStage.Field(page, "Name").Input("a");
        FormStage.Field(page, "Order").Input(order);
        Assert.Contains(place + ".", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Edit_OneField_KeepsWhatWasStoredOfTheOthers()
    {
        var page = _stage.Open<EditPolicyPage>("do/edit-policy?name=web");
        FormStage.Field(page, "Order").Input("");
        page.Find("form").Submit();
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
        var page = _stage.Open<EditPolicyPage>("do/edit-policy?name=web");
        FormStage.Field(page, "Order").Input("5");
        Store(_stage.State.Current.Calico.Policies["web"].Value with { Selector = "has(theirs)", Annotations = _stage.State.Current.Calico.Policies["web"].Value.Annotations.Add("by", "them") }, 60);
        page.WaitForAssertion(() => Assert.NotNull(page.Find("[data-conflict=changed]")));
        await FormStage.ClickAsync(page, "Apply mine on top");
        await FormStage.SubmitAsync(page);
        var operation = Assert.IsType<WriteResource>(_stage.Runner.Ran.Last().Operation);
        var policy = Assert.IsType<Policy>(operation.Resource);
        Assert.Equal((60ul, 5d, "has(theirs)", "them"), (operation.ExpectedRevision, policy.Order, policy.Selector, policy.Annotations["by"]));
    }

    [Fact]
    public void Yaml_Edited_IsWhatRuns()
    {
        var page = _stage.Open<EditPolicyPage>("do/edit-policy?name=web");
        FormStage.Button(page, "YAML").Click();
        var text = FormStage.Field(page, "Policy as a calicoctl document").GetAttribute("value")!;
        FormStage.Field(page, "Policy as a calicoctl document").Input(text.Replace("order: 10", "order: 12", StringComparison.Ordinal));
        page.Find("form").Submit();
        var policy = Assert.IsType<Policy>(Assert.IsType<WriteResource>(Assert.Single(_stage.Runner.Ran).Operation).Resource);
        Assert.Equal((12, 1), (policy.Order, policy.Unknown.Members.Length));
    }

    private void Store(Policy policy, ulong revision)
    {
        var now = _stage.State.Current;
        var stored = new Stored<Policy>(policy, [new StoredKey(V1Keys.Policy(policy.Name), PolicyCodec.Encode(policy), revision)]);
        _stage.State.Publish(now with { Calico = now.Calico with { Policies = now.Calico.Policies.SetItem(policy.Name, stored), Keys = now.Calico.Keys.With(stored.Keys[0]) } });
    }
}
