using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace CalicoConsole.Adapters.Audit;

/// <summary>Opens the console's database and brings it to the current schema at start-up.</summary>
/// <param name="contexts">Makes contexts configured by <see cref="Configure"/>.</param>
/// <param name="time">Clock for waiting.</param>
/// <param name="logger">Told what was migrated or cleared.</param>
public sealed class ConsoleDatabase(IDbContextFactory<ConsoleDbContext> contexts, TimeProvider time, ILogger<ConsoleDatabase> logger) : IDisposable
{
    /// <summary>Name of the setting that names the database.</summary>
    public const string Setting = "ConnectionStrings:Console";

    private const string TryWrite = "CREATE TABLE IF NOT EXISTS \"ConsoleWritable\" (\"Id\" INTEGER); DROP TABLE \"ConsoleWritable\";";
    private const string LockTable = "__EFMigrationsLock";
    private const string InstanceFact = "instance";
    private static readonly TimeSpan LockBound = TimeSpan.FromSeconds(60);

    private ConsoleLock? _lock;
    private string? _instance;

    /// <summary>An id that this database was given when it was made: consoles on one database agree in it, those on different ones do not.</summary>
    /// <exception cref="InvalidOperationException"><see cref="OpenAsync"/> has not been called.</exception>
    public string Instance => _instance ?? throw new InvalidOperationException("The database is not open yet.");

