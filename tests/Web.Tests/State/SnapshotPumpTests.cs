using System.Threading.Channels;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Live;
using Microsoft.Extensions.Time.Testing;

namespace CalicoConsole.Web.Tests.State;

public sealed class SnapshotPumpTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ManualClusterState _state = new();
    private readonly PageVisibility _visibility = new();
    private readonly Channel<long> _delivered = Channel.CreateUnbounded<long>();
    private readonly SnapshotPump _pump;
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _throw;

    public SnapshotPumpTests() => _pump = new SnapshotPump(
        _state,
        _visibility,
        _time,
        s => _throw ? throw new InvalidOperationException("reader") : _delivered.Writer.WriteAsync(s.Version).AsTask(),
        e =>
        {
            _failed.SetResult(e);
            return Task.CompletedTask;
        });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _pump.DisposeAsync();
        Assert.Equal(0, _state.Subscribers);
    }

    [Fact]
    public async Task FirstChange_ComesAtOnce()
    {
        _state.Publish(new ClusterSnapshot());
        Assert.Equal(1, await NextAsync());
    }

    [Fact]
    public async Task ChangesWithinThePause_ComeTogetherAndNewest()
    {
        _state.Publish(new ClusterSnapshot());
        Assert.Equal(1, await NextAsync());
        for (var i = 0; i < 5; i++)
        {
            _state.Publish(new ClusterSnapshot());
        }

        Assert.False(_delivered.Reader.TryRead(out _));
        Assert.Equal(6, await NextAsync(advance: true));
        Assert.False(_delivered.Reader.TryRead(out _));
    }

    [Fact]
    public async Task HiddenTab_GetsNothingUntilItIsSeen()
    {
        _visibility.Set(false);
        _state.Publish(new ClusterSnapshot());
        _state.Publish(new ClusterSnapshot());
        Assert.False(_delivered.Reader.TryRead(out _));
        _visibility.Set(true);
        Assert.Equal(2, await NextAsync());
    }

    [Fact]
    public async Task ReaderThrows_IsReported()
    {
        _throw = true;
        _state.Publish(new ClusterSnapshot());
        Assert.Equal("reader", (await _failed.Task.WaitAsync(TimeSpan.FromSeconds(10), Token)).Message);
    }

    private async Task<long> NextAsync(bool advance = false)
    {
        var next = _delivered.Reader.ReadAsync(Token).AsTask();
        for (var i = 0; advance && !next.IsCompleted && i < 1000; i++)
        {
            // The pump may not have come to its pause yet: time is moved on until it has.
            _time.Advance(SnapshotPump.Pause);
            await Task.WhenAny(next, Task.Delay(1, Token));
        }

        return await next.WaitAsync(TimeSpan.FromSeconds(10), Token);
    }
}
