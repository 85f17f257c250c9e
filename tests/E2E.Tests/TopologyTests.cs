using System.Text.RegularExpressions;
using CalicoConsole.E2E.Tests.WalkThrough;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

/// <summary>The picture of everything: by keys, by mouse, and with what was tried on the wire.</summary>
public sealed class TopologyTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private readonly List<string> _foreign = [];

    [Fact]
    public async Task Picture_IsWalkedByKeys_ZoomedAndDragged_WithoutTheServer()
    {
        var page = await sandbox.NewPageAsync(_foreign);
        await sandbox.SignInAsync(page, "/topology");
        var svg = page.Locator("svg.topology");
        await Expect(svg.Locator("a[data-id='host:docker01']")).ToBeVisibleAsync();
        await Expect(page.GetByText("Reading…")).ToHaveCountAsync(0);
        await PageCheck.CheckInBothColoursAsync(page, "topology-sandbox");

        await svg.Locator("a[tabindex='0']").FocusAsync();
        await page.Keyboard.PressAsync("Home");
        await Expect(svg.Locator("a[data-id='host:compute01']")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(svg.Locator("a[data-id='host:docker01']")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(svg.Locator("a:focus")).ToHaveAttributeAsync("data-id", new Regex("^workload:docker01/"));
        await page.Keyboard.PressAsync("+");
        await Expect(svg).ToHaveAttributeAsync("data-zoomed", "");
        await page.Keyboard.PressAsync("0");
        await Expect(svg).Not.ToHaveAttributeAsync("data-zoomed", "");

        // Whoever drags from a box does not open it.
        var at = (await svg.Locator("a[data-id='host:docker02']").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(at.X + 20, at.Y + 10);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(at.X + 90, at.Y + 60, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        await Expect(svg.Locator("[data-world]")).ToHaveAttributeAsync("transform", new Regex(@"^translate\([1-9]"));
        await Expect(page).ToHaveURLAsync(new Regex("/topology$"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Show all", Exact = true }).ClickAsync();

        await svg.Locator("a[data-id='group:frontend']").PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("focus=group%3Afrontend|focus=group:frontend"));
        var details = page.Locator("[data-focus='group:frontend']");
        await Expect(details).ToContainTextAsync("May send to");
        await Expect(details.GetByRole(AriaRole.Link, new() { Name = "db", Exact = true }).First).ToBeVisibleAsync();
        await details.GetByRole(AriaRole.Link, new() { Name = "Look at everything" }).ClickAsync();
        await Expect(page.Locator("[data-focus]")).ToHaveCountAsync(0);
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Ping_ThatWasAnswered_IsColouredOnThePicture()
    {
        var page = await sandbox.NewPageAsync(_foreign);
        await sandbox.SignInAsync(page, "/reachability?from=docker01%2Fweb1&to=docker01%2Fapi1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run the ping", Exact = true }).ClickAsync();
        await Expect(page.GetByText("The ping was answered").First).ToBeVisibleAsync();

        await page.Locator("#nav").GetByRole(AriaRole.Link, new() { Name = "Topology", Exact = true }).ClickAsync();
        await Expect(page.Locator("svg.topology path.edge.probe.works")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Link, new() { Name = "Table", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Cell, new() { NameRegex = new("^ping: [0-9]+ of [0-9]+ answered$") })).ToBeVisibleAsync();
        Assert.Empty(_foreign);
    }
}