    /// <summary>Configures a context for <paramref name="connectionString"/>, such as <c>Data Source=/var/lib/calico-console/console.db</c>.</summary>
    /// <exception cref="ConsoleDatabaseException">The connection string is not one of SQLite's or names no file.</exception>
    public static void Configure(DbContextOptionsBuilder builder, string connectionString)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.UseSqlite(Parse(connectionString).ConnectionString, sqlite => sqlite.MigrationsAssembly(typeof(ConsoleDatabase).Assembly.GetName().Name))
            .AddInterceptors(new DurableConnectionInterceptor());
    }

    /// <summary>
    /// Opens the database for a console: takes the lock that one console at a time can have, closes the files to others, and brings it to the current
    /// schema. Held until this is disposed; a second call does nothing.
    /// </summary>
    /// <exception cref="ConsoleDatabaseException">It cannot be used, or another console uses it.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (_instance is not null)
        {
            return;
        }

        string? file = null;
        try
        {
            var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
            await using (context.ConfigureAwait(false))
            {
                file = context.Database.GetDbConnection().DataSource;
                CheckFolder(file);
                _lock ??= ConsoleLock.Take(file, time);
                DatabaseFiles.Protect(file, logger);
            }

            await MigrateAsync(cancellationToken).ConfigureAwait(false);
            _instance = await InstanceAsync(cancellationToken).ConfigureAwait(false);
            DatabaseFiles.Protect(file, logger);
        }
        catch (Exception e) when (ConsoleDatabaseException.Covers(e))
        {
            throw ConsoleDatabaseException.From(e, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConsoleDatabaseException($"{Setting}: the folder of {file} cannot be written: {e.Message}", false, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock?.Dispose();

    /// <summary>
    /// Checks that the database can be written and applies missing migrations. Safe when several processes start at once:
    /// they take turns by a lock on the file <c>&lt;database&gt;.migrating</c>, which the kernel frees when its owner is killed.
    /// </summary>
    /// <exception cref="ConsoleDatabaseException">It cannot be used.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        string? file = null;
        try
        {
            var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
            await using (context.ConfigureAwait(false))
            {
                file = context.Database.GetDbConnection().DataSource;
                CheckFolder(file);
                var turn = await TakeTurnAsync(file, cancellationToken).ConfigureAwait(false);
                await using (turn.ConfigureAwait(false))
                {
                    await MigrateAsync(context, file, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (ConsoleDatabaseException.Covers(e))
        {
            throw ConsoleDatabaseException.From(e, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConsoleDatabaseException($"{Setting}: the folder of {file} cannot be written: {e.Message}", false, e);
        }
    }

    /// <summary>Commits something small, to find out whether the database takes writes.</summary>
    /// <exception cref="ConsoleDatabaseException">It does not.</exception>
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        string? file = null;
        try
        {
            var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
            await using (context.ConfigureAwait(false))
            {
                file = context.Database.GetDbConnection().DataSource;
                await context.Database.ExecuteSqlRawAsync(TryWrite, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (ConsoleDatabaseException.Covers(e))
        {
            throw ConsoleDatabaseException.From(e, file);
        }
    }

    /// <summary>Reads a connection string and adds what the console always wants.</summary>
    internal static SqliteConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            var parsed = new SqliteConnectionStringBuilder(connectionString);
            return parsed.DataSource.Length > 0 && parsed.DataSource != ":memory:" && parsed.Mode != SqliteOpenMode.Memory
                ? parsed
                : throw new ConsoleDatabaseException($"{Setting} must name a file, such as Data Source=/var/lib/calico-console/console.db", false);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new ConsoleDatabaseException(
                $"{Setting} is not a connection string of SQLite, such as Data Source=/var/lib/calico-console/console.db: {e.Message}", false, e);
        }
    }

    private async Task<string> InstanceAsync(CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using (context.ConfigureAwait(false))
        {
            if (await context.Facts.AsNoTracking().SingleOrDefaultAsync(f => f.Name == InstanceFact, cancellationToken).ConfigureAwait(false) is { } known)
            {
                return known.Value;
            }

            var fact = new FactRow { Name = InstanceFact, Value = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)) };
            context.Add(fact);
            await context.SaveChangesAsync(CancellationToken.None).ConfigureAwait(false);
            return fact.Value;
        }
    }

    private static void CheckFolder(string file)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file));
        if (folder is not null && !Directory.Exists(folder))
        {
            throw new ConsoleDatabaseException($"{Setting}: the folder {folder} of the database {file} does not exist. Create it, or name another file", false);
        }

        if (Directory.Exists(file))
        {
            throw new ConsoleDatabaseException($"{Setting}: {file} is a folder, not a file. Name a file in it", false);
        }
    }

    private async Task<FileStream> TakeTurnAsync(string file, CancellationToken cancellationToken)
    {
        var path = file + ".migrating";
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return DatabaseFiles.OpenOwn(path, FileShare.None);
            }
            catch (IOException e) when (File.Exists(path) && time.GetElapsedTime(started) < LockBound)
            {
                logger.LogInformation("Waiting for another process that migrates {File}: {Reason}", file, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task MigrateAsync(ConsoleDbContext context, string file, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        await context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await ClearStaleLockAsync(context, file, cancellationToken).ConfigureAwait(false);
        // Also the first write: a read-only or foreign file shows itself here and not at the first change.
        await context.Database.ExecuteSqlRawAsync(TryWrite, cancellationToken).ConfigureAwait(false);
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL;", cancellationToken).ConfigureAwait(false);
        var unknown = (await context.Database.GetAppliedMigrationsAsync(cancellationToken).ConfigureAwait(false))
            .Except(context.Database.GetMigrations(), StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            throw new ConsoleDatabaseException(
                $"{Setting}: the database {file} was made by a newer console (it has {string.Join(", ", unknown)}). Start that version, or name another file",
                    false);
        }

        var pending = (await context.Database.GetPendingMigrationsAsync(cancellationToken).ConfigureAwait(false)).ToList();
        if (pending.Count > 0)
        {
            await context.Database.MigrateAsync(cancellationToken).ConfigureAwait(false);
            logger.LogInformation("Database {File} migrated by {Migrations} in {Milliseconds:0} ms", file, string.Join(", ", pending),
                time.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    /// <summary>
    /// EF Core waits for ever for a row in its lock table that a killed process left. Whoever migrates holds our file lock first,
    /// so a row that stands there while we hold it belongs to nobody.
    /// </summary>
    private async Task ClearStaleLockAsync(ConsoleDbContext context, string file, CancellationToken cancellationToken)
    {
        var names = await context.Database.SqlQueryRaw<string>("SELECT name AS \"Value\" FROM sqlite_master WHERE type = 'table'")
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        if (!names.Contains(LockTable))
        {
            return;
        }

        var since = await context.Database.SqlQueryRaw<string>($"SELECT \"Timestamp\" AS \"Value\" FROM \"{LockTable}\"").ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        if (since.Count > 0)
        {
            logger.LogWarning("Database {File}: clearing the migration lock that a process which was killed left at {Since}", file, string.Join(", ", since));
            await context.Database.ExecuteSqlRawAsync($"DELETE FROM \"{LockTable}\"", cancellationToken).ConfigureAwait(false);
        }
    }
}
