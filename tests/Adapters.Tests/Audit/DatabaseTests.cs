namespace CalicoConsole.Adapters.Tests.Audit;

/// <summary>Tests of which each has a migrated database of its own.</summary>
public abstract class DatabaseTests : IAsyncLifetime
{
    private protected TestDatabase Database { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Database = await TestDatabase.MigratedAsync();

    public ValueTask DisposeAsync()
    {
        Database.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
