using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

public sealed class PagesTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>, IAsyncLifetime
{
    private static readonly (string Name, string Path)[] Pages =
    [
        ("overview", "/"), ("topology", "/topology"), ("topology-profile", "/topology?by=profile&focus=group:my_net"),
            ("topology-table", "/topology?view=table"),
        ("nodes", "/nodes"), ("node", "/nodes/docker01"), ("node-endpoints", "/nodes/docker01?tab=endpoints"), ("node-yaml", "/nodes/docker01?tab=yaml"),
            ("node-history", "/nodes/docker01?tab=history"),
        ("pools", "/ippools"), ("pools-filtered", "/ippools?q=198&state=disabled"), ("pools-none", "/ippools?q=nothing"),
            ("pools-findings", "/ippools?tab=findings"), ("pools-nodes", "/ippools?tab=nodes&find=192.0.2.66"),
            ("release-leaks", "/do/release-addresses?ip=192.0.2.5&ip=192.0.2.66"),
            ("release-affinity", "/do/release-affinity?node=docker01&block=192.0.2.0-26"), ("pool", "/ippools/192.0.2.0-24?block=192.0.2.0%2F26"),
            ("pool-yaml", "/ippools/192.0.2.0-24?tab=yaml"), ("pool-missing", "/ippools/192.0.3.0-24"),
        ("networks", "/networks"), ("containers", "/containers"), ("connectivity", "/connectivity"), ("diagnose", "/do/diagnose"),
            ("scenes", "/scenes"), ("scene", "/scenes/mac-mismatch"), ("tour", "/scenes/tour"),
            ("captures", "/connectivity/captures"), ("capture-packets", "/do/capture"), ("load-helper", "/do/load-helper"),
            ("capture-missing", "/connectivity/captures/00000000-0000-0000-0000-000000000001"),
            ("legs", "/connectivity/legs"), ("legs-of-one",
                $"/connectivity/legs?workload=/calico/v1/host/docker01/workload/libnetwork/libnetwork/endpoint/{SeededCluster.Endpoint}"),
            ("delete-endpoint", $"/do/delete-endpoint?node=docker01&orchestrator=libnetwork&workload=libnetwork&name={SeededCluster.Endpoint}"),
            ("diagnosis-missing", "/connectivity/00000000-0000-0000-0000-000000000001"),
        ("endpoints", "/endpoints?sort=-address"), ("endpoint", $"/endpoints/docker01/libnetwork/libnetwork/{SeededCluster.Endpoint}"),
            ("endpoint-what-if", $"/endpoints/docker01/libnetwork/libnetwork/{SeededCluster.Endpoint}?tab=what-if"), ("endpoint-missing", "/endpoints/a/b/c/d"),
        ("profiles", "/profiles"), ("profile", "/profiles/my_net"), ("profile-slash", "/profiles/team/db"), ("profile-yaml", "/profiles/my_net?tab=yaml"),
            ("profile-endpoints", "/profiles/my_net?tab=endpoints"),
        ("audit", "/audit"), ("audit-filtered", "/audit?kind=ipPool&text=nothing"), ("audit-missing", "/audit/00000000-0000-0000-0000-000000000001"),
        ("not-found", "/no/such/page"),
    ];

