using System.Text.Json;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using Microsoft.EntityFrameworkCore;

namespace CalicoConsole.Adapters.Audit;

/// <summary>The audit log in SQLite. Safe for concurrent use; writers of this process take turns, so that none waits in SQLite's polling.</summary>
/// <remarks>Failures of the database are <see cref="ConsoleDatabaseException"/>.</remarks>
/// <param name="contexts">Makes contexts of a database that <see cref="ConsoleDatabase"/> has migrated.</param>
public sealed class AuditLog(IDbContextFactory<ConsoleDbContext> contexts) : IAuditLog, IDisposable
{
    private readonly SemaphoreSlim _writer = new(1);

    /// <inheritdoc/>
    /// <exception cref="ConsoleDatabaseException">It is not committed.</exception>
    public Task IntentAsync(AuditIntent intent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        return AddAsync(Row(intent), cancellationToken, intent.AlsoKeys);
    }

    /// <inheritdoc/>
    /// <exception cref="ConsoleDatabaseException">It is not committed.</exception>
    public Task OutcomeAsync(AuditOutcome outcome, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return AddAsync(Row(outcome), cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="ConsoleDatabaseException">It is not committed.</exception>
    public Task RecordAsync(AuditIntent intent, AuditOutcome outcome, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        ArgumentNullException.ThrowIfNull(outcome);
        return AddAsync(new AuditEventRow
        {
            OperationId = intent.OperationId,
            At = intent.At,
            Actor = intent.Actor,
            Origin = intent.Origin,
            Source = intent.Source,
            Operation = intent.Operation,
            ObjectKind = intent.ObjectKind,
            ObjectName = intent.ObjectName,
            Outcome = outcome.Outcome,
            Message = Secrets.Redact(outcome.Message),
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<AuditIntent>> OpenIntentsAsync(CancellationToken cancellationToken) => contexts.WithAsync(async context =>
    {
        var rows = await context.AuditIntents.AsNoTracking().Where(i => i.Outcome == null).OrderBy(i => i.Id).ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        return rows.Select(Intent).ToImmutableArray();
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<AuditPage> QueryAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return contexts.WithAsync(async context =>
        {
            var (intents, events) = (Filter(context, query), AuditEvents.Filter(context, query));
            var total = await intents.LongCountAsync(cancellationToken).ConfigureAwait(false) + await events.LongCountAsync(cancellationToken)
                .ConfigureAwait(false);
            if (query.Before is { } before)
            {
                (intents, events) = (intents.Where(i => i.Id < before), events.Where(e => e.Id < before));
            }

            var most = Math.Clamp(query.Limit, 1, 1000);
            var changes = await intents.OrderByDescending(i => i.Id).Take(most).Include(i => i.Outcome).ToListAsync(cancellationToken).ConfigureAwait(false);
            var happened = await events.OrderByDescending(e => e.Id).Take(most).ToListAsync(cancellationToken).ConfigureAwait(false);
            var items = changes.Select(r => new AuditEntry(r.Id, Intent(r), r.Outcome is { } o ? Outcome(o) : null)).Concat(happened.Select(AuditEvents.Entry));
            return new AuditPage([.. items.OrderByDescending(e => e.Id).Take(most)], total);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    internal static IQueryable<AuditIntentRow> Filter(ConsoleDbContext context, AuditQuery query)
    {
        var rows = context.AuditIntents.AsNoTracking();
        if (query.OperationId is { } operation)
        {
            rows = rows.Where(i => i.OperationId == operation);
        }

        if (query is { Kind: { } ofKind, Object: { } ofName } && AuditedKeys.For(ofKind, ofName) is { IsEmpty: false } keys)
        {
            // As a union of ids, each half of which has an index; an OR would have SQLite read the whole log.
            var named = context.AuditIntents.Where(i => i.ObjectName == ofName && i.ObjectKind == ofKind).Select(i => i.Id);
            var touching = context.AuditKeys.Where(k => keys.Contains(k.Key)).Select(k => k.IntentId);
            rows = rows.Where(i => named.Union(touching).Contains(i.Id));
        }
        else
        {
            rows = query.Object is { } name ? rows.Where(i => i.ObjectName == name) : rows;
            rows = query.Kind is { } kind ? rows.Where(i => i.ObjectKind == kind) : rows;
        }

        if (query.Actor is { } actor)
        {
            rows = rows.Where(i => i.Actor == actor);
        }

        if (query.Since is { } since)
        {
            rows = rows.Where(i => i.At >= since);
        }

        if (query.Until is { } until)
        {
            rows = rows.Where(i => i.At < until);
        }

        string[] done = [.. AuditOutcomes.Done];
        rows = query.Result switch
        {
            null => rows,
            AuditResult.Done => rows.Where(i => i.Outcome != null && done.Contains(i.Outcome.Outcome)),
            AuditResult.NotDone => rows.Where(i => i.Outcome != null && !done.Contains(i.Outcome.Outcome)),
            AuditResult.Open => rows.Where(i => i.Outcome == null),
            _ => throw new ArgumentOutOfRangeException(nameof(query), query.Result, "not a result"),
        };

        if (!string.IsNullOrEmpty(query.Text))
        {
            // Documents and commands stand inside JSON strings, where a quote or a line end is escaped.
            var plain = Pattern(query.Text);
            var inJson = Pattern(JsonEncodedText.Encode(query.Text, AuditDocuments.Json.Encoder).Value);
            rows = rows.Where(i => EF.Functions.Like(i.ObjectName, plain, "\\") || EF.Functions.Like(i.Operation, plain, "\\")
                || EF.Functions.Like(i.Commands, inJson, "\\") || EF.Functions.Like(i.Changes, inJson, "\\")
                || (i.Outcome != null && (EF.Functions.Like(i.Outcome.Message!, plain, "\\") || EF.Functions.Like(i.Outcome.Changes, inJson, "\\"))));
        }

        return rows;
    }

    internal static string Pattern(string text) => "%" + text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";

    private static AuditIntentRow Row(AuditIntent intent) => new()
    {
        OperationId = intent.OperationId,
        At = intent.At,
        Actor = intent.Actor,
        Origin = intent.Origin,
        Source = intent.Source,
        Operation = intent.Operation,
        ObjectKind = intent.ObjectKind,
        ObjectName = intent.ObjectName,
        Writes = intent.Writes,
        Changes = intent.Changes,
        Commands = AuditDocuments.Write(intent.Commands),
    };

    private static AuditOutcomeRow Row(AuditOutcome outcome) => new()
    {
        OperationId = outcome.OperationId,
        At = outcome.At,
        Outcome = outcome.Outcome,
        Message = Secrets.Redact(outcome.Message),
        Changes = outcome.Changes,
    };

    private static AuditIntent Intent(AuditIntentRow row) => new(
        row.OperationId, row.At, row.Actor, row.Origin, row.Operation, row.ObjectKind, row.ObjectName, row.Writes, row.Changes,
            AuditDocuments.ReadCommands(row.Commands))
    {
        Source = row.Source,
    };

    private static AuditOutcome Outcome(AuditOutcomeRow row) => new(row.OperationId, row.At, row.Outcome, row.Message, row.Changes);

    /// <summary>A cancellation ends the wait for its turn only: a save that is cancelled may have stored the row all the same, and nobody could tell.</summary>
    private async Task AddAsync(object row, CancellationToken cancellationToken, ImmutableArray<string> alsoKeys = default)
    {
        await _writer.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await contexts.WithAsync(async context =>
            {
                // Takes SQLite's write lock at once: intents and events share one numbering, so that one page after the other meets each of them once.
                var transaction = await context.Database.BeginTransactionAsync(CancellationToken.None).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    if (row is AuditIntentRow intent)
                    {
                        intent.Id = await AuditEvents.NextAsync(context).ConfigureAwait(false);
                    }
                    else if (row is AuditEventRow happened)
                    {
                        happened.Id = await AuditEvents.NextAsync(context).ConfigureAwait(false);
                    }

                    context.Add(row);
                    var stored = await context.SaveChangesAsync(CancellationToken.None).ConfigureAwait(false);
                    foreach (var key in alsoKeys.IsDefault ? [] : alsoKeys)
                    {
                        // The triggers have noted what it changes, of which this may be a part.
                        await context.Database.ExecuteSqlAsync(
                            $"INSERT OR IGNORE INTO AuditKeys (Key, IntentId) VALUES ({key}, {((AuditIntentRow)row).Id})", CancellationToken.None)
                            .ConfigureAwait(false);
                    }

                    await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
                    return stored;
                }
            }, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _writer.Release();
        }
    }
}
