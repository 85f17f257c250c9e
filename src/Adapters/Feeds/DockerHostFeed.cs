using System.Threading.Channels;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Feeds;

/// <summary>
/// Keeps one Docker host current: events first, then a full listing, then what the events name. A host that does not answer
/// is stale, is tried again with a growing pause, and never delays another.
/// </summary>
public sealed class DockerHostFeed : IFeed
{
    /// <summary>With the limit of a ping (3 s) this bounds how long an engine that went silent still looks live.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan InfoInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1.5);

    private readonly IDockerHost _docker;
    private readonly ClusterState _state;
    private readonly TimeProvider _time;
    private readonly Channel<Refresh> _requests;
    private DockerHostState _known;
    private bool _dropped;

    /// <summary>Creates the feed of a host.</summary>
    public DockerHostFeed(IDockerHost docker, ClusterState state, TimeProvider time)
    {
        _docker = docker;
        _state = state;
        _time = time;
        // A dropped request is a change that nobody would look at again: the next refresh then reads everything.
        _requests = Channel.CreateBounded<Refresh>(
            new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest }, _ => Volatile.Write(ref _dropped, true));
        _known = new DockerHostState { Name = docker.Name, Address = docker.Address };
    }

    /// <inheritdoc/>
    public string Name => "docker/" + _docker.Name;

    /// <summary>Asks for a new list of networks soon.</summary>
    public void RequestNetworks() => _requests.Writer.TryWrite(new Refresh(RefreshKind.Networks, ""));

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await PostAsync(cancellationToken);
        await _state.PostFeedAsync(Name, FeedStatus.Connecting, null, cancellationToken);
        var pause = TimeSpan.FromMilliseconds(250);
        while (true)
        {
            using var session = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            try
            {
                await FollowAsync(() => pause = TimeSpan.FromMilliseconds(250), session);
            }
            catch (DockerHostException e)
            {
                await _state.PostFeedAsync(Name, FeedStatus.Stale, e.Message, cancellationToken);
            }

            await Task.Delay(pause, _time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task FollowAsync(Action onLive, CancellationTokenSource session)
    {
        // A small question with a short limit: a network that swallows packets must not hold up the next attempt.
        await _docker.PingAsync(session.Token);
        while (_requests.Reader.TryRead(out _))
        {
            // Left over from a lost session: the full listing below covers it.
        }

        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var events = ReadEventsAsync(() => opened.TrySetResult(), session.Token);
        var alive = HeartbeatAsync(session.Token);
        try
        {
            if (await Task.WhenAny(opened.Task, events, alive) is var first && first != opened.Task)
            {
                await first;
            }

            await _state.PostFeedAsync(Name, FeedStatus.Syncing, null, session.Token);
            await WhileAliveAsync(RefreshAsync([new Refresh(RefreshKind.Everything, "")], session.Token), alive, session);
            await _state.PostFeedAsync(Name, FeedStatus.Live, null, session.Token);
            onLive();
            await ServeAsync(events, alive, session);
        }
        finally
        {
            await session.CancelAsync();
            // Their failure is the session's failure, thrown above; here they only have to be over.
            await Task.WhenAll(events, alive).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(Task events, Task alive, CancellationTokenSource session)
    {
        while (true)
        {
            var more = _requests.Reader.WaitToReadAsync(session.Token).AsTask();
            var first = await Task.WhenAny(events, alive, more);
            if (first != more)
            {
                await first;
                throw new DockerHostException(_docker.Name, 0, $"Docker host {_docker.Name} ended its event stream");
            }

            var batch = new List<Refresh>();
            while (_requests.Reader.TryRead(out var request))
            {
                batch.Add(request);
            }

            if (Interlocked.Exchange(ref _dropped, false))
            {
                batch = [new Refresh(RefreshKind.Everything, "")];
            }

            await WhileAliveAsync(RefreshAsync([.. batch.Distinct()], session.Token), alive, session);
        }
    }

    /// <summary>Fails when the engine goes silent without closing its socket; and loaded plugins have no event, so its facts are asked for now and then.</summary>
    private async Task HeartbeatAsync(CancellationToken cancellationToken)
    {
        var told = _time.GetTimestamp();
        while (true)
        {
            await Task.Delay(Heartbeat, _time, cancellationToken);
            await _docker.PingAsync(cancellationToken);
            if (_time.GetElapsedTime(told) >= InfoInterval)
            {
                told = _time.GetTimestamp();
                _requests.Writer.TryWrite(new Refresh(RefreshKind.Info, ""));
            }
        }
    }

    // A list may take its time on a busy engine; one that does not even answer a ping meanwhile is lost, and not only when the list's own limit is over.
    private static async Task WhileAliveAsync(Task refresh, Task alive, CancellationTokenSource session)
    {
        if (await Task.WhenAny(refresh, alive) == alive)
        {
            await session.CancelAsync();
            await refresh.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await alive;
        }

        await refresh;
    }

    private async Task ReadEventsAsync(Action opened, CancellationToken cancellationToken)
    {
        await foreach (var e in _docker.EventsAsync(opened, cancellationToken))
        {
            switch (e.Type)
            {
                case "container" when !e.Action.StartsWith("exec_", StringComparison.Ordinal):
                    _requests.Writer.TryWrite(new Refresh(RefreshKind.Container, e.ActorId));
                    if (e.Attributes.GetValueOrDefault("name") == CalicoNames.NodeContainer)
                    {
                        _requests.Writer.TryWrite(new Refresh(RefreshKind.Info, ""));
                    }

                    break;
                case "network":
                    _requests.Writer.TryWrite(new Refresh(RefreshKind.Networks, ""));
                    if (e.Attributes.GetValueOrDefault("container") is { Length: > 0 } container)
                    {
                        _requests.Writer.TryWrite(new Refresh(RefreshKind.Container, container));
                    }

                    break;
                case "image":
                    _requests.Writer.TryWrite(new Refresh(RefreshKind.Images, ""));
                    break;
            }
        }
    }

    private async Task RefreshAsync(Refresh[] requests, CancellationToken cancellationToken)
    {
        bool Wants(RefreshKind kind) => requests.Any(r => r.Kind == kind || r.Kind == RefreshKind.Everything);
        var next = _known;
        if (Wants(RefreshKind.Info))
        {
            next = next with { Info = await _docker.InfoAsync(cancellationToken) };
        }

        if (Wants(RefreshKind.Networks))
        {
            next = next with { Networks = (await _docker.NetworksAsync(cancellationToken)).ToImmutableSortedDictionary(n => n.Id, n => n, StringComparer.Ordinal) };
        }

        if (Wants(RefreshKind.Images))
        {
            next = next with { Images = await _docker.ImagesAsync(cancellationToken) };
        }

        var single = requests.Where(r => r.Kind == RefreshKind.Container).Select(r => r.Id).ToArray();
        if (requests.Any(r => r.Kind == RefreshKind.Everything) || single.Length > 8)
        {
            next = next with { Containers = (await _docker.ContainersAsync(cancellationToken)).ToImmutableSortedDictionary(c => c.Id, c => c, StringComparer.Ordinal) };
        }
        else
        {
            foreach (var id in single)
            {
                var container = await _docker.ContainerAsync(id, cancellationToken);
                next = next with { Containers = container is null ? next.Containers.Remove(id) : next.Containers.SetItem(container.Id, container) };
            }
        }

        _known = next;
        await PostAsync(cancellationToken);
    }

    private ValueTask PostAsync(CancellationToken cancellationToken)
    {
        var known = _known;
        return _state.PostAsync(s => new SnapshotEdit(s with { Hosts = s.Hosts.SetItem(known.Name, known) }, [], [known.Name]), cancellationToken);
    }

    private enum RefreshKind
    {
        Everything,
        Info,
        Networks,
        Images,
        Container,
    }

    private sealed record Refresh(RefreshKind Kind, string Id);
}
