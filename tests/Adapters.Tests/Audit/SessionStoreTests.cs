using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Operations;
using Microsoft.Extensions.Time.Testing;

namespace CalicoConsole.Adapters.Tests.Audit;

public sealed class SessionStoreTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));
    private readonly ConsoleUser _user = new() { UserName = "ann", SecurityStamp = "first" };
    private TestDatabase _database = null!;
    private SessionStore _sessions = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.MigratedAsync();
        _sessions = new SessionStore(_database, _time);
        await using var context = _database.CreateDbContext();
        context.Add(_user);
        await context.SaveChangesAsync(Token);
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Begin_StandsWithItsFacts_UntilItIsEnded()
    {
        var id = await _sessions.BeginAsync(_user, "2001:db8::1", Token);
        var other = await _sessions.BeginAsync(_user, "192.0.2.1", Token);

        Assert.Equal(new ConsoleSession(id, _user.Id, "ann", _time.GetUtcNow(), _time.GetUtcNow(), "2001:db8::1"), await _sessions.FindAsync(id, Token));
        Assert.True(await _sessions.EndAsync(id, Token));
        Assert.False(await _sessions.EndAsync(id, Token));
        Assert.Null(await _sessions.FindAsync(id, Token));
        Assert.Equal([other], await _sessions.StandingAsync([id, other], Token));
    }

    [Theory]
    [InlineData("UPDATE AspNetUsers SET SecurityStamp = 'second'")]
    [InlineData("UPDATE AspNetUsers SET SecurityStamp = NULL")]
    [InlineData("DELETE FROM AspNetUsers")]
    [InlineData("PRAGMA foreign_keys=OFF; DELETE FROM AspNetUsers")]
    [InlineData("DELETE FROM Sessions")]
    public async Task ChangeOfTheUserByAnybody_EndsTheSession(string sql)
    {
        var context = new OperationContext("ann", "page", OperationPermissions.Change) { Session = await _sessions.BeginAsync(_user, "192.0.2.1", Token) };
        Assert.Null(await _sessions.RefusalAsync(context, Token));

        await _database.SqlAsync(sql);

        Assert.Contains("Sign in again", await _sessions.RefusalAsync(context, Token), StringComparison.Ordinal);
        Assert.Empty(await _sessions.StandingAsync([context.Session!.Value], Token));
    }

    [Fact]
    public async Task Refusal_WithoutASession_IsNone() =>
        Assert.Null(await _sessions.RefusalAsync(new OperationContext("api-token", "api", OperationPermissions.Change), Token));

    [Fact]
    public async Task Unused_EndsAfterItsBound_Used_DoesNot()
    {
        var (used, unused) = (await _sessions.BeginAsync(_user, "192.0.2.1", Token), await _sessions.BeginAsync(_user, "192.0.2.2", Token));
        _time.Advance(SessionStore.IdleBound - TimeSpan.FromMinutes(1));
        await _sessions.SeenAsync([used], Token);
        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal([used], await _sessions.StandingAsync([used, unused], Token));
        await _sessions.BeginAsync(_user, "192.0.2.3", Token);
        Assert.Equal(2, await _database.ScalarAsync<int>("SELECT count(*) AS Value FROM Sessions"));
    }

    [Fact]
    public async Task Seen_WritesAtMostOnceAMinute()
    {
        var id = await _sessions.BeginAsync(_user, "192.0.2.1", Token);
        var begun = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(59));
        await _sessions.SeenAsync([id], Token);
        Assert.Equal(begun, (await _sessions.FindAsync(id, Token))!.LastSeen);
        _time.Advance(TimeSpan.FromSeconds(2));
        await _sessions.SeenAsync([id], Token);
        Assert.Equal(_time.GetUtcNow(), (await _sessions.FindAsync(id, Token))!.LastSeen);
    }
}
