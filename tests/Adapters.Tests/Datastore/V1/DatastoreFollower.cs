using System.Diagnostics;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Tests.Datastore.V1;

/// <summary>Follows a datastore and keeps the view that a feed would have.</summary>
internal sealed class DatastoreFollower : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, string> _view = new(StringComparer.Ordinal);
    private readonly List<DatastoreUpdate> _updates = [];
    private readonly Task _following;
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DatastoreFollower(IDatastore datastore) => _following = Task.Run(async () =>
    {
        await foreach (var update in datastore.FollowAsync(_ending.Token))
        {
            lock (_gate)
            {
                Apply(update);
                _updates.Add(update);
                _moved.TrySetResult();
                _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    });

    public bool IsLive { get; private set; }

    public IReadOnlyList<DatastoreUpdate> Updates
    {
        get
        {
            lock (_gate)
            {
                return [.. _updates];
            }
        }
    }

    public string[] View
    {
        get
        {
            lock (_gate)
            {
                return [.. _view.Select(p => $"{p.Key}={p.Value}")];
            }
        }
    }

    /// <summary>Waits until the condition holds, checked after each update, and answers how long that took.</summary>
    public async Task<TimeSpan> UntilAsync(Func<DatastoreFollower, bool> condition, string what)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            Task moved;
            lock (_gate)
            {
                moved = _moved.Task;
                if (condition(this))
                {
                    return Stopwatch.GetElapsedTime(began);
                }
            }

            try
            {
                await Task.WhenAny(moved, _following).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            }
            catch (TimeoutException)
            {
                Assert.Fail($"not seen within 30 s: {what}; view: {string.Join(' ', View.Take(20))}; last updates: {string.Join('\n', Updates.TakeLast(8))}");
            }

            if (_following.IsFaulted)
            {
                await _following;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        try
        {
            await _following;
        }
        catch (OperationCanceledException)
        {
            // The only way in which following ends.
        }

        _ending.Dispose();
    }

    private void Apply(DatastoreUpdate update)
    {
        switch (update)
        {
            case DatastoreUpdate.Listing listing:
                IsLive = false;
                _view.Clear();
                foreach (var key in listing.Keys)
                {
                    _view.Add(key.Key, key.Text);
                }

                break;
            case DatastoreUpdate.Change { Value: { } value } change:
                _view[change.Key] = value.Text;
                break;
            case DatastoreUpdate.Change change:
                _view.Remove(change.Key);
                foreach (var below in change.Subtree ? _view.Keys.Where(k => k.StartsWith(change.Key + "/", StringComparison.Ordinal)).ToArray() : [])
                {
                    _view.Remove(below);
                }

                break;
            case DatastoreUpdate.Live:
                IsLive = true;
                break;
            case DatastoreUpdate.Lost:
                IsLive = false;
                break;
            default:
                throw new InvalidOperationException(update.ToString());
        }
    }
}
