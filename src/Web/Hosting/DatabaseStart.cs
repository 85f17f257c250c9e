using CalicoConsole.Adapters.Audit;

namespace CalicoConsole.Web.Hosting;

/// <summary>Brings the database to the current schema before anything uses it.</summary>
internal sealed class DatabaseStart(ConsoleDatabase database) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => database.MigrateAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
