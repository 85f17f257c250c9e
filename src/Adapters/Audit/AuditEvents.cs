using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using Microsoft.EntityFrameworkCore;

namespace CalicoConsole.Adapters.Audit;

/// <summary>The part of the audit log that tells what happened beside the operations: it has no documents, no commands, and is never open.</summary>
internal static class AuditEvents
{
    private static readonly string NoWrites = IntentWrites.From(new PlannedOperation(new Plan(), [])).ToJson();
    private static readonly string NoChanges = AuditDocuments.Write(ImmutableArray<DocumentChange>.Empty);

    /// <summary>The next position in the log.</summary>
    public static async Task<long> NextAsync(ConsoleDbContext context)
    {
        var intent = await context.AuditIntents.MaxAsync(i => (long?)i.Id, CancellationToken.None).ConfigureAwait(false);
        var happened = await context.AuditEvents.MaxAsync(e => (long?)e.Id, CancellationToken.None).ConfigureAwait(false);
        return Math.Max(intent ?? 0, happened ?? 0) + 1;
    }

    /// <summary>The events that a question asks for.</summary>
    public static IQueryable<AuditEventRow> Filter(ConsoleDbContext context, AuditQuery query)
    {
        var rows = context.AuditEvents.AsNoTracking();
        rows = query.OperationId is { } operation ? rows.Where(e => e.OperationId == operation) : rows;
        rows = query.Object is { } name ? rows.Where(e => e.ObjectName == name) : rows;
        rows = query.Kind is { } kind ? rows.Where(e => e.ObjectKind == kind) : rows;
        rows = query.Actor is { } actor ? rows.Where(e => e.Actor == actor) : rows;
        rows = query.Since is { } since ? rows.Where(e => e.At >= since) : rows;
        rows = query.Until is { } until ? rows.Where(e => e.At < until) : rows;
        string[] done = [.. AuditOutcomes.Done];
        rows = query.Result switch
        {
            null => rows,
            AuditResult.Done => rows.Where(e => done.Contains(e.Outcome)),
            AuditResult.NotDone => rows.Where(e => !done.Contains(e.Outcome)),
            AuditResult.Open => rows.Where(e => false),
            _ => throw new ArgumentOutOfRangeException(nameof(query), query.Result, "not a result"),
        };
        if (!string.IsNullOrEmpty(query.Text))
        {
            var text = AuditLog.Pattern(query.Text);
            rows = rows.Where(e => EF.Functions.Like(e.ObjectName, text, "\\") || EF.Functions.Like(e.Operation, text, "\\")
                || EF.Functions.Like(e.Source!, text, "\\") || EF.Functions.Like(e.Message!, text, "\\"));
        }

        return rows;
    }

    /// <summary>An event as an entry of the log.</summary>
    public static AuditEntry Entry(AuditEventRow row) => new(
        row.Id,
        new AuditIntent(row.OperationId, row.At, row.Actor, row.Origin, row.Operation, row.ObjectKind, row.ObjectName, NoWrites, NoChanges,
            [])
        { Source = row.Source },
        new AuditOutcome(row.OperationId, row.At, row.Outcome, row.Message, NoChanges));
}
