using System.Diagnostics;
using System.Globalization;
using CalicoConsole.E2E.Tests;
using CalicoConsole.Tests;
using Microsoft.Playwright;

namespace CalicoConsole.Benchmarks;

/// <summary>
/// What a person in front of the console waits for: the built console (of the same configuration as this program) over a real etcd, in real Chromium.
/// The clock of server and browser is one, so times are taken where things happen.
/// </summary>
internal static class BrowserBenchmark
{
    private const string Labels = "/calico/v1/policy/profile/measured/labels";
    private const int Changes = 100;
    private const int Seconds = 10;

    private static readonly string[] Flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-sync"];

    // Notes when each value of the label tick was first drawn, in milliseconds since 1970.
    private const string Observe =
        """
        () => {
          window.seen = [];
          let last = -1;
          const look = () => requestAnimationFrame(() => {
            const found = /tick=(\d+)/.exec(document.querySelector("[data-profile='measured']")?.innerText ?? '');
            if (found && +found[1] > last) { last = +found[1]; window.seen.push([last, performance.timeOrigin + performance.now()]); }
          });
          new MutationObserver(look).observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true });
        }
        """;

    public static async Task RunAsync(int endpoints, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        await using (await RunningConsole.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal), cancellationToken))
        {
            Print("start until the line with the address, sandbox", $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0.00} s");
        }

        await using var etcd = await EtcdServer.StartAsync(cancellationToken: cancellationToken);
        await SeededCluster.FillAsync(etcd, cancellationToken);
        await SeededCluster.EndpointsAsync(etcd, endpoints, cancellationToken);
        await using var keys = new SeedWriter(etcd);
        await keys.PutAsync("/calico/v1/policy/profile/measured/tags", "[]", cancellationToken);
        await keys.PutAsync("/calico/v1/policy/profile/measured/rules", "{}", cancellationToken);
        await EditorBenchmark.SeedAsync(keys, cancellationToken);
        began = Stopwatch.GetTimestamp();
        await using var console = await RunningConsole.StartAsync(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ETCD_ENDPOINTS"] = etcd.Endpoint,
                ["Auth__ApiToken"] = "token-of-the-benchmark-0123456789-ab"
            }, cancellationToken);
        using var http = new HttpClient { BaseAddress = console.Address };
        while (!(await http.GetAsync(new Uri("/readyz", UriKind.Relative), cancellationToken)).IsSuccessStatusCode)
        {
            await Task.Delay(20, cancellationToken);
        }

        Print($"start until ready, real etcd with {endpoints} endpoints", $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0.00} s");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Flags });
        Print("memory of the console, no browser", $"{console.WorkingSet / 1048576.0:0} MiB");
        var state = await SignInAsync(browser, console);
        var page = await OpenAsync(browser, console, state, "/profiles");
        var strokes = await EditorBenchmark.RunAsync(page);
        Print($"key stroke in the profile editor until its effect is drawn, {strokes.Count} strokes",
            $"median {Percentile(strokes, 50):0} ms, p95 {Percentile(strokes, 95):0} ms, max {strokes.Max():0} ms");
        await page.GotoAsync("/profiles");
        await page.Locator("main[data-ready]").WaitForAsync();
        await SingleChangesAsync(page, keys, cancellationToken);
        await ManyChangesAsync(page, keys, cancellationToken);
        await FirstPaintAsync(page, endpoints);
        foreach (var count in (int[])[10, 50])
        {
            await BrowsersAsync(browser, console, state, count);
        }
    }

    private static async Task SingleChangesAsync(IPage page, SeedWriter keys, CancellationToken cancellationToken)
    {
        await page.EvaluateAsync(Observe);
        var sent = new List<double>();
        for (var i = 0; i < Changes; i++)
        {
            await Task.Delay(400, cancellationToken);
            sent.Add(Now());
            await TickAsync(keys, i, cancellationToken);
        }

        await page.WaitForFunctionAsync($"() => window.seen.at(-1)?.[0] === {Changes - 1}");
        var seen = await page.EvaluateAsync<double[][]>("() => window.seen");
        var late = seen.Select(s => s[1] - sent[(int)s[0]]).ToList();
        Print($"etcd set until drawn, {late.Count} single changes",
            $"median {Percentile(late, 50):0} ms, p95 {Percentile(late, 95):0} ms, max {late.Max():0} ms");
    }

    private static async Task ManyChangesAsync(IPage page, SeedWriter keys, CancellationToken cancellationToken)
    {
        await page.EvaluateAsync(Observe);
        var sent = new List<double>();
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < 100 * Seconds; i++)
        {
            var due = TimeSpan.FromMilliseconds(10.0 * i) - Stopwatch.GetElapsedTime(began);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, cancellationToken);
            }

            sent.Add(Now());
            await TickAsync(keys, 1000 + i, cancellationToken);
        }

        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await page.WaitForFunctionAsync($"() => window.seen.at(-1)?.[0] === {1000 + sent.Count - 1}");
        var seen = (await page.EvaluateAsync<double[][]>("() => window.seen")).Where(s => s[0] >= 1000).ToArray();
        // How old the newest thing on the screen is when the next one is drawn, and each change until it or a later one is drawn.
        var behind = sent.Select((at, i) => seen.First(s => s[0] >= 1000 + i)[1] - at).ToList();
        Print($"{sent.Count / took:0} changes a second for {took:0} s: behind",
            $"median {Percentile(behind, 50):0} ms, p95 {Percentile(behind, 95):0} ms, max {behind.Max():0} ms, {seen.Length} drawings");
    }

    private static async Task FirstPaintAsync(IPage page, int endpoints)
    {
        var paints = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            await page.GotoAsync("/audit");
            await page.Locator("main[data-ready]").WaitForAsync();
            var began = Stopwatch.GetTimestamp();
            await page.GotoAsync("/endpoints");
            await page.Locator("tr[data-endpoint]").First.WaitForAsync();
            paints.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        Print($"list of {endpoints} endpoints, navigation until its first row", $"median {Percentile(paints, 50):0} ms, max {paints.Max():0} ms");
    }

    private static async Task BrowsersAsync(IBrowser browser, RunningConsole console, string state, int count)
    {
        var pages = new List<IPage>();
        for (var i = 0; i < count; i++)
        {
            pages.Add(await OpenAsync(browser, console, state, "/endpoints"));
        }

        Print($"memory of the console, {count} browsers on the list of endpoints", $"{console.WorkingSet / 1048576.0:0} MiB");
        foreach (var page in pages)
        {
            await page.Context.CloseAsync();
        }
    }

    private static async Task<string> SignInAsync(IBrowser browser, RunningConsole console)
    {
        var context = await browser.NewContextAsync(new() { BaseURL = console.Address.ToString() });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await page.GetByLabel("User").FillAsync("admin");
        await page.GetByLabel("Password").FillAsync(console.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.Locator("main[data-ready]").WaitForAsync();
        var state = await context.StorageStateAsync();
        await context.CloseAsync();
        return state;
    }

    private static async Task<IPage> OpenAsync(IBrowser browser, RunningConsole console, string state, string path)
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = console.Address.ToString(),
            StorageState = state,
            ViewportSize = new() { Width = 1440, Height = 900 }
        });
        var page = await context.NewPageAsync();
        await page.GotoAsync(path);
        await page.Locator("main[data-ready]").WaitForAsync();
        await page.GetByText("feeds live").WaitForAsync();
        return page;
    }

    private static Task TickAsync(SeedWriter keys, int value, CancellationToken cancellationToken) =>
        keys.PutAsync(Labels, string.Create(CultureInfo.InvariantCulture, $$"""{"tick":"{{value}}"}"""), cancellationToken);

    private static double Now() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;

    private static double Percentile(List<double> values, int percent)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(percent / 100.0 * sorted.Length) - 1)];
    }

    private static void Print(string what, string figure) => Console.WriteLine($"{what,-70} {figure}");
}
