using System.Net;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Hosting;

public sealed class ConsoleHostTests(ConsoleFactory console) : IClassFixture<ConsoleFactory>
{
    private readonly ConsoleFactory _console = console;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("css/app.css", "--cc-")]
    [InlineData("css/app.css", "@font-face")]
    [InlineData("js/console.js", "export")]
    [InlineData("_content/MudBlazor/MudBlazor.min.css", ".mud-")]
    [InlineData("lib/inter/LICENSE", "Open Font License")]
    public async Task Production_ServesStaticFilesWithoutSignIn(string path, string content)
    {
        using var client = _console.Anonymous();
        Assert.Contains(content, await client.GetStringAsync(new Uri("/" + path, UriKind.Relative), Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/account/sign-in")]
    [InlineData("/api/v1/status")]
    [InlineData("/css/app.css")]
    [InlineData("/healthz")]
    public async Task EveryAnswer_HasSecurityHeaders(string path)
    {
        using var client = _console.Anonymous();
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        string Header(string name) => string.Join(' ', response.Headers.GetValues(name));
        Assert.Contains("frame-ancestors 'none'", Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", Header("Content-Security-Policy").Split(';')
            .Single(p => p.Trim().StartsWith("script-src", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header("Referrer-Policy"));
    }

    [Fact]
    public void PublishedProgram_FindsItsAssetsWhereverItIsStarted()
    {
        var program = Directory.CreateTempSubdirectory("cc-published-");
        try
        {
            Assert.Null(ConsoleHost.PublishedAssets(program.FullName));
            var assets = program.CreateSubdirectory("wwwroot").FullName;
            Assert.Equal(assets, ConsoleHost.PublishedAssets(program.FullName));
        }
        finally
        {
            program.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task SignInPage_HasNoInlineScript()
    {
        using var client = _console.Anonymous();
        var page = await client.GetStringAsync(new Uri("/account/sign-in", UriKind.Relative), Cancel);
        Assert.DoesNotMatch("<script(?![^>]*src=)", page);
        Assert.DoesNotContain("http://", page.Replace("http://www.w3.org", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/endpoints?q=docker01")]
    [InlineData("/_blazor/negotiate")]
    [InlineData("/nonsense")]
    public async Task Live_WithoutSignIn_ShowsNothing(string path)
    {
        using var client = _console.Anonymous();
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        Assert.Contains(response.StatusCode, new[] { HttpStatusCode.Redirect, HttpStatusCode.Unauthorized });
    }

    [Fact]
    public async Task Ready_OnlyAfterEveryFeedWasTried()
    {
        using var client = _console.Anonymous();
        async Task<HttpStatusCode> ReadyAsync()
        {
            using var response = await client.GetAsync(new Uri("/readyz", UriKind.Relative), Cancel);
            return response.StatusCode;
        }

        _console.State.Publish(new ClusterSnapshot());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync());
        _console.State.Publish(Cluster.Snapshot().WithFeed("docker/docker02", FeedStatus.Connecting, everLive: false));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync());
        _console.State.Publish(Cluster.Snapshot().WithFeed("docker/docker02", FeedStatus.Stale, everLive: false));
        Assert.Equal(HttpStatusCode.OK, await ReadyAsync());
    }

    [Fact]
    public async Task NoSettings_AreTheSandboxWithoutSignIn()
    {
        await using var sandbox = new ConsoleFactory { Live = false };
        using var client = sandbox.Api();
        Assert.True(await sandbox.Services.GetRequiredService<IClusterState>()
            .WaitForAsync(s => s.Feeds.Length >= 5 && s.Feeds.All(f => f.Status == FeedStatus.Live), TimeSpan.FromSeconds(20), Cancel) is not null);

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/readyz", UriKind.Relative), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/", UriKind.Relative), Cancel)).StatusCode);
        var pools = await client.GetStringAsync(new Uri("/api/v1/ippools", UriKind.Relative), Cancel);
        Assert.Contains("10.20.0.0/16", pools, StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2.0/24", pools, StringComparison.Ordinal);
        using var anonymous = sandbox.Anonymous();
        Assert.Equal(HttpStatusCode.Unauthorized, (await anonymous.GetAsync(new Uri("/api/v1/ippools", UriKind.Relative), Cancel)).StatusCode);
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = "evil.example" } };
        Assert.Equal(HttpStatusCode.BadRequest, (await client.SendAsync(foreign, Cancel)).StatusCode);
    }
}
