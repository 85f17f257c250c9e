using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Live;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CalicoConsole.Web.Tests.State;

public sealed class SeriesRecorderTests : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));
    private readonly ManualClusterState _state = new();
    private readonly MeasuredSeries _series = new();
    private readonly LoggedLines _lines = new();
    private readonly LoggerFactory _loggers;
    private readonly SemaphoreSlim _recorded = new(0);
    private SeriesRecorder _recorder = null!;

    public SeriesRecorderTests() => _loggers = new LoggerFactory([_lines]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _recorder = new SeriesRecorder(_state, _series, _time, _loggers.CreateLogger<SeriesRecorder>());
        _recorder.Recorded += () => _recorded.Release();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _recorder.StopAsync(CancellationToken.None);
        _recorder.Dispose();
        _recorded.Dispose();
        _loggers.Dispose();
    }

    [Fact]
    public async Task Measurement_IsTakenWhenEtcdIsLive_ThenOncePerSpan()
    {
        _state.Publish(Cluster.Snapshot().WithFeed("etcd", FeedStatus.Syncing, everLive: false));
        await _recorder.StartAsync(Token);
        await TickAsync(TimeSpan.FromSeconds(1));
        Assert.Empty(_series.Added);

        _state.Publish(Cluster.Snapshot());
        await UntilRecordedAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(["pool.used 192.0.2.0/24"], _series.Added[0].Samples.Select(s => $"{s.Key.Metric} {s.Key.Subject}"));

        await TickAsync(SeriesRecorder.Interval - TimeSpan.FromSeconds(1));
        Assert.Single(_series.Added);
        await UntilRecordedAsync(TimeSpan.FromSeconds(1));
        Assert.True(_series.Added[1].At - _series.Added[0].At >= SeriesRecorder.Interval);
    }

    [Fact]
    public async Task ALostEtcd_LeavesAGap_WhateverWasSeenBefore()
    {
        _state.Publish(Cluster.Snapshot());
        await _recorder.StartAsync(Token);
        await UntilRecordedAsync(TimeSpan.Zero);

        _state.Publish(Cluster.Snapshot().WithFeed("etcd", FeedStatus.Stale, everLive: true));
        await TickAsync(SeriesRecorder.Interval);
        await TickAsync(SeriesRecorder.Interval);

        Assert.Single(_series.Added);
    }

    [Fact]
    public async Task ADatabaseThatFails_IsSaid_AndTriedAgainLater()
    {
        _series.Failure = "the disk is full";
        _state.Publish(Cluster.Snapshot());
        await _recorder.StartAsync(Token);
        Assert.True(SpinWait.SpinUntil(() => _lines.Own.Any(l => l.Contains("the disk is full", StringComparison.Ordinal)), Bound));

        _series.Failure = null;
        await UntilRecordedAsync(SeriesRecorder.Interval);
        Assert.Equal(2, _series.Added.Length);
    }

    // The recorder waits by the test's clock from some moment on, hence more than one step; a step too many adds no measurement before its time.
    private async Task UntilRecordedAsync(TimeSpan step)
    {
        using var limit = new CancellationTokenSource(Bound);
        while (!await _recorded.WaitAsync(TimeSpan.FromMilliseconds(20), limit.Token))
        {
            _time.Advance(step);
        }
    }

    private async Task TickAsync(TimeSpan step)
    {
        _time.Advance(step);
        await Task.Yield();
    }
}
