using CalicoConsole.E2E.Tests.WalkThrough;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

/// <summary>The walk-through without a mouse: pool, network, container, ping and the audit's line, nothing but keys.</summary>
public sealed class KeyboardJourneyTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    // More stops than the longest page has.
    private const int Stops = 300;
    private readonly List<string> _foreign = [];

    [Fact]
    public async Task FromPoolToPing_ByKeysAlone()
    {
        var page = await sandbox.NewPageAsync(_foreign);
        await sandbox.SignInAsync(page);
        await Expect(page.GetByText("feeds live")).ToBeVisibleAsync();

        await ChooseAsync(page, "Create IP pool", "Create IP pool");
        await TypeAsync(page, "CIDR", "192.0.2.0/24");
        await SaveAsync(page);

        await ChooseAsync(page, "Create network", "Create network");
        await TypeAsync(page, "Name", "by_keys");
        await SelectAsync(page, "IP pool", "192.0.2.0/24");
        await SelectAsync(page, "Docker host that is asked", "docker01");
        await SaveAsync(page);

        await ChooseAsync(page, "Create container", "Create container");
        await SelectAsync(page, "Docker host", "docker01");
        await TypeAsync(page, "Name", "typed1");
        await TypeAsync(page, "Image", "busybox");
        await TypeAsync(page, "Command (optional)", "sleep 3600");
        await SelectAsync(page, "Network", "by_keys");
        await TypeAsync(page, "Fixed IPv4 address", "192.0.2.9");
        await SaveAsync(page);

        // An object by its name, its action by Tab.
        await ChooseAsync(page, "typed1", "typed1");
        await TabToAsync(page, page.GetByRole(AriaRole.Link, new() { Name = "Ping", Exact = true }));
        await page.Keyboard.PressAsync("Enter");
        await TypeAsync(page, "Target", "192.0.2.9");
        await SaveAsync(page);

        await page.Keyboard.PressAsync("Escape");
        await TabToAsync(page, page.Locator("#nav").GetByRole(AriaRole.Link, new() { Name = "Audit", Exact = true }));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("main").GetByText("docker01/typed1").First).ToBeVisibleAsync();
        Assert.Empty(_foreign);
    }

    /// <summary>Opens an action or an object by the palette.</summary>
    private static async Task ChooseAsync(IPage page, string words, string heading)
    {
        await page.Keyboard.PressAsync("Control+k");
        await Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Find any object or action" })).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(words);
        await Expect(page.GetByRole(AriaRole.Option).First).ToContainTextAsync(words);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = heading, Exact = true }).WaitForAsync();
        await page.Locator("main[data-ready]").WaitForAsync();
    }

    private static async Task TypeAsync(IPage page, string label, string text)
    {
        var field = page.GetByLabel(label, new() { Exact = true });
        await TabToAsync(page, field);
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync(text);
        await Expect(field).ToHaveValueAsync(text);
        await page.Keyboard.PressAsync("Tab");
    }

    /// <summary>Chooses by the first letters of an option, as a select does it.</summary>
    private static async Task SelectAsync(IPage page, string label, string words)
    {
        var field = page.GetByLabel(label, new() { Exact = true });
        await TabToAsync(page, field);
        await page.Keyboard.TypeAsync(words);
        await Expect(field.Locator("option:checked")).ToContainTextAsync(words);
        await page.Keyboard.PressAsync("Tab");
    }

    private static async Task TabToAsync(IPage page, ILocator stop)
    {
        await stop.WaitForAsync();
        for (var presses = 0; presses < Stops; presses++)
        {
            if (await stop.EvaluateAsync<bool>("e => e === document.activeElement"))
            {
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"no Tab leads to {stop}");
    }

    private static async Task SaveAsync(IPage page)
    {
        await Expect(page.Locator(".plan-errors")).ToHaveCountAsync(0);
        await Expect(page.Locator(".plan:not(.effect)")).Not.ToContainTextAsync("Still needed");
        await page.Keyboard.PressAsync("Control+Enter");
        var outcome = page.Locator("[data-outcome]");
        await outcome.WaitForAsync(new() { Timeout = 90_000 });
        Assert.True(await outcome.GetAttributeAsync("data-outcome") == "Succeeded", await outcome.InnerTextAsync());
    }
}
