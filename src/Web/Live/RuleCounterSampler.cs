using System.Collections.Immutable;
using CalicoConsole.Core.Counters;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Live;

/// <summary>
/// Reads the counters of all rules every ten seconds, every host by itself: one that hangs delays nobody else, and is asked again when it has answered or
/// its time is over. Only reads. Thread-safe; one for the process.
/// </summary>
internal sealed class RuleCounterSampler(IRuleCounterReader reader, IClusterState state, TimeProvider time, ILogger<RuleCounterSampler> logger)
    : BackgroundService
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _reading = new(StringComparer.Ordinal);
    private CounterBook _book = CounterBook.Empty;

    /// <summary>How often every host is read.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(10);

    /// <summary>How often it is looked whether there is one, until there is.</summary>
    private static TimeSpan FirstInterval { get; } = TimeSpan.FromSeconds(1);

    /// <summary>What is known.</summary>
    public CounterBook Book => Volatile.Read(ref _book);

    /// <summary>Raised when a host was read, on a thread of its own.</summary>
    public event Action? Changed;

    /// <summary>What is known of a rule of a list as it is stored now; null when it is not.</summary>
    /// <param name="list">The list.</param>
    /// <param name="index">The rule's place, from 0.</param>
    public RuleCount? Count(RuleListKey list, int index)
    {
        var calico = state.Current.Calico;
        return list.IsPolicy
            ? calico.Policies.GetValueOrDefault(list.Name) is { } policy && index < (list.Egress ? policy.Value.Egress : policy.Value.Ingress).Length
                ? Book.Count(list, index, policy.Revision) : null
            : calico.Profiles.GetValueOrDefault(list.Name) is { } profile && index < (list.Egress ? profile.Value.Egress : profile.Value.Ingress).Length
                ? Book.Count(list, index, profile.Revision) : null;
    }

    /// <summary>Reads every host once that is not being read.</summary>
    public Task SampleAsync(CancellationToken cancellationToken)
    {
        var snapshot = state.Current;
        var hosts = RunsRules(snapshot);
        string[] free;
        lock (_gate)
        {
            _book = _book.Only(hosts, NotRead(snapshot));
            free = [.. hosts.Where(_reading.Add)];
        }

        return Task.WhenAll(free.Select(h => ReadAsync(h, cancellationToken)));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(FirstInterval, time);
        try
        {
            do
            {
                // Until a host is known there is nothing to read, and pages wait.
                timer.Period = state.Current.Hosts.IsEmpty ? FirstInterval : Interval;
                _ = SampleAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    // A host without calico-node has no rules of Felix, unless it is a node of Calico all the same: then they cannot be read here.
    private static ImmutableHashSet<string> RunsRules(ClusterSnapshot snapshot) =>
    [
        .. snapshot.Hosts.Values
            .Where(h => snapshot.Calico.Nodes.ContainsKey(h.NodeName) || h.Containers.Values.Any(c => c.Name == CalicoNames.NodeContainer))
            .Select(h => h.Name),
    ];

    // Compute hosts of OpenStack have rules too, and no Docker.
    private static ImmutableArray<string> NotRead(ClusterSnapshot snapshot)
    {
        var read = snapshot.Hosts.Values.Select(h => h.NodeName).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. snapshot.Calico.WorkloadEndpoints.Values.Select(e => e.Value.Id.Node).Concat(snapshot.Calico.HostEndpoints.Values.Select(e => e.Value.Node))
                .Where(n => !read.Contains(n)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
    }

    private async Task ReadAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            // The documents before the reading: Felix may have written newer ones meanwhile, and then the revision tells that they are not these.
            var documents = state.Current.Calico;
            var sample = await reader.ReadAsync(host, cancellationToken);
            lock (_gate)
            {
                _book = _book.Add(sample, documents);
            }

            Changed?.Invoke();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            logger.LogError(e, "The counters of rules on {Host} were not read", host);
        }
        finally
        {
            lock (_gate)
            {
                _reading.Remove(host);
            }
        }
    }
}
