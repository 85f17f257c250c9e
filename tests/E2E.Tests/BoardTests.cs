using CalicoConsole.E2E.Tests.WalkThrough;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

/// <summary>Pages of assertions, the policy board and drafts in a browser, on the sandbox.</summary>
[Collection(Browsing.Name)]
public sealed class BoardTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private readonly List<string> _foreign = [];

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Pages_HaveNoSeriousFindingsAndDoNotScrollSideways(int width, ColorScheme colours)
    {
        var page = await OpenAsync("/assertions", width, colours);
        foreach (var (name, path) in new[]
        {
            ("assertions", "/assertions"), ("create-assertion", "/do/create-assertion"), ("policy-board", "/policy-board"), ("disable-policy", "/do/disable-policy?name=quarantine"), ("drafts", "/drafts"),
        })
        {
            await GoAsync(page, path);
            await PageCheck.CheckAsync(page, $"board-{name}-{width}-{colours}");
        }

        Assert.Empty(_foreign);
    }

    private static async Task GoAsync(IPage page, string path)
    {
        await page.GotoAsync(path);
        await page.Locator("main[data-ready]").WaitForAsync();
        await Expect(page.GetByText("feeds live")).ToHaveCountAsync(1);
    }

    private async Task<IPage> OpenAsync(string path, int width = 1440, ColorScheme colours = ColorScheme.Light)
    {
        var page = await sandbox.NewPageAsync(_foreign, width, colours);
        await sandbox.SignInAsync(page, path);
        await Expect(page.GetByText("feeds live")).ToHaveCountAsync(1);
        return page;
    }
}
