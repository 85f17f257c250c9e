using System.Globalization;
using System.Text.RegularExpressions;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

/// <summary>A real etcd with a group for each of many endpoints.</summary>
public sealed class ManyGroupsFixture(SharedBrowser browser) : ConsoleFixture(browser)
{
    internal const int Groups = 600;

    private EtcdServer? _etcd;

    protected override async Task<IReadOnlyDictionary<string, string>> SettingsAsync()
    {
        _etcd = await EtcdServer.StartAsync();
        await using var keys = new SeedWriter(_etcd);
        await keys.PutAsync("/calico/v1/Ready", "true", CancellationToken.None);
        await Parallel.ForAsync(0, Groups, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancel) =>
        {
            // Each lets in itself, and the one before it on one port.
            await keys.PutAsync(V1Keys.ProfileTags(Name(i)), $"[\"{Name(i)}\"]", cancel);
            await keys.PutAsync(V1Keys.ProfileRules(Name(i)),
                $$"""
                {"inbound_rules":[{"action":"allow","protocol":"tcp","src_tag":"{{Name(i - 1)}}","dst_ports":[5432]}],"outbound_rules":[{"action":"allow"}]}
                """, cancel);
            var endpoint = new WorkloadEndpoint
            {
                Id = new("node1", "openstack", $"instance-{i}", $"port-{i}"),
                InterfaceName = string.Create(CultureInfo.InvariantCulture, $"cali{i:x8}"),
                Mac = "ee:ee:ee:ee:ee:ee",
                ProfileIds = [Name(i)],
                IPv4Nets = [Cidr.Parse(string.Create(CultureInfo.InvariantCulture, $"10.1.{i >> 8}.{i & 255}/32"))],
            };
            await keys.PutAsync(V1Keys.WorkloadEndpoint(endpoint.Id), WorkloadEndpointCodec.Encode(endpoint), cancel);
        });
        return new Dictionary<string, string>(StringComparer.Ordinal) { ["ETCD_ENDPOINTS"] = _etcd.Endpoint };
    }

    protected override async ValueTask EndAsync()
    {
        if (_etcd is not null)
        {
            await _etcd.DisposeAsync();
        }
    }

    internal static string Name(int group) => string.Create(CultureInfo.InvariantCulture, $"group-{group:d4}");
}

/// <summary>The matrix of many groups in a browser: a window of it is drawn, walked by keys, zoomed, and found again by its address.</summary>
public sealed class MatrixTests(ManyGroupsFixture console) : IClassFixture<ManyGroupsFixture>
{
    private readonly List<string> _foreign = [];

    [Fact]
    public async Task ManyGroups_AreWalkedByKeys_AndOnlyAWindowIsDrawn()
    {
        var page = await OpenAsync("/reachability");
        var grid = page.GetByRole(AriaRole.Grid);
        await Expect(grid).ToHaveAttributeAsync("aria-rowcount", $"{ManyGroupsFixture.Groups + 1}");
        await Expect(Cell(page, 0, 1)).ToHaveTextAsync("tcp 5432");
        await Expect(Cell(page, 1, 0)).ToHaveTextAsync("none");
        await Cell(page, 0, 0).FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(Cell(page, 0, 1)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("End");
        await Expect(Cell(page, 0, 599)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Control+End");
        await Expect(Cell(page, 599, 599)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("PageUp");
        await Expect(page.Locator("[data-at]:focus")).ToHaveAttributeAsync("data-at", new Regex("^5[5-9][0-9],599$"));
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("Home");
        await Expect(page.Locator("[data-at]:focus")).ToHaveAttributeAsync("data-at", new Regex("^5[5-9][0-9],0$"));
        Assert.InRange(await page.Locator("[data-at]").CountAsync(), 50, 2000);
        // Heads stay with what is seen.
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "group-0000" })).ToBeInViewportAsync();
        await Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "group-0599" })).ToHaveCountAsync(1);
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Zoom_IsTheBrowsersOwn_ByButtonsAndKeys()
    {
        var page = await OpenAsync("/reachability");
        var cell = Cell(page, 2, 2);
        await Expect(cell).ToBeVisibleAsync();
        var before = (await cell.BoundingBoxAsync())!.Width;
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the matrix larger" }).ClickAsync();
        Assert.True((await cell.BoundingBoxAsync())!.Width > before * 1.1f, "the button makes nothing larger");
        await cell.FocusAsync();
        await page.Keyboard.PressAsync("0");
        Assert.Equal(before, (await cell.BoundingBoxAsync())!.Width, 1f);
        await page.Keyboard.PressAsync("-");
        Assert.True((await cell.BoundingBoxAsync())!.Width < before * 0.9f, "the key makes nothing smaller");
        // What comes into sight is drawn.
        await page.Keyboard.PressAsync("-");
        await page.Keyboard.PressAsync("-");
        await Expect(Cell(page, 20, 12)).ToBeInViewportAsync();
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Address_OfTwoGroups_ShowsTheirCell_AndTheTableSaysTheSame()
    {
        var page = await OpenAsync("/reachability?from=group-0410&to=group-0411");
        await Expect(page.Locator("[data-named-cell]")).ToContainTextAsync("group-0410 to group-0411: tcp 5432");
        await Expect(Cell(page, 410, 411)).ToBeInViewportAsync();
        await Expect(Cell(page, 410, 411)).ToHaveAttributeAsync("aria-current", "true");
        await Cell(page, 410, 411).ClickAsync();
        await Expect(page.Locator("[data-verdict=allowed]")).ToBeVisibleAsync();
        await Expect(Cell(page, 410, 411)).ToHaveAttributeAsync("aria-current", "true");

        await page.GotoAsync("/reachability?view=table");
        await Expect(page.Locator("tr[data-cell='group-0000>group-0001']")).ToContainTextAsync("tcp 5432");
        await Expect(page.Locator("[data-progress]")).ToHaveCountAsync(0);
        await page.Locator(".mx-table").EvaluateAsync("e => e.scrollTop = e.scrollHeight");
        await Expect(page.Locator("tr[data-cell='group-0598>group-0599']")).ToBeVisibleAsync();
        Assert.Empty(_foreign);
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task Matrix_HasNoFindings_AndDoesNotScrollThePageSideways(int width)
    {
        var page = await OpenAsync("/reachability", width);
        await Expect(Cell(page, 0, 1)).ToBeVisibleAsync();
        await PageCheck.CheckInBothColoursAsync(page, $"matrix-many-{width}");
        await page.GotoAsync("/reachability?q=group-000");
        await Expect(page.GetByRole(AriaRole.Grid)).ToHaveAttributeAsync("aria-rowcount", "11");
        await PageCheck.CheckInBothColoursAsync(page, $"matrix-few-{width}");
        Assert.Empty(_foreign);
    }

    private static ILocator Cell(IPage page, int row, int column) => page.Locator($"[data-at='{row},{column}']");

    private async Task<IPage> OpenAsync(string path, int width = 1440)
    {
        var page = await console.NewPageAsync(_foreign, width);
        await console.SignInAsync(page, path);
        await Expect(page.GetByText("feeds live")).ToHaveCountAsync(1);
        return page;
    }
}
