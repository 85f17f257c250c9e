using CalicoConsole.Tests;
using Microsoft.Playwright;

namespace CalicoConsole.E2E.Tests;

/// <summary>What the first page costs somebody whose browser has nothing of it yet.</summary>
public sealed class FirstLoadTests(BrowserFixture fixture, ITestOutputHelper output) : IClassFixture<BrowserFixture>
{
    private const long Most = 250_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task FirstLoad_OverTheWire_IsSmall(string environment)
    {
        await using var console = await RunningConsole.StartAsync(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ASPNETCORE_ENVIRONMENT"] = environment }, Cancel);
        await using var context = await fixture.Browser.NewContextAsync(new() { BaseURL = console.Address.ToString() });
        var page = await context.NewPageAsync();
        var session = await context.NewCDPSessionAsync(page);
        var addresses = new Dictionary<string, string>(StringComparer.Ordinal);
        var loaded = new List<(string Address, long Bytes)>();
        await session.SendAsync("Network.enable");
        session.Event("Network.requestWillBeSent").OnEvent += (_, e) =>
            addresses[e!.Value.GetProperty("requestId").GetString()!] = e.Value.GetProperty("request").GetProperty("url").GetString()!;
        session.Event("Network.loadingFinished").OnEvent += (_, e) =>
            loaded.Add((addresses[e!.Value.GetProperty("requestId").GetString()!], (long)e.Value.GetProperty("encodedDataLength").GetDouble()));

        await page.GotoAsync("/");
        await page.Locator("main[data-ready]").WaitForAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await page.EvaluateAsync("() => document.fonts.ready.then(() => true)");

        foreach (var (address, bytes) in loaded.OrderByDescending(l => l.Bytes))
        {
            output.WriteLine($"{bytes,9:N0}  {address}");
        }

        var all = loaded.Sum(l => l.Bytes);
        output.WriteLine($"{all,9:N0}  first load, {environment}");
        Assert.Contains(loaded, l => l.Address.Contains("MudBlazor.min", StringComparison.Ordinal) && l.Address.EndsWith(".css", StringComparison.Ordinal));
        Assert.True(all <= Most, $"the first page costs {all:N0} bytes");
    }

    [Fact]
    public async Task Frame_IsThereBeforeTheCircuit()
    {
        await using var context = await fixture.Browser.NewContextAsync(new() { BaseURL = fixture.Console.Address.ToString(), JavaScriptEnabled = false });
        var page = await context.NewPageAsync();
        await fixture.SignInWithoutScriptAsync(page, "/reachability");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Reachability", Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("Loading");
    }
}
