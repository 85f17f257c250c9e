using System.Collections.Concurrent;
using CalicoConsole.Adapters.Docker;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Feeds;

/// <summary>
/// Keeps one Docker host current: events first, then a full listing, then what the events name. A host that does not answer
/// is stale, is tried again with a growing pause, and never delays another; nor does one kind of its objects, or one container, delay the others.
/// </summary>
public sealed class DockerHostFeed : IFeed
{
    /// <summary>With the limit of a ping (3 s) this bounds how long an engine that went silent still looks live.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan InfoInterval = TimeSpan.FromSeconds(10);

    /// <summary>How many containers that do not run are looked at again each time.</summary>
    private const int DownAtOnce = 64;

    private static readonly TimeSpan[] Afterwards = [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)];

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1.5);

    private readonly IDockerHost _docker;
    private readonly ClusterState _state;
    private readonly TimeProvider _time;
    private readonly StoredNetworks _stored;
    private readonly HostPicture _picture;
    private readonly ContainerLane _containers;
    private readonly ContainerLooks _looks;
    private readonly RefreshLane _infoLane;
    private readonly RefreshLane _networkLane;
    private readonly RefreshLane _imageLane;
    private readonly RefreshLane _containerLane;
    private string _lastDown = "";
    private readonly ConcurrentDictionary<string, bool> _removedNetworks = new(StringComparer.Ordinal);

    /// <summary>Creates the feed of a host.</summary>
    /// <param name="docker">The host.</param>
    /// <param name="state">Where to post.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stored">What is known of the cluster store's networks; null when nobody follows it.</param>
    /// <param name="failed">Tells of starts that failed; null when nobody does.</param>
    public DockerHostFeed(IDockerHost docker, ClusterState state, TimeProvider time, StoredNetworks? stored = null, FailedStarts? failed = null)
    {
        _docker = docker;
        _state = state;
        _time = time;
        _stored = stored ?? new StoredNetworks();
        _picture = new HostPicture(state, new DockerHostState { Name = docker.Name, Address = docker.Address });
        _looks = new ContainerLooks(docker, _picture, Look, time);
        _containers = new ContainerLane(docker, _picture, _looks);
        _infoLane = new RefreshLane(async token =>
        {
            var info = await docker.InfoAsync(token);
            await _picture.ChangeAsync(known => known with { Info = info }, token);
        });
        _networkLane = new RefreshLane(NetworksAsync);
        _imageLane = new RefreshLane(async token =>
        {
            var images = await docker.ImagesAsync(token);
            await _picture.ChangeAsync(known => known with { Images = images }, token);
        });
        _containerLane = new RefreshLane(_containers.LookAsync);
        if (failed is not null)
        {
            failed.Failed += (host, container) =>
            {
                if (host == docker.Name)
                {
                    Look(container);
                }
            };
        }
    }

    /// <inheritdoc/>
    public string Name => "docker/" + _docker.Name;

    /// <summary>Asks for a new list of networks soon.</summary>
    public void RequestNetworks() => _networkLane.Ask();

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _picture.ShowAsync(cancellationToken);
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
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        List<Task> parts = [ReadEventsAsync(() => opened.TrySetResult(), session.Token), HeartbeatAsync(session.Token)];
        try
        {
            await FirstAsync(opened.Task, parts);
            await _state.PostFeedAsync(Name, FeedStatus.Syncing, null, session.Token);
            _picture.Hold();
            _containers.NameAll();
            RefreshLane[] lanes = [_infoLane, _networkLane, _imageLane, _containerLane];
            TaskCompletionSource[] looked = [.. lanes.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
            parts.AddRange(lanes.Zip(looked, (lane, first) => lane.RunAsync(first, session.Token)));
            await FirstAsync(Task.WhenAll(looked.Select(l => l.Task)), parts);
            await _picture.ShowAsync(session.Token);
            await _state.PostFeedAsync(Name, FeedStatus.Live, null, session.Token);
            onLive();
            parts.Add(_looks.RunAsync(session.Token));
            await FirstAsync(Task.Delay(Timeout.InfiniteTimeSpan, _time, session.Token), parts);
        }
        finally
        {
            await session.CancelAsync();
            // Their failure is the session's failure, thrown above; here they only have to be over.
            await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits for something while all parts of the session go on; a part that ends ends the wait.</summary>
    // A list may take its time on a busy engine; one that does not even answer a ping meanwhile is lost, and not only when the list's own limit is over.
    private async Task FirstAsync(Task awaited, List<Task> parts)
    {
        var first = await Task.WhenAny([awaited, .. parts]);
        await first;
        if (first != awaited)
        {
            throw new DockerHostException(_docker.Name, 0, $"Docker host {_docker.Name} ended its event stream");
        }
    }

    /// <summary>
    /// Fails when the engine goes silent without closing its socket; and loaded plugins have no event, so its facts are asked for now and then.
    /// </summary>
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
                _infoLane.Ask();
                // No event tells that an engine has lost its store, or reaches it again.
                _networkLane.Ask();
                LookAtDown();
            }
        }
    }

    // Nor is there one of a start that somebody tried by hand and that failed before the network was made; the reason stands in the container alone.
    private void LookAtDown()
    {
        string[] down = [.. _picture.Known.Containers.Values.Where(c => c.State is "created" or "exited" or "dead").Select(c => c.Id)];
        foreach (var id in down.Where(id => string.CompareOrdinal(id, _lastDown) > 0).Concat(down.Where(id => string.CompareOrdinal(id, _lastDown) <= 0))
            .Take(DownAtOnce))
        {
            _lastDown = id;
            _looks.Ask(id);
        }
    }

    private async Task ReadEventsAsync(Action opened, CancellationToken cancellationToken)
    {
        await foreach (var e in _docker.EventsAsync(opened, cancellationToken))
        {
            switch (e.Type)
            {
                case "container" when !e.Action.StartsWith("exec_", StringComparison.Ordinal):
                    Look(e.ActorId);
                    if (e.Action is "pause" or "unpause")
                    {
                        _ = LookAgainAsync(e.ActorId, cancellationToken);
                    }

                    if (e.Attributes.GetValueOrDefault("name") == CalicoNames.NodeContainer)
                    {
                        _infoLane.Ask();
                    }

                    break;
                case "network":
                    if (e.Action == "destroy")
                    {
                        _removedNetworks[e.ActorId] = true;
                    }

                    _networkLane.Ask();
                    if (e.Attributes.GetValueOrDefault("container") is { Length: > 0 } container)
                    {
                        Look(container);
                    }

                    break;
                case "image":
                    _imageLane.Ask();
                    break;
            }
        }
    }

    // Docker 20.10 tells of both before its list has them, and tells of nothing afterwards.
    private async Task LookAgainAsync(string container, CancellationToken cancellationToken)
    {
        foreach (var wait in Afterwards)
        {
            await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!cancellationToken.IsCancellationRequested)
            {
                Look(container);
            }
        }
    }

    private void Look(string container)
    {
        _containers.Name(container);
        _containerLane.Ask();
    }

    private async Task NetworksAsync(CancellationToken cancellationToken)
    {
        var listed = await _docker.NetworksAsync(cancellationToken);
        var removed = _removedNetworks.Keys.ToHashSet(StringComparer.Ordinal);
        await _picture.ChangeAsync(known => _stored.Merge(known, listed, removed), cancellationToken);
        foreach (var id in removed.Where(id => !_picture.Known.Networks.ContainsKey(id)))
        {
            _removedNetworks.TryRemove(id, out _);
        }
    }
}
