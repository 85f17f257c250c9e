using CalicoConsole.Web.Auth;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CalicoConsole.Web.Hosting;

/// <summary>Prints one line with the address once the server listens.</summary>
internal sealed class StartLine(IServer server, ConsoleSettings settings, IHostApplicationLifetime lifetime, ILogger<ConsoleSettings> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() =>
        {
            var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
            Console.WriteLine($"Calico Console ({Words(settings)}): {string.Join(' ', addresses)}");
            if (settings.ApiTokenTooShort)
            {
                logger.LogWarning("{Reason}", ApiTokenHandler.TooShort);
            }
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static string Words(ConsoleSettings settings) => settings.Etcd is { } etcd
        ? $"live, etcd {string.Join(',', etcd.Endpoints)}"
        : "sandbox, nothing outside this process is contacted";
}
