using CalicoConsole.Core.Words;

namespace CalicoConsole.Core.Problems.Checks;

/// <summary>Operations that were begun and have no recorded end, or of which nothing can be said.</summary>
public sealed class OpenOperations : IProblemCheck
{
    private const string Open = "operation.open";
    private const string AuditUnreadable = "audit.unreadable";

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [Open, AuditUnreadable];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var open = FewOf.Name(
            input.Open,
            o => new(
                Open, ProblemSeverity.Attention, new(SubjectKind.Operation, o.Id.ToString()), $"{o.What} has no recorded end",
                $"{o.Actor} began it {ExactTimes.InUtc(o.At)}. The console finds out what came of it as soon as what it touched can be reached."),
            n => $"{n} more operations have no recorded end");
        return input.AuditProblem is { } reason
            ? open.Prepend(new(
                AuditUnreadable, ProblemSeverity.Broken, ProblemSubject.Several(SubjectKind.Operation),
                "The audit log cannot be read, so operations without a recorded end are not known", reason))
            : open;
    }
}
