using Bunit;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Web.Areas.Policies;
using CalicoConsole.Web.Areas.Profiles;
using CalicoConsole.Web.Areas.Rules;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Tests.Api;

namespace CalicoConsole.Web.Tests.Forms;

/// <summary>Cards, undo, templates and YAML of the editor, over web (egress only) and db (tcp 5432 from web).</summary>
public sealed class ProfileEditorTests : IAsyncDisposable
{
    private const string Document = "Profile as a calicoctl document";

    private readonly FormStage _stage = new();

    public ProfileEditorTests() => _stage.State.Publish(Cluster.Snapshot() with { Calico = ReachabilitySample.State() });

    public async ValueTask DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public async Task Cards_DraggedAndUndoneAndRedone()
    {
        var page = Open();
        await FormStage.ClickAsync(page, "Duplicate ingress rule 1");
        await FormStage.OnAsync(page, "button[aria-label^='Ingress rule 2:']", b => b.Click());
        await FormStage.ChangeAsync(page, "Action", "deny");
        await FormStage.ClickAsync(page, "Done");
        Assert.Equal(["allow", "deny"], Actions(page));

        await FormStage.OnAsync(page, "li[data-drag-row]:nth-child(2)", r => r.DragStart());
        await FormStage.OnAsync(page, "li[data-drag-row]:nth-child(1)", r => r.Drop());
        Assert.Equal(["deny", "allow"], Actions(page));
        Assert.Contains("the order of the ingress rules", FormStage.Button(page, "Undo").GetAttribute("title"), StringComparison.Ordinal);

        await FormStage.ClickAsync(page, "Undo");
        Assert.Equal(["allow", "deny"], Actions(page));
        await FormStage.ClickAsync(page, "Undo");
        Assert.Equal(["allow", "allow"], Actions(page));
        await FormStage.ClickAsync(page, "Undo");
        Assert.Equal(["allow"], Actions(page));
        await FormStage.ClickAsync(page, "Undo");
        Assert.Equal("true", FormStage.Button(page, "Undo").GetAttribute("aria-disabled"));
        Assert.Equal(["allow"], Actions(page));
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await FormStage.ClickAsync(page, "Redo");
        }

