using CalicoConsole.E2E.Tests.WalkThrough;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

/// <summary>Extra profiles that outlive a restart, and VMs joined with containers, in a browser on the sandbox.</summary>
public sealed class AttachmentTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private const string Ping = "/reachability?from=docker01%2Fapi1&to=docker01%2Fweb1&protocol=icmp&port=8";
    private const string FromVm = "/reachability?from=10.65.0.3&to=docker01%2Fapi1&protocol=tcp&port=8080";

    private readonly List<string> _foreign = [];

    [Fact]
    public async Task RememberedProfile_ComesBackWithTheRestartedContainer_AndGoesWhenDetached()
    {
        var page = await OpenAsync(Ping);
        await Expect(page.Locator("[data-verdict=denied]")).ToBeVisibleAsync();

        await page.GotoAsync("/do/attach-profile?host=docker01&container=api1");
        await page.GetByLabel("Profile", new() { Exact = true }).SelectOptionAsync("frontend");
        await Expect(page.GetByLabel("Remember it")).ToBeCheckedAsync();
        await Expect(page.Locator(".effect-changes").First).ToBeVisibleAsync();
        await PageCheck.CheckAsync(page, "attach-profile");
        await page.GetByRole(AriaRole.Button, new() { Name = "Attach profile", Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        await page.GotoAsync(Ping);
        await Expect(page.Locator("[data-verdict=allowed]")).ToBeVisibleAsync();

        await page.GotoAsync("/containers");
        await page.GetByRole(AriaRole.Link, new() { Name = "api1", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Restart", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Restart container" }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();

        // A new endpoint, with the profile of its network alone until the console has given it the other again.
        await page.GotoAsync(Ping);
        await Expect(page.Locator("[data-verdict=allowed]")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await page.GotoAsync("/audit?kind=profile&object=frontend");
        await Expect(page.Locator("main").GetByText("console", new() { Exact = true }).First).ToBeVisibleAsync();

        await page.GotoAsync("/do/detach-profile?host=docker01&container=api1&profile=frontend");
        await page.GetByRole(AriaRole.Button, new() { Name = "Detach profile", Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        await page.GotoAsync(Ping);
        await Expect(page.Locator("[data-verdict=denied]")).ToBeVisibleAsync();
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Swap_FromTheProfilesPage_IsRememberedAsBoth_AndSwappedBack()
    {
        var page = await OpenAsync("/profiles/db?tab=endpoints");
        var carriers = page.Locator("tbody tr[data-row]");
        await Expect(carriers).Not.ToHaveCountAsync(0);
        var name = (await carriers.First.Locator("a").First.InnerTextAsync()).Trim();

        await carriers.First.GetByRole(AriaRole.Button, new() { Name = $"Actions of {name}" }).ClickAsync();
        await page.Locator("[data-row-actions]").GetByRole(AriaRole.Link, new() { Name = "Swap db for another" }).ClickAsync();
        await page.GetByLabel("Profile that comes").SelectOptionAsync("backend");
        await Expect(page.GetByLabel("Remember it")).ToBeCheckedAsync();
        await Expect(page.Locator("#effect-title")).ToHaveTextAsync("Effect of the swap");
        await Expect(page.Locator(".form-right")).ToContainTextAsync("gets the profile backend in the place of db");
        await PageCheck.CheckAsync(page, "swap-profile");
        await page.GetByRole(AriaRole.Button, new() { Name = "Swap profile", Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        var back = await page.GetByRole(AriaRole.Link, new() { Name = "Swap it back" }).GetAttributeAsync("href");
        await page.GotoAsync("/profiles/backend?tab=endpoints");
        await Expect(carriers.Filter(new() { HasText = name })).ToHaveCountAsync(1);

        await page.GotoAsync($"/{back}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Swap profile", Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        await page.GotoAsync("/profiles/db?tab=endpoints");
        await Expect(carriers.Filter(new() { HasText = name })).ToHaveCountAsync(1);
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task VmsAndContainers_AreJoinedAndSeparatedAsOne()
    {
        var page = await OpenAsync(FromVm);
        await Expect(page.Locator("[data-verdict=denied]")).ToBeVisibleAsync();

        await page.GotoAsync("/openstack");
        await page.GetByRole(AriaRole.Link, new() { Name = "Join VMs and containers" }).ClickAsync();
        await page.GetByLabel("Docker network").SelectOptionAsync("backend");
        await page.GetByLabel("Security group").SelectOptionAsync("openstack-sg-5b0d6a1e-3f7c-4f0e-9a55-1c7e2d9b4a10");
        await page.GetByLabel("Ports").FillAsync("8080");
        await Expect(page.Locator(".effect-changes").First).ToBeVisibleAsync();
        await Expect(page.Locator(".form-right")).ToContainTextAsync("Nothing of OpenStack's is touched");
        await PageCheck.CheckAsync(page, "join-vms");
        await page.GetByRole(AriaRole.Button, new() { Name = "Join", Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        var back = await page.GetByRole(AriaRole.Link, new() { Name = "Take it back" }).GetAttributeAsync("href");

        await page.GotoAsync(FromVm);
        await Expect(page.Locator("[data-verdict=allowed]")).ToBeVisibleAsync();

        await page.GotoAsync($"/{back}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Separate", Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        await page.GotoAsync(FromVm);
        await Expect(page.Locator("[data-verdict=denied]")).ToBeVisibleAsync();
        Assert.Empty(_foreign);
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task Forms_HaveNoSeriousFindings(int width)
    {
        var page = await OpenAsync("/do/attach-profile?network=backend", width);
        (string Name, string Path)[] forms =
        [
            ("attach", "/do/attach-profile?network=backend&profile=frontend"), ("detach", "/do/detach-profile?network=backend"),
            ("swap", "/do/swap-profile?network=backend&profile=backend&to=frontend"), ("attach-to", "/do/attach-profile?profile=frontend"),
            ("join", "/do/join-vms?network=backend&direction=both"),
        ];
        foreach (var (name, path) in forms)
        {
            await page.GotoAsync(path);
            await page.Locator("main[data-ready]").WaitForAsync();
            await Expect(page.GetByText("feeds live")).ToHaveCountAsync(1);
            await PageCheck.CheckInBothColoursAsync(page, name);
        }

        Assert.Empty(_foreign);
    }

    private async Task<IPage> OpenAsync(string path, int width = 1440)
    {
        var page = await sandbox.NewPageAsync(_foreign, width);
        await sandbox.SignInAsync(page, path);
        await Expect(page.GetByText("feeds live")).ToHaveCountAsync(1);
        return page;
    }
}
