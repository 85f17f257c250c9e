using CalicoConsole.Adapters.Audit;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CalicoConsole.Adapters.Tests.Audit;

public class ConsoleDatabaseTests
{
    [Fact]
    public async Task Migrate_EmptyFolder_MakesIdentityAndAuditInWalWithFullSynchronous()
    {
        using var database = await TestDatabase.MigratedAsync();

        await using var context = database.CreateDbContext();
        Assert.Empty(await context.Users.ToListAsync(TestContext.Current.CancellationToken));
        Assert.Empty(await context.AuditIntents.ToListAsync(TestContext.Current.CancellationToken));
        Assert.False(context.Database.HasPendingModelChanges());
        Assert.Equal("wal", await database.ScalarAsync<string>("SELECT journal_mode AS Value FROM pragma_journal_mode"));
        Assert.Equal(2, await database.ScalarAsync<int>("SELECT synchronous AS Value FROM pragma_synchronous"));
        Assert.Equal(10000, await database.ScalarAsync<int>("SELECT timeout AS Value FROM pragma_busy_timeout"));
    }

    [Fact]
    public async Task Migrate_Twice_ChangesNothing()
    {
        using var database = await TestDatabase.MigratedAsync();
        var id = Guid.NewGuid();
        await database.Log.IntentAsync(TestDatabase.Intent(id), TestContext.Current.CancellationToken);

        await database.MigrateAsync();

        Assert.Equal(id, Assert.Single(await database.Log.OpenIntentsAsync(TestContext.Current.CancellationToken)).OperationId);
    }

    [Fact]
    public async Task Migrate_FourAtOnce_AllEndWell()
    {
        using var database = new TestDatabase();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => database.MigrateAsync(), TestContext.Current.CancellationToken)));

        await using var context = database.CreateDbContext();
        Assert.Equal(context.Database.GetMigrations().Count(), await database.ScalarAsync<int>("SELECT count(*) AS Value FROM __EFMigrationsHistory"));
    }

    [Fact]
    public async Task Migrate_LockRowOfAKilledProcess_IsClearedAndNamed()
    {
        using var database = await TestDatabase.MigratedAsync();
        await database.SqlAsync("INSERT INTO __EFMigrationsLock (Id, Timestamp) VALUES (1, '2026-01-02 03:04:05')");
        // Without this the row would not matter: nothing pending, nothing locked.
        await database.SqlAsync("DELETE FROM __EFMigrationsHistory; "
            + string.Concat((await TablesAsync(database)).Where(t => !t.StartsWith("__", StringComparison.Ordinal)
                && !t.StartsWith("sqlite_", StringComparison.Ordinal)).Reverse().Select(t => $"PRAGMA foreign_keys=OFF; DROP TABLE \"{t}\"; ")));
        var logger = new Lines();

        await database.MigrateAsync(logger).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Contains(logger.All, l => l.Contains("2026-01-02 03:04:05", StringComparison.Ordinal));
        Assert.Equal(0, await database.ScalarAsync<int>("SELECT count(*) AS Value FROM __EFMigrationsLock"));
    }

    [Fact]
    public async Task Migrate_NewerSchema_IsRefused()
    {
        using var database = await TestDatabase.MigratedAsync();
        await database.SqlAsync("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Later', '99.0')");

        await FailsAsync(database, "made by a newer console", "29990101000000_Later");
    }

    [Fact]
    public async Task Migrate_FolderMissing_NamesSettingAndFolder()
    {
        using var database = new TestDatabase();
        database.ConnectionString = $"Data Source={Path.Combine(Path.GetDirectoryName(database.File)!, "missing", "console.db")}";

        await FailsAsync(database, "missing", "does not exist");
    }

    [Fact]
    public async Task Migrate_PathIsAFolder_SaysSo()
    {
        using var database = new TestDatabase();
        database.ConnectionString = $"Data Source={Path.GetDirectoryName(database.File)}";

        await FailsAsync(database, "is a folder");
    }

    [Fact]
    public async Task Migrate_NotADatabase_SaysSo()
    {
        using var database = new TestDatabase();
        await File.WriteAllTextAsync(database.File, new string('x', 8192), TestContext.Current.CancellationToken);

        await FailsAsync(database, database.File, "is not an SQLite database");
    }

    [Fact]
    public async Task Migrate_ReadOnly_SaysSo()
    {
        using var database = await TestDatabase.MigratedAsync();
        database.ConnectionString += ";Mode=ReadOnly";

        await FailsAsync(database, database.File, "is read-only");
    }

    [Theory]
    [InlineData("Data Source=")]
    [InlineData("Data Source=:memory:")]
    [InlineData("Server=db;Database=x")]
    public void Services_UnusableConnectionString_NamesTheSetting(string text)
    {
        var error = Assert.Throws<ConsoleDatabaseException>(() => new ServiceCollection().AddConsoleDatabase(text));
        Assert.StartsWith("ConnectionStrings:Console", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Identity_UserAndRole_AreStored()
    {
        using var database = await TestDatabase.MigratedAsync();
        var services = new ServiceCollection().AddLogging();
        services.AddConsoleDatabase(database.ConnectionString);
        services.AddIdentityCore<ConsoleUser>().AddRoles<IdentityRole>().AddEntityFrameworkStores<ConsoleDbContext>();
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        await using var scope = provider.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ConsoleUser>>();
        var user = new ConsoleUser { UserName = "admin" };

        Assert.True((await users.CreateAsync(user, "Correct-horse-7")).Succeeded);
        Assert.True((await scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole>>().CreateAsync(new IdentityRole("Editor"))).Succeeded);
        Assert.True((await users.AddToRoleAsync(user, "Editor")).Succeeded);
        Assert.True(await users.CheckPasswordAsync((await users.FindByNameAsync("admin"))!, "Correct-horse-7"));
    }

    private static async Task<List<string>> TablesAsync(TestDatabase database)
    {
        await using var context = database.CreateDbContext();
        return await context.Database.SqlQueryRaw<string>("SELECT name AS Value FROM sqlite_master WHERE type = 'table'")
            .ToListAsync(TestContext.Current.CancellationToken);
    }

    private static async Task FailsAsync(TestDatabase database, params string[] words)
    {
        var error = await Assert.ThrowsAsync<ConsoleDatabaseException>(() => database.MigrateAsync());
        Assert.StartsWith("ConnectionStrings:Console", error.Message, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }

    private sealed class Lines : ILogger<ConsoleDatabase>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add(formatter(state, exception));
    }
}
