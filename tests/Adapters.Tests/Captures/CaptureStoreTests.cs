using CalicoConsole.Adapters.Captures;
using CalicoConsole.Adapters.Tests.Audit;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Tests.Captures;

public sealed class CaptureStoreTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);
    private TestDatabase _database = null!;
    private CaptureStore _captures = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.MigratedAsync();
        _captures = new CaptureStore(_database);
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Capture_IsKeptWithItsFiles_AndListedWithoutItsDocument()
    {
        var capture = Capture(1);
        await _captures.KeepAsync(capture, [new byte[] { 1, 2 }, new byte[] { 3 }], Token);
        Assert.Equal(capture, await _captures.FindAsync(capture.Id, Token));
        Assert.Equal(capture with { Document = "" }, Assert.Single(await _captures.NewestAsync(10, Token)));
        Assert.Equal([[1, 2], [3]], (await _captures.FilesAsync(capture.Id, Token)).Select(f => f.ToArray()));
        Assert.Equal([3], (await _captures.FileAsync(capture.Id, 1, Token))!.Value.ToArray());
        Assert.Null(await _captures.FileAsync(capture.Id, 2, Token));
        Assert.Null(await _captures.FindAsync(Guid.NewGuid(), Token));
    }

    [Fact]
    public async Task OlderCaptures_GoWithTheirFiles_ByNumberAndBySize()
    {
        for (var i = 0; i < ICaptures.Most + 2; i++)
        {
            await _captures.KeepAsync(Capture(i), [new byte[] { 1 }], Token);
        }

        Assert.Equal(ICaptures.Most, (await _captures.NewestAsync(1000, Token)).Length);
        Assert.Empty(await _captures.FilesAsync(Capture(0).Id, Token));
        await _captures.KeepAsync(Capture(100) with { Bytes = ICaptures.MostBytes }, [new byte[] { 1 }], Token);
        Assert.Equal(Capture(100).Id, Assert.Single(await _captures.NewestAsync(1000, Token)).Id);
    }

    private static KeptCapture Capture(int number) => new(
        new Guid(number + 1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]), Start.AddSeconds(number), "docker01/web", "docker01/db", "everything", 2, 3, "one", "{}");
}
