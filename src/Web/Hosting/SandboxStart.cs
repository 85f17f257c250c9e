using CalicoConsole.Sandbox;

namespace CalicoConsole.Web.Hosting;

/// <summary>Puts the sandbox's seed in before the feeds begin to read.</summary>
internal sealed class SandboxStart(SandboxCluster sandbox) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => sandbox.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
