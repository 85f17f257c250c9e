using CalicoConsole.Tests;
using Microsoft.Playwright;

namespace CalicoConsole.E2E.Tests;

/// <summary>
/// The console as a process, and visitors of it in the run's one browser or, where none is given, in one of its own; what stands behind it is the subclass's.
/// </summary>
public abstract class ConsoleFixture(SharedBrowser? browser = null) : IAsyncLifetime
{
    private readonly SharedBrowser _browser = browser ?? new SharedBrowser();
    private readonly bool _ownBrowser = browser is null;
    private readonly List<IBrowserContext> _visitors = [];
    private string? _test;

    internal RunningConsole Console { get; private set; } = null!;

    internal IBrowser Browser => _browser.Browser;

    public async ValueTask InitializeAsync()
    {
        Console = await RunningConsole.StartAsync(await SettingsAsync(), CancellationToken.None);
        if (_ownBrowser)
        {
            await _browser.InitializeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        if (_ownBrowser)
        {
            await _browser.DisposeAsync();
        }

        if (Console is not null)
        {
            await Console.DisposeAsync();
        }

        await EndAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts what stands behind the console, and answers the console's settings.</summary>
    protected abstract Task<IReadOnlyDictionary<string, string>> SettingsAsync();

    /// <summary>Ends what <see cref="SettingsAsync"/> started.</summary>
    protected virtual ValueTask EndAsync() => ValueTask.CompletedTask;

    /// <summary>A page of a new visitor. Anything it asks of another site is noted in <paramref name="foreign"/>.</summary>
    internal async Task<IPage> NewPageAsync(List<string> foreign, int width = 1440, ColorScheme colours = ColorScheme.Light)
    {
        if (_test != TestContext.Current.Test?.UniqueID)
        {
            await LeaveAsync();
            _test = TestContext.Current.Test?.UniqueID;
        }

        var context = await Browser.NewContextAsync(new()
        {
            BaseURL = Console.Address.ToString(),
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = colours,
        });
        _visitors.Add(context);
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(SharedBrowser.Patience);
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

    /// <summary>Opens an address, signs in where the console asks for it, and waits until the page is live.</summary>
    internal async Task SignInAsync(IPage page, string path = "/")
    {
        await SignInWithoutScriptAsync(page, path);
        await page.Locator("main[data-ready]").WaitForAsync();
    }

    /// <summary>Opens an address and signs in where the console asks for it.</summary>
    internal async Task SignInWithoutScriptAsync(IPage page, string path)
    {
        await page.GotoAsync(path);
        if (Console.Password.Length > 0)
        {
            await page.GetByLabel("User").FillAsync("admin");
            await page.GetByLabel("Password").FillAsync(Console.Password);
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        }
    }

    // Pages that are left open are drawn again with every change of the cluster.
    private async Task LeaveAsync()
    {
        foreach (var context in _visitors)
        {
            await context.CloseAsync();
        }

        _visitors.Clear();
    }
}

/// <summary>A real etcd, the console over it, and one browser.</summary>
public sealed class BrowserFixture(SharedBrowser browser) : ConsoleFixture(browser)
{
    internal const string Token = "token-of-the-browser-tests-0123456789";

    internal EtcdServer Etcd { get; private set; } = null!;

    protected override async Task<IReadOnlyDictionary<string, string>> SettingsAsync()
    {
        Etcd = await EtcdServer.StartAsync();
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ETCD_ENDPOINTS"] = Etcd.Endpoint,
            ["Auth__ApiToken"] = Token,
            ["Cluster__Name"] = "test cluster"
        };
    }

    protected override async ValueTask EndAsync()
    {
        if (Etcd is not null)
        {
            await Etcd.DisposeAsync();
        }
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
