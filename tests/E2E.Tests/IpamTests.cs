using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

/// <summary>Addresses that nobody has, on a real etcd: seen, understood, repaired, gone.</summary>
public sealed class IpamTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>, IAsyncLifetime
{
    private const string Block = "/calico/ipam/v2/assignment/ipv4/block/192.0.2.0-26";

    private readonly List<string> _foreign = [];

    // An operation ends when its audit is on the disk and its effect was seen: on a busy machine that takes a while.
    private static readonly LocatorAssertionsToBeVisibleOptions Ended = new() { Timeout = 30_000 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await SeededCluster.FillAsync(fixture.Etcd, Cancel);
        await fixture.PutAsync("/calico/ipam/v2/host/docker01/ipv4/block/192.0.2.0-26", "{}", Cancel);
        await fixture.PutAsync("/calico/ipam/v2/host/docker02/ipv4/block/192.0.2.64-26", "{}", Cancel);
        await fixture.PutAsync("/calico/ipam/v2/host/docker01/ipv4/block/203.0.113.0-26", "{}", Cancel);
        await fixture.PutAsync("/calico/ipam/v2/host/gone/ipv4/block/192.0.2.192-26", "{}", Cancel);
        await fixture.PutAsync("/calico/ipam/v2/handle/left-over", """{"block":{"192.0.2.0/26":1}}""", Cancel);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Leak_IsSeenInItsBlock_ReleasedAndGone_ThenAllOthersAtOnce()
    {
        var page = await fixture.NewPageAsync(_foreign);
        await fixture.SignInAsync(page, "/ippools");

        // Found from the list by its address, drawn in its block, with the reason.
        await page.GetByLabel("Find an address").FillAsync("192.0.2.5");
        await page.GetByRole(AriaRole.Button, new() { Name = "Find address" }).ClickAsync();
        var found = page.Locator("[data-found='192.0.2.5']");
        await Expect(found).ToContainTextAsync(new Regex("(perhaps a )?leak"));
        await found.GetByRole(AriaRole.Link, new() { Name = "192.0.2.0/26" }).ClickAsync();
        await Expect(page.Locator("[data-cell='192.0.2.5']")).ToHaveClassAsync("cell suspect");
        await Expect(page.Locator("[data-cell='192.0.2.2']")).ToHaveClassAsync("cell endpoint");
        await Expect(page.Locator("[data-cell='192.0.2.20']")).ToHaveClassAsync("cell free");
        await Expect(page.Locator("[data-tile]")).ToHaveCountAsync(2);
        await PageCheck.CheckAsync(page, "ipam-block");

        // What an endpoint has cannot be released.
        await page.GotoAsync("/do/release-addresses?ip=192.0.2.2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Release address" }).ClickAsync();
        await Expect(page.Locator(".plan-errors")).ToContainTextAsync("stop the workload");

        // Released: the document changes, and the cell is free.
        await page.GotoAsync("/ippools/192.0.2.0-24?block=192.0.2.0%2F26");
        await page.GetByRole(AriaRole.Link, new() { Name = "Release address 192.0.2.5", Exact = true }).ClickAsync();
        await Expect(page.Locator(".plan")).ToContainTextAsync("calicoctl ipam release --ip=192.0.2.5");
        await PageCheck.CheckAsync(page, "ipam-release");
        await page.GetByRole(AriaRole.Button, new() { Name = "Release address" }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync(Ended);
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToContainTextAsync("Released address 192.0.2.5");
        Assert.EndsWith(",5]", Regex.Match(await fixture.GetAsync(Block, Cancel), "\"unallocated\":\\[[0-9,]*\\]").Value, StringComparison.Ordinal);
        await page.GotoAsync("/ippools/192.0.2.0-24?block=192.0.2.0%2F26");
        await Expect(page.Locator("[data-cell='192.0.2.5']")).ToHaveClassAsync("cell free");
        await Expect(page.Locator("[data-address='192.0.2.5']")).ToHaveCountAsync(0);

        // Once they are confirmed, the overview names them and all go at once; the bound is twice the time of confirmation.
        await page.GotoAsync("/");
        await Expect(page.Locator("[data-problem='ipam.leak']")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await page.Locator("[data-problem='ipam.leak'] a").ClickAsync();
        await Expect(page.Locator("[data-finding^=Leak]").First).ToBeVisibleAsync();
        await PageCheck.CheckAsync(page, "ipam-findings");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Release \\d+ leaked addresses") }).ClickAsync();
        await Expect(page.Locator("form[data-phase=editing] label").First).ToBeVisibleAsync();
        await PageCheck.CheckAsync(page, "ipam-release-all");
        await page.GetByRole(AriaRole.Button, new() { Name = "Release addresses" }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync(Ended);
        await page.GotoAsync("/ippools?tab=findings");
        await Expect(page.Locator("[data-finding^=AffinityOfMissingNode]")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-finding^=Leak]")).ToHaveCountAsync(0);
        await page.GotoAsync("/ippools");
        await Expect(page.Locator("tr[data-pool='192.0.2.0/24']")).ToContainTextAsync("3 of 256");
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task References_ThatAreBroken_AreRepairedFromTheFindings()
    {
        var page = await fixture.NewPageAsync(_foreign, width: 390);
        await fixture.SignInAsync(page, "/ippools?tab=findings");

        await page.Locator("[data-finding^='HandleUnused'] a.btn").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Rebuild handle" }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync(Ended);
        await page.GetByRole(AriaRole.Link, new() { Name = "IPAM findings" }).ClickAsync();
        await Expect(page.Locator("[data-finding^='HandleUnused']")).ToHaveCountAsync(0);

        await page.Locator("[data-finding='AffinityOfMissingNode 192.0.2.192/26 gone'] a.btn").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Release affinity" }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync(Ended);
        await page.GotoAsync("/ippools?tab=findings");
        await page.Locator("main[data-ready]").WaitForAsync();
        await Expect(page.Locator("[data-finding^='AffinityOfMissingNode']")).ToHaveCountAsync(0);
        await page.GotoAsync("/ippools?tab=nodes");
        await Expect(page.Locator("[data-node=docker02]")).ToContainTextAsync("of 64");
        await PageCheck.CheckAsync(page, "ipam-nodes-390");
        Assert.Empty(_foreign);
    }
}
