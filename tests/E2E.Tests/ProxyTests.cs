using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using CalicoConsole.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

/// <summary>The console behind nginx or Caddy with TLS, as docs/install.md says: at the root of its host, and below a path.</summary>
public sealed class ProxyTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nginx", 0, "")]
    [InlineData("nginx", 1, "/calico")]
    [InlineData("caddy", 0, "")]
    [InlineData("caddy", 1, "/calico")]
    public async Task DocumentedProxy_SignInPagesAndHub_WorkByHttps(string program, int block, string pathBase)
    {
        await using var console = await RunningConsole.StartAsync(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ETCD_ENDPOINTS"] = fixture.Etcd.Endpoint,
                ["Auth__ApiToken"] = BrowserFixture.Token,
                ["Proxy__Known"] = "127.0.0.1",
                ["PathBase"] = pathBase,
            }, Cancel);
        await using var proxy = await DocumentedProxy.StartAsync(program, console.Address, block, Cancel);
        var at = $"https://localhost:{proxy.Port}{pathBase}";
        var wrong = new List<string>();
        await using var context = await fixture.Browser.NewContextAsync(new() { IgnoreHTTPSErrors = true });
        var page = await context.NewPageAsync();
        page.RequestFailed += (_, r) => wrong.Add($"{r.Url} {r.Failure}");
        page.Response += (_, r) =>
        {
            if (r.Status >= 400 || !r.Url.StartsWith(at, StringComparison.Ordinal))
            {
                wrong.Add($"{r.Status} {r.Url}");
            }
        };
        page.Console += (_, m) =>
        {
            if (m.Type == "error")
            {
                wrong.Add(m.Text);
            }
        };
        var sockets = new List<string>();
        page.WebSocket += (_, s) => sockets.Add(s.Url);

        await page.GotoAsync($"{at}/nodes?q=a");
        await page.GetByLabel("User").FillAsync("admin");
        await page.GetByLabel("Password").FillAsync(console.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.Locator("main[data-ready]").WaitForAsync();
        Assert.Equal($"{at}/nodes?q=a", page.Url);
        Assert.StartsWith(at.Replace("https:", "wss:", StringComparison.Ordinal) + "/_blazor", Assert.Single(sockets), StringComparison.Ordinal);
        // The other cookie is half of a form's token, and no secret.
        Assert.All(await context.CookiesAsync(), c =>
            Assert.Equal((c.Name, !c.Name.Contains("-form-", StringComparison.Ordinal), pathBase.Length > 0 ? pathBase : "/"), (c.Name, c.Secure, c.Path)));

        // By a link and the open circuit, then by a reload.
        await page.GetByRole(AriaRole.Link, new() { Name = "Profiles", Exact = true }).First.ClickAsync();
        await Expect(page).ToHaveURLAsync($"{at}/profiles");
        await page.ReloadAsync();
        await page.Locator("main[data-ready]").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByLabel("Password")).ToBeVisibleAsync();
        Assert.StartsWith($"{at}/account/sign-in", page.Url, StringComparison.Ordinal);
        Assert.Empty(wrong);

        await CheckApiAsync(at, console, proxy);
    }

    private static async Task CheckApiAsync(string at, RunningConsole console, DocumentedProxy proxy)
    {
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectCallback = async (connection, cancellationToken) =>
            {
                // From an address of its own, which the console must learn from the proxy.
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.77"), 0));
                await socket.ConnectAsync(IPAddress.Loopback, connection.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        proxy.Trust(handler);
        using var http = new HttpClient(handler);
        using (var challenge = await http.GetAsync(new Uri($"{at}/pools"), Cancel))
        {
            Assert.Equal((HttpStatusCode.Redirect, false), (challenge.StatusCode, challenge.Headers.Location!.IsAbsoluteUri));
            Assert.Equal("max-age=31536000", challenge.Headers.GetValues("Strict-Transport-Security").Single());
        }

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "guess");
        using (var wrong = await http.GetAsync(new Uri($"{at}/api/v1/status"), Cancel))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
            await console.SaysAsync("A wrong API token came from 127.0.0.77", Cancel);
        }

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", BrowserFixture.Token);
        using var body = new StringContent("""{"apiVersion":"v1","kind":"ipPool","metadata":{"cidr":"198.51.100.0/26"},"spec":{}}""", System.Text.Encoding.UTF8, "application/json");
        using var created = await http.PostAsync(new Uri($"{at}/api/v1/ippools"), body, Cancel);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        using var pool = await http.DeleteAsync(new Uri(new Uri(at), created.Headers.Location!), Cancel);
        Assert.Equal(HttpStatusCode.OK, pool.StatusCode);
    }
}
