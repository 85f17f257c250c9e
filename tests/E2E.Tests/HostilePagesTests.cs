using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Routing;
using CalicoConsole.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

/// <summary>
/// Every page over twenty thousand hostile keys, one after the other in one and the same circuit: none ends it, none fails, no part of one fails. Which pages
/// there are is told by the routes of the console, the navigation, what the API lists of each kind, and every link of one more step; a new page is among them
/// by itself.
/// </summary>
public sealed class HostilePagesTests(HostileCluster fixture) : IClassFixture<HostileCluster>
{
    // Objects of each kind, and addresses of each form that pages link to.
    private const int Each = 10;
    private const int EachForm = 3;

    // A page of the circuit has been drawn once nothing moved in it for a while; clocks go on in the bar alone.
    private const string Settle =
        """
        path => new Promise(done => {
          const main = document.querySelector('main');
          const finish = () => { watch.disconnect(); clearTimeout(last); done(); };
          let quiet = null;
          const last = setTimeout(finish, 6000);
          const moved = () => { clearTimeout(quiet); quiet = setTimeout(finish, 250); };
          const watch = new MutationObserver(moved);
          watch.observe(main, { childList: true, subtree: true, characterData: true });
          if (path !== null) Blazor.navigateTo(path); else moved();
        })
        """;

    private const string Wrong =
        """
        () => {
          const wrong = [];
          if (!window.sameCircuit) wrong.push('the page was loaded again: its circuit had ended');
          if (document.documentElement.dataset.connection) wrong.push('the connection is lost');
          for (const part of document.querySelectorAll('[data-failed-part], [data-failed-row]')) wrong.push(part.textContent.slice(0, 300));
          const title = document.querySelector('main h1')?.textContent ?? '';
          if (!title) wrong.push('no heading');
          if (title === 'This page failed') wrong.push(document.querySelector('main').textContent.slice(0, 400));
          if (/\bat CalicoConsole\.|System\.[A-Z]\w+Exception/.test(document.body.textContent)) wrong.push('a stack trace');
          if (window.alerted) wrong.push('a script of the data ran');
          return wrong;
        }
        """;

