using System.Text.Json;
using CalicoConsole.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests.WalkThrough;

/// <summary>What the journeys on the lab have in common: a visitor in a browser, and the real thing beside the screen, by etcd, docker and packets.</summary>
public abstract class LabJourney(LabBrowserFixture fixture)
{
    protected const string First = "docker01";
    protected const string Second = "docker02";
    protected const string Network = "my_net";
    protected const string Subnet = "192.0.2.0/24";

    private readonly List<string> _foreign = [];

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected LabCluster Lab => fixture.Lab;

    /// <summary>What the pages asked of other sites, or wrote to the browser's console as an error.</summary>
    protected IReadOnlyList<string> Foreign => _foreign;

    /// <summary>The page of a visitor who signed in, with all feeds live.</summary>
    protected async Task<IPage> OpenAsync(string path = "/", int width = 1440, ColorScheme colours = ColorScheme.Light)
    {
        var page = await fixture.NewPageAsync(_foreign, width, colours);
        await fixture.SignInAsync(page, path);
        await LiveAsync(page);
        return page;
    }

    /// <summary>Opens an address and waits until the page is drawn by a live console.</summary>
    protected static async Task GoAsync(IPage page, string path)
    {
        await page.GotoAsync(path);
        await page.Locator("main[data-ready]").WaitForAsync();
        await LiveAsync(page);
    }

    /// <summary>Waits until every feed is live.</summary>
    protected static Task LiveAsync(IPage page) => Expect(page.GetByText("feeds live")).ToHaveCountAsync(1, new() { Timeout = 60_000 });

    /// <summary>
    /// What must hold on the page in sight, on a desk and on a telephone in the dark, after which it is as it was. With CC_SCREENSHOTS also in the other
    /// colours of both, for the pictures.
    /// </summary>
    protected static async Task LookAsync(IPage page, string name)
    {
        (int Width, ColorScheme Colours)[] looks = Environment.GetEnvironmentVariable("CC_SCREENSHOTS") is { Length: > 0 }
            ? [(1440, ColorScheme.Light), (1440, ColorScheme.Dark), (390, ColorScheme.Light), (390, ColorScheme.Dark)]
            : [(1440, ColorScheme.Light), (390, ColorScheme.Dark)];
        foreach (var (width, colours) in looks)
        {
            await page.SetViewportSizeAsync(width, 900);
            await PageCheck.ColourAsync(page, colours);
            await PageCheck.CheckAsync(page, FormattableString.Invariant($"lab-{name}-{width}-{colours}"));
        }

        await page.SetViewportSizeAsync(1440, 900);
        await PageCheck.ColourAsync(page, ColorScheme.Light);
    }

    /// <summary>Opens one of the page's "More" menus and follows a link in it.</summary>
    protected static async Task MoreAsync(IPage page, string link)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "More", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = link, Exact = true }).ClickAsync();
    }

    /// <summary>What stands under a key now.</summary>
    protected async Task<string> KeyAsync(string key) =>
        (await Lab.KeysAsync()).SingleOrDefault(l => l.StartsWith(key + "=", StringComparison.Ordinal)) is { } line
        ? line[(key.Length + 1)..] : throw new InvalidOperationException($"etcd has no {key}");

    /// <summary>Whether there is such a key.</summary>
    protected async Task<bool> HasAsync(string key) => (await Lab.KeysAsync()).Any(l => l.StartsWith(key + "=", StringComparison.Ordinal));

    /// <summary>Fails unless the keys that a step of the golden data wrote are there with its bytes, with other names where the step had its own.</summary>
    protected async Task AssertGoldenAsync(string step, params (string Its, string Here)[] names)
    {
        var keys = await Lab.KeysAsync();
        foreach (var line in GoldenSet(step, names))
        {
            Assert.Contains(line, keys);
        }
    }

    /// <summary>What a step of the golden data wrote, as lines <c>key=value</c>.</summary>
    protected static string[] GoldenSet(string step, params (string Its, string Here)[] names)
    {
        using var document = Golden(step);
        var lines = document.RootElement.GetProperty("set").EnumerateObject()
            .Select(p => names.Aggregate($"{p.Name}={p.Value.GetString()}", (text, n) => text.Replace(n.Its, n.Here, StringComparison.Ordinal))).ToArray();
        Assert.NotEmpty(lines);
        return lines;
    }

    /// <summary>The document that a step of the golden data gave to calicoctl.</summary>
    protected static string GoldenInput(string step)
    {
        using var document = Golden(step);
        return document.RootElement.GetProperty("input").GetString()!.TrimEnd();
    }

    private static JsonDocument Golden(string step) => JsonDocument.Parse(File.ReadAllText(Repository.Golden($"{step}.json")));
}
