using Bunit;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Web.Areas.Policies;
using CalicoConsole.Web.Areas.Profiles;
using CalicoConsole.Web.Areas.Rules;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Tests.Api;

namespace CalicoConsole.Web.Tests.Forms;

/// <summary>A rule that nobody said whom it is for is not saved: everybody must be chosen.</summary>
public sealed class IncompleteRuleTests : IAsyncDisposable
{
    private readonly FormStage _stage = new();

    public IncompleteRuleTests() => _stage.State.Publish(Cluster.Snapshot() with { Calico = ReachabilitySample.State() });

    public async ValueTask DisposeAsync() => await _stage.DisposeAsync();

    [Theory]
    [InlineData("ingress", "Endpoints tagged", "web")]
    [InlineData("ingress", "Endpoints matching", "role == 'x'")]
    [InlineData("ingress", "Addresses in", "10.0.0.0/8")]
    [InlineData("egress", "Endpoints tagged", "web")]
    [InlineData("egress", "Addresses in", "10.0.0.0/8")]
    public async Task New_IsNotSavedBeforeSomebodyIsNamed(string direction, string field, string text)
    {
        var page = _stage.Open<ProfileForm>("do/create-profile");
        await FormStage.InputAsync(page, "Name", "new");
        await FormStage.ClickAsync(page, $"Add {direction} rule");
        await SubmitAsync(page);
        Assert.Empty(_stage.Runner.Ran);
        Assert.Contains("choose anywhere", page.Find(".rule-editor .field-error").TextContent, StringComparison.Ordinal);
        Assert.Contains(direction == "ingress" ? "needs a source" : "needs a destination", page.Markup, StringComparison.Ordinal);

        if (field != "Endpoints tagged")
        {
            var named = direction == "ingress" ? "source" : "destination";
            await FormStage.ClickAsync(page, $"Name the {named} by {(field == "Addresses in" ? "addresses" : "selector")}");
        }

        await FormStage.InputAsync(page, field, text);
        await SubmitAsync(page);
        var profile = Assert.IsType<Profile>(Assert.IsType<WriteResource>(Assert.Single(_stage.Runner.Ran).Operation).Resource);
        var rule = direction == "ingress" ? Assert.Single(profile.Ingress) : profile.Egress[^1];
        var side = EntityDraft.From(direction == "ingress" ? rule.Source : rule.Destination);
        Assert.Equal(text, side.Tag + side.Selector + side.Nets);
    }

    [Fact]
    public async Task New_AnywhereIsAChoice_AndNoProtocolIsNone()
    {
        var page = _stage.Open<PolicyForm>("do/create-policy");
        await FormStage.InputAsync(page, "Name", "new");
        await FormStage.ClickAsync(page, "Add ingress rule");
        await SubmitAsync(page);
        Assert.Empty(_stage.Runner.Ran);
        await page.InvokeAsync(() => FormStage.Field(page, "Anywhere").Change(true));
        Assert.Equal("tcp", FormStage.Field(page, "Protocol").GetAttribute("value"));
        await FormStage.ClickAsync(page, "Any protocol");
        await SubmitAsync(page);
        var rule = Assert.Single(Assert.IsType<Policy>(Assert.IsType<WriteResource>(Assert.Single(_stage.Runner.Ran).Operation).Resource).Ingress);
        Assert.Null(rule.Protocol);
        Assert.Equal(EntityDraft.From(new RuleEntity()), EntityDraft.From(rule.Source));
    }

    [Fact]
    public async Task Stored_WhoseSourceIsTakenOut_IsNotEverybodysUntilThatIsChosen()
    {
        var page = _stage.Open<ProfileForm>("do/edit-profile?name=db");
        await page.InvokeAsync(() => page.Find("button[aria-label^='Ingress rule 1:']").Click());
        await FormStage.InputAsync(page, "Endpoints tagged", "");
        await SubmitAsync(page);
        Assert.Empty(_stage.Runner.Ran);
        Assert.Contains("choose anywhere", page.Find(".rule-editor .field-error").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => FormStage.Field(page, "Anywhere").Change(true));
        await SubmitAsync(page);
        Assert.Single(_stage.Runner.Ran);
    }

    [Fact]
    public void Templates_AreComplete()
    {
        foreach (var template in RuleTemplates.All)
        {
            var (profile, errors) = RuleTemplates.Insert(new ProfileDraft { Name = "x" }, template.Kind, new TemplateInput("10.0.0.0/8", "tcp", "80"))
                .ToProfile();
            Assert.True(profile is not null, $"{template.Title}: {string.Join("; ", errors.Select(e => e.Reason))}");
        }
    }

    private static Task SubmitAsync<T>(IRenderedComponent<T> page)
        where T : Microsoft.AspNetCore.Components.IComponent
    {
        page.WaitForAssertion(() => Assert.NotNull(page.Find("button[type=submit]")));
        return page.InvokeAsync(() => page.Find("form").Submit());
    }
}
