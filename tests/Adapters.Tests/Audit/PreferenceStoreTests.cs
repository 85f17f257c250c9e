using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Tests.Audit;

public sealed class PreferenceStoreTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private PreferenceStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.MigratedAsync();
        _store = new PreferenceStore(_database);
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Choice_IsThePersonsOwn_AndTheLastOneCounts()
    {
        await _store.WriteAsync("ann", "columns", "a", Token);
        await _store.WriteAsync("ann", "columns", "b", Token);
        await _store.WriteAsync("ann", "it's", "'; DROP TABLE Preferences; --", Token);
        await _store.WriteAsync("bob", "columns", "c", Token);
        await _store.WriteAsync(IPreferences.Everybody, "view", "d", Token);

        // What another process of the console reads.
        var read = new PreferenceStore(_database);
        Assert.Equal([("columns", "b"), ("it's", "'; DROP TABLE Preferences; --")],
            (await read.ReadAsync("ann", Token)).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => (p.Key, p.Value)));
        Assert.Equal("c", (await read.ReadAsync("bob", Token))["columns"]);
        Assert.Equal("d", Assert.Single(await read.ReadAsync(IPreferences.Everybody, Token)).Value);
        Assert.Empty(await read.ReadAsync("eve", Token));
    }

    [Fact]
    public async Task Null_ForgetsAChoice_AlsoOneThatIsNotThere()
    {
        await _store.WriteAsync("ann", "columns", "a", Token);
        await _store.WriteAsync("ann", "columns", null, Token);
        await _store.WriteAsync("ann", "columns", null, Token);
        Assert.Empty(await _store.ReadAsync("ann", Token));
    }

    [Fact]
    public async Task SameNameAtOnce_LeavesOneOfThem()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _store.WriteAsync("ann", "columns", $"{i}", Token)));
        Assert.InRange(int.Parse(Assert.Single(await _store.ReadAsync("ann", Token)).Value, System.Globalization.CultureInfo.InvariantCulture), 0, 19);
    }

    [Fact]
    public async Task TooLong_IsNotKept()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _store.WriteAsync("ann", "columns", new string('x', IPreferences.MostLetters + 1), Token));
        Assert.Empty(await _store.ReadAsync("ann", Token));
    }

    [Fact]
    public async Task DatabaseThatFails_SaysSo()
    {
        await _database.SqlAsync("DROP TABLE Preferences");
        await Assert.ThrowsAsync<ConsoleDatabaseException>(() => _store.ReadAsync("ann", Token));
        await Assert.ThrowsAsync<ConsoleDatabaseException>(() => _store.WriteAsync("ann", "columns", "a", Token));
    }
}
