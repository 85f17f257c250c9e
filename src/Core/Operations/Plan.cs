using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Assertions;

namespace CalicoConsole.Core.Operations;

/// <summary>An object before and after.</summary>
/// <param name="Target"><c>etcd</c>, <c>docker/&lt;host&gt;</c>, or <c>console</c> for what the console itself keeps.</param>
/// <param name="Object">The etcd key, or the Docker object as <c>container my_workload1</c>.</param>
/// <param name="Before">Document before; null when it did not exist.</param>
/// <param name="After">Document after; null when it goes.</param>
public sealed record DocumentChange(string Target, string Object, string? Before, string? After);

/// <summary>What an operation would do, computed from a snapshot without touching anything.</summary>
public sealed record Plan
{
    /// <summary>Why it cannot be done; empty when it can.</summary>
    public ImmutableArray<FieldError> Errors { get; init; } = [];

    /// <summary>What will surprise if not said beforehand.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Documents that change, in the order of the writes.</summary>
    public ImmutableArray<DocumentChange> Changes { get; init; } = [];

    /// <summary>Equivalent commands, ready to copy.</summary>
    public ImmutableArray<string> Commands { get; init; } = [];

    /// <summary>What follows from it, in sentences.</summary>
    public ImmutableArray<string> Consequences { get; init; } = [];

    /// <summary>Of a manifest: what becomes of each of its resources, in order.</summary>
    public ImmutableArray<DocumentResult> Documents { get; init; } = [];

    /// <summary>Names of the steps that execution will report.</summary>
    public ImmutableArray<string> Steps { get; init; } = [];

    /// <summary>What was agreed to that would have been refused without; kept in the audit.</summary>
    public ImmutableArray<string> Consents { get; init; } = [];

    /// <summary>What it does to reachability assertions, also given when it is refused for them; null when none was looked at.</summary>
    public AssertionEffect? Assertions { get; init; }

    /// <summary>A free address that the plan chose where the request left it open, or proposes in place of one that is taken; also given with errors.</summary>
    public Ip? ProposedAddress { get; init; }
}

/// <summary>How an operation ended.</summary>
public enum OperationOutcome
{
    /// <summary>Planned only (<c>dryRun</c>).</summary>
    Planned,

    /// <summary>Done, and seen in the snapshot.</summary>
    Succeeded,

    /// <summary>Done, but the snapshot does not show it within the bound.</summary>
    NotYetSeen,

    /// <summary>Nothing to do: everything is as wanted already.</summary>
    Unchanged,

    /// <summary>Refused before anything was done: not valid or not allowed.</summary>
    Refused,

    /// <summary>Somebody else changed the object meanwhile; nothing is left changed.</summary>
    Conflict,

    /// <summary>Failed; nothing is left changed.</summary>
    Failed,

    /// <summary>Failed midway; the result names what is there now.</summary>
    Partial,

    /// <summary>Cancelled by its user.</summary>
    Cancelled,
}

/// <summary>The result of running an operation.</summary>
public sealed record OperationResult
{
    /// <summary>Identity, also in the audit.</summary>
    public required Guid OperationId { get; init; }

    /// <summary>How it ended.</summary>
    public required OperationOutcome Outcome { get; init; }

    /// <summary>The plan it followed.</summary>
    public required Plan Plan { get; init; }

    /// <summary>What really changed.</summary>
    public ImmutableArray<DocumentChange> Changes { get; init; } = [];

    /// <summary>What went wrong, for people: what was tried, on what, what the other side answered, what to do next. Null when all went well.</summary>
    public string? Message { get; init; }

    /// <summary>What it found or made.</summary>
    public OperationAnswer Answer { get; init; } = OperationAnswer.None.Value;

    /// <summary>Of a manifest that was run: what became of each of its resources, in order.</summary>
    public ImmutableArray<DocumentResult> Documents { get; init; } = [];

    /// <summary>Output lines, such as those of ping or the node's log.</summary>
    public ImmutableArray<string> Lines { get; init; } = [];

    /// <summary>The other side died under it, so it is not known how it ended; what is found later is in the audit log.</summary>
    public bool EndUnknown { get; init; }

    /// <summary>
    /// The console could not record the intent, as when its disk is full: nothing was sent to the other side, which has no part in the failure.
    /// </summary>
    public bool NotRecorded { get; init; }
}

/// <summary>Progress while an operation runs.</summary>
/// <param name="Step">The step as named in the plan.</param>
/// <param name="State">running, done, failed or skipped.</param>
/// <param name="Detail">A line of output or a word on how far it is; null when none.</param>
/// <param name="Fraction">0 to 1 where known.</param>
public sealed record OperationProgress(string Step, string State, string? Detail, double? Fraction)
{
    /// <summary>Whether <see cref="Detail"/> is a line of a program's output, to be kept beside the others.</summary>
    public bool IsOutput { get; init; }
}