    private readonly List<string> _foreign = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryPage_OverTwentyThousandHostileKeys_StaysInItsCircuit()
    {
        var page = await fixture.NewPageAsync(_foreign, 1440);
        await page.AddInitScriptAsync("window.alert = () => { window.alerted = true; };");
        await fixture.SignInAsync(page);
        await Expect(page.GetByText("feeds live")).ToBeVisibleAsync(new() { Timeout = 120_000 });
        await page.EvaluateAsync("() => { window.sameCircuit = true; }");
        var wrong = new List<string>();
        var times = new List<(string Address, double Seconds)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var forms = new Dictionary<string, int>(StringComparer.Ordinal);
        var first = await FirstAsync();
        var queue = new Queue<string>(first);
        var objects = first.ToHashSet(StringComparer.Ordinal);
        while (queue.TryDequeue(out var address))
        {
            if (!seen.Add(address) || (!objects.Contains(address) && !Takes(forms, address)))
            {
                continue;
            }

            var clock = Stopwatch.StartNew();
            try
            {
                foreach (var link in await VisitAsync(page, address, wrong))
                {
                    queue.Enqueue(link);
                }
            }
            catch (PlaywrightException e)
            {
                // The page went while it was looked at. On with the others, in a circuit of their own.
                wrong.Add($"/{address}: the page was loaded again, its circuit had ended ({e.Message.Split('\n')[0]})");
                await page.GotoAsync("/");
                await page.Locator("main[data-ready]").WaitForAsync();
                await page.EvaluateAsync("() => { window.sameCircuit = true; }");
            }

            times.Add((address, clock.Elapsed.TotalSeconds));
        }

        TestContext.Current.SendDiagnosticMessage("{0} addresses, slowest: {1}", times.Count,
            string.Join("; ", times.OrderByDescending(t => t.Seconds).Take(12).Select(t => $"{Short(t.Address)} {t.Seconds:0.0} s")));
        if (Environment.GetEnvironmentVariable("CC_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "hostile.log"), fixture.Console.Output, Cancel);
        }

        Assert.True(wrong.Count == 0,
            $"{wrong.Count} things are wrong:\n{string.Join('\n', wrong.Distinct(StringComparer.Ordinal).Take(60).Select(w => w[..Math.Min(w.Length, 600)]))}");
        Assert.InRange(times.Count, 200, int.MaxValue);
        Assert.DoesNotContain("Unhandled exception", fixture.Console.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at CalicoConsole.", fixture.Console.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(_foreign, f => !f.Contains("404", StringComparison.Ordinal));
    }

    // The links of the page.
    private static async Task<string[]> VisitAsync(IPage page, string address, List<string> wrong)
    {
        await page.EvaluateAsync(Settle, address);
        wrong.AddRange((await page.EvaluateAsync<string[]>(Wrong)).Select(f => $"/{address}: {f}"));
        if (!await page.EvaluateAsync<bool>("() => !!window.sameCircuit"))
        {
            await page.EvaluateAsync("() => { window.sameCircuit = true; }");
            return [];
        }

        if (await page.Locator("section.objects .rows").CountAsync() > 0)
        {
            wrong.AddRange((await ScrollAsync(page)).Select(f => $"/{address}, further down: {f}"));
        }

        return await page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('main a[href]')].filter(a => a.origin === location.origin && !a.target && !a.download).map(a => (a.pathname + "
                + "a.search).slice(1))");
    }

    // Every page that stands by itself, and objects of every kind.
    private async Task<string[]> FirstAsync()
    {
        var routes = typeof(Routes).Assembly.GetTypes().SelectMany(t => t.GetCustomAttributes(typeof(RouteAttribute), false).Cast<RouteAttribute>())
            .Select(r => r.Template.TrimStart('/'))
            .Where(t => !t.Contains('{', StringComparison.Ordinal) && !t.StartsWith("account/", StringComparison.Ordinal) && t is not "error"
                and not "not-found").Order(StringComparer.Ordinal).ToArray();
        List<string> addresses = [.. routes, .. NavigationGroup.All(scenes: true).SelectMany(g => g.Items).Select(i => i.Href)];
        using var api = new HttpClient { BaseAddress = fixture.Console.Address };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", HostileCluster.Token);
        foreach (var (list, kind) in new[] { ("ippools", KindNames.IPPool), ("profiles", KindNames.Profile), ("policies", KindNames.Policy),
            ("bgppeers", KindNames.BgpPeer), ("hostendpoints", KindNames.HostEndpoint), ("endpoints", KindNames.WorkloadEndpoint) })
        {
            var items = JsonElement.Parse(await api.GetStringAsync($"/api/v1/{list}", Cancel)).GetProperty("items").EnumerateArray()
                .Select(i => i.GetProperty("metadata")).ToArray();
            Assert.NotEmpty(items);
            addresses.AddRange(Spread(items, i => i.GetRawText()).Select(m => Links.Resource(IdOf(kind, m))).OfType<string>()
                .SelectMany(l => new[] { l, $"{l}?tab=yaml" }));
        }

        var nodes = JsonElement.Parse(await api.GetStringAsync("/api/v1/nodes", Cancel)).GetProperty("items").EnumerateArray()
            .Select(n => n.GetProperty("name").GetString()!).ToArray();
        addresses.AddRange(Spread(nodes, n => n).Select(Links.Node));
        foreach (var list in new[] { "unparsable", "other-keys" })
        {
            var keys = JsonElement.Parse(await api.GetStringAsync($"/api/v1/{list}", Cancel)).GetProperty("items").EnumerateArray()
                .Select(k => k.GetProperty("key").GetString()!).ToArray();
            addresses.AddRange(Spread(keys, k => k).SelectMany(k => new[] { Links.RemoveKey(k), $"{Links.OtherKeys}?q={Uri.EscapeDataString(k)}" }));
        }

        return [.. addresses];
    }

    // The shortest, the longest, and some between.
    private static IEnumerable<T> Spread<T>(T[] items, Func<T, string> text)
    {
        var ordered = items.OrderBy(i => text(i).Length).ThenBy(text, StringComparer.Ordinal).ToArray();
        var step = Math.Max(1, ordered.Length / Each);
        return ordered.Where((_, i) => i % step == 0).Append(ordered[^1]);
    }

    private static ResourceId IdOf(string kind, JsonElement metadata)
    {
        string Of(string name) => metadata.TryGetProperty(name, out var value) ? value.GetString()! : "";
        return new ResourceId(kind, kind switch { KindNames.IPPool => Of("cidr"), KindNames.BgpPeer => Of("peerIP"), _ => Of("name") })
        {
            Node = Of("node"),
            Orchestrator = Of("orchestrator"),
            Workload = Of("workload")
        };
    }

    // The form of an address: what of it is no name.
    private static bool Takes(Dictionary<string, int> forms, string address)
    {
        var path = address.Split('?')[0].Split('/');
        var query = (address.Contains('?', StringComparison.Ordinal) ? address.Split('?', 2)[1].Split('&') : [])
            .Select(p => p.StartsWith("tab=", StringComparison.Ordinal) ? p : p.Split('=')[0]).Distinct().Order(StringComparer.Ordinal);
        var form = $"{path[0]}/{(path[0] == "do" ? path[1] : path.Length)}?{string.Join('&', query)}";
        return (forms[form] = forms.GetValueOrDefault(form) + 1) <= EachForm;
    }

    private static async Task<string[]> ScrollAsync(IPage page)
    {
        List<string> wrong = [];
        foreach (var part in new[] { 0.3, 0.7, 1 })
        {
            await page.EvaluateAsync(
                "part => { for (const e of [document.scrollingElement, document.querySelector('.page'), document.querySelector('section.objects .rows')]) if "
                + "(e) e.scrollTop = e.scrollHeight * part; }", part);
            await page.EvaluateAsync(Settle, null);
            wrong.AddRange(await page.EvaluateAsync<string[]>(Wrong));
        }

        return [.. wrong];
    }

    private static string Short(string text) => text.Length > 80 ? $"{text[..80]}…" : text;
}
