using System.Collections.Immutable;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Operations;

/// <summary>A link behind a finished operation.</summary>
/// <param name="Text">What it leads to.</param>
/// <param name="Href">The address.</param>
/// <param name="IsNext">Whether it is the step that usually follows.</param>
internal sealed record NextLink(string Text, string Href, bool IsNext = false);

/// <summary>Where to go when an operation has ended: what it says itself, then its audit entry. Pure.</summary>
internal static class NextSteps
{
    public static ImmutableArray<NextLink> After(Operation? operation, OperationResult result, ClusterSnapshot snapshot)
    {
        var done = result.Outcome is OperationOutcome.Succeeded or OperationOutcome.NotYetSeen or OperationOutcome.Unchanged;
        var steps = operation is null ? [] : done ? operation.NextSteps(result, snapshot) : operation.NextStepsIfNotDone(result, snapshot);
        return [.. steps.Select(Link).OfType<NextLink>(), .. HasEntry(result) ? [new NextLink("Audit entry", Links.AuditEntry(result.OperationId))]
            : (NextLink[])[]];
    }

    // A place without a page is left out.
    private static NextLink? Link(NextStep step) =>
        Links.To(step.To) is { } href && (step.Text ?? Links.NameOf(step.To)) is { } text
            ? new(step.Note is null ? text : $"{text}, {step.Note}", href, step.IsNext) : null;

    // Refusals of validation are not audited: they cannot have changed anything.
    private static bool HasEntry(OperationResult result) => result.Outcome != OperationOutcome.Refused || result.Plan.Errors.Any(e => e.Field == "permission");
}
