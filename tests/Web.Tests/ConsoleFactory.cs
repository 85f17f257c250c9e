using System.Net;
using System.Net.Http.Headers;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CalicoConsole.Web.Tests;

/// <summary>The real console in live mode over a cluster state, a runner and an audit log that the test holds.</summary>
public sealed class ConsoleFactory : WebApplicationFactory<Program>
{
    public const string Token = "token-of-the-tests-0123456789-abcdef";

    private readonly string _folder = Directory.CreateTempSubdirectory("cc-web").FullName;

    internal ManualClusterState State { get; } = new();

    internal RecordingRunner Runner { get; } = new();

    internal RecordingAudit Audit { get; } = new();

    internal MeasuredSeries Series { get; } = new();

    internal bool Live { get; init; } = true;

    /// <summary>Settings beside those that every test needs.</summary>
    internal IReadOnlyDictionary<string, string?> More { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>The address that every connection comes from; null as the test server has none.</summary>
    internal IPAddress? Remote { get; init; }

    /// <summary>What the console's own code logged.</summary>
    internal LoggedLines Logged { get; } = new();

    /// <summary>Services beside the console's own.</summary>
    internal Action<IServiceCollection> Also { get; init; } = _ => { };

    public HttpClient Api()
    {
        // Its own address once it listens on one (UseKestrel).
        var client = CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, BaseAddress = ClientOptions.BaseAddress });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return client;
    }

    public HttpClient Anonymous() => CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });

    protected override IHost CreateHost(IHostBuilder builder)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Console"] = $"Data Source={Path.Combine(_folder, "console.db")}",
            ["Auth:ApiToken"] = Token,
        };
        if (Live)
        {
            // Nothing listens there, and nothing asks: the feeds are taken out below.
            settings["Etcd:Endpoints"] = "http://127.0.0.1:1";
            settings["Docker:Hosts:0:Name"] = "docker01";
            settings["Docker:Hosts:0:Endpoint"] = "unix:///nowhere/docker01.sock";
            settings["Docker:Hosts:1:Name"] = "docker02";
            settings["Docker:Hosts:1:Endpoint"] = "unix:///nowhere/docker02.sock";
        }

        foreach (var (name, value) in More)
        {
            settings[name] = value;
        }

        builder.ConfigureHostConfiguration(c => c.AddInMemoryCollection(settings));
        return base.CreateHost(builder);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.ConfigureLogging(logging => logging.AddProvider(Logged));
        if (Remote is { } remote)
        {
            builder.ConfigureTestServices(services => services.AddSingleton<IStartupFilter>(new ComesFrom(remote)));
        }

        if (Live)
        {
            builder.ConfigureTestServices(services =>
            {
                foreach (var feeds in services.Where(s => s.ImplementationType?.Name == "FeedSupervisor").ToList())
                {
                    services.Remove(feeds);
                }

                services.AddSingleton<IClusterState>(State);
                services.AddSingleton<IOperationRunner>(Runner);
                services.AddSingleton<IRunningOperations>(Runner);
                services.AddSingleton<IAuditLog>(Audit);
                services.AddSingleton<ISeriesStore>(Series);
                Also(services);
            });
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Logged.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class ComesFrom(IPAddress remote) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                context.Connection.RemoteIpAddress = remote;
                return rest(context);
            });
            next(app);
        };
    }
}
