using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

/// <summary>What pages say while the console is not there, frozen or cut off, and that they come back by themselves with what was typed.</summary>
public sealed partial class ConnectionTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>, IAsyncLifetime
{
    private const string Pool = "/calico/v1/ipam/v4/pool/100.65.0.0-24";
    private static readonly LocatorAssertionsToBeVisibleOptions Soon = new() { Timeout = 60_000 };

    // What it logs about its broken connection is no fault here.
    private readonly List<string> _logged = [];
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _frames = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await SeededCluster.FillAsync(fixture.Etcd, Cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task ConsoleKilledAndStartedAgain_PagesGreyAndComeBackWithWhatWasTyped()
    {
        var list = await OpenAsync(fixture.Console.Address, "/ippools");
        var form = await OpenAsync(fixture.Console.Address, "/do/create-pool", list.Context);
        await CidrOf(form).FillAsync("100.66.0.0/24");
        await Expect(form.GetByText("100.66.0.0-24").First).ToBeVisibleAsync();
        var reach = await OpenAsync(fixture.Console.Address, "/reachability?from=192.0.2.2&to=192.0.2.66&protocol=tcp&port=80", list.Context);
        await Expect(reach.Locator("[data-verdict]")).ToBeVisibleAsync();
        await reach.Locator("[data-from]").FillAsync("docker01");
        var editor = await OpenAsync(fixture.Console.Address, "/do/edit-profile?name=my_net", list.Context);
        var tags = editor.GetByLabel("Tags", new() { Exact = true });
        await tags.FillAsync("kept");
        await tags.PressAsync("Enter");
        await Expect(TagOf(editor)).ToBeVisibleAsync();

        // What was typed reaches the tab's storage a moment after it is drawn, and the console is killed only then.
        await editor.WaitForFunctionAsync("() => Object.values(sessionStorage).some(t => t.includes('kept'))");

        var killed = TimeProvider.System.GetUtcNow();
        await fixture.Console.KillAsync();
        foreach (var page in new[] { list, form, reach, editor })
        {
            await ExpectLostAsync(page, killed);
        }

        // Typed where nobody listens.
        await CidrOf(form).FillAsync("100.67.0.0/24");
        await tags.FillAsync("and this");
        await fixture.PutAsync(Pool, """{"cidr":"100.65.0.0/24","ipip":"","ipip_mode":"","masquerade":false,"ipam":true,"disabled":false}""", Cancel);

        // Here the form's own text comes late, after the fields of the others are back: nothing may take its place before.
        var late = new TaskCompletionSource();
        await editor.RouteAsync("**/typed.js*", async route =>
        {
            await late.Task;
            await route.ContinueAsync();
        });
        await fixture.Console.StartAgainAsync(sameAddress: true, Cancel);

        await ExpectLiveAsync(list);
        await Expect(list.Locator("[data-pool='100.65.0.0/24']")).ToBeVisibleAsync(Soon);
        await ExpectLiveAsync(form);
        await Expect(CidrOf(form)).ToHaveValueAsync("100.67.0.0/24");
        await Expect(form.GetByText("100.67.0.0-24").First).ToBeVisibleAsync(Soon);
        await ExpectLiveAsync(reach);
        await Expect(reach.Locator("[data-verdict]")).ToBeVisibleAsync(Soon);
        await Expect(reach.Locator("[data-from]")).ToHaveValueAsync("docker01");
        await ExpectLiveAsync(editor);
        late.SetResult();
        await Expect(TagOf(editor)).ToBeVisibleAsync(Soon);
        await Expect(tags).ToHaveValueAsync("and this", new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task TypedFast_LettersAreAnsweredBeforeTheWordThatADrawingArrived()
    {
        var page = await OpenAsync(fixture.Console.Address, "/do/edit-profile?name=my_net", watch: Watch);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add ingress rule" }).ClickAsync();
        var rule = page.GetByRole(AriaRole.Group, new() { NameRegex = new("^Ingress rule [0-9]+$") });
        var tag = rule.GetByLabel("Endpoints tagged").First;
        var open = page.Locator(".rule-open[aria-expanded=true]");

        // A rule that was added takes the focus by itself; only then is it free for a field.
        await Expect(open).ToBeFocusedAsync();
        _frames.Clear();
        await tag.FocusAsync();
        await page.Keyboard.TypeAsync("a-tag-of-many-letters");
        await Expect(open).ToHaveAttributeAsync("aria-label", new Regex("endpoints tagged a-tag-of-many-letters. Edit$"), new() { Timeout = 60_000 });
        await Expect(tag).ToHaveValueAsync("a-tag-of-many-letters");

        var (events, words, early) = (0, 0, 0);
        var waiting = new HashSet<string>(StringComparer.Ordinal);
        foreach (var message in _frames.SelectMany(f => Message().Matches(f)))
        {
            switch (message.Groups[1].Value)
            {
                case "OnRenderCompleted":
                    (words, early) = (words + 1, early + (waiting.Count > 0 ? 1 : 0));
                    break;
                case "BeginInvokeDotNetFromJS":
                    events += waiting.Add(message.Groups[2].Value) ? 1 : 0;
                    break;
                default:
                    waiting.Remove(message.Groups[2].Value);
                    break;
            }
        }

        Assert.True(events >= "a-tag-of-many-letters".Length, $"{events} events were seen");
        Assert.True(words > 0, "no drawing was seen to arrive");
        Assert.Equal(0, early);
    }

    private void Watch(IPage page) => page.WebSocket += (_, socket) =>
    {
        socket.FrameSent += (_, frame) => _frames.Enqueue(System.Text.Encoding.Latin1.GetString(frame.Binary ?? []));
        socket.FrameReceived += (_, frame) => _frames.Enqueue(System.Text.Encoding.Latin1.GetString(frame.Binary ?? []));
    };

    [GeneratedRegex("(OnRenderCompleted|BeginInvokeDotNetFromJS(?=.{1,9}DispatchEventAsync)|JS\\.EndInvokeDotNet)[^0-9]{0,3}([0-9]*)", RegexOptions.Singleline)]
    private static partial Regex Message();

    [Fact]
    public async Task ConsoleFrozen_PageGreysAndGoesOnWithoutALoad()
    {
        var page = await OpenAsync(fixture.Console.Address, "/do/create-pool");
        await page.EvaluateAsync("() => window.same = true");
        var stopped = TimeProvider.System.GetUtcNow();
        await fixture.Console.SignalAsync("STOP");
        try
        {
            await ExpectLostAsync(page, stopped);
            await CidrOf(page).FillAsync("100.68.0.0/24");

            // Pressed while nobody listens, and therefore never.
            await page.GetByRole(AriaRole.Button, new() { Name = "Create pool", Exact = true }).ClickAsync(new() { Force = true });
        }
        finally
        {
            await fixture.Console.SignalAsync("CONT");
        }

        await ExpectLiveAsync(page);
        await Expect(page.GetByText("100.68.0.0-24").First).ToBeVisibleAsync(Soon);
        await Expect(page.Locator("[data-outcome]")).ToHaveCountAsync(0);
        Assert.True(await page.EvaluateAsync<bool>("() => window.same === true"), "the page was loaded again");
    }

    [Fact]
    public async Task NetworkSwallowsEverything_PageGreysAndTakesANewConnection()
    {
        await using var network = new SwallowingProxy(fixture.Console.Address);
        var page = await OpenAsync(network.Address, "/ippools");
        await page.EvaluateAsync("() => window.same = true");
        var cut = TimeProvider.System.GetUtcNow();
        network.Swallow();
        await ExpectLostAsync(page, cut);
        await Expect(page.Locator("#connection")).ToContainTextAsync("Trying again");
        network.Heal();
        await ExpectLiveAsync(page);
        await fixture.PutAsync(Pool, """{"cidr":"100.65.0.0/24","ipip":"","ipip_mode":"","masquerade":true,"ipam":true,"disabled":true}""", Cancel);
        await Expect(page.Locator("[data-pool='100.65.0.0/24']")).ToContainTextAsync("disabled");
        Assert.True(await page.EvaluateAsync<bool>("() => window.same === true"), "the page was loaded again");
    }

    private static ILocator TagOf(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Remove tag kept" });

    private static ILocator CidrOf(IPage page) => page.GetByRole(AriaRole.Textbox, new() { Name = "CIDR" });

    private async Task<IPage> OpenAsync(Uri console, string path, IBrowserContext? context = null, Action<IPage>? watch = null)
    {
        IPage page;
        if (context is null)
        {
            page = await fixture.NewPageAsync(_logged);
            watch?.Invoke(page);
            await fixture.SignInAsync(page, new Uri(console, path).ToString());
        }
        else
        {
            page = await context.NewPageAsync();
            await page.GotoAsync(path);
            await page.Locator("main[data-ready]").WaitForAsync();
        }

        await Expect(page.GetByText("feeds live")).ToBeVisibleAsync();

        // When it said so, told by the page itself: looking takes time of its own.
        await page.EvaluateAsync(
            """
            () => {
              const root = document.documentElement;
              new MutationObserver(() => { if (root.dataset.connection === 'lost') window.lostAt = Date.now(); }).observe(root, { attributes: true });
            }
            """);
        return page;
    }

    private static async Task ExpectLostAsync(IPage page, DateTimeOffset since)
    {
        await Expect(page.GetByRole(AriaRole.Alert).GetByText("Connection to the console lost")).ToBeVisibleAsync();
        await Expect(page.GetByText("feeds live")).ToBeHiddenAsync();
        Assert.Contains("grayscale", await page.Locator("main").EvaluateAsync<string>("e => getComputedStyle(e).filter"), StringComparison.Ordinal);
        var after = await page.EvaluateAsync<long>("() => window.lostAt") - since.ToUnixTimeMilliseconds();
        Assert.True(after < 5_000, $"the page took {after} ms to say that it is cut off");
    }

    private static async Task ExpectLiveAsync(IPage page)
    {
        await Expect(page.Locator("html[data-connection]")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        await Expect(page.Locator("#connection")).ToBeHiddenAsync();
        await Expect(page.GetByText("feeds live")).ToBeVisibleAsync(Soon);
    }
}
