using System.Net.Http.Headers;
using System.Text;
using CalicoConsole.Adapters.Etcd;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Tests;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CalicoConsole.Web.Tests.Hostile;

/// <summary>The real console, with its own feeds and its own runner, over a real etcd.</summary>
internal sealed class EtcdConsole : WebApplicationFactory<Program>
{
    private const string Token = "a-token-of-this-test-0123456789abcdef";

    private readonly string _folder = Directory.CreateTempSubdirectory("cc-hostile").FullName;
    private readonly EtcdServer _server;

    private EtcdConsole(EtcdServer server) => _server = server;

    public string Etcd => _server.Endpoint;

    public IClusterState State => Services.GetRequiredService<IClusterState>();

    public static async Task<EtcdConsole> StartAsync(
        IReadOnlyCollection<KeyValuePair<string, byte[]>> keys, CancellationToken cancellationToken, params IEnumerable<string> paths)
    {
        var server = await EtcdServer.StartAsync(cancellationToken: cancellationToken);
        var refused = await HostileSeed.PutAsync(server.Endpoint, keys, cancellationToken);
        await HostileSeed.PutPathsAsync(server.Endpoint, paths.Select(p => KeyValuePair.Create(p, "{}"u8.ToArray())), cancellationToken);
        Assert.InRange(refused, 0, keys.Count / 20);
        var console = new EtcdConsole(server);
        // The test server has unescaped the whole path before anybody sees it; names are told apart by what Kestrel leaves.
        console.UseKestrel(0);
        console.StartServer();
        var seen = await console.State.WaitForAsync(s => s.Calico.Keys.Count >= keys.Count - refused
            && s.Feeds.Any(f => f is { Name: "etcd", Status: FeedStatus.Live }), TimeSpan.FromSeconds(120), cancellationToken);
        Assert.True(seen is not null, $"{console.State.Current.Calico.Keys.Count} of {keys.Count} keys were read");
        return console;
    }

    public HttpClient Api()
    {
        var client = CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, BaseAddress = ClientOptions.BaseAddress });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return client;
    }

    /// <summary>Puts a key, and waits until the console has seen it.</summary>
    public async Task PutAsync(string key, string value, CancellationToken cancellationToken)
    {
        using var client = new EtcdKeysClient(new EtcdOptions { Endpoints = [_server.Endpoint] }, TimeProvider.System);
        var answer = await client.PutAsync(key, Encoding.UTF8.GetBytes(value), default, null, cancellationToken);
        Assert.NotNull(await State.WaitForAsync(s => s.Calico.Revision >= answer.Index || s.Calico.Keys.Find(key)?.Text == value, TimeSpan.FromSeconds(30),
            cancellationToken));
    }

    protected override IHost CreateHost(IHostBuilder builder)
    {
        builder.ConfigureHostConfiguration(c => c.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Console"] = $"Data Source={Path.Combine(_folder, "console.db")}",
            ["Auth:ApiToken"] = Token,
            ["Etcd:Endpoints"] = _server.Endpoint,
        }));
        return base.CreateHost(builder);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder.UseEnvironment("Production");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
