using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CalicoConsole.Adapters.Audit;

/// <summary>Gives every opened connection what durability needs: each commit is on the disk when it returns, and a busy database is waited for.</summary>
internal sealed class DurableConnectionInterceptor : DbConnectionInterceptor
{
    // Per connection in SQLite, unlike the journal mode, which the file remembers. The one that answers a row comes last: what follows a row is not run.
    private const string Settings = "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=10000;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Settings;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        var command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.CommandText = Settings;
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
