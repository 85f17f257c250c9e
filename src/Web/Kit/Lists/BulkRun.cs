using System.Collections.Immutable;
using CalicoConsole.Core.Operations;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>How far one of many objects is.</summary>
public enum BulkState
{
    /// <summary>It will be done.</summary>
    Waiting,

    /// <summary>There is nothing to do for it.</summary>
    Skipped,

    /// <summary>It would be refused, or was.</summary>
    Refused,

    /// <summary>It is being done.</summary>
    Running,

    /// <summary>It has ended as its result says.</summary>
    Ended,

    /// <summary>It was not begun, because somebody stopped the rest.</summary>
    NotBegun,
}

/// <summary>One of many objects to which something is done.</summary>
/// <param name="Name">The object, for people.</param>
/// <param name="State">How far it is.</param>
/// <param name="Reason">Why it is passed over or refused; null for nothing to say.</param>
public sealed record BulkItem(string Name, BulkState State, string? Reason = null)
{
    /// <summary>What is done; null for what is passed over.</summary>
    public Operation? Operation { get; init; }

    /// <summary>What it would do.</summary>
    public Plan? Plan { get; init; }

    /// <summary>How it ended.</summary>
    public OperationResult? Result { get; init; }
}

/// <summary>
/// Does one thing to many objects: looks first at what each operation would do, then runs those that may be done one after the other through the runner, which
/// plans each anew, checks the permission and audits it. Used on the circuit's dispatcher only.
/// </summary>
public sealed class BulkRun
{
    private BulkRun(ImmutableArray<BulkItem> items) => Items = items;

    /// <summary>The objects, in the order of the list.</summary>
    public ImmutableArray<BulkItem> Items { get; private set; }

    /// <summary>How many will be done, or were to be.</summary>
    public int ToDo { get; private init; }

    /// <summary>Whether it was begun.</summary>
    public bool Begun { get; private set; }

    /// <summary>Whether it has come to its end.</summary>
    public bool Ended { get; private set; }

    /// <summary>How many have an end.</summary>
    public int Done => Items.Count(i => i.Result is not null);

    /// <summary>What follows for all of them together, each sentence with how often it is said, in the order in which it comes first.</summary>
    public ImmutableArray<(string Sentence, int Times)> Consequences =>
    [
        .. Items.Where(i => i.State == BulkState.Waiting).SelectMany(i => (i.Plan?.Warnings ?? []).Concat(i.Plan?.Consequences ?? []))
            .CountBy(s => s, StringComparer.Ordinal).Select(s => (s.Key, s.Value)),
    ];

    /// <summary>How many objects are in a state.</summary>
    public int Count(BulkState state) => Items.Count(i => i.State == state);

    /// <summary>Looks at what would be done to each row; touches nothing. Takes a while for many rows, so give it a thread of its own.</summary>
    public static BulkRun Weigh<T>(IEnumerable<T> rows, ListAction<T> action, IOperationRunner runner, OperationContext context,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(action);
        ArgumentNullException.ThrowIfNull(runner);
        var items = ImmutableArray.CreateBuilder<BulkItem>();
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Named as everywhere: two hosts may have a container of one name.
            var operation = action.Operation(row);
            var name = operation.Words.Object;
            if (action.Skip(row) is { } skip)
            {
                items.Add(new BulkItem(name, BulkState.Skipped, skip));
                continue;
            }

            var plan = runner.Plan(operation, context);
            items.Add(new BulkItem(name, plan.Errors.IsEmpty ? BulkState.Waiting : BulkState.Refused,
                plan.Errors.IsEmpty ? null : string.Join("; ", plan.Errors.Select(e => e.Reason)))
            {
                Operation = operation,
                Plan = plan,
            });
        }

        return new BulkRun(items.ToImmutable()) { ToDo = items.Count(i => i.State == BulkState.Waiting) };
    }

    /// <summary>Does them one by one until all have an end. One that fails does not keep the others from theirs.</summary>
    /// <param name="runner">The one door for change.</param>
    /// <param name="context">Who asks.</param>
    /// <param name="changed">Told whenever an object is in another state.</param>
    /// <param name="cancellationToken">Begins no other; the one under way goes on to its end, as every operation does.</param>
    public async Task RunAsync(IOperationRunner runner, OperationContext context, Action changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runner);
        ArgumentNullException.ThrowIfNull(changed);
        if (Begun)
        {
            return;
        }

        Begun = true;
        for (var i = 0; i < Items.Length; i++)
        {
            var item = Items[i];
            if (item.State != BulkState.Waiting)
            {
                continue;
            }

            if (cancellationToken.IsCancellationRequested)
            {
                Items = Items.SetItem(i, item with { State = BulkState.NotBegun });
                continue;
            }

            Items = Items.SetItem(i, item with { State = BulkState.Running });
            changed();
            var result = await runner.RunAsync(item.Operation!, context, null, CancellationToken.None);
            Items = Items.SetItem(i, item with
            {
                State = result.Outcome == OperationOutcome.Refused ? BulkState.Refused : BulkState.Ended,
                Reason = result.Message,
                Result = result,
            });
        }

        Ended = true;
        changed();
    }
}
