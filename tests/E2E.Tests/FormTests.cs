using System.Text.RegularExpressions;
using CalicoConsole.E2E.Tests.WalkThrough;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

/// <summary>Forms by keyboard alone: Enter never saves, leaving asks first, and what was typed comes back.</summary>
public sealed class FormTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private readonly List<string> _foreign = [];

    [Fact]
    public async Task Another_BeginsEmpty_ThoughTheAddressIsToldLater()
    {
        var page = await sandbox.NewPageAsync(_foreign);
        await sandbox.SignInAsync(page, "/do/create-bgp-peer");
        await Expect(page.GetByText("feeds live")).ToBeVisibleAsync();
        await page.GetByLabel("Address of the peer", new() { Exact = true }).FillAsync("192.0.2.77");
        await page.GetByLabel("AS number of the peer", new() { Exact = true }).FillAsync("64513");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create BGP peer", Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create another BGP peer", Exact = true }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex("/do/create-bgp-peer$"));
        await Expect(page.Locator("main")).ToContainTextAsync("Still needed: Address of the peer");
        await Expect(page.GetByLabel("Address of the peer", new() { Exact = true })).ToHaveValueAsync("");
        await Expect(page.GetByLabel("AS number of the peer", new() { Exact = true })).ToHaveValueAsync("");
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Keyboard_EnterNeverSaves_LeavingAsks_AndBackRestores()
    {
        var page = await sandbox.NewPageAsync(_foreign);
        await sandbox.SignInAsync(page, "/profiles/backend");
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit profile", Exact = true }).PressAsync("Enter");
        var form = page.Locator("form[data-operation-form]");
        await Expect(page.Locator("[data-effect=empty]")).ToBeVisibleAsync();

        // Enter in each field of a card: a chip where there are chips, nothing else anywhere.
        await page.GetByLabel("Tags", new() { Exact = true }).FocusAsync();
        await page.Keyboard.TypeAsync("one");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Remove tag one" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add ingress rule" }).PressAsync("Enter");
        var rule = page.GetByRole(AriaRole.Group, new() { NameRegex = new("^Ingress rule [0-9]+$") });
        await rule.Locator("[data-rule-more] > summary").PressAsync("Enter");
        await Expect(rule.GetByLabel("Source ports", new() { Exact = true })).ToBeVisibleAsync();
        foreach (var field in await rule.Locator("input").AllAsync())
        {
            await field.PressAsync("Enter");
            await Expect(form).ToHaveAttributeAsync("data-phase", "editing");
        }

        // Not complete: neither saved by Ctrl+Enter.
        await rule.GetByLabel("Protocol", new() { Exact = true }).PressAsync("Control+Enter");
        await Expect(rule.Locator(".field-error")).ToContainTextAsync("choose anywhere");
        Assert.DoesNotContain("operation=", page.Url, StringComparison.Ordinal);
        var tagged = rule.GetByLabel("Endpoints tagged").First;
        await tagged.FocusAsync();
        await page.Keyboard.TypeAsync("frontend");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Ingress rule [0-9]+: Allow TCP from endpoints tagged frontend") }))
            .ToBeVisibleAsync();
        await Expect(form).ToHaveAttributeAsync("data-phase", "editing");

        // Leaving asks: stay, then leave, then come back.
        var profiles = page.Locator("#nav").GetByRole(AriaRole.Link, new() { Name = "Profiles", Exact = true });
        var ask = page.GetByRole(AriaRole.Dialog, new() { Name = "Leave without saving?" });
        await profiles.PressAsync("Enter");
        await Expect(ask).ToBeVisibleAsync();
        await PageCheck.CheckAsync(page, "form-leave");
        await page.Keyboard.PressAsync("Enter");
        await Expect(ask).ToBeHiddenAsync();
        await Expect(page).ToHaveURLAsync(new Regex("edit-profile"));
        await profiles.PressAsync("Enter");
        await ask.GetByRole(AriaRole.Button, new() { Name = "Leave", Exact = true }).PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("/profiles$"));
        await page.GoBackAsync();
        await RestoredAsync(page);

        // Closing the tab or loading it again asks too; after a load it is there as well.
        var asked = new TaskCompletionSource<string>();
        page.Dialog += async (_, dialog) =>
        {
            asked.TrySetResult(dialog.Type);
            await dialog.AcceptAsync();
        };
        await page.ReloadAsync();
        Assert.Equal("beforeunload", await asked.Task.WaitAsync(TimeSpan.FromMilliseconds(SharedBrowser.Patience), TestContext.Current.CancellationToken));
        await RestoredAsync(page);
        await PageCheck.CheckAsync(page, "form-restored");

        await page.GetByLabel("Tags", new() { Exact = true }).PressAsync("Control+Enter");
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        await profiles.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("/profiles$"));
        await page.GotoAsync("/do/edit-profile?name=backend");
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Ingress rule [0-9]+: Allow TCP from endpoints tagged frontend") }))
            .ToBeVisibleAsync();
        await Expect(page.Locator("[data-restored]")).ToHaveCountAsync(0);
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Enter_SavesInNoForm_AndTextOfEachIsKept()
    {
        var page = await sandbox.NewPageAsync(_foreign);
        await sandbox.SignInAsync(page);
        foreach (var (address, field, text) in new[]
        {
            ("do/create-pool", "CIDR", "10.77.0.0/24"), ("do/create-policy", "Name", "kept"), ("do/create-assertion", "Sending tag", "web"),
            ("do/create-bgp-peer", "Address of the peer", "192.0.2.77"), ("do/create-host-endpoint", "Interface", "eth7"),
                ("do/create-network", "Name", "kept_net"),
            ("do/create-container", "Name", "kept"), ("do/set-config?kind=felix", "Parameter", "LogSeverityScreen"),
                ("do/edit-node?name=docker01", "AS number", "64999"),
            ("do/deploy-calico-node?host=docker03", "IPv4 address for BGP", "192.0.2.3"), ("manifests", "Manifest", "kind: pol"),
        })
        {
            await page.GotoAsync("/" + address);
            var form = page.Locator("form[data-operation-form][data-phase=editing]");
            await form.WaitForAsync();
            await page.Locator("main[data-ready]").WaitForAsync();
            var input = (address == "manifests" ? page.Locator("[data-editing]") : page.Locator("main")).GetByLabel(field, new() { Exact = true });
            await input.FillAsync(text);
            if (address != "manifests")
            {
                await input.PressAsync("Enter");
            }

            await page.Locator("#nav").GetByRole(AriaRole.Link, new() { Name = "Overview", Exact = true }).ClickAsync();
            await page.GetByRole(AriaRole.Dialog, new() { Name = "Leave without saving?" }).GetByRole(AriaRole.Button, new() { Name = "Leave", Exact = true })
                .ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Overview" })).ToBeVisibleAsync();
            await page.GoBackAsync();
            await Expect(page.Locator("[data-restored]")).ToBeVisibleAsync();
            // A text area behind an editor is still what is kept.
            var kept = address == "manifests" ? page.Locator("textarea#f-manifest") : input;
            await Expect(kept).ToHaveValueAsync(text);
            Assert.DoesNotContain("operation=", page.Url, StringComparison.Ordinal);
            await page.GetByRole(AriaRole.Button, new() { Name = "Start over without it" }).ClickAsync();
            await Expect(kept).Not.ToHaveValueAsync(text);
        }

        Assert.Empty(_foreign);
    }

    private static async Task RestoredAsync(IPage page)
    {
        await Expect(page.Locator("[data-restored]")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Remove tag one" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Ingress rule [0-9]+: Allow TCP from endpoints tagged frontend") }))
            .ToBeVisibleAsync();
    }
}
