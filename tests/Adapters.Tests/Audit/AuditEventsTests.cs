using CalicoConsole.Core.Ports;
using Microsoft.Data.Sqlite;

namespace CalicoConsole.Adapters.Tests.Audit;

/// <summary>What happened beside the operations stands in the same log: in order, searchable, and for good.</summary>
public sealed class AuditEventsTests : DatabaseTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task Query_EventsAmongOperations_EachIsMetOnceInTheOrderOfTheLog()
    {
        for (var i = 0; i < 12; i++)
        {
            await Database.Log.IntentAsync(TestDatabase.Intent(name: $"n{2 * i}"), Token);
            await HappenedAsync($"n{(2 * i) + 1}");
        }

        var seen = new List<string>();
        long? before = null;
        do
        {
            var page = await Database.Log.QueryAsync(new AuditQuery { Limit = 5, Before = before }, Token);
            Assert.Equal(24, page.Total);
            seen.AddRange(page.Items.Select(e => e.Intent.ObjectName));
            before = page.Items.LastOrDefault()?.Id;
        }
        while (before is not null);

        Assert.Equal(Enumerable.Range(0, 24).Reverse().Select(i => $"n{i}"), seen);
        Assert.Equal(12, (await Database.Log.OpenIntentsAsync(Token)).Length);
    }

    [Fact]
    public async Task Query_ByAnyFilter_FindsTheEvent()
    {
        await HappenedAsync("ann", "192.0.2.9");
        await HappenedAsync("bob", "192.0.2.8");
        await Database.Log.IntentAsync(TestDatabase.Intent(), Token);
        var all = (await Database.Log.QueryAsync(new AuditQuery { Kind = "session" }, Token)).Items;
        var ann = all[1];
        Assert.Equal(("nobody", "ann", "192.0.2.9", "failed", "no match"),
            (ann.Intent.Actor, ann.Intent.ObjectName, ann.Intent.Source, ann.Outcome!.Outcome, ann.Outcome.Message));
        foreach (var query in new AuditQuery[] { new() { Object = "ann" }, new() { OperationId = ann.Intent.OperationId }, new() { Text = "192.0.2.9" },
            new() { Text = "ANN" }, new() { Kind = "session", Object = "ann" } })
        {
            Assert.Equal(ann.Id, Assert.Single((await Database.Log.QueryAsync(query, Token)).Items).Id);
        }

        Assert.Equal(2, (await Database.Log.QueryAsync(new AuditQuery { Actor = "nobody", Since = At }, Token)).Total);
        Assert.Equal(0, (await Database.Log.QueryAsync(new AuditQuery { Actor = "nobody", Since = At.AddSeconds(1) }, Token)).Total);
        Assert.Equal(0, (await Database.Log.QueryAsync(new AuditQuery { Actor = "nobody", Until = At }, Token)).Total);
        Assert.Equal(0, (await Database.Log.QueryAsync(new AuditQuery { Actor = "nobody", Result = AuditResult.Open }, Token)).Total);
    }

    [Theory]
    [InlineData("UPDATE AuditEvents SET Source = 'elsewhere'")]
    [InlineData("DELETE FROM AuditEvents")]
    [InlineData(
        "INSERT OR REPLACE INTO AuditEvents SELECT Id, OperationId, At, 'somebody', Origin, Source, Operation, ObjectKind, ObjectName, Outcome, Message FROM "
        + "AuditEvents")]
    public async Task Rows_ChangedByAnySql_AreRefusedAndStay(string sql)
    {
        await HappenedAsync("ann");
        var error = await Assert.ThrowsAsync<SqliteException>(() => Database.SqlAsync(sql));
        Assert.Contains("append-only", error.Message, StringComparison.Ordinal);
        Assert.Equal("nobody", Assert.Single((await Database.Log.QueryAsync(new AuditQuery(), Token)).Items).Intent.Actor);
    }

    private Task HappenedAsync(string name, string source = "192.0.2.1")
    {
        var intent = TestDatabase.Intent(actor: "nobody", kind: "session", name: name, at: At) with { Source = source };
        return Database.Log.RecordAsync(intent, new AuditOutcome(intent.OperationId, At, "failed", "no match", "[]"), Token);
    }
}
