using CalicoConsole.Tests;
using Microsoft.Playwright;

namespace CalicoConsole.E2E.Tests;

/// <summary>A real etcd, the console over it, and one browser.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;

    internal EtcdServer Etcd { get; private set; } = null!;

    internal ConsoleProcess Console { get; private set; } = null!;

    internal IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Etcd = await EtcdServer.StartAsync();
        Console = await ConsoleProcess.StartAsync(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ETCD_ENDPOINTS"] = Etcd.Endpoint, ["Auth__ApiToken"] = "e2e", ["Cluster__Name"] = "test cluster" }, CancellationToken.None);
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Flags });
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (Console is not null)
        {
            await Console.DisposeAsync();
        }

        if (Etcd is not null)
        {
            await Etcd.DisposeAsync();
        }
    }

    /// <summary>A page of a new visitor. Anything it asks of another site is noted in <paramref name="foreign"/>.</summary>
    internal async Task<IPage> NewPageAsync(List<string> foreign, int width = 1440, ColorScheme colours = ColorScheme.Light)
    {
        var context = await Browser.NewContextAsync(new()
        {
            BaseURL = Console.Address.ToString(),
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = colours,
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(15_000);
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: "http" or "https" } uri && uri.Authority != Console.Address.Authority)
            {
                foreign.Add(request.Url);
            }
        };
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                foreign.Add("console: " + message.Text);
            }
        };
        return page;
    }

    /// <summary>Signs in and waits until the page is live.</summary>
    internal async Task SignInAsync(IPage page, string path = "/")
    {
        await page.GotoAsync(path);
        await page.GetByLabel("User").FillAsync("admin");
        await page.GetByLabel("Password").FillAsync(Console.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.Locator("main[data-ready]").WaitForAsync();
    }

    /// <summary>Writes a key as etcdctl does.</summary>
    internal async Task PutAsync(string key, string value, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var body = new FormUrlEncodedContent([KeyValuePair.Create("value", value)]);
        using var response = await http.PutAsync(new Uri($"{Etcd.Endpoint}/v2/keys{key}"), body, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Reads a key's value.</summary>
    internal async Task<string> GetAsync(string key, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var document = System.Text.Json.JsonDocument.Parse(await http.GetStringAsync(new Uri($"{Etcd.Endpoint}/v2/keys{key}"), cancellationToken));
        return document.RootElement.GetProperty("node").GetProperty("value").GetString()!;
    }
}
