using System.Data.Common;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CalicoConsole.Adapters.Tests.Audit;

public sealed class AuditLogTests : DatabaseTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("UPDATE AuditIntents SET Actor = 'nobody'")]
    [InlineData("DELETE FROM AuditIntents")]
    [InlineData("UPDATE AuditOutcomes SET Outcome = 'succeeded'")]
    [InlineData("DELETE FROM AuditOutcomes")]
    [InlineData(
        "INSERT OR REPLACE INTO AuditIntents SELECT Id, OperationId, At, 'nobody', Origin, Operation, ObjectKind, ObjectName, Writes, Changes, Commands, "
        + "Source FROM AuditIntents")]
    [InlineData("INSERT OR REPLACE INTO AuditOutcomes (OperationId, At, Outcome, Changes) SELECT OperationId, At, 'succeeded', '[]' FROM AuditOutcomes")]
    [InlineData("UPDATE AuditKeys SET IntentId = 7")]
    [InlineData("DELETE FROM AuditKeys")]
    [InlineData("INSERT OR IGNORE INTO AuditOutcomes (OperationId, At, Outcome, Changes) SELECT OperationId, At, 'succeeded', '[]' FROM AuditOutcomes")]
    public async Task Rows_ChangedByAnySql_AreRefusedAndStay(string sql)
    {
        var id = Guid.NewGuid();
        await Database.Log.IntentAsync(TestDatabase.Intent(id, changes: Changes("/calico/v1/ipam/v4/pool/192.0.2.0-24")), Token);
        await Database.Log.OutcomeAsync(new AuditOutcome(id, Start, "failed", null, "[]"), Token);

        var error = await Assert.ThrowsAsync<SqliteException>(() => Database.SqlAsync(sql));

        Assert.Contains("append-only", error.Message, StringComparison.Ordinal);
        var entry = Assert.Single((await Database.Log.QueryAsync(new AuditQuery(), Token)).Items);
        Assert.Equal(("admin", "failed"), (entry.Intent.Actor, entry.Outcome?.Outcome));
    }

    [Fact]
    public async Task IntentAndOutcome_ReadBack_AreTheSame()
    {
        var changes = ImmutableArray.Create(new DocumentChange("etcd", "/calico/v1/ipam/v4/pool/192.0.2.0-24", null, "{\"cidr\":\"192.0.2.0/24\"}"));
        var intent = TestDatabase.Intent(changes: AuditDocuments.Write(changes), at: new DateTimeOffset(2026, 3, 1, 2, 0, 0, TimeSpan.FromHours(2)),
            commands: ["calicoctl apply -f - <<'EOF'\nkind: ipPool\nEOF", "two"]);
        var outcome = new AuditOutcome(intent.OperationId, Start, "succeeded", null, AuditDocuments.Write(changes));

        await Database.Log.IntentAsync(intent, Token);
        Assert.Equal(intent.OperationId, Assert.Single(await Database.Log.OpenIntentsAsync(Token)).OperationId);
        await Database.Log.OutcomeAsync(outcome, Token);

        Assert.Empty(await Database.Log.OpenIntentsAsync(Token));
        var entry = Assert.Single((await Database.Log.QueryAsync(new AuditQuery(), Token)).Items);
        Assert.Equal(intent with { Commands = [] }, entry.Intent with { Commands = [] });
        Assert.Equal(TimeSpan.Zero, entry.Intent.At.Offset);
        Assert.Equal(intent.Commands.AsEnumerable(), entry.Intent.Commands);
        Assert.Equal(outcome, entry.Outcome);
        Assert.Equal(changes.AsEnumerable(), AuditDocuments.Read(entry.Intent.Changes));
    }

    [Fact]
    public async Task Outcome_WithoutIntentOrTwice_IsRefused()
    {
        var outcome = new AuditOutcome(Guid.NewGuid(), Start, "failed", null, "[]");
        await Assert.ThrowsAsync<ConsoleDatabaseException>(() => Database.Log.OutcomeAsync(outcome, Token));

        await Database.Log.IntentAsync(TestDatabase.Intent(outcome.OperationId), Token);
        await Database.Log.OutcomeAsync(outcome, Token);
        await Assert.ThrowsAsync<ConsoleDatabaseException>(() => Database.Log.OutcomeAsync(outcome, Token));
    }

    [Fact]
    public async Task Query_Filters_FindExactlyTheirEntries()
    {
        var quoted = AuditDocuments.Write([new DocumentChange("etcd", "/k", "{\"name\":\"web_1\"}", null)]);
        await AddAsync(TestDatabase.Intent(actor: "ann", name: "192.0.2.0/24", at: Start));
        await AddAsync(TestDatabase.Intent(actor: "bob", name: "198.51.100.0/24", at: Start.AddHours(1), commands: ["calicoctl get ipPool -o wide"]));
        await AddAsync(TestDatabase.Intent(actor: "ann", kind: "profile", name: "web_1", at: Start.AddHours(2), changes: quoted),
            "Somebody else changed it: 100% sure");

        Assert.Equal(["web_1", "192.0.2.0/24"], await NamesAsync(new AuditQuery { Actor = "ann" }));
        Assert.Equal(["192.0.2.0/24"], await NamesAsync(new AuditQuery { Actor = "ann", Kind = "ipPool" }));
        Assert.Equal(["198.51.100.0/24"], await NamesAsync(new AuditQuery { Object = "198.51.100.0/24" }));
        Assert.Equal(["web_1", "198.51.100.0/24"], await NamesAsync(new AuditQuery { Since = Start.AddHours(1).ToOffset(TimeSpan.FromHours(5)) }));
        Assert.Equal(["198.51.100.0/24"], await NamesAsync(new AuditQuery { Text = "GET ippool" }));
        Assert.Equal(["web_1"], await NamesAsync(new AuditQuery { Text = "\"name\":\"web_1\"" }));
        Assert.Equal(["web_1"], await NamesAsync(new AuditQuery { Text = "100%" }));
        Assert.Equal(["web_1"], await NamesAsync(new AuditQuery { Text = "profile.create" }));
        Assert.Empty(await NamesAsync(new AuditQuery { Text = "web%1" }));
        Assert.Empty(await NamesAsync(new AuditQuery { Text = "webx1" }));
    }

    [Fact]
    public async Task Query_ByResultAndEnd_FindsExactlyTheirEntries()
    {
        foreach (var (at, outcome) in new[] { (0, "succeeded"), (1, "unchanged"), (2, "refused"), (3, "foundDone"), (4, "foundPartial"), (5, null) })
        {
            var intent = TestDatabase.Intent(name: outcome ?? "none", at: Start.AddHours(at));
            await Database.Log.IntentAsync(intent, Token);
            if (outcome is not null)
            {
                await Database.Log.OutcomeAsync(new AuditOutcome(intent.OperationId, Start.AddHours(at), outcome, null, "[]"), Token);
            }
        }

        Assert.Equal(["foundDone", "unchanged", "succeeded"], await NamesAsync(new AuditQuery { Result = AuditResult.Done }));
        Assert.Equal(["foundPartial", "refused"], await NamesAsync(new AuditQuery { Result = AuditResult.NotDone }));
        Assert.Equal(["none"], await NamesAsync(new AuditQuery { Result = AuditResult.Open }));
        Assert.Equal(["unchanged", "succeeded"], await NamesAsync(new AuditQuery { Until = Start.AddHours(2) }));
        Assert.Equal(["unchanged"], await NamesAsync(new AuditQuery { Until = Start.AddHours(2), Since = Start.AddHours(1), Result = AuditResult.Done }));
    }

    [Theory]
    [InlineData("policy", "team/web", "/calico/v1/policy/tier/default/policy/team%2fweb")]
    [InlineData("profile", "net1", "/calico/v1/policy/profile/net1/rules")]
    [InlineData("ipPool", "192.0.2.0/24", "/calico/v1/ipam/v4/pool/192.0.2.0-24")]
    [InlineData("node", "docker01", "/calico/bgp/v1/host/docker01/as_num")]
    [InlineData("bgpPeer", "10.0.0.1 (global)", "/calico/bgp/v1/global/peer_v4/10.0.0.1")]
    [InlineData("bgpPeer", "10.0.0.1 (docker01)", "/calico/bgp/v1/host/docker01/peer_v4/10.0.0.1")]
    [InlineData("hostEndpoint", "docker01/eth0", "/calico/v1/host/docker01/endpoint/eth0")]
    [InlineData("workloadEndpoint", "docker01/k8s/ns/pod/eth0", "/calico/v1/host/docker01/workload/k8s/ns%2fpod/endpoint/eth0")]
    [InlineData("config", "ipip", "/calico/v1/config/IpInIpEnabled")]
    [InlineData("config", "docker01/felix LogSeverityScreen", "/calico/v1/host/docker01/config/LogSeverityScreen")]
    [InlineData("config", "logLevel", "/calico/bgp/v1/global/loglevel")]
    public async Task Query_OfAnObject_FindsWhatManifestsDidToIt(string kind, string name, string key)
    {
        await Database.Log.IntentAsync(TestDatabase.Intent(kind: kind, name: name), Token);
        await Database.Log.IntentAsync(TestDatabase.Intent(kind: "manifest", name: "as planned", changes: Changes("/calico/v1/Ready", key)), Token);
        await AddAsync(TestDatabase.Intent(kind: "manifest", name: "as it came out"), null, Changes(key, key));
        await AddAsync(TestDatabase.Intent(kind: "manifest", name: "another", changes: Changes(key + "x", "/calico/v1/Ready")));
        await AddAsync(TestDatabase.Intent(kind: "container", name: "docker",
            changes: AuditDocuments.Write([new DocumentChange("docker01", key, null, "{}")])));

        Assert.Equal(["as it came out", "as planned", name], await NamesAsync(new AuditQuery { Kind = kind, Object = name }));
        Assert.Equal(["as planned"], await NamesAsync(new AuditQuery { Kind = kind, Object = name, Text = "/calico/v1/Ready" }));
        Assert.Equal([name], await NamesAsync(new AuditQuery { Kind = kind }));
        Assert.Empty(await NamesAsync(new AuditQuery { Kind = "network", Object = name }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("7")]
    [InlineData("""["etcd", null, {"target": "etcd"}, {"target": "etcd", "object": {"a": 1}}, {"target": ["etcd"], "object": "/k"}]""")]
    public async Task Changes_OfAnotherForm_AreRecordedAllTheSame(string changes)
    {
        await AddAsync(TestDatabase.Intent(changes: changes), null, changes);
        Assert.Equal(1, (await Database.Log.QueryAsync(new AuditQuery(), Token)).Total);
        Assert.Equal(0, await Database.ScalarAsync<int>("SELECT count(*) AS Value FROM AuditKeys"));
    }

    [Fact]
    public async Task Intent_AboutAnotherObjectToo_StandsInTheHistoryOfBoth()
    {
        var id = Guid.NewGuid();
        var changed = "/calico/v1/host/docker01/workload/libnetwork/w/endpoint/e";
        var intent = TestDatabase.Intent(id, changes: Changes(changed)) with { ObjectKind = "profile", ObjectName = "comes" };
        await Database.Log.IntentAsync(intent with { AlsoKeys = [.. AuditedKeys.For("profile", "goes"), changed] }, Token);

        foreach (var name in new[] { "comes", "goes" })
        {
            var page = await Database.Log.QueryAsync(new AuditQuery { Kind = "profile", Object = name }, Token);
            Assert.Equal(id, Assert.Single(page.Items).Intent.OperationId);
        }

        Assert.Empty((await Database.Log.QueryAsync(new AuditQuery { Kind = "profile", Object = "other" }, Token)).Items);
    }

    [Fact]
    public async Task Query_OfAnObject_ReadsNoMoreThanItsEntries()
    {
        await using var context = Database.CreateDbContext();
        await context.Database.OpenConnectionAsync(Token);
        await using var command = AuditLog.Filter(context, new AuditQuery { Kind = "policy", Object = "web" }).OrderByDescending(i => i.Id).Take(50)
            .CreateDbCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
        await using var reader = await command.ExecuteReaderAsync(Token);
        var plan = new List<string>();
        while (await reader.ReadAsync(Token))
        {
            plan.Add(reader.GetString(3));
        }

        Assert.DoesNotContain(plan, l => l.StartsWith("SCAN a", StringComparison.Ordinal));
        Assert.Contains(plan, l => l.Contains("AuditKeys", StringComparison.Ordinal) && l.StartsWith("SEARCH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Migrate_OlderLog_ItsChangesAreIndexedToo()
    {
        using var old = new TestDatabase();
        await using (var context = old.CreateDbContext())
        {
            await context.Database.MigrateAsync(context.Database.GetMigrations().TakeWhile(m => !m.EndsWith("_AuditKeys", StringComparison.Ordinal)).Last(),
                Token);
        }

        var intent = TestDatabase.Intent(kind: "manifest", name: "old", changes: Changes("/calico/v1/policy/tier/default/policy/a"));
        await using (var context = old.CreateDbContext())
        {
            foreach (var row in new[] { intent, TestDatabase.Intent(changes: "{") })
            {
                // As that version wrote them: the log of today knows columns that it had not.
                await context.Database.ExecuteSqlAsync(
                    $"""
                    INSERT INTO AuditIntents (OperationId, At, Actor, Origin, Operation, ObjectKind, ObjectName, Writes, Changes, Commands)
                    VALUES ({row.OperationId}, {row.At.UtcTicks}, {row.Actor}, {row.Origin}, {row.Operation}, {row.ObjectKind}, {row.ObjectName}, {row.Writes}, {row.Changes}, '[]')
                    """, Token);
            }
        }

        await old.Log.OutcomeAsync(new AuditOutcome(intent.OperationId, Start, "succeeded", null, Changes("/calico/v1/policy/tier/default/policy/b")), Token);
        await old.MigrateAsync();

        Assert.Equal(1, (await old.Log.QueryAsync(new AuditQuery { Kind = "policy", Object = "a" }, Token)).Total);
        Assert.Equal(1, (await old.Log.QueryAsync(new AuditQuery { Kind = "policy", Object = "b" }, Token)).Total);
        Assert.Equal(0, (await old.Log.QueryAsync(new AuditQuery { Kind = "policy", Object = "c" }, Token)).Total);
    }

    [Fact]
    public async Task Query_KeysetPages_MeetEveryEntryOnceWhileOthersWrite()
    {
        for (var i = 0; i < 25; i++)
        {
            await Database.Log.IntentAsync(TestDatabase.Intent(name: $"pool{i}"), Token);
        }

        var seen = new List<string>();
        long? before = null;
        do
        {
            var page = await Database.Log.QueryAsync(new AuditQuery { Limit = 10, Before = before }, Token);
            Assert.Equal(25 + (seen.Count / 10), page.Total);
            seen.AddRange(page.Items.Select(e => e.Intent.ObjectName));
            before = page.Items is [.., { } last] ? last.Id : null;
            await Database.Log.IntentAsync(TestDatabase.Intent(name: "late"), Token);
        }
        while (seen.Count < 25);

        Assert.Equal(Enumerable.Range(0, 25).Reverse().Select(i => $"pool{i}"), seen);
    }

    [Theory]
    [InlineData("ObjectName", "IX_AuditIntents_ObjectName")]
    [InlineData("ObjectKind", "IX_AuditIntents_ObjectKind")]
    [InlineData("Actor", "IX_AuditIntents_Actor")]
    public async Task Query_PageOfAFilter_NeedsNoSorting(string column, string index)
    {
        await using var context = Database.CreateDbContext();
        await context.Database.OpenConnectionAsync(Token);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN SELECT * FROM AuditIntents WHERE {column} = 'x' AND Id < 100 ORDER BY Id DESC LIMIT 50";
        await using var reader = await command.ExecuteReaderAsync(Token);
        var plan = new List<string>();
        while (await reader.ReadAsync(Token))
        {
            plan.Add(reader.GetString(3));
        }

        Assert.Contains(plan, l => l.Contains(index, StringComparison.Ordinal));
        Assert.DoesNotContain(plan, l => l.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Writers_TwentyAtOnceOverTwoLogs_LoseNothing()
    {
        using var second = new AuditLog(Database);
        var logs = new[] { Database.Log, second };

        await Task.WhenAll(Enumerable.Range(0, 20).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                var id = Guid.NewGuid();
                await logs[w % 2].IntentAsync(TestDatabase.Intent(id, actor: $"writer{w}"), Token);
                await logs[w % 2].OutcomeAsync(new AuditOutcome(id, Start, "succeeded", null, "[]"), Token);
            }
        }, Token)));

        Assert.Equal(200, (await Database.Log.QueryAsync(new AuditQuery { Limit = 1 }, Token)).Total);
        Assert.Empty(await Database.Log.OpenIntentsAsync(Token));
    }

    [Fact]
    public async Task Intent_DiskFull_ThrowsAndLeavesNoRow()
    {
        using var full = await TestDatabase.MigratedAsync(new PageLimit());

        var error = await Assert.ThrowsAsync<ConsoleDatabaseException>(() =>
            full.Log.IntentAsync(TestDatabase.Intent(changes: new string('x', 4_000_000)), Token));

        Assert.Contains("the disk is full", error.Message, StringComparison.Ordinal);
        Assert.Empty(await full.Log.OpenIntentsAsync(Token));
    }

    private async Task<List<string>> NamesAsync(AuditQuery query)
    {
        var page = await Database.Log.QueryAsync(query, Token);
        Assert.Equal(page.Items.Length, page.Total);
        return [.. page.Items.Select(e => e.Intent.ObjectName)];
    }

    private async Task AddAsync(AuditIntent intent, string? message = null, string changes = "[]")
    {
        await Database.Log.IntentAsync(intent, Token);
        await Database.Log.OutcomeAsync(new AuditOutcome(intent.OperationId, Start, "succeeded", message, changes), Token);
    }

    private static string Changes(params string[] keys) => AuditDocuments.Write([.. keys.Select(k => new DocumentChange("etcd", k, null, "{}"))]);

    /// <summary>SQLite answers SQLITE_FULL at this size, as it does on a full disk.</summary>
    private sealed class PageLimit : DbConnectionInterceptor
    {
        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData,
            CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA max_page_count=500";
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
