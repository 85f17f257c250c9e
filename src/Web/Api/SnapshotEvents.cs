using System.Collections.Immutable;
using System.Globalization;
using System.Threading.Channels;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Api;

/// <summary>An event of the log.</summary>
/// <param name="Number">Its place; counts up by one.</param>
/// <param name="Change">What became of the object.</param>
/// <param name="Object">The object.</param>
internal sealed record SnapshotEvent(long Number, ObjectChange Change, EventObject Object);

/// <summary>What the log holds after a place.</summary>
/// <param name="Events">The next events, not necessarily all; empty when there are none.</param>
/// <param name="Position">Where to go on.</param>
/// <param name="Lost">Whether the log holds not all that came after the place: the reader must look at everything anew.</param>
/// <param name="At">The snapshot up to which the log tells.</param>
internal sealed record EventRead(ImmutableArray<SnapshotEvent> Events, long Position, bool Lost, ClusterSnapshot At);

/// <summary>
/// The last changes of the snapshot, for every stream of events: worked out once however many follow, from the first stream on, and kept up to
/// <see cref="Kept"/>. A reader that is slower than the log forgets holds up nobody and nothing; it is told that it lost something.
/// </summary>
/// <remarks>Thread-safe; one for the whole process. Snapshots that come faster than they are compared are compared together.</remarks>
internal sealed class SnapshotEvents(IClusterState state, TimeProvider time, ILogger<SnapshotEvents> logger) : IAsyncDisposable
{
    /// <summary>So many events are kept; the oldest are forgotten first.</summary>
    public const int Kept = 8192;

    /// <summary>Of more changes at once nothing is told but that there were many.</summary>
    public const int MostAtOnce = 2048;

    /// <summary>So many streams at a time.</summary>
    public const int MostStreams = 32;

    private const int MostRead = 256;

    private readonly Channel<bool> _dirty = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _lock = new();
    private readonly Queue<SnapshotEvent> _events = new();
    private readonly CancellationTokenSource _stop = new();

    // Of this process: a number of an earlier one says nothing.
    private readonly string _instance = Guid.NewGuid().ToString("n");
    private TaskCompletionSource _more = New();
    private ClusterSnapshot? _at;
    private Task _loop = Task.CompletedTask;
    private long _last;
    private long _forgotten;
    private int _streams;

    /// <summary>How many streams are open.</summary>
    public int Streams
    {
        get
        {
            lock (_lock)
            {
                return _streams;
            }
        }
    }

    /// <summary>The place of the last event.</summary>
    internal long Position
    {
        get
        {
            lock (_lock)
            {
                return _last;
            }
        }
    }

    /// <summary>How many events are held.</summary>
    internal int Held
    {
        get
        {
            lock (_lock)
            {
                return _events.Count;
            }
        }
    }

    /// <summary>The text of a place, for <c>id</c> and <c>Last-Event-ID</c>.</summary>
    public string IdOf(long position) => string.Create(CultureInfo.InvariantCulture, $"{_instance}-{position}");

    /// <summary>Opens a stream; null when there are too many. Disposing the answer closes it.</summary>
    /// <param name="lastId">What it saw last; null when it begins.</param>
    public EventReader? Open(string? lastId)
    {
        lock (_lock)
        {
            if (_streams == MostStreams)
            {
                return null;
            }

            if (_at is null)
            {
                _at = state.Current;
                state.Changed += OnChanged;
                _loop = Task.Run(FollowAsync, CancellationToken.None);
                // What was published in between.
                _dirty.Writer.TryWrite(true);
            }

            _streams++;
            var resumed = lastId is not null && lastId.StartsWith($"{_instance}-", StringComparison.Ordinal)
                && long.TryParse(lastId.AsSpan(_instance.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= _forgotten && number <= _last ? number : (long?)null;
            return new EventReader(this, resumed ?? _last, resumed is not null, _at);
        }
    }

    /// <summary>The events after a place.</summary>
    public EventRead Read(long after)
    {
        lock (_lock)
        {
            if (after < _forgotten)
            {
                return new([], _last, Lost: true, _at!);
            }

            ImmutableArray<SnapshotEvent> next = [.. _events.Skip((int)(after - _forgotten)).Take(MostRead)];
            return new(next, after + next.Length, Lost: false, _at!);
        }
    }

    /// <summary>Waits until something comes after a place; false when nothing did within the bound.</summary>
    public async Task<bool> WaitAsync(long after, TimeSpan bound, CancellationToken cancellationToken)
    {
        Task more;
        lock (_lock)
        {
            if (_last > after)
            {
                return true;
            }

            more = _more.Task;
        }

        try
        {
            await more.WaitAsync(bound, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        state.Changed -= OnChanged;
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    /// <summary>Closes a stream.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            _streams--;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void OnChanged(SnapshotChange change) => _dirty.Writer.TryWrite(true);

    private async Task FollowAsync()
    {
        try
        {
            while (true)
            {
                await _dirty.Reader.ReadAsync(_stop.Token);
                Look(state.Current);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
    }

    private void Look(ClusterSnapshot next)
    {
        // Written by this loop alone once it runs.
        var before = _at!;
        (ObjectChange, EventObject)[]? found = null;
        try
        {
            found = [.. ObjectChanges.Between(before, next).Take(MostAtOnce + 1)];
        }
        catch (Exception e)
        {
            // Who follows is told to read everything again, which is right whatever it was.
            logger.LogError(e, "The changes of the snapshot could not be worked out; streams of events are told to begin again");
        }

        TaskCompletionSource? told = null;
        lock (_lock)
        {
            _at = next;
            if (found is { Length: 0 })
            {
                return;
            }

            if (found is null || found.Length > MostAtOnce)
            {
                _events.Clear();
                _forgotten = ++_last;
            }
            else
            {
                foreach (var (change, one) in found)
                {
                    _events.Enqueue(new SnapshotEvent(++_last, change, one));
                }

                for (; _events.Count > Kept; _forgotten++)
                {
                    _events.Dequeue();
                }
            }

            (told, _more) = (_more, New());
        }

        told.TrySetResult();
    }
}

/// <summary>One stream's way through the log.</summary>
/// <param name="log">The log.</param>
/// <param name="position">Where it begins.</param>
/// <param name="resumed">Whether it goes on after what was seen before.</param>
/// <param name="at">The snapshot up to which the log told when it was opened.</param>
internal sealed class EventReader(SnapshotEvents log, long position, bool resumed, ClusterSnapshot at) : IDisposable
{
    /// <summary>The log.</summary>
    public SnapshotEvents Log => log;

    /// <summary>Where it begins.</summary>
    public long Position => position;

    /// <summary>Whether it goes on after what was seen before.</summary>
    public bool Resumed => resumed;

    /// <summary>The snapshot up to which the log told when it was opened.</summary>
    public ClusterSnapshot At => at;

    /// <inheritdoc/>
    public void Dispose() => log.Close();
}
