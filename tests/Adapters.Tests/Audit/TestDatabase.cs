using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ports;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CalicoConsole.Adapters.Tests.Audit;

/// <summary>A real database file of its own in a folder of its own.</summary>
internal sealed class TestDatabase : IDbContextFactory<ConsoleDbContext>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("calico-console-audit-").FullName;
    private readonly IInterceptor[] _interceptors;

    public TestDatabase(params IInterceptor[] interceptors)
    {
        _interceptors = interceptors;
        File = Path.Combine(_folder, "console.db");
        ConnectionString = $"Data Source={File}";
        Log = new AuditLog(this);
    }

    public string File { get; }

    public string ConnectionString { get; set; }

    public AuditLog Log { get; }

    public static async Task<TestDatabase> MigratedAsync(params IInterceptor[] interceptors)
    {
        var database = new TestDatabase(interceptors);
        await database.MigrateAsync();
        return database;
    }

    public Task MigrateAsync(ILogger<ConsoleDatabase>? logger = null) =>
        new ConsoleDatabase(this, TimeProvider.System, logger ?? NullLogger<ConsoleDatabase>.Instance).MigrateAsync(TestContext.Current.CancellationToken);

    public ConsoleDbContext CreateDbContext()
    {
        var builder = new DbContextOptionsBuilder<ConsoleDbContext>();
        ConsoleDatabase.Configure(builder, ConnectionString);
        return new ConsoleDbContext(builder.AddInterceptors(_interceptors).Options);
    }

    public async Task<int> SqlAsync(string sql)
    {
        await using var context = CreateDbContext();
        return await context.Database.ExecuteSqlRawAsync(sql, TestContext.Current.CancellationToken);
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var context = CreateDbContext();
        return (await context.Database.SqlQueryRaw<T>(sql).ToListAsync(TestContext.Current.CancellationToken)).Single();
    }

    public static AuditIntent Intent(
        Guid? id = null, string actor = "admin", string kind = "ipPool", string name = "192.0.2.0/24", string writes = """{"v":1,"writes":[],"docker":[]}""",
        string changes = "[]", DateTimeOffset? at = null, params ImmutableArray<string> commands) =>
        new(id ?? Guid.NewGuid(), at ?? new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), actor, "api", kind + ".create", kind, name, writes, changes,
            commands.IsDefault ? [] : commands);

    public void Dispose()
    {
        Log.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