        Assert.Equal(["deny", "allow"], Actions(page));
        Assert.Equal("true", FormStage.Button(page, "Redo").GetAttribute("aria-disabled"));
    }

    [Fact]
    public async Task Card_OfTheOtherList_IsNotDropped()
    {
        var page = Open();
        await FormStage.ClickAsync(page, "Add egress rule");
        await FormStage.ClickAsync(page, "Done");
        await FormStage.OnAsync(page, "[aria-labelledby=rules-egress] li[data-drag-row]", r => r.DragStart());
        await FormStage.OnAsync(page, "[aria-labelledby=rules-ingress] li[data-drag-row]", r => r.Drop());
        Assert.Equal(["allow"], Actions(page));
    }

    [Fact]
    public async Task Chips_AreAddedAndRemovedAndCountWhileTyped()
    {
        var page = Open();
        Assert.Equal(["db"], FormStage.Chips(page, "Tags"));
        await FormStage.InputAsync(page, "Tags", "new");
        Assert.Equal(["db", "new"], (await SubmitAsync(page)).Tags);
        await FormStage.ChangeAsync(page, "Tags", "new");
        Assert.Equal(["db", "new"], FormStage.Chips(page, "Tags"));
    }

    [Fact]
    public async Task Chips_RemovedAndUndone()
    {
        var page = Open();
        await FormStage.ClickAsync(page, "Remove tag db");
        await FormStage.ChangeAsync(page, "Labels", "owner=team, net");
        Assert.Equal(["role=back", "owner=team, net"], FormStage.Chips(page, "Labels"));
        await FormStage.ClickAsync(page, "Undo");
        await FormStage.ClickAsync(page, "Undo");
        Assert.Equal(["db"], FormStage.Chips(page, "Tags"));
        Assert.Equal(["role=back"], FormStage.Chips(page, "Labels"));
    }

    [Fact]
    public async Task Service_ByName_BecomesItsPort()
    {
        var page = Open();
        await FormStage.OnAsync(page, "button[aria-label^='Ingress rule 1:']", b => b.Click());
        await FormStage.InputAsync(page, "Ports", "redis");
        Assert.Contains(page.FindAll(".rule-open"), b => b.GetAttribute("aria-label")!.Contains("to ports 5432, 6379 from", StringComparison.Ordinal));
        await page.InvokeAsync(() => FormStage.Field(page, "Ports").Change("redis"));
        Assert.Contains("redis", page.Find("[aria-label='Remove port 6379']").ParentElement!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Template_ShowsItsEffectBeforeItIsInserted_AndIsUndone()
    {
        var page = Open();
        await FormStage.OnAsync(page, "[data-templates]", s => s.Change(nameof(TemplateKind.Isolate)));
        page.WaitForAssertion(() => Assert.Contains("tcp 5432", page.Find("[data-change='web>db'] [data-closes]").TextContent, StringComparison.Ordinal));
        Assert.Equal("Effect if the rules are inserted", page.Find("#effect-title").TextContent);
        Assert.Equal(2, page.FindAll(".template-rules li").Count);
        Assert.Equal(["allow"], Actions(page));

        await FormStage.ClickAsync(page, "Insert rules");
        Assert.Equal(["deny", "allow"], Actions(page));
        Assert.Empty(page.FindAll("[data-template]"));
        page.WaitForAssertion(() => Assert.Contains("Ingress rule 2", page.Find("[data-warning=Shadowed]").TextContent, StringComparison.Ordinal));
        await FormStage.ClickAsync(page, "Undo");
        Assert.Equal(["allow"], Actions(page));
        page.WaitForAssertion(() => Assert.Equal("empty", page.Find("[data-effect]").GetAttribute("data-effect")));
    }

    [Fact]
    public async Task Template_GivenUp_LeavesNothing()
    {
        var page = Open();
        await FormStage.OnAsync(page, "[data-templates]", s => s.Change(nameof(TemplateKind.AllowFrom)));
        Assert.True(FormStage.Button(page, "Insert rules").HasAttribute("disabled"));
        await FormStage.InputAsync(page, "From network, tag or addresses", "web");
        page.WaitForAssertion(() => Assert.NotNull(page.Find("[data-change='web>db'] [data-opens]")));
        await FormStage.ClickAsync(page, "No template");
        page.WaitForAssertion(() => Assert.Equal("empty", page.Find("[data-effect]").GetAttribute("data-effect")));
        Assert.Equal(["allow"], Actions(page));
    }

    [Fact]
    public async Task Yaml_Typed_ChangesTheCards_AndCardsTheYaml()
    {
        var page = Open();
        await FormStage.ClickAsync(page, "YAML");
        var yaml = Yaml(page);
        await FormStage.InputAsync(page, Document, yaml.Replace("- 5432", "- 6379", StringComparison.Ordinal));
        Assert.Contains(page.FindAll(".rule-open"), b => b.GetAttribute("aria-label")!.Contains("to port 6379", StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.Contains("tcp 6379", page.Find("[data-change='web>db'] [data-opens]").TextContent, StringComparison.Ordinal));

        await FormStage.ClickAsync(page, "Duplicate ingress rule 1");
        Assert.Equal(2, Yaml(page).Split("- 6379", StringSplitOptions.None).Length - 1);
        await FormStage.ClickAsync(page, "Undo");
        await FormStage.ClickAsync(page, "Undo");
        Assert.Equal(yaml, Yaml(page));
    }

    [Fact]
    public async Task Yaml_Broken_SaysWhereAndLeavesTheCards()
    {
        var page = Open();
        await FormStage.ClickAsync(page, "YAML");
        var yaml = Yaml(page);
        await FormStage.InputAsync(page, Document, yaml.Replace("- 5432", "- 543210", StringComparison.Ordinal));
        Assert.Matches("^Line [0-9]+, column [0-9]+: spec.ingress", page.Find(".yaml-errors li").TextContent);
        Assert.Contains(page.FindAll(".rule-open"), b => b.GetAttribute("aria-label")!.Contains("to port 5432", StringComparison.Ordinal));
        Assert.True(page.Find(".draft-fields").HasAttribute("disabled"));
        await FormStage.SubmitAsync(page);
        Assert.Empty(_stage.Runner.Ran);

        await FormStage.InputAsync(page, Document, "kind: [");
        Assert.Matches("Line [0-9]+, column [0-9]+: not YAML", page.Find(".yaml-pane").TextContent);
        await FormStage.ClickAsync(page, "Discard what was typed");
        Assert.Equal(yaml, Yaml(page));
        Assert.False(page.Find(".draft-fields").HasAttribute("disabled"));
    }

    [Fact]
    public async Task Policy_HasTheSameEditor()
    {
        var page = _stage.Open<PolicyForm>("do/create-policy");
        await FormStage.InputAsync(page, "Name", "inside");
        await FormStage.InputAsync(page, "Selector", "role == 'back'");
        await FormStage.OnAsync(page, "[data-templates]", s => s.Change(nameof(TemplateKind.AllowWithin)));
        page.WaitForAssertion(() => Assert.NotNull(page.Find("[data-change='web>db'] [data-closes]")));
        await FormStage.ClickAsync(page, "Insert rules");
        await FormStage.ClickAsync(page, "YAML");
        var yaml = FormStage.Field(page, "Policy as a calicoctl document").GetAttribute("value")!;
        await FormStage.InputAsync(page, "Policy as a calicoctl document", yaml.Replace("name: inside", "name: within", StringComparison.Ordinal));
        await FormStage.SubmitAsync(page);
        var policy = Assert.IsType<Policy>(Assert.IsType<WriteResource>(Assert.Single(_stage.Runner.Ran).Operation).Resource);
        Assert.Equal("within", policy.Name);
        Assert.Equal("role == 'back'", Assert.Single(policy.Ingress).Source.Selector);
        Assert.Equal("role == 'back'", Assert.Single(policy.Egress).Destination.Selector);
    }

    private static string[] Actions(IRenderedComponent<ProfileForm> page) =>
        [.. page.FindAll("[aria-labelledby=rules-ingress] li[data-drag-row]").Select(r => r.ClassList.First(c => c is "allow" or "deny" or "log" or "pass"))];

    private static string Yaml(IRenderedComponent<ProfileForm> page) => FormStage.Field(page, Document).GetAttribute("value")!;

    private IRenderedComponent<ProfileForm> Open() => _stage.Open<ProfileForm>("do/edit-profile?name=db");

    private async Task<Profile> SubmitAsync(IRenderedComponent<ProfileForm> page)
    {
        await FormStage.SubmitAsync(page);
        return Assert.IsType<Profile>(Assert.IsType<WriteResource>(Assert.Single(_stage.Runner.Ran).Operation).Resource);
    }
}
