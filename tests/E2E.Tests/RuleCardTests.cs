using CalicoConsole.E2E.Tests.WalkThrough;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

/// <summary>The card of a rule: how much room it takes, and the keys of the editor.</summary>
public sealed class RuleCardTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private const int Tallest = 320;

    private readonly List<string> _foreign = [];

    [Theory]
    [InlineData("/do/edit-profile?name=db", false)]
    [InlineData("/do/edit-policy?name=db-no-guests", false)]
    [InlineData("/do/edit-profile?name=db", true)]
    public async Task Card_IsNoTallerThan320_AndARuleAsUsualNeedsNoScrolling(string form, bool yaml)
    {
        var page = await sandbox.NewPageAsync(_foreign);
        await sandbox.SignInAsync(page, form);
        await Expect(page.Locator("[data-effect=empty]")).ToBeVisibleAsync();
        if (yaml)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "YAML", Exact = true }).ClickAsync();
            await Expect(page.Locator(".yaml-pane")).ToBeVisibleAsync();
        }

        await page.Locator(".rule-open").First.ClickAsync();
        await CheckAsync(scrolls: false);

        // A rule that was just begun, and asks whom it is for.
        await page.GetByRole(AriaRole.Button, new() { Name = "Add ingress rule" }).ClickAsync();
        await Expect(page.Locator(".rule-row.open").GetByText("needs a source")).ToBeVisibleAsync();
        await CheckAsync(scrolls: false);

        // And one that says all that can be said.
        var card = page.Locator(".rule-row.open");
        foreach (var way in (string[])["selector", "addresses"])
        {
            await card.GetByRole(AriaRole.Button, new() { Name = $"Name the source by {way}" }).ClickAsync();
        }

        await card.Locator("[data-rule-more] > summary").ClickAsync();
        await Expect(card.GetByLabel("Source ports", new() { Exact = true })).ToBeVisibleAsync();
        await CheckAsync(scrolls: true);
        await card.GetByRole(AriaRole.Button, new() { Name = "Done" }).ScrollIntoViewIfNeededAsync();
        await PageCheck.CheckInBothColoursAsync(page, "rule-card");
        await card.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Expect(card).ToHaveCountAsync(0);

        async Task CheckAsync(bool scrolls)
        {
            var open = page.Locator(".rule-row.open");
            await Expect(open).ToHaveCountAsync(1);
            var box = (await open.BoundingBoxAsync())!;
            Assert.InRange(box.Height, 100, Tallest);

            // Half of the editor's width, or what is left beside the YAML.
            Assert.InRange(box.Width, 300, yaml ? 520 : 400);
            Assert.Equal(scrolls, await open.Locator("[data-rule-card]").EvaluateAsync<bool>("card => card.scrollHeight > card.clientHeight + 1"));
        }
    }

    [Fact]
    public async Task Keys_WalkAddMoveDuplicateRemoveAndClose()
    {
        var page = await sandbox.NewPageAsync(_foreign);
        await sandbox.SignInAsync(page, "/do/edit-profile?name=db");
        await Expect(page.Locator("[data-effect=empty]")).ToBeVisibleAsync();
        var (ingress, egress) = (page.Locator("[aria-labelledby=rules-ingress] li[data-drag-row]"),
            page.Locator("[aria-labelledby=rules-egress] li[data-drag-row]"));
        var (ins, outs) = (await ingress.CountAsync(), await egress.CountAsync());

        // A rule for each direction, from anywhere on the page; the key that closes a card gives the focus back to its sentence.
        await page.Keyboard.PressAsync("i");
        await Expect(ingress).ToHaveCountAsync(ins + 1);
        await Expect(Sentence(ingress, ins)).ToBeFocusedAsync();
        await page.Locator("[data-rule-card]").GetByLabel("Endpoints tagged").First.FillAsync("ie");
        await Expect(Sentence(ingress, ins)).ToContainTextAsync("endpoints tagged ie");
        await Expect(ingress).ToHaveCountAsync(ins + 1);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("[data-rule-card]")).ToHaveCountAsync(0);
        await Expect(Sentence(ingress, ins)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("e");
        await Expect(egress).ToHaveCountAsync(outs + 1);
        await Expect(Sentence(egress, outs)).ToBeFocusedAsync();

        // Moved from within its card.
        await page.Locator("[data-rule-card]").GetByLabel("Endpoints tagged").First.FillAsync("other");
        await page.Keyboard.PressAsync("Alt+ArrowUp");
        await Expect(Sentence(egress, outs - 1)).ToContainTextAsync("endpoints tagged other");
        await Sentence(egress, outs - 1).PressAsync("Enter");
        await Expect(page.Locator("[data-rule-card]")).ToHaveCountAsync(0);

        // From sentence to sentence, through both lists.
        await Sentence(ingress, 0).FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(Sentence(ingress, 1)).ToBeFocusedAsync();
        await Sentence(ingress, ins).FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(Sentence(egress, 0)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(Sentence(ingress, ins)).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("d");
        await Expect(ingress).ToHaveCountAsync(ins + 2);
        await Expect(Sentence(ingress, ins + 1)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Delete");
        await Expect(ingress).ToHaveCountAsync(ins + 1);

        // "g e" goes to the endpoints and adds no rule; the form asks before it is left.
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("e");
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Leave without saving?" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(egress).ToHaveCountAsync(outs + 1);

        await page.Keyboard.PressAsync("?");
        var keys = page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" });
        await Expect(keys.Locator("[data-keys-of='Rules of a profile or policy'] tr")).ToHaveCountAsync(10);
        await PageCheck.CheckAsync(page, "keys");
        Assert.Empty(_foreign);
    }

    private static ILocator Sentence(ILocator rules, int index) => rules.Nth(index).Locator(".rule-open");
}
