using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Live;

/// <summary>
/// IPAM joined with its users and its findings, for all circuits and the API: follows the snapshot by the keys that changed, and looks
/// every <see cref="Interval"/> even when nobody asks, so that a leak is confirmed before somebody comes to see it.
/// </summary>
/// <remarks>Thread-safe; one for the whole process. The work is done on the thread of whoever asks first, never on the publisher's.</remarks>
public sealed class IpamState : IHostedService, IAsyncDisposable
{
    private const int MostKeys = 20_000;

    private readonly Lock _gate = new();
    private readonly Lock _pending = new();
    private readonly IClusterState _state;
    private readonly TimeProvider _time;
    private ClusterSnapshot? _noted;
    private HashSet<string>? _keys;
    private HashSet<string> _hosts = new(StringComparer.Ordinal);
    private IpamIndex _index = IpamIndex.Empty;
    private ITimer? _timer;

    /// <summary>Begins to note what changes.</summary>
    public IpamState(IClusterState state, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(state);
        _state = state;
        _time = time;
        _state.Changed += OnChanged;
    }

    /// <summary>How often it looks by itself.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(2);

    /// <summary>The index of the newest snapshot that was announced. Made before the pages, this is told of a snapshot before they are.</summary>
    public IpamIndex Current
    {
        get
        {
            lock (_gate)
            {
                HashSet<string>? keys;
                HashSet<string> hosts;
                ClusterSnapshot snapshot;
                lock (_pending)
                {
                    // Never newer than what was noted: a key must be known to have changed before its new value is read.
                    snapshot = _noted ?? _state.Current;
                    (keys, hosts) = (_keys, _hosts);
                    (_keys, _hosts) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
                }

                var now = _time.GetUtcNow();
                if (!ReferenceEquals(snapshot, _index.Snapshot) || now - _index.ObservedAt >= Interval)
                {
                    _index = _index.Next(snapshot, keys is null ? default : [.. keys], [.. hosts], now);
                }

                return _index;
            }
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = _time.CreateTimer(_ => _ = Current, null, Interval, Interval);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken) => await DisposeAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _state.Changed -= OnChanged;
        if (_timer is { } timer)
        {
            _timer = null;
            await timer.DisposeAsync();
        }
    }

    private void OnChanged(SnapshotChange change)
    {
        lock (_pending)
        {
            _noted = change.Snapshot;
            _hosts.UnionWith(change.Hosts);
            if (change.Keys.IsDefault)
            {
                _keys = null;
            }
            else if (_keys is not null)
            {
                _keys.UnionWith(change.Keys);
                _keys = _keys.Count > MostKeys ? null : _keys;
            }
        }
    }
}
