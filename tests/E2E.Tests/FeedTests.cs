using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

/// <summary>What the screen says while the sources are gone, and that it comes back by itself.</summary>
public sealed class FeedTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const string Pool = "/calico/v1/ipam/v4/pool/203.0.113.0-24";
    private static readonly LocatorAssertionsToBeVisibleOptions Soon = new() { Timeout = 60_000 };

    private readonly List<string> _foreign = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EtcdKilledWipedAndBack_ScreenIsStaleThenLiveAgain()
    {
        await fixture.PutAsync(Pool, Document(disabled: false), Cancel);
        var page = await fixture.NewPageAsync(_foreign);
        await fixture.SignInAsync(page, "/ippools");
        await Expect(page.GetByText("feeds live")).ToBeVisibleAsync(Soon);
        var row = page.Locator("[data-pool='203.0.113.0/24']");
        await Expect(row).ToBeVisibleAsync();

        await fixture.Etcd.KillAsync();
        await Expect(page.GetByText("feeds live")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        await Expect(page.Locator("section.objects.stale-data")).ToBeVisibleAsync(Soon);
        // What was last seen stays in sight, marked as old.
        await Expect(row).ToBeVisibleAsync();

        await fixture.Etcd.StartAgainAsync(Cancel);
        await Expect(page.GetByText("feeds live")).ToBeVisibleAsync(Soon);
        await fixture.PutAsync(Pool, Document(disabled: true), Cancel);
        await Expect(row).ToContainTextAsync("disabled", new() { Timeout = 30_000 });

        await fixture.Etcd.KillAsync();
        fixture.Etcd.Wipe();
        await fixture.Etcd.StartAgainAsync(Cancel);
        await Expect(row).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        await Expect(page.GetByText("feeds live")).ToBeVisibleAsync(Soon);
    }

    [Fact]
    public async Task TwoBrowsersOneProfile_SecondSeesTheConflictAndAppliesOnTop()
    {
        const string name = "shared";
        await fixture.PutAsync($"/calico/v1/policy/profile/{name}/tags", "[\"shared\"]", Cancel);
        await fixture.PutAsync($"/calico/v1/policy/profile/{name}/labels", "{}", Cancel);
        await fixture.PutAsync($"/calico/v1/policy/profile/{name}/rules", """{"inbound_rules":[{"action":"allow","src_tag":"shared"}],"outbound_rules":[{"action":"allow"}]}""", Cancel);
        var (first, second) = (await fixture.NewPageAsync(_foreign), await fixture.NewPageAsync(_foreign));
        foreach (var page in new[] { first, second })
        {
            await fixture.SignInAsync(page, $"/do/edit-profile?name={name}");
            await page.GetByLabel("Tags", new() { Exact = true }).WaitForAsync();
        }

        await second.GetByLabel("Tags", new() { Exact = true }).FillAsync("shared, second");
        await first.GetByLabel("Tags", new() { Exact = true }).FillAsync("shared, first");
        await first.GetByRole(AriaRole.Button, new() { Name = "Save profile" }).ClickAsync();
        await Expect(first.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync(Soon);

        // The other one hears of it while typing, may not overwrite it, and loses nothing of its own.
        await Expect(second.Locator("[data-conflict=changed]")).ToBeVisibleAsync(Soon);
        await second.GetByRole(AriaRole.Button, new() { Name = "Show their version" }).ClickAsync();
        await Expect(second.Locator("[data-conflict=changed]")).ToContainTextAsync("first");
        await second.GetByRole(AriaRole.Button, new() { Name = "Apply mine on top" }).ClickAsync();
        await Expect(second.GetByRole(AriaRole.Button, new() { Name = "Remove tag first" })).ToBeVisibleAsync();
        await Expect(second.GetByRole(AriaRole.Button, new() { Name = "Remove tag second" })).ToBeVisibleAsync();
        await second.GetByRole(AriaRole.Button, new() { Name = "Save profile" }).ClickAsync();
        await Expect(second.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync(Soon);
        var tags = await fixture.GetAsync($"/calico/v1/policy/profile/{name}/tags", Cancel);
        Assert.Equal(["first", "second", "shared"], System.Text.Json.JsonSerializer.Deserialize<string[]>(tags)!.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task KeyboardOnly_CreatePoolFromThePalette()
    {
        var page = await fixture.NewPageAsync(_foreign);
        await fixture.SignInAsync(page);
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("create ip pool");
        await Expect(page.GetByRole(AriaRole.Option).First).ToContainTextAsync("Create IP pool");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Create IP pool" })).ToBeVisibleAsync();
        await TabToAsync(page, page.GetByLabel("CIDR"));
        await page.Keyboard.TypeAsync("100.64.0.0/24");
        await TabToAsync(page, page.GetByLabel("NAT outgoing"));
        await page.Keyboard.PressAsync("Space");
        await TabToAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Create pool", Exact = true }));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync(Soon);
        await TabToAsync(page, page.GetByRole(AriaRole.Link, new() { Name = "IP pool 100.64.0.0/24" }));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "100.64.0.0/24" })).ToBeVisibleAsync();
        Assert.Contains("\"masquerade\":true", await fixture.GetAsync("/calico/v1/ipam/v4/pool/100.64.0.0-24", Cancel), StringComparison.Ordinal);
        Assert.Empty(_foreign);
    }

    private static async Task TabToAsync(IPage page, ILocator wanted)
    {
        for (var presses = 0; presses < 80; presses++)
        {
            if (await wanted.EvaluateAsync<bool>("e => e === document.activeElement"))
            {
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"80 presses of Tab do not reach {wanted}");
    }

    private static string Document(bool disabled) =>
        $$"""{"cidr":"203.0.113.0/24","ipip":"","ipip_mode":"","masquerade":true,"ipam":true,"disabled":{{(disabled ? "true" : "false")}}}""";
}
