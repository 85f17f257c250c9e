using CalicoConsole.E2E.Tests.WalkThrough;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

/// <summary>The rule editor in a real browser, over the sandbox: by keyboard alone, with the effect before saving and a ping after it.</summary>
public sealed class ProfileEditorTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private readonly List<string> _foreign = [];

    [Fact]
    public async Task Keyboard_EditsSeesTheEffectSavesAndThePingFollows()
    {
        var page = await sandbox.NewPageAsync(_foreign);
        await sandbox.SignInAsync(page);
        await Expect(page.GetByText("feeds live")).ToBeVisibleAsync();
        var visitor = new Visitor(page);
        await visitor.PingAsync("web1", "10.20.2.80", answered: false);

        // db lets backend ping; frontend joins by a copy of that rule, made and changed without the mouse.
        await OpenAsync(page);
        await Expect(page.Locator("[data-effect=empty]")).ToBeVisibleAsync();
        var icmp = page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Ingress rule 4: Allow ICMP from endpoints tagged backend") });
        await PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Duplicate ingress rule 4" }), "Enter");
        var copy = page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Ingress rule 5: Allow ICMP") });
        await Expect(copy).ToBeFocusedAsync();
        await Expect(page.Locator("[data-warning=Shadowed]")).ToContainTextAsync("Ingress rule 5");
        await copy.PressAsync("Enter");
        var tag = page.GetByRole(AriaRole.Group, new() { Name = "Ingress rule 5", Exact = true }).GetByLabel("Endpoints tagged").First;
        await tag.FocusAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync("frontend");
        await Expect(page.Locator("[data-change='frontend>db'] [data-opens]")).ToContainTextAsync("icmp");
        await Expect(page.Locator("[data-warning]")).ToHaveCountAsync(0);
        await Expect(page.Locator(".effect [role=status]")).ToContainTextAsync("Opens");

        // Undo and redo of what was typed, from within the field.
        await page.Keyboard.PressAsync("Control+z");
        await Expect(page.Locator("[data-change='frontend>db']")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Control+y");
        await Expect(page.Locator("[data-change='frontend>db'] [data-opens]")).ToBeVisibleAsync();
        await Expect(tag).ToHaveValueAsync("frontend");

        var moved = page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Ingress rule 5: Allow ICMP from endpoints tagged frontend") });
        await PressAsync(moved, "Alt+ArrowUp");
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Ingress rule 4: Allow ICMP from endpoints tagged frontend") }))
            .ToBeFocusedAsync();
        await Expect(icmp).ToHaveCountAsync(0);
        await PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Save profile" }), "Enter");
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        await visitor.PingAsync("web1", "10.20.2.80", answered: true);

        // And back by editing back.
        await OpenAsync(page);
        await PressAsync(page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Ingress rule 4: Allow ICMP from endpoints tagged frontend") }), "Delete");
        await Expect(page.Locator("[data-change='frontend>db'] [data-closes]")).ToContainTextAsync("icmp");
        await PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Save profile" }), "Enter");
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        await visitor.PingAsync("web1", "10.20.2.80", answered: false);
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Focus_ThatComesLate_LeavesWhoWritesAlone()
    {
        var page = await sandbox.NewPageAsync(_foreign);
        await sandbox.SignInAsync(page, "/do/edit-profile?name=backend");
        await Expect(page.Locator("[data-effect=empty]")).ToBeVisibleAsync();
        var (stays, goes) = (await GivenAsync("input[data-chip-input]"), await GivenAsync("[data-undo]"));
        Assert.Equal((false, true), (stays, goes));

        // Whether a rule's button has the focus that it is given while something else has it.
        Task<bool> GivenAsync(string before) => page.EvaluateAsync<bool>(
            """
            async before => {
              const { giveFocus } = await import(new URL('js/typed.js', document.baseURI));
              document.querySelector(before).focus();
              giveFocus(document.querySelector('.rule-open'));
              return document.activeElement.matches('.rule-open');
            }
            """, before);
    }

    [Fact]
    public async Task Chips_DragAndYaml_WorkInTheBrowser()
    {
        var page = await sandbox.NewPageAsync(_foreign);
        await sandbox.SignInAsync(page, "/do/edit-profile?name=backend");
        await Expect(page.Locator("[data-effect=empty]")).ToBeVisibleAsync();
        var tags = page.GetByLabel("Tags", new() { Exact = true });
        await tags.FocusAsync();
        await page.Keyboard.TypeAsync("one,two");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("three");
        await page.Keyboard.PressAsync("Tab");
        foreach (var chip in (string[])["backend", "one", "two", "three"])
        {
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = $"Remove tag {chip}", Exact = true })).ToBeVisibleAsync();
        }

        await Expect(tags).ToHaveValueAsync("");
        await tags.FocusAsync();
        await page.Keyboard.PressAsync("Backspace");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Remove tag three" })).ToHaveCountAsync(0);
        await PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Remove tag two" }), "Delete");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Remove tag two" })).ToHaveCountAsync(0);
        await Expect(tags).ToBeFocusedAsync();

        var cards = page.Locator("[aria-labelledby=rules-ingress] li[data-drag-row]");
        await cards.Nth(1).Locator(".rule-grip").DragToAsync(cards.Nth(0));
        await Expect(cards.Nth(0)).ToContainTextAsync("ICMP");

        await page.GetByRole(AriaRole.Button, new() { Name = "YAML", Exact = true }).ClickAsync();
        var yaml = page.Locator("[data-editing]").GetByLabel("Profile as a calicoctl document");
        var text = await page.Locator("textarea#f-yaml").InputValueAsync();
        Assert.Contains("- one", text, StringComparison.Ordinal);
        await yaml.FillAsync(text.Replace("- 8080", "- 80800", StringComparison.Ordinal));
        await Expect(page.Locator(".yaml-pane")).ToContainTextAsync(new System.Text.RegularExpressions.Regex("Line [0-9]+, column [0-9]+: spec.ingress"));
        await Expect(cards.Nth(1)).ToContainTextAsync("8080");
        await yaml.FillAsync(text.Replace("- 8080", "- 9090", StringComparison.Ordinal));
        await Expect(cards.Nth(1)).ToContainTextAsync("9090");
        await Expect(page.Locator("[data-change='frontend>backend'] [data-opens]")).ToContainTextAsync("tcp 9090");
        Assert.Empty(_foreign);
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task Editor_HasNoSeriousFindings(int width)
    {
        var page = await sandbox.NewPageAsync(_foreign, width);
        await sandbox.SignInAsync(page, "/do/edit-profile?name=db");
        await Expect(page.Locator("[data-effect=empty]")).ToBeVisibleAsync();
        await PageCheck.CheckInBothColoursAsync(page, "editor");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove ingress rule 1" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Ingress rule 1:") }).ClickAsync();
        await page.Locator("[data-templates]").SelectOptionAsync("AllowFrom");
        await page.GetByLabel("From network, tag or addresses").FillAsync("frontend");
        await page.GetByRole(AriaRole.Button, new() { Name = "YAML", Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-change]").First).ToBeVisibleAsync();
        await PageCheck.CheckInBothColoursAsync(page, "editor-open");
        await page.Locator("[data-editing]").GetByLabel("Profile as a calicoctl document").FillAsync("kind: profile");
        await Expect(page.Locator("[data-yaml=broken]")).ToBeVisibleAsync();
        await PageCheck.CheckInBothColoursAsync(page, "editor-broken");
        await page.GotoAsync("/do/edit-policy?name=db-no-guests");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove ingress rule 2" }).ClickAsync();
        await Expect(page.Locator("[data-change] [data-closes]").First).ToBeVisibleAsync();
        await PageCheck.CheckInBothColoursAsync(page, "editor-policy");
        Assert.Empty(_foreign);
    }

    private static async Task OpenAsync(IPage page)
    {
        await page.GotoAsync("/do/edit-profile?name=db");
        await page.Locator("main[data-ready]").WaitForAsync();
    }

    private static async Task PressAsync(ILocator target, string key)
    {
        await target.FocusAsync();
        await target.PressAsync(key);
    }
}
