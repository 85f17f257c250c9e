using System.Diagnostics;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Tests;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging.Abstractions;

namespace CalicoConsole.Adapters.Tests.Audit;

/// <summary>Opening a database for a console: one at a time, for its owner alone, and up from older versions.</summary>
public sealed class ConsoleLockTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_Second_IsRefusedNamingTheFirst_UntilThatEnds()
    {
        using var database = new TestDatabase();
        using var first = Console(database);
        await first.OpenAsync(Token);
        await first.OpenAsync(Token);
        using var second = Console(database);

        var refused = await Assert.ThrowsAsync<ConsoleDatabaseException>(() => second.OpenAsync(Token));

        Assert.Contains(database.File, refused.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        first.Dispose();
        await second.OpenAsync(Token);
        Assert.Equal(first.Instance, second.Instance);
    }

    [Fact]
    [NeedsPrograms]
    public async Task Open_HeldByAProcessThatIsKilled_IsFreeAgain()
    {
        using var database = new TestDatabase();
        await File.WriteAllTextAsync(database.File + ".holder", "process 7 on elsewhere", Token);
        using var holder = Process.Start(new ProcessStartInfo("flock",
            ["--no-fork", database.File + ".lock", "sh", "-c", "echo held; exec sleep 60"])
        { RedirectStandardOutput = true })!;
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync(Token));
        using var console = Console(database);
        try
        {
            Assert.Contains("process 7 on elsewhere", (await Assert.ThrowsAsync<ConsoleDatabaseException>(() => console.OpenAsync(Token))).Message,
                StringComparison.Ordinal);
        }
        finally
        {
            holder.Kill();
            await holder.WaitForExitAsync(Token);
        }

        await console.OpenAsync(Token);
    }

    [Fact]
    public async Task Open_ReadersAndABackup_GoOnBesideIt()
    {
        using var database = new TestDatabase();
        using var console = Console(database);
        await console.OpenAsync(Token);
        await database.Log.IntentAsync(TestDatabase.Intent(), Token);
        var copy = Path.Combine(Path.GetDirectoryName(database.File)!, "backup.db");

        await using (var source = new SqliteConnection($"Data Source={database.File};Mode=ReadOnly;Pooling=False"))
        await using (var target = new SqliteConnection($"Data Source={copy};Pooling=False"))
        {
            await source.OpenAsync(Token);
            source.BackupDatabase(target);
        }

        await database.Log.IntentAsync(TestDatabase.Intent(), Token);
        await using var read = new SqliteConnection($"Data Source={copy};Mode=ReadOnly;Pooling=False");
        await read.OpenAsync(Token);
        await using var count = read.CreateCommand();
        count.CommandText = "SELECT count(*) FROM AuditIntents";
        Assert.Equal(1L, await count.ExecuteScalarAsync(Token));
    }

    [Fact]
    public async Task Open_FilesAndFolderThatWereThereBefore_BecomeTheOwnersAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "modes are Unix's");
        using var database = await TestDatabase.MigratedAsync();
        var folder = Path.GetDirectoryName(database.File)!;
        var keys = Directory.CreateDirectory(Path.Combine(folder, "keys")).FullName;
        await File.WriteAllTextAsync(Path.Combine(keys, "key-1.xml"), "<key/>", Token);
        await File.WriteAllTextAsync(database.File + "-wal.old", "", Token);
        foreach (var entry in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            SetMode(entry, 0b110_110_100);
        }

        SetMode(keys, 0b111_101_101);
        SetMode(folder, 0b111_101_101);
        using var console = Console(database);
        await console.OpenAsync(Token);
        await database.Log.IntentAsync(TestDatabase.Intent(), Token);

        Assert.Equal((0b111_000_000, 0b111_000_000), (Mode(folder), Mode(keys)));
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        Assert.Contains(database.File + "-wal", files);
        Assert.All(files, f => Assert.Equal((f, 0b110_000_000), (f, Mode(f))));
    }

    [Fact]
    public async Task Open_NewFile_IsNeverReadableByOthers_AndAFolderOfOtherThingsIsLeft()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "modes are Unix's");
        using var database = new TestDatabase();
        var folder = Path.GetDirectoryName(database.File)!;
        await File.WriteAllTextAsync(Path.Combine(folder, "somebody-elses.txt"), "", Token);
        SetMode(folder, 0b111_101_101);
        using var console = Console(database);
        await console.OpenAsync(Token);

        Assert.Equal(0b111_101_101, Mode(folder));
        Assert.All(Directory.GetFiles(folder, "console.db*"), f => Assert.Equal((f, 0b110_000_000), (f, Mode(f))));
    }

    [Fact]
    public async Task Open_DatabaseOfTheFirstVersion_KeepsWhatItHolds()
    {
        using var database = new TestDatabase();
        await using (var context = database.CreateDbContext())
        {
            await context.GetService<IMigrator>().MigrateAsync("AuditKeys", Token);
            await context.Database.ExecuteSqlRawAsync(
                "INSERT INTO AspNetUsers (Id, UserName, NormalizedUserName, SecurityStamp, EmailConfirmed, PhoneNumberConfirmed, TwoFactorEnabled, "
                    + "LockoutEnabled, AccessFailedCount) VALUES ('u', 'admin', 'ADMIN', 's', 0, 0, 0, 1, 0); "
                + "INSERT INTO AuditIntents (OperationId, At, Actor, Origin, Operation, ObjectKind, ObjectName, Writes, Changes, Commands) "
                + "VALUES ('00000000-0000-0000-0000-000000000009', 5, 'admin', 'page', 'ipPool.create', 'ipPool', '192.0.2.0/24', '[]', '[]', '[]');", Token);
        }

        using var console = Console(database);
        await console.OpenAsync(Token);

        var intent = Assert.Single(await database.Log.OpenIntentsAsync(Token));
        Assert.Equal(("admin", "192.0.2.0/24", null), (intent.Actor, intent.ObjectName, intent.Source));
        Assert.Matches("^[0-9a-f]{16}$", console.Instance);
        await using var after = database.CreateDbContext();
        Assert.Equal("admin", (await after.Users.SingleAsync(Token)).UserName);
        Assert.NotEqual(Guid.Empty, await new SessionStore(database, TimeProvider.System).BeginAsync(await after.Users.SingleAsync(Token), "192.0.2.1", Token));
    }

    private static ConsoleDatabase Console(TestDatabase database) => new(database, TimeProvider.System, NullLogger<ConsoleDatabase>.Instance);

    private static int Mode(string path) => OperatingSystem.IsWindows() ? 0 : (int)File.GetUnixFileMode(path);

    private static void SetMode(string path, int mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)mode);
        }
    }
}
