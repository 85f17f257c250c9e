using CalicoConsole.E2E.Tests.WalkThrough;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

/// <summary>Lists as people expect of a grid, in a browser on the sandbox: rows selected, columns dragged, groups, views.</summary>
public sealed class ListTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private readonly List<string> _foreign = [];

    [Fact]
    public async Task Rows_AreSelectedByKeys_AndStoppedTogether_EachWithItsEnd()
    {
        var page = await OpenAsync("/containers?q=backend&sort=name");
        await Expect(page.Locator("tr[data-container]")).ToHaveCountAsync(3);
        await page.Locator("tr[data-container] td.name a").First.FocusAsync();
        await page.Keyboard.PressAsync(" ");
        await Expect(page.Locator("[data-bulk]")).ToContainTextAsync("1 container selected");
        await page.Keyboard.PressAsync("Shift+ArrowDown");
        await Expect(page.Locator("[data-bulk]")).ToContainTextAsync("2 containers selected");
        await page.Keyboard.PressAsync("Shift+ArrowDown");
        await Expect(page.Locator("[data-bulk]")).ToContainTextAsync("3 containers selected");
        await Expect(Row(page, "batch1").Locator("td.name a")).ToBeFocusedAsync();
        await PageCheck.CheckInBothColoursAsync(page, "containers-selected", tab: true);
        await page.Locator("tr[data-container] td.name a").First.FocusAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("[data-bulk]")).ToHaveCountAsync(0);

        await page.Keyboard.PressAsync("Control+a");
        await Expect(page.Locator("[data-bulk]")).ToContainTextAsync("3 containers selected");
        await page.Locator("[data-bulk-action=stop]").ClickAsync();
        var run = page.Locator("[data-bulk-run]");
        await Expect(run).ToHaveAttributeAsync("data-bulk-run", "weighed");
        await Expect(run.GetByRole(AriaRole.Status)).ToHaveTextAsync("2 will be done, 1 skipped");
        await Expect(run.Locator("[data-bulk-item=skipped]")).ToContainTextAsync("batch1");
        await PageCheck.CheckInBothColoursAsync(page, "containers-weighed");
        await run.GetByRole(AriaRole.Button, new() { Name = "Stop 2 containers" }).ClickAsync();
        await Expect(run).ToHaveAttributeAsync("data-bulk-run", "ended");
        await Expect(run.GetByRole(AriaRole.Status)).ToHaveTextAsync("2 done, 1 skipped");
        await Expect(Row(page, "api1")).ToContainTextAsync("exited");
        await run.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(page.Locator("[data-bulk], [data-bulk-run]")).ToHaveCountAsync(0);
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Columns_AreMadeWiderByKeysAndMouse_MovedAndKept()
    {
        var page = await OpenAsync("/endpoints");
        Assert.True(await FitsAsync(page), "the list of endpoints scrolls sideways");
        var state = page.Locator("th[data-column=state]");
        var before = await WidthAsync(state);
        await state.GetByRole(AriaRole.Button).FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(state.Locator("[data-resize]")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.Locator("section.objects > [role=status]")).ToContainTextAsync("State is");
        await WiderAsync(page, "state", before + 24);
        await Expect(state.Locator("[data-resize]")).ToBeFocusedAsync();

        var node = page.Locator("th[data-column=node]");
        var nodeBefore = await WidthAsync(node);
        var box = (await node.Locator("[data-resize]").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + 4, box.Y + 10);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + 64, box.Y + 10, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        await WiderAsync(page, "node", nodeBefore + 45);

        await state.GetByRole(AriaRole.Button).FocusAsync();
        await page.Keyboard.PressAsync("Alt+ArrowRight");
        await Expect(page.Locator("th[data-column]").Nth(1)).ToHaveAttributeAsync("data-column", "address");
        await Expect(state.GetByRole(AriaRole.Button)).ToBeFocusedAsync();
        await PageCheck.CheckInBothColoursAsync(page, "endpoints-columns");

        await page.GotoAsync("/endpoints");
        await Expect(page.Locator("th[data-column]").Nth(2)).ToHaveAttributeAsync("data-column", "state");
        await WiderAsync(page, "state", before + 24);
        await page.Locator("[data-columns-menu] summary").ClickAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "MAC" }).CheckAsync();
        await Expect(page.Locator("th[data-column=mac]")).ToBeVisibleAsync();
        await PageCheck.CheckInBothColoursAsync(page, "endpoints-columns-menu");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reset columns" }).ClickAsync();
        await Expect(page.Locator("th[data-column=mac]")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("[data-columns-menu] summary")).ToBeFocusedAsync();
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Groups_OpenAndCloseByKeys_AndAViewBringsThemBack()
    {
        var page = await OpenAsync("/profiles");
        Assert.True(await FitsAsync(page), "the list of profiles scrolls sideways");
        await page.GotoAsync("/endpoints");
        await page.Locator("[data-group-by]").SelectOptionAsync("node");
        var group = page.Locator("tr[data-group=docker01]");
        await Expect(group).ToBeVisibleAsync();
        await PageCheck.CheckInBothColoursAsync(page, "endpoints-grouped", tab: true);
        await group.GetByRole(AriaRole.Button).FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(group.GetByRole(AriaRole.Button)).ToHaveAttributeAsync("aria-expanded", "false");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator("tr[data-group=docker02] button")).ToBeFocusedAsync();

        await page.Locator("[data-views-menu] summary").ClickAsync();
        await page.Locator("[data-view-name]").FillAsync("By node");
        await page.Locator("[data-save-view]").ClickAsync();
        await Expect(page.Locator("[data-view='By node']")).ToBeVisibleAsync();
        await PageCheck.CheckInBothColoursAsync(page, "endpoints-views");
        await page.GotoAsync("/endpoints?view=By%20node");
        await Expect(group).ToBeVisibleAsync();
        Assert.Contains("group=node", page.Url, StringComparison.Ordinal);
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task RowMenu_OpensBesideItsRow_AndGivesTheFocusBack()
    {
        var page = await OpenAsync("/containers");
        var button = Row(page, "web1").GetByRole(AriaRole.Button, new() { Name = "Actions of web1" });
        await button.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var menu = page.Locator("[data-row-actions]");
        await Expect(menu.GetByRole(AriaRole.Link).First).ToBeFocusedAsync();
        await PageCheck.CheckInBothColoursAsync(page, "containers-row-menu");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(menu.GetByRole(AriaRole.Link).Nth(1)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(menu).ToBeHiddenAsync();
        await Expect(button).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await menu.GetByRole(AriaRole.Link, new() { Name = "Remove" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Remove container web1");
        Assert.Empty(_foreign);
    }

    private static ILocator Row(IPage page, string name) => page.Locator("tr[data-container]", new() { Has = page.GetByText(name, new() { Exact = true }) });

    private static Task<double> WidthAsync(ILocator head) => head.EvaluateAsync<double>("h => h.getBoundingClientRect().width");

    private static Task<IJSHandle> WiderAsync(IPage page, string column, double than) => page.WaitForFunctionAsync(
        "([column, than]) => document.querySelector(`th[data-column=${column}]`)?.getBoundingClientRect().width >= than", new object[] { column, than });

    private static Task<bool> FitsAsync(IPage page) =>
        page.Locator(".objects .rows").EvaluateAsync<bool>("rows => rows.scrollWidth <= rows.clientWidth");

    private async Task<IPage> OpenAsync(string path)
    {
        var page = await sandbox.NewPageAsync(_foreign);
        await sandbox.SignInAsync(page, path);
        await Expect(page.GetByText("feeds live")).ToBeVisibleAsync();
        await Expect(page.Locator("tbody tr[data-row]").First).ToBeVisibleAsync();
        return page;
    }
}
