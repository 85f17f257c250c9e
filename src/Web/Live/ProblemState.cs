using System.Collections.Immutable;
using System.Threading.Channels;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Problems;
using CalicoConsole.Core.Reachability.Changes;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Live;

/// <summary>
/// What is wrong with the cluster, for all circuits and the API: the checks run once for a snapshot, however many look, and at most a tenth of the time
/// while it changes. <see cref="Changed"/> is raised only when what they found is another.
/// </summary>
/// <remarks>Thread-safe; one for the whole process. Without anybody who follows it, nothing is worked out but what is asked for.</remarks>
internal sealed class ProblemState : IHostedService, IAsyncDisposable
{
    private readonly Channel<bool> _dirty = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly IClusterState _state;
    private readonly IpamState _ipam;
    private readonly AssertionStates _assertions;
    private readonly IAuditLog _log;
    private readonly IRunningOperations _running;
    private readonly TimeProvider _time;
    private readonly ILogger<ProblemState> _logger;
    private ProblemInput? _input;
    private EndpointClasses? _classes;
    private (object Policies, object Profiles, ImmutableArray<ReachabilityWarning> Warnings)? _shadowed;
    private string? _operations;
    private DateTimeOffset _read;
    private ImmutableArray<Problem> _found = [];
    private ITimer? _timer;
    private Task _loop = Task.CompletedTask;
    private int _runs;
    private bool _disposed;

    public ProblemState(
        IClusterState state, IpamState ipam, AssertionStates assertions, IAuditLog log, IRunningOperations running, TimeProvider time,
        ILogger<ProblemState> logger)
    {
        (_state, _ipam, _assertions, _log, _running, _time, _logger) = (state, ipam, assertions, log, running, time, logger);
        _state.Changed += OnSnapshot;
        _running.Changed += Note;
    }

    /// <summary>Raised when what was found is another, on a thread of its own.</summary>
    public event Action? Changed;

    /// <summary>How often it looks when nothing tells it to: leaks are confirmed by time, and open operations are closed behind its back.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(2);

    /// <summary>What was found last, worst first; null before the first time.</summary>
    public ImmutableArray<Problem>? Found
    {
        get
        {
            lock (_lock)
            {
                return _input is null ? null : _found;
            }
        }
    }

    /// <summary>How often the checks ran.</summary>
    internal int Runs => Volatile.Read(ref _runs);

    /// <summary>What is wrong now, worst first. Only what changed since the last time is looked at again.</summary>
    public async Task<ImmutableArray<Problem>> LatestAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        bool differs;
        ImmutableArray<Problem> found;
        try
        {
            differs = await FindAsync(cancellationToken);
            found = _found;
        }
        finally
        {
            _gate.Release();
        }

        if (differs)
        {
            Changed?.Invoke();
        }

        return found;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = _time.CreateTimer(_ => Note(), null, Interval, Interval);
        _loop = Task.Run(FollowAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!Volatile.Read(ref _disposed))
        {
            await _stop.CancelAsync();
            await _loop.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The container knows it as itself and as a hosted service, and disposes of both.
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        _state.Changed -= OnSnapshot;
        _running.Changed -= Note;
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        _gate.Dispose();
    }

    private void OnSnapshot(SnapshotChange change) => Note();

    private void Note() => _dirty.Writer.TryWrite(true);

    private async Task FollowAsync()
    {
        try
        {
            while (true)
            {
                await _dirty.Reader.ReadAsync(_stop.Token);
                var began = _time.GetTimestamp();
                if (Changed is not null)
                {
                    await TryAsync();
                }

                // Never more than a tenth of the time, and never more often than pages are drawn.
                var cost = _time.GetElapsedTime(began) * 9;
                await Task.Delay(cost > SnapshotPump.Pause ? cost : SnapshotPump.Pause, _time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
    }

    // What fails now may do so only for this snapshot: the next one is looked at all the same.
    private async Task TryAsync()
    {
        try
        {
            await LatestAsync(_stop.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _logger.LogError(e, "What is wrong with the cluster could not be worked out; it is tried again with the next change");
        }
    }

    private async Task<bool> FindAsync(CancellationToken cancellationToken)
    {
        var (open, problem) = await OpenAsync(cancellationToken);
        var snapshot = _state.Current;
        // What is new is worked out beside whoever asks: it may be a page that is to be drawn.
        return !(ReferenceEquals(_input?.Snapshot, snapshot) && IsSame(Input())) && await Task.Run(() => Find(Input()), cancellationToken);

        ProblemInput Input() =>
            new(snapshot) { Ipam = _ipam.Current, Assertions = _assertions.Current, Open = open, AuditProblem = problem };
    }

    private bool Find(ProblemInput input)
    {
        if (IsSame(input))
        {
            return false;
        }

        var snapshot = input.Snapshot;
        Interlocked.Increment(ref _runs);
        // Both depend on little of the snapshot, and cost more than all checks together where there is much of it.
        _classes = EndpointClasses.From(snapshot.Calico, _classes);
        var calico = snapshot.Calico;
        if (_shadowed is not { } known || !ReferenceEquals(known.Policies, calico.Policies) || !ReferenceEquals(known.Profiles, calico.Profiles))
        {
            _shadowed = known = (calico.Policies, calico.Profiles, RuleLint.Shadowed(calico));
        }

        input = input with { Classes = _classes, Shadowed = known.Warnings };
        var found = ProblemChecks.Run(input);
        lock (_lock)
        {
            var differs = _input is null || !found.SequenceEqual(_found);
            (_input, _found) = (input, differs ? found : _found);
            return differs;
        }
    }

    private bool IsSame(ProblemInput input) => _input is { } last && ReferenceEquals(last.Snapshot, input.Snapshot)
        && (ReferenceEquals(last.Ipam, input.Ipam) || (last.Ipam is { } ipam && input.Ipam?.NamesSameProblemsAs(ipam) == true))
        && last.Assertions == input.Assertions && last.Open == input.Open && last.AuditProblem == input.AuditProblem;

    // The audit log is asked again when an operation began or ended, and from time to time: an open one is closed by nobody's click.
    private async Task<(ImmutableArray<OpenOperation> Open, string? Problem)> OpenAsync(CancellationToken cancellationToken)
    {
        var running = _running.Operations;
        var operations = string.Join(' ', running.Select(o => $"{o.Id}{o.Finished is null}"));
        var now = _time.GetUtcNow();
        if (_input is { } last && operations == _operations && now - _read < Interval)
        {
            return (last.Open, last.AuditProblem);
        }

        try
        {
            var ids = running.Where(o => o.Finished is null).Select(o => o.Id).ToHashSet();
            ImmutableArray<OpenOperation> open =
            [
                .. (await _log.OpenIntentsAsync(cancellationToken)).Where(i => !ids.Contains(i.OperationId))
                    .Select(i => new OpenOperation(i.OperationId, $"{OperationWords.For(i.Operation)} {i.ObjectName}", i.Actor, i.At)),
            ];
            (_operations, _read) = (operations, now);
            return (_input is { } before && before.Open.SequenceEqual(open) ? before.Open : open, null);
        }
        catch (ConsoleDatabaseException e)
        {
            return (_input?.Open ?? [], e.Message);
        }
    }
}
