using System.Text.Json;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Adapters.Execution.Intents;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CalicoConsole.Adapters.Execution.Runner;

/// <summary>The runner's side of the audit log. Safe for concurrent use.</summary>
internal sealed class OperationAudit(IAuditLog log, AuditBacklog backlog, TimeProvider time, TimeSpan outcomeBound, ILogger logger)
{
    /// <summary>Commits the intent. Null when it stands, else why not.</summary>
    public async Task<string?> TryIntentAsync(Guid id, Operation operation, OperationContext context, PlannedOperation planned)
    {
        try
        {
            // Not cancelled midway: it either stands or it does not.
            await log.IntentAsync(
                new AuditIntent(
                    id, time.GetUtcNow(), context.Actor, context.Origin, operation.Name, operation.ObjectKind, operation.ObjectName,
                    IntentWrites.From(planned).ToJson(), AuditDocuments.Write(planned.Plan.Changes), planned.Plan.Commands)
                { Source = context.Source, AlsoKeys = [.. operation.AlsoAbout.SelectMany(name => AuditedKeys.For(operation.ObjectKind, name))] },
                CancellationToken.None).ConfigureAwait(false);
            return null;
        }
        catch (Exception e)
        {
            logger.LogError(e, "The intent of operation {OperationId} could not be recorded", id);
            // A refused row tells nothing of the others.
            if (e is ConsoleDatabaseException { IsRefusal: false })
            {
                backlog.Failed(e.Message);
            }

            return Reason(e);
        }
    }

    /// <summary>
    /// Records the outcome, on a token of its own, trying again while the database is busy. False when it could not be recorded; it is
    /// then kept and tried again in the background.
    /// </summary>
    public async Task<bool> TryOutcomeAsync(Guid id, OperationOutcome outcome, string? message, ImmutableArray<DocumentChange> changes)
    {
        var row = new AuditOutcome(id, time.GetUtcNow(), Name(outcome), message, AuditDocuments.Write(changes));
        using var bound = new CancellationTokenSource(outcomeBound, time);
        for (var wait = TimeSpan.FromMilliseconds(100); ; wait *= 2)
        {
            try
            {
                await log.OutcomeAsync(row, bound.Token).ConfigureAwait(false);
                return true;
            }
            catch (Exception e)
            {
                // An attempt whose answer was an error may have stored it all the same; the next one is then refused.
                if (e is ConsoleDatabaseException { IsRefusal: true } && await StandsAsync(row).ConfigureAwait(false))
                {
                    return true;
                }

                if (bound.IsCancellationRequested || e is ConsoleDatabaseException { IsTransient: false })
                {
                    logger.LogCritical(e, "The outcome {Outcome} of operation {OperationId} could not be recorded: {Message}", row.Outcome, id, message);
                    backlog.Keep(row, Reason(e));
                    return false;
                }

                logger.LogWarning(e, "The outcome of operation {OperationId} could not be recorded yet", id);
            }

            try
            {
                await Task.Delay(wait, time, bound.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The bound is over: one last try follows and reports.
            }
        }
    }

    private async Task<bool> StandsAsync(AuditOutcome outcome)
    {
        try
        {
            var entries = await log.QueryAsync(new AuditQuery { OperationId = outcome.OperationId, Limit = 1 }, CancellationToken.None).ConfigureAwait(false);
            return entries.Items is [{ Outcome: { } stands }] && stands.Outcome == outcome.Outcome && stands.At == outcome.At;
        }
        catch (ConsoleDatabaseException e)
        {
            logger.LogWarning(e, "Could not read whether the outcome of operation {OperationId} is recorded", outcome.OperationId);
            return false;
        }
    }

    private static string Reason(Exception e) => e is ConsoleDatabaseException ? e.Message : "the audit log failed; see the console's log";

    /// <summary>An outcome's name as the audit spells it.</summary>
    public static string Name(OperationOutcome outcome) => JsonNamingPolicy.CamelCase.ConvertName(outcome.ToString());
}
