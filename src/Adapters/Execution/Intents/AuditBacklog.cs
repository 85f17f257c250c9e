using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CalicoConsole.Adapters.Execution.Intents;

/// <summary>
/// What the audit log still has to be told: outcomes that it did not take (a full disk), and operations whose end is not known because
/// etcd or an engine died under them. Both are tried again until they are recorded; what is left when the console ends is an open
/// intent, which the next start resolves.
/// </summary>
/// <remarks>Safe for concurrent use; <see cref="WorkAsync"/> has one caller.</remarks>
public sealed class AuditBacklog(IAuditLog audit, TimeProvider time, ILogger<AuditBacklog> logger)
{
    private readonly Lock _gate = new();
    private ImmutableArray<AuditOutcome> _outcomes = [];
    private ImmutableArray<Undetermined> _undetermined = [];
    private string? _failure;
    private TaskCompletionSource _news = New();

    /// <summary>Why the log does not take entries; null while it does.</summary>
    public string? Failure
    {
        get
        {
            lock (_gate)
            {
                return _failure;
            }
        }
    }

    /// <summary>How many outcomes wait to be recorded.</summary>
    public int Unrecorded
    {
        get
        {
            lock (_gate)
            {
                return _outcomes.Length;
            }
        }
    }

    /// <summary>How many operations wait for their end to be found out.</summary>
    public int Unknown
    {
        get
        {
            lock (_gate)
            {
                return _undetermined.Length;
            }
        }
    }

    /// <summary>Notes that the log did not take an entry.</summary>
    internal void Failed(string reason) => Change(() => _failure = reason);

    /// <summary>Keeps an outcome that the log did not take.</summary>
    internal void Keep(AuditOutcome outcome, string reason) => Change(() => (_outcomes, _failure) = (_outcomes.Add(outcome), reason));

    /// <summary>Keeps an operation whose end is to be found out.</summary>
    /// <param name="operationId">The operation; its intent is in the log.</param>
    /// <param name="answered">What was answered to whoever asked for it.</param>
    /// <param name="settle">How long it may still be under way after the other side answers again.</param>
    internal void LookAgain(Guid operationId, string answered, TimeSpan settle) =>
        Change(() => _undetermined = _undetermined.Add(new Undetermined(operationId, answered, settle, null)));

    /// <summary>Waits for something new, for at most <paramref name="bound"/> while there is something to do.</summary>
    internal async Task NewsAsync(TimeSpan bound, CancellationToken cancellationToken)
    {
        Task news;
        bool busy;
        lock (_gate)
        {
            (news, busy) = (_news.Task, _failure is not null || _outcomes.Length + _undetermined.Length > 0);
        }

        if (busy)
        {
            await Task.WhenAny(news, Task.Delay(bound, time, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
        else
        {
            await news.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Tries everything once.</summary>
    /// <param name="resolver">Compares an intent with what is there.</param>
    /// <param name="probe">Writes something small; throws <see cref="ConsoleDatabaseException"/> while the database does not take it.</param>
    /// <param name="cancellationToken">Ends it between two attempts.</param>
    internal async Task WorkAsync(OpenIntentResolver resolver, Func<CancellationToken, Task> probe, CancellationToken cancellationToken)
    {
        ImmutableArray<AuditOutcome> outcomes;
        ImmutableArray<Undetermined> undetermined;
        lock (_gate)
        {
            _news = New();
            (outcomes, undetermined) = (_outcomes, _undetermined);
        }

        try
        {
            if (Failure is not null)
            {
                await probe(cancellationToken).ConfigureAwait(false);
            }

            foreach (var outcome in outcomes)
            {
                if (await EntryAsync(outcome.OperationId, cancellationToken).ConfigureAwait(false) is { Outcome: null })
                {
                    await audit.OutcomeAsync(outcome, cancellationToken).ConfigureAwait(false);
                    logger.LogWarning("The outcome {Outcome} of operation {OperationId} is recorded at last", outcome.Outcome, outcome.OperationId);
                }

                lock (_gate)
                {
                    _outcomes = _outcomes.Remove(outcome);
                }
            }

            foreach (var one in undetermined)
            {
                await LookAsync(one, resolver, cancellationToken).ConfigureAwait(false);
            }

            lock (_gate)
            {
                _failure = null;
            }
        }
        catch (ConsoleDatabaseException e)
        {
            lock (_gate)
            {
                _failure = e.Message;
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task LookAsync(Undetermined one, OpenIntentResolver resolver, CancellationToken cancellationToken)
    {
        if (await EntryAsync(one.OperationId, cancellationToken).ConfigureAwait(false) is { Outcome: null } entry)
        {
            AuditOutcome found;
            try
            {
                found = await resolver.LookAsync(entry.Intent, $"{one.Answered} Found afterwards", cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is EtcdException or EtcdUnavailableException or DockerHostException)
            {
                Replace(one, one with { Answering = null });
                return;
            }

            var answering = one.Answering ?? time.GetTimestamp();
            if (found.Outcome != OpenIntentResolver.FoundDone && time.GetElapsedTime(answering) < one.Settle)
            {
                Replace(one, one with { Answering = answering });
                return;
            }

            await audit.OutcomeAsync(found, cancellationToken).ConfigureAwait(false);
            logger.LogWarning("Operation {OperationId} {Operation} on {Object}: {Outcome}. {Message}", one.OperationId, entry.Intent.Operation,
                entry.Intent.ObjectName, found.Outcome, found.Message);
        }

        Replace(one, null);
    }

    private async Task<AuditEntry?> EntryAsync(Guid operationId, CancellationToken cancellationToken) =>
        (await audit.QueryAsync(new AuditQuery { OperationId = operationId, Limit = 1 }, cancellationToken).ConfigureAwait(false)).Items.SingleOrDefault();

    private void Replace(Undetermined old, Undetermined? next)
    {
        lock (_gate)
        {
            _undetermined = next is null ? _undetermined.Remove(old) : _undetermined.Replace(old, next);
        }
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            _news.TrySetResult();
        }
    }

    /// <param name="OperationId">The operation.</param>
    /// <param name="Answered">What was answered to whoever asked for it.</param>
    /// <param name="Settle">How long it may still be under way after the other side answers again.</param>
    /// <param name="Answering">Timestamp since when the other side answers again; null while it does not.</param>
    private sealed record Undetermined(Guid OperationId, string Answered, TimeSpan Settle, long? Answering);
}
