using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Web.Components.Shared;

/// <summary>Outcomes in the audit as words and states.</summary>
public static class AuditWords
{
    /// <summary>How it ended, in words; an intent without an outcome is "open".</summary>
    public static string Outcome(AuditEntry entry) => entry.Outcome is not { } outcome ? "open"
        : Parsed(outcome.Outcome) is { } known ? ChipStates.Words(known)
        : outcome.Outcome.StartsWith("found", StringComparison.Ordinal) ? $"found {outcome.Outcome["found".Length..].ToLowerInvariant()} at start"
        : outcome.Outcome;

    /// <summary>What that means.</summary>
    public static ChipState State(AuditEntry entry) => entry.Outcome is not { } outcome ? ChipState.Working
        : Parsed(outcome.Outcome) is { } known ? ChipStates.Of(known)
        : ChipState.Attention;

    private static OperationOutcome? Parsed(string outcome) => Enum.TryParse<OperationOutcome>(outcome, ignoreCase: true, out var known) ? known : null;
}
