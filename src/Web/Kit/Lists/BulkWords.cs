using CalicoConsole.Core.Operations;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>What people read of many objects at once. Pure.</summary>
internal static class BulkWords
{
    /// <summary>A number with what it counts, given in the plural: <c>1 IP pool</c>, <c>37 policies</c>.</summary>
    public static string Counted(int count, string many) => $"{count.Grouped()} {(count == 1 ? Singular(many) : many)}";

    /// <summary>One of them: <c>policy</c> of <c>policies</c>.</summary>
    public static string Singular(string many) => many.EndsWith("ies", StringComparison.Ordinal) ? $"{many[..^3]}y" : many.EndsWith('s') ? many[..^1] : many;

    /// <summary>How far an object is, as a chip.</summary>
    public static (ChipState State, string Words) For(BulkItem item) => item.State switch
    {
        BulkState.Waiting => (ChipState.Idle, "to do"),
        BulkState.Skipped => (ChipState.Idle, "skipped"),
        BulkState.Refused => (ChipState.Attention, "refused"),
        BulkState.Running => (ChipState.Working, "under way"),
        BulkState.NotBegun => (ChipState.Idle, "not begun"),
        BulkState.Ended when item.Result is { } result => (ChipStates.For(result.Outcome), ChipStates.Words(result.Outcome)),
        BulkState.Ended => (ChipState.Unknown, "ended"),
    };

    /// <summary>What will be done to how many, before it is done.</summary>
    public static string Before(BulkRun run) => Sentence([(run.ToDo, "will be done"), (run.Count(BulkState.Skipped), "skipped"),
        (run.Count(BulkState.Refused), "refused")]);

    /// <summary>What became of how many.</summary>
    public static string After(BulkRun run)
    {
        var done = run.Items.Count(i => i.Result?.Outcome is OperationOutcome.Succeeded or OperationOutcome.NotYetSeen or OperationOutcome.Unchanged);
        return Sentence([(done, "done"), (run.Items.Count(i => i.State == BulkState.Ended) - done, "not done"), (run.Count(BulkState.Refused), "refused"),
            (run.Count(BulkState.Skipped), "skipped"), (run.Count(BulkState.NotBegun), "not begun")]);
    }

    private static string Sentence((int Count, string Words)[] parts) =>
        string.Join(", ", parts.Where((p, i) => i == 0 || p.Count > 0).Select(p => $"{p.Count.Grouped()} {p.Words}"));
}
