using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Resources;

namespace CalicoConsole.Web.Areas.Operations;

/// <summary>How operations end, in words; what an operation is called is its own affair. Pure.</summary>
internal static class OutcomeWords
{
    /// <summary>While it runs.</summary>
    public static string Doing(Operation? operation) => operation?.Words.Doing ?? "Working";

    /// <summary>How it ended, as a sentence that names what was tried on which object.</summary>
    public static string Ended(Operation? operation, OperationResult result) => operation is null ? "The operation ended" : result.Outcome switch
    {
        OperationOutcome.Succeeded => operation.DoneWith(result),
        OperationOutcome.NotYetSeen => operation.Words.Done,
        OperationOutcome.Unchanged => $"Nothing to do: {operation.Words.Object}",
        OperationOutcome.Conflict => $"Refused: {operation.Words.Object} was changed by somebody else meanwhile",
        OperationOutcome.Cancelled => $"Stopped: {operation.Words.Doing}",
        OperationOutcome.Partial when result.EndUnknown => $"Unknown outcome: {operation.Words.Doing}",
        OperationOutcome.Partial => $"Done in part: {operation.Words.Doing}",
        OperationOutcome.Refused => $"Refused: {operation.Words.Doing}",
        OperationOutcome.Failed or OperationOutcome.Planned => $"Failed: {operation.Words.Doing}",
    };

    /// <summary>What to do next, where a link alone does not say it.</summary>
    public static string? Next(Operation? operation, OperationResult result) => result.Outcome switch
    {
        OperationOutcome.Conflict when operation is WriteResource { Verb: WriteVerb.Replace } =>
            "Nothing was written. Compare the two versions below, then take theirs or apply yours on top.",
        OperationOutcome.Conflict => "Nothing is left changed. Look at what is there now and try again.",
        OperationOutcome.Failed => "Nothing is left changed, and the fields keep what was typed: fix the cause and try again.",
        OperationOutcome.Partial when result.EndUnknown => "See the audit log, or look at what is there, before you try again.",
        OperationOutcome.Partial => "Look at what is there now before you try again.",
        OperationOutcome.Refused => "Nothing was done. Correct what is named and try again.",
        OperationOutcome.NotYetSeen => "See the state of the feeds in the top bar.",
        _ => null,
    };
}
