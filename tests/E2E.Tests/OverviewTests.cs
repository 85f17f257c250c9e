using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

public sealed class OverviewTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private readonly List<string> _foreign = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreatePool_ThroughTheForm_ReachesEtcdAndComesBack()
    {
        var page = await fixture.NewPageAsync(_foreign);
        await fixture.SignInAsync(page, "/ippools");
        await page.GetByRole(AriaRole.Link, new() { Name = "Create pool" }).ClickAsync();
        var form = page.GetByRole(AriaRole.Form, new() { Name = "Create IP pool" });
        var cidr = form.GetByLabel("CIDR");
        var submit = form.GetByRole(AriaRole.Button, new() { Name = "Create pool" });

        // Nothing is said against a field that nobody has left yet.
        await cidr.FillAsync("198.51.100.1/24");
        await Expect(form.GetByText("not strictly masked")).ToHaveCountAsync(0);
        await cidr.BlurAsync();
        await Expect(form.GetByText("not strictly masked")).ToBeVisibleAsync();

        await cidr.FillAsync("198.51.100.0/24");
        var plan = page.GetByRole(AriaRole.Region, new() { Name = "What will happen" });
        await Expect(plan.GetByText("/calico/v1/ipam/v4/pool/198.51.100.0-24").First).ToBeVisibleAsync();
        await Expect(plan.GetByText("calicoctl create").First).ToBeVisibleAsync();
        await submit.ClickAsync();

        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "IP pool 198.51.100.0/24" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "198.51.100.0/24" })).ToBeVisibleAsync();
        Assert.Equal(
            """{"cidr":"198.51.100.0/24","ipip":"","ipip_mode":"","masquerade":false,"ipam":true,"disabled":false}""",
            await fixture.GetAsync("/calico/v1/ipam/v4/pool/198.51.100.0-24", Cancel));
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task ChangeMadeElsewhere_AppearsByItself()
    {
        var page = await fixture.NewPageAsync(_foreign);
        await fixture.SignInAsync(page, "/ippools");
        await Expect(page.GetByText("feeds live")).ToBeVisibleAsync();
        await fixture.PutAsync("/calico/v1/ipam/v4/pool/203.0.113.0-24", """{"cidr":"203.0.113.0/24","ipip":"tunl0","ipip_mode":"cross-subnet","masquerade":true,"ipam":true,"disabled":false}""", Cancel);
        var row = page.Locator("[data-pool='203.0.113.0/24']");
        await Expect(row).ToBeVisibleAsync();
        await Expect(row).ToContainTextAsync("cross-subnet");
        await fixture.PutAsync("/calico/v1/ipam/v4/pool/203.0.113.0-24", """{"cidr":"203.0.113.0/24","ipip":"","ipip_mode":"","masquerade":true,"ipam":true,"disabled":true}""", Cancel);
        await Expect(row).ToContainTextAsync("disabled");
    }

    [Fact]
    public async Task SignIn_WrongPassword_IsRefusedAndSignOutEndsIt()
    {
        var page = await fixture.NewPageAsync(_foreign);
        await page.GotoAsync("/do/create-pool");
        await page.GetByLabel("User").FillAsync("admin");
        await page.GetByLabel("Password").FillAsync("wrong");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("User and password do not match.");
        await page.GetByLabel("User").FillAsync("admin");
        await page.GetByLabel("Password").FillAsync(fixture.Console.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Form, new() { Name = "Create IP pool" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out admin" }).ClickAsync();
        await Expect(page.GetByLabel("Password")).ToBeVisibleAsync();
        await page.GotoAsync("/");
        await Expect(page.GetByLabel("Password")).ToBeVisibleAsync();
    }
}
