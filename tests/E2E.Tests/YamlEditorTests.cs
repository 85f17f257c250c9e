using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

/// <summary>The YAML editor in a browser: what is typed arrives, errors stand on their lines, keys are completed, and nobody is caught in it.</summary>
public sealed class YamlEditorTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>, IAsyncLifetime
{
    private const string Policies = "/calico/v1/policy/tier/default/policy";
    private const string Policy = "apiVersion: v1\nkind: policy\nmetadata:\n  name: typed\nspec:\n  order: 1\n  selector: has(a)\n";

    private readonly List<string> _foreign = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await SeededCluster.FillAsync(fixture.Etcd, Cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Editor_MarksErrorsOnTheirLines_AndTabLeavesIt(int width, ColorScheme colours)
    {
        var page = await fixture.NewPageAsync(_foreign, width, colours);
        await fixture.SignInAsync(page, "/manifests");
        var editor = page.GetByRole(AriaRole.Textbox, new() { Name = "Manifest", Exact = true });
        await Expect(page.Locator("[data-editing] .cm-content")).ToBeVisibleAsync();
        await editor.FillAsync(Policy.Replace("order: 1", "order: high", StringComparison.Ordinal));
        await Expect(page.Locator(".cm-wrongLine")).ToHaveTextAsync("  order: high");
        await Expect(editor).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.Locator(".cm-gutter-lint .cm-lint-marker-error")).ToHaveCountAsync(1);
        await PageCheck.CheckInBothColoursAsync(page, $"yaml-editor-{width}");

        await editor.FillAsync(Policy);
        await Expect(page.Locator("tr[data-document=typed]")).ToBeVisibleAsync();
        await Expect(page.Locator(".cm-wrongLine")).ToHaveCountAsync(0);
        await editor.FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(editor).Not.ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Shift+Tab");
        await Expect(editor).ToBeFocusedAsync();
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Keys_AreCompletedFromOurSchema_WithWhatTheyAreFor()
    {
        var page = await fixture.NewPageAsync(_foreign);
        await fixture.SignInAsync(page, "/manifests");
        var editor = page.Locator("[data-editing] .cm-content");
        await editor.FillAsync("apiVersion: v1\nkind: policy\nmetadata:\n  name: typed\nspec:\n  ingress:\n  - action: allow\n    ");
        await page.Keyboard.PressAsync("Control+Space");
        var options = page.Locator(".cm-tooltip-autocomplete").GetByRole(AriaRole.Option);
        await Expect(options.GetByText("destination", new() { Exact = true })).ToBeVisibleAsync();
        // What stands there already is not offered again; what belongs elsewhere neither.
        await Expect(options.GetByText("action", new() { Exact = true })).ToHaveCountAsync(0);
        await Expect(options.GetByText("selector", new() { Exact = true })).ToHaveCountAsync(0);
        await page.Keyboard.TypeAsync("dest");
        await Expect(page.Locator(".cm-completionInfo")).ToContainTextAsync("Whom the traffic goes to");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("sele");
        await Expect(options).ToHaveCountAsync(2);
        await options.First.ClickAsync();
        await page.Keyboard.TypeAsync("has(b)");
        await Expect(page.Locator("textarea#f-manifest")).ToHaveValueAsync(new Regex("\n    destination:\n      selector: has\\(b\\)$"));

        await editor.FillAsync("apiVersion: v1\nkind: ");
        await page.Keyboard.TypeAsync("w");
        await Expect(options).ToHaveCountAsync(1);
        await options.First.ClickAsync();
        await Expect(page.Locator("textarea#f-manifest")).ToHaveValueAsync("apiVersion: v1\nkind: workloadEndpoint");
        Assert.Empty(_foreign);
    }

    /// <summary>The last letters before Ctrl+Enter are part of what is sent, on a slow line too.</summary>
    [Fact]
    public async Task Letters_TypedOnASlowLine_AreAllSent()
    {
        var page = await fixture.NewPageAsync(_foreign);
        await fixture.SignInAsync(page, "/manifests");
        var editor = page.Locator("[data-editing] .cm-content");
        await editor.FillAsync(Policy);
        await Expect(page.Locator("tr[data-document=typed][data-outcome=applied]")).ToBeVisibleAsync();
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Network.emulateNetworkConditions", new Dictionary<string, object>
        {
            ["offline"] = false,
            ["latency"] = 80,
            ["downloadThroughput"] = -1,
            ["uploadThroughput"] = -1,
        });
        await editor.FocusAsync();
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.TypeAsync("# abcdefghijklmnopqrstuvwxyz");
        await page.Keyboard.PressAsync("Control+Home");
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.TypeAsync(" # first");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        await Expect(page.Locator("textarea#f-manifest")).ToHaveValueAsync(
            Policy.Replace("apiVersion: v1", "apiVersion: v1 # first", StringComparison.Ordinal) + "# abcdefghijklmnopqrstuvwxyz");
        Assert.Equal("""{"order":1,"selector":"has(a)","types":["ingress"]}""", await fixture.GetAsync($"{Policies}/typed", Cancel));
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Conflict_IsPutTogetherSideBySide()
    {
        var page = await fixture.NewPageAsync(_foreign);
        await fixture.PutAsync($"{Policies}/both", """{"order":7,"inbound_rules":[{"action":"allow"}],"selector":"has(a)","types":["ingress"]}""", Cancel);
        await fixture.SignInAsync(page, "/do/edit-policy?name=both");
        await page.GetByLabel("Order", new() { Exact = true }).FillAsync("8");
        await fixture.PutAsync($"{Policies}/both", """{"order":7,"inbound_rules":[{"action":"deny"}],"selector":"has(a)","types":["ingress"]}""", Cancel);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show their version" }).ClickAsync();
        var mine = page.GetByRole(AriaRole.Textbox, new() { Name = "Mine, as it will be" });
        await Expect(mine).ToContainTextAsync("order: 8");
        await Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Theirs, as it is now" })).ToContainTextAsync("action: deny");
        await PageCheck.CheckInBothColoursAsync(page, "yaml-merge");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take this change of theirs" }).First.PressAsync("Enter");
        await Expect(mine).ToContainTextAsync("action: deny");
        await Expect(mine).ToContainTextAsync("order: 8");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take this text" }).ClickAsync();
        await Expect(page.Locator("[data-conflict]")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save policy" }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        Assert.Equal("""{"order":8,"inbound_rules":[{"action":"deny"}],"selector":"has(a)","types":["ingress"]}""",
            await fixture.GetAsync($"{Policies}/both", Cancel));
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task WithoutItsBundle_TheTextAreaServes_AndThePageSaysSo()
    {
        List<string> expected = [];
        var page = await fixture.NewPageAsync(expected, 390);
        await page.RouteAsync("**/bundles/**", route => route.AbortAsync());
        await fixture.SignInAsync(page, "/manifests");
        await Expect(page.Locator("[data-plain]")).ToContainTextAsync("this is a plain text");
        await page.GetByLabel("Manifest", new() { Exact = true }).FillAsync(Policy);
        await Expect(page.Locator("tr[data-document=typed]")).ToBeVisibleAsync();
        await PageCheck.CheckAsync(page, "yaml-plain-390");
        await page.GotoAsync("/ippools");
        await page.Locator("tr[data-row] a").First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "YAML", Exact = true }).ClickAsync();
        await Expect(page.Locator("pre.code")).ToBeVisibleAsync();
        Assert.All(expected, e => Assert.Contains("ERR_FAILED", e, StringComparison.Ordinal));
    }
}
