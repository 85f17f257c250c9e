using System.Collections.Immutable;
using Bunit;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Profiles;
using CalicoConsole.Web.Kit;
using Microsoft.AspNetCore.Components.Web;

namespace CalicoConsole.Web.Tests.Forms;

public sealed class ProfileFormTests : IAsyncDisposable
{
    private static readonly Rule FromNet = new() { Action = "allow", Source = new() { Tag = "my_net" }, Unknown = new([KeyValuePair.Create("x_new", "1")]) };
    private static readonly Rule Icmp = new() { Action = "deny", Protocol = new("icmp", 0), Icmp = new(8, null) };

    private readonly FormStage _stage = new();

    public ProfileFormTests() => Store(p => p with { Ingress = [FromNet, Icmp], Egress = [new Rule { Action = "allow" }] }, 50);

    public async ValueTask DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public void Rules_ReadAsSentencesWithTheImplicitOne()
    {
        var page = Open();
        Assert.Equal(
            ["Allow everything from endpoints tagged my_net", "Deny ICMP type 8 from anywhere", "Deny everything else (implicit)", "Allow everything",
                "Deny everything else (implicit)"],
            page.FindAll(".rule-set .rule-text").Select(t => string.Join(' ', t.TextContent.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)))
                .Select(t => t.Replace(" (x_new is not known", "", StringComparison.Ordinal)).Select(t => t.Contains("x_new", StringComparison.Ordinal)
                    ? t[..t.IndexOf(" x_new", StringComparison.Ordinal)] : t));
    }

    [Fact]
    public async Task Rule_MovedByKeyboardAndDuplicatedAndRemoved_IsWhatRuns()
    {
        var page = Open();
        await FormStage.OnAsync(page, "button[aria-label^='Ingress rule 2:']", b => b.KeyDown(new KeyboardEventArgs { Key = "ArrowUp", AltKey = true }));
        await FormStage.ClickAsync(page, "Duplicate ingress rule 1");
        await FormStage.ClickAsync(page, "Remove egress rule 1");
        var profile = await SubmitAsync(page);
        Assert.Equal(["deny", "deny", "allow"], profile.Ingress.Select(r => r.Action));
        Assert.Empty(profile.Egress);
    }

    [Fact]
    public async Task Rule_Edited_KeepsMembersThatAreNotKnown()
    {
        var page = Open();
        await FormStage.OnAsync(page, "button[aria-label^='Ingress rule 1:']", b => b.Click());
        await FormStage.InputAsync(page, "Protocol", "tcp");
        await FormStage.InputAsync(page, "Ports", "80, 8000:8100");
        var rule = (await SubmitAsync(page)).Ingress[0];
        Assert.Equal("tcp", rule.Protocol?.Name);
        Assert.Equal([new PortRange(80, 80), new PortRange(8000, 8100)], rule.Destination.Ports);
        Assert.Equal(FromNet.Unknown, rule.Unknown);
    }

    [Fact]
    public async Task Rule_Wrong_IsSaidAtItsFieldAfterItWasLeft()
    {
        var page = Open();
        await FormStage.OnAsync(page, "button[aria-label^='Ingress rule 1:']", b => b.Click());
        await FormStage.ClickAsync(page, "Name the source by addresses");
        await FormStage.InputAsync(page, "Addresses in", "10.0.0/8");
        Assert.Empty(page.FindAll(".field-error"));
        await FormStage.BlurAsync(page, "Addresses in");
        Assert.Contains("'10.0.0/8' is not a CIDR", page.Find(".field-error").TextContent, StringComparison.Ordinal);
        await FormStage.SubmitAsync(page);
        Assert.Empty(_stage.Runner.Ran);
    }

    [Fact]
    public async Task Rule_Added_IsOpenAndReads()
    {
        var page = Open();
        await FormStage.ClickAsync(page, "Add egress rule");
        Assert.NotNull(page.Find("[aria-label='Egress rule 2'].rule-editor"));
        await FormStage.ChangeAsync(page, "Action", "deny");
        Assert.Contains(page.FindAll(".rule-open"), b => b.GetAttribute("aria-label") == "Egress rule 2: Deny TCP to anywhere needs a destination. Edit");
    }

    [Fact]
    public async Task Rule_Opened_ShowsWhatItSaysAndFoldsTheRest()
    {
        var page = Open();
        await FormStage.OnAsync(page, "button[aria-label^='Ingress rule 1:']", b => b.Click());
        string[] Labels(string within) => [.. page.FindAll($"{within} label").Select(l => l.TextContent.Trim())];
        Assert.Equal(["Action", "Protocol"], Labels(".rule-editor > .rule-editor-row"));
        Assert.Equal(["Anywhere", "Endpoints tagged"], Labels(".rule-editor > .peers"));
        Assert.False(page.Find("[data-rule-more]").HasAttribute("open"));
        Assert.DoesNotContain("Source ports", Labels("[data-rule-more]"));
        Assert.Contains("Except endpoints tagged", Labels("[data-rule-more]"));
        await FormStage.InputAsync(page, "Protocol", "tcp");
        Assert.Equal(["Action", "Protocol", "Ports"], Labels(".rule-editor > .rule-editor-row"));
        Assert.Contains("Source ports", Labels("[data-rule-more]"));

        // What is opened stays, also while nothing stands in it.
        await FormStage.ClickAsync(page, "Name the source by selector");
        await FormStage.InputAsync(page, "Endpoints tagged", "");
        Assert.Equal(["Anywhere", "Endpoints tagged", "Endpoints matching"], Labels(".rule-editor > .peers"));
        Assert.Equal(["Who may reach", "Whom they may reach"], page.FindAll(".rule-set h2").Select(h => h.TextContent));
    }

    [Fact]
    public async Task Rule_KeyD_DuplicatesIt()
    {
        var page = Open();
        var before = page.FindAll("[aria-labelledby=rules-ingress] li[data-drag-row]").Count;
        await FormStage.OnAsync(page, "button[aria-label^='Ingress rule 1:']", b => b.KeyDown("d"));
        Assert.Equal(before + 1, page.FindAll("[aria-labelledby=rules-ingress] li[data-drag-row]").Count);
    }

    [Fact]
    public async Task Yaml_Edited_IsWhatRunsAndErrorsNameTheirLine()
    {
        var page = Open();
        await FormStage.ClickAsync(page, "YAML");
        var yaml = FormStage.Field(page, "Profile as a calicoctl document").GetAttribute("value")!;
        await FormStage.InputAsync(page, "Profile as a calicoctl document", yaml.Replace("type: 8", "typo: 8", StringComparison.Ordinal));
        await FormStage.BlurAsync(page, "Profile as a calicoctl document");
        Assert.Matches("Line [0-9]+, column [0-9]+: .*typo", page.Find(".field-error").TextContent);
        await FormStage.InputAsync(page, "Profile as a calicoctl document", yaml.Replace("type: 8", "type: 0", StringComparison.Ordinal));
        var profile = await SubmitAsync(page);
        Assert.Equal(0, profile.Ingress[1].Icmp.Type);
        Assert.Equal(FromNet.Unknown, profile.Ingress[0].Unknown);
    }

    [Fact]
    public async Task ChangedElsewhere_IsShownAndMineGoesOnTop()
    {
        var page = Open();
        await FormStage.InputAsync(page, "Tags", "my_net, mine");
        Store(p => p with { Tags = ["my_net", "theirs"] }, 60);
        page.WaitForAssertion(() => Assert.NotNull(page.Find("[data-conflict=changed]")));
        await FormStage.ClickAsync(page, "Show their version");
        Assert.Contains("theirs", page.Find("[data-conflict]").TextContent, StringComparison.Ordinal);
        await FormStage.SubmitAsync(page);
        var (operation, context) = Assert.Single(_stage.Runner.Ran);
        Assert.Equal(50ul, Assert.IsType<WriteResource>(operation).ExpectedRevision);
        _stage.Runner.End(context.OperationId!.Value, OperationOutcome.Conflict, "update conflict: 'my_net'");
        page.WaitForAssertion(() => Assert.NotNull(page.Find("[data-outcome=Conflict]")));
        await FormStage.ClickAsync(page, "Apply mine on top");
        Assert.Empty(page.FindAll("[data-conflict]"));
        Assert.Equal(["my_net", "theirs", "mine"], FormStage.Chips(page, "Tags"));
        await FormStage.SubmitAsync(page);
        Assert.Equal(60ul, Assert.IsType<WriteResource>(_stage.Runner.Ran.Last().Operation).ExpectedRevision);
    }

    [Fact]
    public async Task TwoTabs_TheSecondToSave_SeesTheFirstAndTakesTheirs()
    {
        await using var other = new FormStage(_stage.State, _stage.Runner);
        var mine = Open();
        var theirs = other.Open<ProfileForm>("do/edit-profile?name=my_net");
        await FormStage.InputAsync(mine, "Tags", "mine");
        await FormStage.InputAsync(theirs, "Tags", "theirs");
        await FormStage.SubmitAsync(theirs);
        Store(p => p with { Tags = ["theirs"] }, 61);
        _stage.Runner.End(_stage.Runner.Ran.Last().Context.OperationId!.Value, OperationOutcome.Succeeded);
        theirs.WaitForAssertion(() => Assert.NotNull(theirs.Find("[data-outcome=Succeeded]")));
        Assert.Empty(theirs.FindAll("[data-conflict]"));
        mine.WaitForAssertion(() => Assert.NotNull(mine.Find("[data-conflict=changed]")));
        await FormStage.ClickAsync(mine, "Take theirs");
        Assert.Empty(mine.FindAll("[data-conflict]"));
        Assert.Equal(["theirs"], FormStage.Chips(mine, "Tags"));
    }

    [Fact]
    public void DeletedElsewhere_IsSaid()
    {
        var page = Open();
        var now = _stage.State.Current;
        _stage.State.Publish(now with { Calico = now.Calico with { Profiles = now.Calico.Profiles.Remove("my_net") } });
        page.WaitForAssertion(() => Assert.NotNull(page.Find("[data-conflict=deleted]")));
    }

    private IRenderedComponent<ProfileForm> Open() => _stage.Open<ProfileForm>("do/edit-profile?name=my_net");

    private async Task<Profile> SubmitAsync(IRenderedComponent<ProfileForm> page)
    {
        await FormStage.SubmitAsync(page);
        return Assert.IsType<Profile>(Assert.IsType<WriteResource>(Assert.Single(_stage.Runner.Ran).Operation).Resource);
    }

    private void Store(Func<Profile, Profile> change, ulong revision)
    {
        var now = _stage.State.Current;
        var stored = now.Calico.Profiles["my_net"];
        ImmutableArray<Core.Ports.StoredKey> keys = [stored.Keys[0] with { Revision = revision }];
        _stage.State.Publish(now with
        {
            Calico = now.Calico
            with
            { Profiles = now.Calico.Profiles.SetItem("my_net", new Stored<Profile>(change(stored.Value), keys)) }
        });
    }
}
