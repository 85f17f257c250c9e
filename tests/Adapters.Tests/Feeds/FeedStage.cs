using CalicoConsole.Adapters.Feeds;
using CalicoConsole.Core.Snapshot;
using Microsoft.Extensions.Logging.Abstractions;

namespace CalicoConsole.Adapters.Tests.Feeds;

/// <summary>A snapshot with its publisher and some feeds running, for as long as a test lasts.</summary>
internal sealed class FeedStage : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);
    private readonly FeedSupervisor _supervisor;

    private FeedStage(ClusterState state, FeedSupervisor supervisor) => (State, _supervisor) = (state, supervisor);

    public ClusterState State { get; }

    public static async Task<FeedStage> StartAsync(Func<ClusterState, IEnumerable<IFeed>> feeds)
    {
        var state = new ClusterState(TimeProvider.System, NullLogger<ClusterState>.Instance);
        var supervisor = new FeedSupervisor(state, feeds(state), TimeProvider.System, NullLogger<FeedSupervisor>.Instance);
        await supervisor.StartAsync(TestContext.Current.CancellationToken);
        return new FeedStage(state, supervisor);
    }

    /// <summary>Waits until the snapshot is as wanted; a test fails that waits too long.</summary>
    public async Task<ClusterSnapshot> UntilAsync(Func<ClusterSnapshot, bool> condition, string what)
    {
        var seen = await State.WaitForAsync(condition, Bound, TestContext.Current.CancellationToken);
        Assert.True(seen is not null, $"not within {Bound}: {what}; feeds: {string.Join(", ", State.Current.Feeds)}");
        return seen!;
    }

    public Task<ClusterSnapshot> UntilAsync(string feed, FeedStatus status) => UntilAsync(s => Is(s, feed, status), $"{feed} {status}");

    public static bool Is(ClusterSnapshot snapshot, string feed, FeedStatus status) => snapshot.Feeds.Any(f => f.Name == feed && f.Status == status);

    public async ValueTask DisposeAsync()
    {
        await _supervisor.StopAsync(CancellationToken.None);
        _supervisor.Dispose();
    }
}
