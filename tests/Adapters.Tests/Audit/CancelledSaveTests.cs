using System.Data.Common;
using System.Text;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ports;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CalicoConsole.Adapters.Tests.Audit;

/// <summary>A caller that goes away while SQLite works: a row that is stored is never said not to be.</summary>
public sealed class CancelledSaveTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task Audit_CancelledInItsSave_StoresAndSaysSo()
    {
        using var cancel = new CancelsOnInsert();
        using var database = await TestDatabase.MigratedAsync(cancel);
        var (one, two) = (TestDatabase.Intent(), TestDatabase.Intent());

        await database.Log.IntentAsync(one, cancel.Arm());
        await database.Log.OutcomeAsync(new AuditOutcome(one.OperationId, At, "succeeded", null, "[]"), cancel.Arm());
        await database.Log.RecordAsync(two, new AuditOutcome(two.OperationId, At, "failed", null, "[]"), cancel.Arm());

        Assert.Equal(3, cancel.Cancelled);
        var page = await database.Log.QueryAsync(new AuditQuery(), TestContext.Current.CancellationToken);
        Assert.Equal(["failed", "succeeded"], page.Items.Select(e => e.Outcome?.Outcome));
    }

    [Fact]
    public async Task Kept_CancelledInItsSave_StoresAndSaysSo()
    {
        using var cancel = new CancelsOnInsert();
        using var database = await TestDatabase.MigratedAsync(cancel);
        using var store = new KeptStore(database, TimeProvider.System);

        var written = await store.WriteAsync(new KeyWrite("/console/draft/a", Encoding.UTF8.GetBytes("{}"), Expectation.Absent), cancel.Arm());

        Assert.Equal((true, 1), (written.Done, cancel.Cancelled));
        Assert.NotNull(await store.ReadAsync("/console/draft/a", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Audit_CancelledBeforeItsTurn_StoresNothing()
    {
        using var database = await TestDatabase.MigratedAsync();
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => database.Log.IntentAsync(TestDatabase.Intent(), gone.Token));

        Assert.Empty(await database.Log.OpenIntentsAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Cancels the armed token once SQLite has taken an insert.</summary>
    private sealed class CancelsOnInsert : DbCommandInterceptor, IDisposable
    {
        private CancellationTokenSource? _armed;

        public int Cancelled { get; private set; }

        public CancellationToken Arm()
        {
            _armed?.Dispose();
            return (_armed = new CancellationTokenSource()).Token;
        }

        public override async ValueTask<DbDataReader> ReaderExecutedAsync(DbCommand command, CommandExecutedEventData eventData, DbDataReader result,
            CancellationToken cancellationToken = default)
        {
            if (_armed is { IsCancellationRequested: false } armed && command.CommandText.Contains("INSERT", StringComparison.Ordinal))
            {
                Cancelled++;
                await armed.CancelAsync();
            }

            return result;
        }

        public void Dispose() => _armed?.Dispose();
    }
}
