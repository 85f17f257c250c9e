using System.Net.Http.Headers;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CalicoConsole.Web.Tests;

/// <summary>The real console in live mode over a cluster state, a runner and an audit log that the test holds.</summary>
public sealed class ConsoleFactory : WebApplicationFactory<Program>
{
    public const string Token = "test-token";

    private readonly string _folder = Directory.CreateTempSubdirectory("cc-web").FullName;

    internal ManualClusterState State { get; } = new();

    internal RecordingRunner Runner { get; } = new();

    internal RecordingAudit Audit { get; } = new();

    internal bool Live { get; init; } = true;

    public HttpClient Api()
    {
        var client = CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
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

        builder.ConfigureHostConfiguration(c => c.AddInMemoryCollection(settings));
        return base.CreateHost(builder);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
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
            });
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
