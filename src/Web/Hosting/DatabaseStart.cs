using CalicoConsole.Adapters.Audit;

namespace CalicoConsole.Web.Hosting;

/// <summary>Opens the database and brings it to the current schema before anything uses it.</summary>
internal sealed class DatabaseStart(ConsoleDatabase database) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => database.OpenAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
