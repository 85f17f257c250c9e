using System.Net;
using CalicoConsole.Tests;
using CalicoConsole.Web.Auth;
using Microsoft.AspNetCore.Http;

namespace CalicoConsole.Web.Tests.Hosting;

/// <summary>What the console answers behind a proxy; the proxy itself runs in the tests with a browser.</summary>
[TakesLong]
public sealed class ReverseProxyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1", null, true)]
    [InlineData("::1", null, true)]
    [InlineData("192.0.2.1", null, false)]
    [InlineData("192.0.2.1", "192.0.2.0/24", true)]
    [InlineData("127.0.0.1", "192.0.2.0/24", false)]
    [InlineData("198.51.100.9", "192.0.2.0/24,198.51.100.9", true)]
    public async Task Https_IsBelievedOfKnownProxiesAlone(string remote, string? known, bool believed)
    {
        await using var console = Console(remote, known);
        using var browser = await SignInClient.OpenAsync(console);
        browser.Http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");

        using var challenge = await browser.GetAsync("/nodes?x=1");
        using var signedIn = await browser.SignInAsync(SignInClient.Password);

        Assert.Equal("/account/sign-in?returnUrl=%2Fnodes%3Fx%3D1", challenge.Headers.Location!.ToString());
        Assert.Equal("/", signedIn.Headers.Location!.ToString());
        Assert.Equal(believed, challenge.Headers.Contains("Strict-Transport-Security"));
        var cookie = Assert.Single(signedIn.Headers.GetValues("Set-Cookie"),
            c => c.StartsWith("calico-console-", StringComparison.Ordinal) && !c.Contains("-form-", StringComparison.Ordinal));
        Assert.Equal(believed, cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("127.0.0.1", null, "127.0.0.1")]
    [InlineData("127.0.0.1", "192.0.2.0/24", "127.0.0.1")]
    [InlineData("127.0.0.1", "127.0.0.1", "203.0.113.8")]
    public async Task Address_IsTakenFromConfiguredProxiesAlone(string remote, string? known, string source)
    {
        await using var console = Console(remote, known);
        using var browser = await SignInClient.OpenAsync(console, "203.0.113.8");
        using var wrong = await browser.SignInAsync("wrong");
        Assert.Equal(source, Assert.Single(console.Audit.Recorded).Intent.Source);
    }

    [Theory]
    [InlineData("/net/calico")]
    [InlineData("")]
    public async Task SubPath_EverythingLivesBelowIt_WhetherTheProxyLeavesItOrNot(string asked)
    {
        await using var console = Console("127.0.0.1", "127.0.0.1", "/net/calico");
        using var browser = await SignInClient.OpenAsync(console, "203.0.113.8", asked);

        using var challenge = await browser.GetAsync("/nodes");
        Assert.Equal("/net/calico/account/sign-in?returnUrl=%2Fnet%2Fcalico%2Fnodes", challenge.Headers.Location!.ToString());
        using var page = await browser.GetAsync("/account/sign-in");
        var html = await page.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("<base href=\"/net/calico/\"", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?:href|src|action)=\"/(?!net/calico/)", html);
        using var signedIn = await browser.SignInAsync(SignInClient.Password, returnUrl: "/net/calico/nodes");
        Assert.Equal("/net/calico/nodes", signedIn.Headers.Location!.ToString());
        Assert.All(signedIn.Headers.GetValues("Set-Cookie"), c => Assert.Contains("path=/net/calico", c, StringComparison.OrdinalIgnoreCase));
        using var elsewhere = await browser.SignInAsync(SignInClient.Password, returnUrl: "/another-application");
        Assert.Equal("/net/calico/", elsewhere.Headers.Location!.ToString());
        using var nodes = await browser.GetAsync("/nodes");
        Assert.Equal(HttpStatusCode.OK, nodes.StatusCode);
        using var style = await browser.GetAsync("/css/app.css");
        Assert.Equal(HttpStatusCode.OK, style.StatusCode);
        using var out_ = await browser.SignOutAsync();
        Assert.Equal("/net/calico/", out_.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Cookies_OfTwoConsolesOnOneHostName_DoNotMeet()
    {
        await using var one = Console("127.0.0.1", null);
        await using var two = Console("127.0.0.1", null);
        using var first = await SignInClient.OpenAsync(one);
        using var second = await SignInClient.OpenAsync(two);
        using (await first.SignInAsync(SignInClient.Password))
        using (await second.SignInAsync(SignInClient.Password))
        {
            Assert.Empty(Names(first).Intersect(Names(second)));
            using var both = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "Cookie", $"{second.Cookies}; {first.Cookies}" } } };
            using var page = await first.Http.SendAsync(both, Cancel);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }

        static IEnumerable<string> Names(SignInClient browser) => browser.Cookies.Split("; ").Select(c => c.Split('=')[0]);
    }

    [Theory]
    [InlineData("http", "console.example", null, null, true)]
    [InlineData("http", "console.example", "http://console.example", "same-origin", true)]
    [InlineData("http", "console.example", "https://console.example", null, true)]
    [InlineData("https", "console.example", "https://console.example:443", null, true)]
    [InlineData("https", "Console.Example:8443", "https://console.example:8443", null, true)]
    [InlineData("http", "[::1]:5080", "http://[::1]:5080", null, true)]
    [InlineData("https", "console.example", "http://console.example", null, false)]
    [InlineData("http", "console.example", "http://console.example:81", null, false)]
    [InlineData("http", "console.example", "http://console.example.evil.example", null, false)]
    [InlineData("http", "console.example", "http://evil.example", null, false)]
    [InlineData("http", "console.example", "null", null, false)]
    [InlineData("http", "console.example", "", null, false)]
    [InlineData("http", "console.example", "http://console.example http://evil.example", null, false)]
    [InlineData("http", "console.example", null, "cross-site", false)]
    [InlineData("http", "console.example", "http://console.example", "same-site", false)]
    public void Hub_OriginOfThePage(string scheme, string host, string? origin, string? site, bool own)
    {
        var request = new DefaultHttpContext().Request;
        (request.Scheme, request.Host) = (scheme, new HostString(host));
        if (origin is not null)
        {
            request.Headers.Origin = origin;
        }

        if (site is not null)
        {
            request.Headers["Sec-Fetch-Site"] = site;
        }

        Assert.Equal(own, HubGuard.IsOwn(request));
    }

    [Theory]
    [InlineData(true, "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData(true, "http://localhost", HttpStatusCode.Unauthorized)]
    [InlineData(false, "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData(false, "http://localhost", HttpStatusCode.OK)]
    public async Task Hub_ForeignPages_AreKeptOut(bool live, string origin, HttpStatusCode status)
    {
        await using var console = new ConsoleFactory { Live = live };
        using var client = console.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1") { Headers = { { "Origin", origin } } };
        using var response = await client.SendAsync(request, Cancel);
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Hub_VisitorsWhoDoNotSignIn_AreBounded()
    {
        await using var console = new ConsoleFactory { Live = false };
        using var client = console.Anonymous();
        var sockets = new List<System.Net.WebSockets.WebSocket>();
        for (var i = 0; i < HubGuard.AnonymousConnections; i++)
        {
            sockets.Add(await ConnectAsync());
        }

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(ConnectAsync);
        Assert.Contains("503", refused.Message, StringComparison.Ordinal);
        using (var polling = await client.GetAsync(new Uri("/_blazor?id=x", UriKind.Relative), Cancel))
        {
            Assert.Equal(HttpStatusCode.BadRequest, polling.StatusCode);
        }

        sockets.ForEach(s => s.Dispose());

        Task<System.Net.WebSockets.WebSocket> ConnectAsync() => console.Server.CreateWebSocketClient().ConnectAsync(new Uri("ws://localhost/_blazor"), Cancel);
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("fe80::1%3", "fe80::/64")]
    [InlineData(null, "this machine")]
    public void Attempts_AreCountedByWhatOneClientHas(string? address, string counted) =>
        Assert.Equal(counted, RequestSource.CountedAs(address is null ? null : IPAddress.Parse(address)));

    [Fact]
    public async Task Api_WrongTokens_AreLoggedAndLimitedForTheirSourceAlone()
    {
        await using var console = new ConsoleFactory { More = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Proxy:Known"] = "127.0.0.1" } };
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < AttemptLimits.WrongTokens + 20; i++)
        {
            statuses.Add((await AskAsync($"guess-{i}-0123456789012345678901234567890", "192.0.2.66")).Status);
        }

        Assert.All(statuses[..AttemptLimits.WrongTokens], s => Assert.Equal(HttpStatusCode.Unauthorized, s));
        Assert.All(statuses[AttemptLimits.WrongTokens..], s => Assert.Equal(HttpStatusCode.TooManyRequests, s));
        var limited = await AskAsync(ConsoleFactory.Token, "192.0.2.66");
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.Status);
        Assert.InRange(limited.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(ConsoleFactory.Token, "192.0.2.67")).Status);
        string[] said = [.. console.Logged.Own.Where(l => l.Contains("192.0.2.66", StringComparison.Ordinal))];
        Assert.Equal(AttemptLimits.WrongTokens + 1, said.Length);
        Assert.DoesNotContain(console.Logged.Own, l => l.Contains("guess-", StringComparison.Ordinal)
            || l.Contains(ConsoleFactory.Token, StringComparison.Ordinal));

        async Task<(HttpStatusCode Status, TimeSpan? RetryAfter)> AskAsync(string token, string from)
        {
            using var client = console.Anonymous();
            using var request = new HttpRequestMessage(HttpMethod.Get,
                "/api/v1/status")
            { Headers = { { "Authorization", $"Bearer {token}" }, { "X-Forwarded-For", from } } };
            using var response = await client.SendAsync(request, Cancel);
            return (response.StatusCode, response.Headers.RetryAfter?.Delta);
        }
    }

    [Fact]
    public async Task Api_TokenTooShortToAccept_IsClosedAndSaysWhy()
    {
        await using var console = new ConsoleFactory { More = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Auth:ApiToken"] = "short-token" } };
        using var client = console.Anonymous();
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i <= AttemptLimits.WrongTokens; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/status") { Headers = { { "Authorization", "Bearer short-token" } } };
            using var response = await client.SendAsync(request, Cancel);
            statuses.Add(response.StatusCode);
            if (i == 0)
            {
                Assert.Contains("fewer than 32 characters", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
            }
        }

        Assert.All(statuses[..^1], s => Assert.Equal(HttpStatusCode.Unauthorized, s));
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
        Assert.Contains(console.Logged.Own, l => l.Contains("the API is closed", StringComparison.Ordinal));
        Assert.DoesNotContain(console.Logged.Own, l => l.Contains("short-token", StringComparison.Ordinal));
    }

    private static ConsoleFactory Console(string remote, string? known, string? pathBase = null) => new()
    {
        Remote = IPAddress.Parse(remote),
        More = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Proxy:Known"] = known, ["PathBase"] = pathBase },
    };
}
