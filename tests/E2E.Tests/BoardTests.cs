using CalicoConsole.E2E.Tests.WalkThrough;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

/// <summary>Assertions, the policy board and drafts in a browser, on the sandbox.</summary>
public sealed class BoardTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private readonly List<string> _foreign = [];

    [Fact]
    public async Task Assertion_Broken_WantsAWord_ThenDisableAndEnable_ReorderByKeyboard_AndDraft()
    {
        var page = await OpenAsync("/do/create-assertion");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("web reaches db");
        await page.GetByLabel("Sending tag").FillAsync("frontend");
        await page.GetByLabel("Receiving tag").FillAsync("db");
        await page.GetByLabel("Ports").FillAsync("5432");
        await Expect(page.Locator("[data-now=holds]")).ToContainTextAsync("Endpoints tagged frontend must reach endpoints tagged db with tcp 5432.");
        await SubmitAsync(page, "Create assertion");
        await page.GetByRole(AriaRole.Link, new() { Name = "Assertion web reaches db" }).ClickAsync();
        await Expect(page.Locator("[data-assertion=holds]")).ToBeVisibleAsync();

        // A policy that drops all that reaches db breaks it: without a word nothing is written.
        await GoAsync(page, "/manifests");
        await page.Locator("[data-editing]").GetByLabel("Manifest", new() { Exact = true })
            .FillAsync(
            "apiVersion: v1\nkind: policy\nmetadata:\n  name: close-db\nspec:\n  order: 50\n  selector: tier == 'db'\n  types: [ingress]\n  ingress:\n  - "
            + "action: deny\n");
        await Expect(page.Locator("[data-breaks='1']")).ToContainTextAsync("This edit breaks 1 assertion");
        await PageCheck.CheckAsync(page, "assertion-broken-by-edit");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply manifest" }).ClickAsync();
        await Expect(page.Locator(".form-blocked")).ToBeVisibleAsync();
        await page.GetByLabel("Save although it breaks 1 assertion: web reaches db").CheckAsync();
        await SubmitAsync(page, "Apply manifest");
        await page.GetByRole(AriaRole.Link, new() { Name = "Audit entry" }).ClickAsync();
        await Expect(page.GetByText("evenIfBreaksAssertions: 1 assertion: web reaches db")).ToBeVisibleAsync();

        await GoAsync(page, "/");
        await Expect(page.Locator("[data-problem='assertion.broken web reaches db']")).ToContainTextAsync("is broken");
        await GoAsync(page, "/assertions/web%20reaches%20db");
        await Expect(page.Locator("[data-counter-examples]")).ToContainTextAsync("may not reach");
        await PageCheck.CheckAsync(page, "assertion-broken");

        // Out of force and back by the board.
        await GoAsync(page, "/policy-board");
        await page.GetByRole(AriaRole.Link, new() { Name = "Disable policy close-db" }).ClickAsync();
        await Expect(page.Locator("[data-mends='1']")).ToBeVisibleAsync();
        await SubmitAsync(page, "Disable policy");
        await page.GetByRole(AriaRole.Link, new() { Name = "Policy board" }).First.ClickAsync();
        await Expect(page.Locator("[data-disabled=close-db]")).ToContainTextAsync("disabled by");
        Assert.Equal(["quarantine", "close-db", "db-no-guests"], await OrderAsync(page));
        await PageCheck.CheckAsync(page, "policy-board");
        await page.GetByRole(AriaRole.Link, new() { Name = "Enable policy close-db" }).ClickAsync();
        await page.GetByLabel("Save although it breaks 1 assertion: web reaches db").CheckAsync();
        await SubmitAsync(page, "Enable policy");
        await GoAsync(page, "/policy-board");
        await Expect(page.Locator("[data-policy=close-db]")).ToBeVisibleAsync();

        // By keyboard alone.
        await page.Locator("[data-policy=close-db] .handle").FocusAsync();
        await page.Keyboard.PressAsync("Alt+ArrowDown");
        await Expect(page.Locator("[data-policy=close-db]")).ToContainTextAsync("→ 110");
        Assert.Equal(["quarantine", "db-no-guests", "close-db"], await OrderAsync(page));
        Assert.True(await page.EvaluateAsync<bool>("() => document.activeElement.closest('[data-policy=close-db]') !== null"), "the focus is lost by moving");
        await SubmitAsync(page, "Save order");

        // As a draft, applied by its address.
        await GoAsync(page, "/policy-board");
        await page.GetByRole(AriaRole.Button, new() { Name = "Move close-db up" }).ClickAsync();
        await page.GetByText("Save as a draft, to apply it later").ClickAsync();
        await page.GetByLabel("Draft name").FillAsync("earlier");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save draft" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Draft earlier" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Draft earlier" })).ToBeVisibleAsync();
        await PageCheck.CheckAsync(page, "draft");
        await page.GetByLabel("Save although it breaks 1 assertion: web reaches db").CheckAsync();
        await SubmitAsync(page, "Apply draft");
        await Expect(page.Locator("[data-draft-in-force]")).ToContainTextAsync("There is nothing to apply");
        await GoAsync(page, "/drafts");
        await Expect(page.GetByText("in force", new() { Exact = true }).First).ToBeVisibleAsync();
        await GoAsync(page, "/drafts/earlier");
        await Expect(page.Locator("[data-draft-in-force]")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Apply draft" })).ToHaveCountAsync(0);
        await PageCheck.CheckAsync(page, "draft-in-force");

        // Somebody else changes the same policy.
        await GoAsync(page, "/do/edit-policy?name=db-no-guests");
        await page.GetByLabel("Order", new() { Exact = true }).FillAsync("300");
        await SubmitAsync(page, "Save policy");
        await GoAsync(page, "/drafts");
        await Expect(page.GetByText("conflict", new() { Exact = true }).First).ToBeVisibleAsync();
        await GoAsync(page, "/drafts/earlier");
        await Expect(page.Locator("[data-draft-conflict]")).ToContainTextAsync("db-no-guests is not what it was");
        await GoAsync(page, "/policy-board");
        Assert.Equal(["quarantine", "close-db", "db-no-guests"], await OrderAsync(page));

        // A disabled policy is given up without coming into force again.
        await GoAsync(page, "/do/disable-policy?name=quarantine");
        await SubmitAsync(page, "Disable policy");
        await GoAsync(page, "/policy-board");
        await page.GetByRole(AriaRole.Link, new() { Name = "Delete disabled policy quarantine" }).ClickAsync();
        await PageCheck.CheckAsync(page, "delete-disabled-policy");
        await page.GetByLabel("Type quarantine to confirm").FillAsync("quarantine");
        await SubmitAsync(page, "Delete disabled policy");
        await GoAsync(page, "/policy-board");
        Assert.Equal(["close-db", "db-no-guests"], await OrderAsync(page));
        Assert.Empty(_foreign);
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task Pages_HaveNoSeriousFindingsAndDoNotScrollSideways(int width)
    {
        var page = await OpenAsync("/assertions", width);
        foreach (var (name, path) in new[]
        {
            ("assertions", "/assertions"), ("create-assertion", "/do/create-assertion"), ("policy-board", "/policy-board"),
                ("disable-policy", "/do/disable-policy?name=quarantine"), ("drafts", "/drafts"),
        })
        {
            await GoAsync(page, path);
            await PageCheck.CheckInBothColoursAsync(page, $"board-{name}");
        }

        Assert.Empty(_foreign);
    }

    private static async Task<IReadOnlyList<string?>> OrderAsync(IPage page) =>
        await page.Locator(".board > li").EvaluateAllAsync<string?[]>("items => items.map(i => i.dataset.policy ?? i.dataset.disabled)");

    private static async Task SubmitAsync(IPage page, string button)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        await Expect(page.Locator("form[data-phase=succeeded]")).ToBeVisibleAsync();
    }

    private static async Task GoAsync(IPage page, string path)
    {
        await page.GotoAsync(path);
        await page.Locator("main[data-ready]").WaitForAsync();
        await Expect(page.GetByText("feeds live")).ToHaveCountAsync(1);
    }

    private async Task<IPage> OpenAsync(string path, int width = 1440)
    {
        var page = await sandbox.NewPageAsync(_foreign, width);
        await sandbox.SignInAsync(page, path);
        await Expect(page.GetByText("feeds live")).ToHaveCountAsync(1);
        return page;
    }
}