    private readonly List<string> _foreign = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await SeededCluster.FillAsync(fixture.Etcd, Cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task Pages_HaveNoSeriousFindingsAndDoNotScrollSideways(int width)
    {
        var page = await fixture.NewPageAsync(_foreign, width);
        foreach (var colours in new[] { ColorScheme.Dark, ColorScheme.Light })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = colours });
            await page.GotoAsync("/account/sign-in");
            await PageCheck.CheckAsync(page, $"sign-in-{width}-{colours}");
        }

        await fixture.SignInAsync(page);
        await Expect(page.GetByText("feeds live")).ToBeVisibleAsync();
        var findings = new List<string>();
        foreach (var (name, path) in Pages)
        {
            await page.GotoAsync(path);
            await page.Locator("main[data-ready]").WaitForAsync();
            await Expect(page.GetByText("feeds live")).ToBeVisibleAsync();
            await Expect(page.Locator("#blazor-error-ui, main .notice.broken[role=alert]")).ToHaveCountAsync(0);
            try
            {
                await PageCheck.CheckInBothColoursAsync(page, name, tab: width == 1440);
            }
            catch (Xunit.Sdk.TrueException e)
            {
                findings.Add(e.Message);
            }
        }

        Assert.True(findings.Count == 0, string.Join('\n', findings));
        Assert.DoesNotContain(_foreign, f => !f.Contains("404", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pages_ShowWhatIsStored()
    {
        var page = await fixture.NewPageAsync(_foreign);
        await fixture.SignInAsync(page, "/ippools/192.0.2.0-24");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "192.0.2.0/24" })).ToBeVisibleAsync();
        await Expect(page.GetByText("52 of 256").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "192.0.2.64/26", Exact = true }).ClickAsync();
        await Expect(page.GetByText("192.0.2.66", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "YAML" }).ClickAsync();
        await Expect(page.Locator("pre.code")).ToContainTextAsync("kind: ipPool");

        await page.GotoAsync("/profiles/my_net");
        await Expect(page.Locator("[data-rule]").First)
            .ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"1\s*Allow everything from endpoints tagged my_net"));
        await page.GotoAsync("/");
        await Expect(page.Locator("[data-problem='key.unreadable /calico/v1/ipam/v4/pool/172.16.0.0-16']")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-problem='profile.missing openstack-sg-web']")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-problem='pool.nearly-full 203.0.113.0/26']")).ToBeVisibleAsync();
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task List_KeyboardAndAddress_FilterSortAndOpen()
    {
        var page = await fixture.NewPageAsync(_foreign);
        await fixture.SignInAsync(page, "/endpoints");
        await Expect(page.Locator("tr[data-endpoint]")).ToHaveCountAsync(3);
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("compute01");
        await Expect(page.Locator("tr[data-endpoint]")).ToHaveCountAsync(1);
        await Expect(page.Locator("[data-count]")).ToHaveTextAsync("1 of 3");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("q=compute01"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove filter compute01" }).ClickAsync();
        await Expect(page.Locator("tr[data-endpoint]")).ToHaveCountAsync(3);
        await page.GetByRole(AriaRole.Button, new() { Name = "Address" }).ClickAsync();
        await Expect(page.Locator("tr[data-endpoint]").First).ToContainTextAsync("192.0.2.2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Address" }).ClickAsync();
        await Expect(page.Locator("tr[data-endpoint]").First).ToContainTextAsync("instance-00000001");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "instance-00000001" })).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("sort=-address"));
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Palette_CtrlK_FindsAndOpens()
    {
        var page = await fixture.NewPageAsync(_foreign);
        await fixture.SignInAsync(page);
        await page.Keyboard.PressAsync("Control+k");
        var box = page.GetByRole(AriaRole.Combobox, new() { Name = "Find any object or action" });
        await box.FillAsync("192.0.2.0/24");
        await Expect(page.GetByRole(AriaRole.Option).First).ToContainTextAsync("192.0.2.0/24");
        await PageCheck.CheckAsync(page, "palette");
        await page.Keyboard.PressAsync("Escape");
        await Expect(box).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Control+k");
        await box.FillAsync("profile my_net");
        await Expect(page.GetByRole(AriaRole.Option).First).ToContainTextAsync("my_net");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("Enter");
        await Expect(box).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" })).ToBeVisibleAsync();
        await PageCheck.CheckAsync(page, "keys");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Button, new() { Name = "Operations: none runs" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Operations" })).ToBeVisibleAsync();
        await PageCheck.CheckAsync(page, "operations");
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Navigation_Narrow_IsADrawer()
    {
        var page = await fixture.NewPageAsync(_foreign, 390);
        await fixture.SignInAsync(page);
        var pools = page.Locator("#nav").GetByRole(AriaRole.Link, new() { Name = "IP pools", Exact = true });
        await Expect(pools).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Navigation" }).ClickAsync();
        await Expect(pools).ToBeVisibleAsync();
        await PageCheck.CheckAsync(page, "drawer");
        await pools.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "IP pools" })).ToBeVisibleAsync();
        await Expect(pools).ToBeHiddenAsync();
    }
}
