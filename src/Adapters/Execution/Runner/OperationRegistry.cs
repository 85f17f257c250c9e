using CalicoConsole.Core.Operations;
using Microsoft.Extensions.Logging;

namespace CalicoConsole.Adapters.Execution.Runner;

/// <summary>The operations in flight and the last finished ones. Thread-safe; <see cref="Changed"/> is raised outside its lock.</summary>
internal sealed class OperationRegistry(ILogger logger)
{
    private const int KeptFinished = 50;
    private const int KeptLines = 500;
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Entry> _running = [];
    private ImmutableList<RunningOperation> _finished = [];

    public event Action? Changed;

    public ImmutableArray<RunningOperation> Operations
    {
        get
        {
            lock (_lock)
            {
                return [.. _running.Values.Select(e => e.State).OrderByDescending(s => s.Started), .. _finished];
            }
        }
    }

    public RunningOperation? Find(Guid id)
    {
        lock (_lock)
        {
            return _running.TryGetValue(id, out var entry) ? entry.State : _finished.Find(f => f.Id == id);
        }
    }

    /// <summary>False when an operation of that id runs already.</summary>
    public bool TryStart(RunningOperation state, CancellationTokenSource source)
    {
        lock (_lock)
        {
            if (!_running.TryAdd(state.Id, new Entry(state, source)))
            {
                return false;
            }
        }

        RaiseChanged();
        return true;
    }

    public void Report(Guid id, OperationProgress progress)
    {
        lock (_lock)
        {
            if (!_running.TryGetValue(id, out var entry))
            {
                return;
            }

            var steps = entry.State.Steps;
            var earlier = steps.FirstOrDefault(s => s.Step == progress.Step);
            entry.State = entry.State with
            {
                Steps = earlier is null ? steps.Add(progress) : steps.Replace(earlier, progress),
                Lines = progress is { IsOutput: true, Detail: { } line } ? WithLine(entry.State.Lines, line) : entry.State.Lines,
            };
        }

        RaiseChanged();
    }

    public bool Cancel(Guid id)
    {
        Entry? entry;
        lock (_lock)
        {
            if (!_running.TryGetValue(id, out entry))
            {
                return false;
            }

            entry.State = entry.State with { CancelRequested = true };
        }

        try
        {
            entry.Source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended between the look and the call.
            return false;
        }

        RaiseChanged();
        return true;
    }

    public void Finish(Guid id, OperationResult result, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (_running.Remove(id, out var entry))
            {
                _finished = _finished.Insert(0, entry.State with { Result = result, Finished = at });
                if (_finished.Count > KeptFinished)
                {
                    _finished = _finished.RemoveAt(_finished.Count - 1);
                }
            }
        }

        RaiseChanged();
    }

    private static ImmutableArray<string> WithLine(ImmutableArray<string> lines, string line) =>
        lines.Length < KeptLines ? lines.Add(line) : [.. lines[1..], line];

    private void RaiseChanged()
    {
        foreach (var handler in Changed?.GetInvocationList() ?? [])
        {
            try
            {
                ((Action)handler)();
            }
            catch (Exception e)
            {
                // A page that fails must not fail the operation that it watches.
                logger.LogError(e, "A subscriber of the running operations failed");
            }
        }
    }

    private sealed class Entry(RunningOperation state, CancellationTokenSource source)
    {
        public RunningOperation State { get; set; } = state;

        public CancellationTokenSource Source { get; } = source;
    }
}
