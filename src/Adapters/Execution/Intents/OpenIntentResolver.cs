using System.Text.Json;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using Microsoft.Extensions.Logging;

namespace CalicoConsole.Adapters.Execution.Intents;

/// <summary>
/// Names how intents ended that a crash left open, by comparing what they wanted with what is there: <c>foundDone</c>,
/// <c>foundNotDone</c>, <c>foundPartial</c>, or <c>foundUnknown</c> with what to check. It changes nothing but the audit log.
/// </summary>
/// <remarks>Safe for concurrent use. Give it only intents that no running process still works on: those open at start-up.</remarks>
public sealed class OpenIntentResolver(IAuditLog audit, IDatastore datastore, IDockerHosts hosts, TimeProvider time, ILogger<OpenIntentResolver> logger)
{
    /// <summary>The outcome of an intent that is found carried out.</summary>
    internal const string FoundDone = "foundDone";

    /// <summary>Resolves what it can and answers the intents that stay open because something could not be reached now.</summary>
    public async Task<ImmutableArray<AuditIntent>> ResolveAsync(ImmutableArray<AuditIntent> open, CancellationToken cancellationToken)
    {
        var left = ImmutableArray.CreateBuilder<AuditIntent>();
        foreach (var intent in open)
        {
            try
            {
                var outcome = await LookAsync(intent, "The console stopped before it recorded the outcome. Found at start-up", cancellationToken)
                    .ConfigureAwait(false);
                await audit.OutcomeAsync(outcome, cancellationToken).ConfigureAwait(false);
                logger.LogWarning(
                    "Operation {OperationId} {Operation} on {Object} was open at start-up: {Outcome}. {Message}",
                    intent.OperationId, intent.Operation, intent.ObjectName, outcome.Outcome, outcome.Message);
            }
            catch (Exception e) when (e is EtcdException or EtcdUnavailableException or DockerHostException or ConsoleDatabaseException)
            {
                logger.LogWarning("Operation {OperationId} {Operation} on {Object} is still open: {Reason}", intent.OperationId, intent.Operation,
                    intent.ObjectName, e.Message);
                left.Add(intent);
            }
        }

        return left.ToImmutable();
    }

    /// <summary>Compares an intent with what is there; records nothing.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="occasion">Words before what was found.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task<AuditOutcome> LookAsync(AuditIntent intent, string occasion, CancellationToken cancellationToken)
    {
        IntentWrites writes;
        ImmutableArray<DocumentChange> planned;
        try
        {
            writes = IntentWrites.Parse(intent.Writes);
            planned = AuditDocuments.Read(intent.Changes);
        }
        catch (JsonException e)
        {
            return Outcome(intent, [new Finding(FoundState.Unknown, $"{e.Message} Look at {intent.ObjectName} yourself")], [], occasion);
        }

        var findings = new List<Finding>();
        var changes = ImmutableArray.CreateBuilder<DocumentChange>();
        foreach (var key in writes.Writes.Where(w => !w.EmptyDirectory).GroupBy(w => w.Key, StringComparer.Ordinal))
        {
            var current = await datastore.ReadAsync(key.Key, cancellationToken).ConfigureAwait(false);
            var finding = Compare([.. key], current);
            findings.Add(finding);
            if (finding.State != FoundState.NotDone)
            {
                changes.Add(new DocumentChange(KeptKeys.IsKept(key.Key) ? "console" : "etcd", key.Key,
                    planned.FirstOrDefault(c => c.Object == key.Key)?.Before, current?.Text));
            }
        }

        if (findings.Count == 0 && writes.Writes.FirstOrDefault(w => w.EmptyDirectory) is { } directory)
        {
            findings.Add(new Finding(FoundState.Unknown,
                $"only the directory {directory.Key} was to be removed, and no key shows whether it is gone: check whether calicoctl still lists it"));
        }

        if (writes.DockerCalls.Length > 0)
        {
            findings.Add(await new OpenIntentDocker(hosts, datastore).LookAsync(intent, writes.DockerCalls, cancellationToken).ConfigureAwait(false));
        }

        return Outcome(intent, findings, changes.ToImmutable(), occasion);
    }

    /// <summary>The writes of one key, in order, against what stands there.</summary>
    internal static Finding Compare(ImmutableArray<IntentWrite> writes, StoredKey? current)
    {
        var first = writes[0].Expected;
        var key = writes[0].Key;
        var now = current is null ? "absent" : $"at revision {current.Revision}: {current.Text}";
        if (writes[^1].Stands(current))
        {
            if (first.Kind == ExpectationKind.Revision && current?.Revision == first.Revision)
            {
                // Nothing was to be done there, so it tells nothing of how far the operation got.
                return new Finding(FoundState.Same, $"{key} needed no change ({now})");
            }

            return new Finding(FoundState.Done, $"{key} is as wanted ({now})");
        }

        if (writes.Take(writes.Length - 1).Any(w => w.Stands(current)))
        {
            return new Finding(FoundState.Partial, $"{key} is midway ({now})");
        }

        var before = first.Kind switch
        {
            ExpectationKind.Absent => current is null,
            ExpectationKind.Revision => current?.Revision == first.Revision,
            _ => false,
        };
        return before
            ? new Finding(FoundState.NotDone, $"{key} is as before ({now})")
            : new Finding(FoundState.Unknown, $"{key} is neither as before nor as wanted, somebody may have changed it since ({now})");
    }

    private AuditOutcome Outcome(AuditIntent intent, List<Finding> findings, ImmutableArray<DocumentChange> changes, string occasion)
    {
        var all = findings.Select(f => f.State).Where(s => s != FoundState.Same).ToHashSet();
        var name = findings.Count > 0 && all.Count == 0 ? FoundDone
            : findings.Count == 0 || all.SetEquals([FoundState.NotDone]) ? "foundNotDone"
            : all.SetEquals([FoundState.Done]) ? FoundDone
            : all.Contains(FoundState.Done) || all.Contains(FoundState.Partial) ? "foundPartial"
            : "foundUnknown";
        var text = findings.Count == 0 ? "there was nothing to write" : string.Join("; ", findings.Select(f => f.Text));
        return new AuditOutcome(
            intent.OperationId, time.GetUtcNow(), name, Secrets.Redact($"{occasion}: {text}."), AuditDocuments.Write(changes));
    }
}

/// <summary>What was found of one key or Docker object.</summary>
internal sealed record Finding(FoundState State, string Text);

/// <summary>How far an intent got.</summary>
internal enum FoundState
{
    NotDone,
    Partial,
    Done,
    Unknown,

    /// <summary>As wanted before and after.</summary>
    Same,
}
