using System.Diagnostics;
using System.Globalization;
using CalicoConsole.E2E.Tests;
using CalicoConsole.Tests;
using Microsoft.Playwright;

namespace CalicoConsole.Benchmarks;

/// <summary>
/// The list of endpoints beside that of another build of the console: both over one real etcd, taking turns in one Chromium, so that what else the machine
/// does meets both. Prints ours, theirs and the ratio of the medians.
/// </summary>
internal static class ListBenchmark
{
    private const int Rounds = 7;
    private const int Browsers = 20;
    private const int Scrolled = 5000;

    private static readonly string[] Flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];

    // From the key stroke until the count of rows is another.
    private const string Filter =
        """
        text => new Promise(done => {
          const shown = () => document.querySelector('[data-count]').textContent;
          const before = shown(), at = performance.now(), field = document.querySelector('[data-filter]');
          const watch = new MutationObserver(() => { if (shown() !== before) { watch.disconnect(); done(performance.now() - at); } });
          watch.observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true });
          field.value = text;
          field.dispatchEvent(new Event('input', { bubbles: true }));
        })
        """;

    private const string SortByAddress =
        """
        () => new Promise(done => {
          const head = [...document.querySelectorAll('thead th')].find(h => /Address/.test(h.textContent)), at = performance.now();
          const watch = new MutationObserver(() => {
            if (head.getAttribute('aria-sort') === 'ascending') { watch.disconnect(); done(performance.now() - at); }
          });
          watch.observe(head, { attributes: true });
          head.querySelector('button').click();
        })
        """;

    // Twenty rows at a time, each time until there are rows where the window is.
    private const string Scroll =
        """
        async rows => {
          const box = [...document.querySelectorAll('*')].find(e => e.scrollHeight > 100000 && getComputedStyle(e).overflowY !== 'visible')
            ?? document.scrollingElement;
          const frame = () => new Promise(requestAnimationFrame);
          const filled = () => {
            const all = [...document.querySelectorAll('tr[data-endpoint]')];
            const edges = box === document.scrollingElement ? { top: 0, bottom: innerHeight } : box.getBoundingClientRect();
            return all.length > 0 && all[0].getBoundingClientRect().top <= edges.top + 120
              && all.at(-1).getBoundingClientRect().bottom >= edges.bottom - 40;
          };
          for (let y = 0; y < rows * 36; y += 720) {
            box.scrollTop = y;
            const at = performance.now();
            do await frame(); while (!filled() && performance.now() - at < 5000);
          }
        }
        """;

    public static async Task RunAsync(string other, int endpoints, CancellationToken cancellationToken)
    {
        await using var etcd = await EtcdServer.StartAsync(cancellationToken: cancellationToken);
        await SeededCluster.FillAsync(etcd, cancellationToken);
        await SeededCluster.EndpointsAsync(etcd, endpoints, cancellationToken);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Flags });
        await using var theirs = await Side.StartAsync(browser, etcd, other, cancellationToken);
        await using var ours = await Side.StartAsync(browser, etcd, null, cancellationToken);
        // The first round warms both up and does not count.
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var side in (Side[])[theirs, ours])
            {
                await side.MeasureAsync(round, cancellationToken);
            }
        }

        Print("first rows, ms", ours.First, theirs.First);
        Print("filter, ms", ours.Filtered, theirs.Filtered);
        Print("filter cleared, ms", ours.Cleared, theirs.Cleared);
        Print("sort by address, ms", ours.Sorted, theirs.Sorted);
        Print($"bytes of a scroll by {Scrolled} rows, KiB", ours.Bytes, theirs.Bytes);
        Print($"memory of each of {Browsers} further browsers, KiB",
            [await ours.FurtherAsync(cancellationToken)], [await theirs.FurtherAsync(cancellationToken)]);
    }

    private static void Print(string what, List<double> ours, List<double> theirs) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{what,-50} ours {Median(ours),8:0}   theirs {Median(theirs),8:0}   ratio {Median(ours) / Median(theirs):0.00}"));

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed class Side : IAsyncDisposable
    {
        private readonly IBrowser _browser;
        private readonly RunningConsole _console;
        private string _state = "";
        private IPage _page = null!;
        private long _received;

        private Side(IBrowser browser, RunningConsole console) => (_browser, _console) = (browser, console);

        public List<double> First { get; } = [];

        public List<double> Filtered { get; } = [];

        public List<double> Cleared { get; } = [];

        public List<double> Sorted { get; } = [];

        public List<double> Bytes { get; } = [];

        public static async Task<Side> StartAsync(IBrowser browser, EtcdServer etcd, string? published, CancellationToken cancellationToken)
        {
            var settings = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ETCD_ENDPOINTS"] = etcd.Endpoint,
                ["Auth__ApiToken"] = "token-of-the-benchmark-0123456789-ab",
            };
            var side = new Side(browser, await RunningConsole.StartAsync(settings, cancellationToken, published: published));
            using var http = new HttpClient { BaseAddress = side._console.Address };
            while (!(await http.GetAsync(new Uri("/readyz", UriKind.Relative), cancellationToken)).IsSuccessStatusCode)
            {
                await Task.Delay(100, cancellationToken);
            }

            await side.SignInAsync();
            return side;
        }

        public async Task MeasureAsync(int round, CancellationToken cancellationToken)
        {
            await _page.GotoAsync("/audit");
            await _page.Locator("main[data-ready]").WaitForAsync();
            await Task.Delay(500, cancellationToken);
            var began = Stopwatch.GetTimestamp();
            await _page.GotoAsync("/endpoints", new() { WaitUntil = WaitUntilState.Commit });
            await _page.Locator("tr[data-endpoint]").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
            Keep(First, Stopwatch.GetElapsedTime(began).TotalMilliseconds, round);
            await _page.Locator("main[data-ready]").WaitForAsync();
            await Task.Delay(1500, cancellationToken);
            Keep(Filtered, await _page.EvaluateAsync<double>(Filter, $"instance-0000{round + 1:x4}"), round);
            await Task.Delay(600, cancellationToken);
            Keep(Cleared, await _page.EvaluateAsync<double>(Filter, ""), round);
            await Task.Delay(600, cancellationToken);
            Keep(Sorted, await _page.EvaluateAsync<double>(SortByAddress), round);
            if (round < 3)
            {
                await _page.GotoAsync("/endpoints");
                await _page.Locator("tr[data-endpoint]").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
                await Task.Delay(2500, cancellationToken);
                var before = Volatile.Read(ref _received);
                await _page.EvaluateAsync(Scroll, Scrolled);
                Keep(Bytes, (Volatile.Read(ref _received) - before) / 1024.0, round);
            }
        }

        /// <summary>What each of so many further browsers on the list adds to the resident memory of the console, in KiB.</summary>
        public async Task<double> FurtherAsync(CancellationToken cancellationToken)
        {
            var pages = new List<IPage>();
            for (var i = 0; i < 5; i++)
            {
                pages.Add(await OpenAsync("/endpoints"));
            }

            await Task.Delay(3000, cancellationToken);
            var before = _console.WorkingSet;
            for (var i = 0; i < Browsers; i++)
            {
                pages.Add(await OpenAsync("/endpoints"));
                await pages[^1].Locator("tr[data-endpoint]").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
            }

            await Task.Delay(3000, cancellationToken);
            var each = (_console.WorkingSet - before) / 1024.0 / Browsers;
            foreach (var page in pages)
            {
                await page.Context.CloseAsync();
            }

            return each;
        }

        public ValueTask DisposeAsync() => _console.DisposeAsync();

        private static void Keep(List<double> into, double value, int round)
        {
            if (round > 0)
            {
                into.Add(value);
            }
        }

        private async Task SignInAsync()
        {
            var page = await OpenAsync("/", ready: false);
            await page.GetByLabel("User").FillAsync("admin");
            await page.GetByLabel("Password").FillAsync(_console.Password);
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
            await page.Locator("main[data-ready]").WaitForAsync(new() { Timeout = 120_000 });
            _state = await page.Context.StorageStateAsync();
            await page.Context.CloseAsync();
            _page = await OpenAsync("/audit");
        }

        private async Task<IPage> OpenAsync(string path, bool ready = true)
        {
            var context = await _browser.NewContextAsync(new()
            {
                BaseURL = _console.Address.ToString(),
                StorageState = _state.Length > 0 ? _state : null,
                ViewportSize = new() { Width = 1440, Height = 900 },
            });
            var page = await context.NewPageAsync();
            page.SetDefaultTimeout(120_000);
            page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) =>
                Interlocked.Add(ref _received, frame.Binary?.Length ?? frame.Text?.Length ?? 0);
            await page.GotoAsync(path);
            if (ready)
            {
                await page.Locator("main[data-ready]").WaitForAsync();
            }

            return page;
        }
    }
}
