using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

/// <summary>Pages as people see them who have the system choose the colours, ask for more contrast, or enlarge everything.</summary>
public sealed class AdaptedPagesTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>, IAsyncLifetime
{
    private static readonly (string Name, string Path)[] Pages =
    [
        ("overview", "/"), ("topology", "/topology"), ("nodes", "/nodes"), ("pools", "/ippools"), ("pool", "/ippools/192.0.2.0-24?block=192.0.2.0%2F26"),
        ("endpoints", "/endpoints"), ("endpoint", $"/endpoints/docker01/libnetwork/libnetwork/{SeededCluster.Endpoint}"), ("profile", "/profiles/my_net"),
        ("edit-profile", "/do/edit-profile?name=my_net"), ("policies", "/policies"), ("reachability", "/reachability"), ("manifests", "/manifests"),
        ("audit", "/audit"),
    ];

    // What a background alone would say, and where it is said.
    private const string Unseen =
        """
        () => [...document.querySelectorAll('.use-fill, .tile .fill, .load-part')]
          .filter(e => e.getClientRects().length > 0 && getComputedStyle(e).forcedColorAdjust !== 'none').map(e => e.outerHTML.slice(0, 120))
        """;

    private readonly List<string> _foreign = [];

    public async ValueTask InitializeAsync() => await SeededCluster.FillAsync(fixture.Etcd, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public Task ForcedColours_LoseNothing() => EachAsync(1440, new() { ForcedColors = ForcedColors.Active }, async (page, name) =>
    {
        await PageCheck.CheckAsync(page, name);
        Assert.Empty(await page.EvaluateAsync<string[]>(Unseen));
        Assert.True(await PageCheck.TabThroughAsync(page, name) > 0, $"{name}: nothing takes the focus");
        foreach (var strip in await page.Locator("nav.tabs").AllAsync())
        {
            var lines = await strip.EvaluateAsync<string[]>("e => [...e.querySelectorAll('a')].map(a => getComputedStyle(a).borderBottomColor)");
            Assert.True(lines.Length < 2 || lines.Distinct().Count() == 2, $"{name}: the open tab looks like the others");
        }
    });

    [Fact]
    public Task MoreContrast_TextAndLinesAreStronger() => EachAsync(1440, new() { Contrast = Contrast.More }, async (page, name) =>
    {
        await PageCheck.CheckAsync(page, name);
        Assert.True(await page.EvaluateAsync<bool>("""
            () => { const s = getComputedStyle(document.documentElement); const v = n => s.getPropertyValue(n).trim();
              return v('--cc-muted') === v('--cc-text') && v('--cc-line') === v('--cc-field'); }
            """), $"{name}: no stronger colours");
    });

    /// <summary>1440 × 900 at 200 % leaves a page half of each; at 400 % 360.</summary>
    [Theory]
    [InlineData(720)]
    [InlineData(360)]
    public Task Enlarged_NothingIsCutOrScrollsSideways(int width) => EachAsync(width, new(), PageCheck.CheckAsync);

    private async Task EachAsync(int width, PageEmulateMediaOptions media, Func<IPage, string, Task> check)
    {
        var page = await fixture.NewPageAsync(_foreign, width);
        await page.SetViewportSizeAsync(width, 450);
        await page.EmulateMediaAsync(media);
        await fixture.SignInAsync(page);
        var findings = new List<string>();
        foreach (var (name, path) in Pages)
        {
            await page.GotoAsync(path);
            await page.Locator("main[data-ready]").WaitForAsync();
            await Expect(page.Locator("#blazor-error-ui")).ToBeHiddenAsync();
            try
            {
                await check(page, $"adapted-{name}-{width}");
            }
            catch (Xunit.Sdk.XunitException e)
            {
                findings.Add($"{name}: {e.Message}");
            }
        }

        Assert.True(findings.Count == 0, string.Join('\n', findings));
        Assert.DoesNotContain(_foreign, f => !f.Contains("404", StringComparison.Ordinal));
    }
}
