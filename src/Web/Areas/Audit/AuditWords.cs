using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Areas.Audit;

/// <summary>Outcomes in the audit as words and states.</summary>
public static class AuditWords
{
    /// <summary>How it ended, in words; an intent without an outcome is "open".</summary>
    public static string Outcome(AuditEntry entry) => entry.Outcome is not { } outcome ? "open"
        : IsUnanswered(entry) ? "no answer"
        : Parsed(outcome.Outcome) is { } known ? ChipStates.Words(known)
        : outcome.Outcome.StartsWith("found", StringComparison.Ordinal) ? $"found {outcome.Outcome["found".Length..].ToLowerInvariant()} at start"
        : outcome.Outcome;

    /// <summary>What that means.</summary>
    public static ChipState State(AuditEntry entry) => entry.Outcome is not { } outcome ? ChipState.Working
        : IsUnanswered(entry) ? ChipState.Attention
        : Parsed(outcome.Outcome) is { } known ? ChipStates.For(known)
        : ChipState.Attention;

    /// <summary>
    /// Whom a probe asked, from the end of the command that was written down with it: "to 192.0.2.7", "to 192.0.2.7 port 80"; empty for everything else.
    /// </summary>
    public static string Target(AuditIntent intent)
    {
        var words = intent.Commands.IsDefaultOrEmpty ? [] : intent.Commands[^1].Split(' ');
        return (intent.Operation, words) switch
        {
            ("container.ping", [.., var target]) => $" to {target}",
            ("container.connect", [.., var target, var port]) => $" to {target} port {port}",
            _ => "",
        };
    }

    // A ping that ran to its end says something only when nobody answered.
    private static bool IsUnanswered(AuditEntry entry) =>
        entry is { Intent.Operation: "container.ping", Outcome: { Message.Length: > 0 } outcome } && Parsed(outcome.Outcome) == OperationOutcome.Succeeded;

    private static OperationOutcome? Parsed(string outcome) => Enum.TryParse<OperationOutcome>(outcome, ignoreCase: true, out var known) ? known : null;
}
