namespace CalicoConsole.Core.Ports;

/// <summary>The append-only history of changes. Safe for concurrent use.</summary>
public interface IAuditLog
{
    /// <summary>Commits an intent durably (synchronous=FULL) before anything is changed. Throws when it cannot: then nothing may be changed.</summary>
    Task IntentAsync(AuditIntent intent, CancellationToken cancellationToken);

    /// <summary>Records how an intent ended, as a row of its own.</summary>
    Task OutcomeAsync(AuditOutcome outcome, CancellationToken cancellationToken);

    /// <summary>
    /// Records something that has happened and changed neither etcd nor Docker, such as a sign-in: the entry with its outcome, both or neither, without
    /// documents and commands.
    /// </summary>
    Task RecordAsync(AuditIntent intent, AuditOutcome outcome, CancellationToken cancellationToken);

    /// <summary>Intents without an outcome, oldest first: what a crash left open.</summary>
    Task<ImmutableArray<AuditIntent>> OpenIntentsAsync(CancellationToken cancellationToken);

    /// <summary>Entries, newest first.</summary>
    Task<AuditPage> QueryAsync(AuditQuery query, CancellationToken cancellationToken);
}

/// <summary>What somebody is about to change.</summary>
/// <param name="OperationId">Identity of the operation.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Actor">Who.</param>
/// <param name="Origin">api, page, startup, ….</param>
/// <param name="Operation">Name of the operation.</param>
/// <param name="ObjectKind">Kind of the object.</param>
/// <param name="ObjectName">Name of the object.</param>
/// <param name="Writes">The ordered datastore writes (key, expected revision, new value) and Docker calls that will be tried, as JSON, without secrets.</param>
/// <param name="Changes">Documents before and after, as planned, as JSON.</param>
/// <param name="Commands">Equivalent commands.</param>
public sealed record AuditIntent(
    Guid OperationId,
    DateTimeOffset At,
    string Actor,
    string Origin,
    string Operation,
    string ObjectKind,
    string ObjectName,
    string Writes,
    string Changes,
    ImmutableArray<string> Commands)
{
    /// <summary>Keys of the datastore whose objects it is about though it changes none of them; noted with a new intent, empty in one that is read.</summary>
    public ImmutableArray<string> AlsoKeys { get; init; } = [];

    /// <summary>Where the request came from, such as an IP address; null when it came from the console itself.</summary>
    public string? Source { get; init; }
}

/// <summary>How it ended.</summary>
/// <param name="OperationId">Identity of the operation.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Outcome">The outcome's name in lower camel case, or <c>found*</c> for an intent that start-up resolved.</param>
/// <param name="Message">What was answered.</param>
/// <param name="Changes">Documents before and after as they really are, as JSON.</param>
public sealed record AuditOutcome(Guid OperationId, DateTimeOffset At, string Outcome, string? Message, string Changes);

/// <summary>An intent with its outcome, if there is one.</summary>
/// <param name="Id">Position in the log; grows with time.</param>
/// <param name="Intent">The intent.</param>
/// <param name="Outcome">Its outcome; null while open.</param>
public sealed record AuditEntry(long Id, AuditIntent Intent, AuditOutcome? Outcome);

/// <summary>How an entry ended, in three words.</summary>
public enum AuditResult
{
    /// <summary>What was wanted is so: it was done, was so already, or was found done at a later start.</summary>
    Done,

    /// <summary>It ended otherwise: refused, failed, done in part, cancelled, or nobody knows.</summary>
    NotDone,

    /// <summary>It has no end yet.</summary>
    Open,
}

/// <summary>Names of outcomes as entries have them.</summary>
public static class AuditOutcomes
{
    /// <summary>Those that are <see cref="AuditResult.Done"/>.</summary>
    public static ImmutableArray<string> Done { get; } = ["succeeded", "unchanged", "foundDone"];
}

/// <summary>
/// A question to the log. Nulls do not filter. With a kind and an object of the datastore, entries about something else that changed, or was to
/// change, one of the object's keys are its entries too: a manifest that names it, the deletion of its node.
/// </summary>
public sealed record AuditQuery
{
    /// <summary>Identity of the operation: at most one entry.</summary>
    public Guid? OperationId { get; init; }

    /// <summary>Name of the object, exactly.</summary>
    public string? Object { get; init; }

    /// <summary>Kind of the object.</summary>
    public string? Kind { get; init; }

    /// <summary>Who.</summary>
    public string? Actor { get; init; }

    /// <summary>Not before.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How it ended.</summary>
    public AuditResult? Result { get; init; }

    /// <summary>Text anywhere in the object's name, the operation, the commands, the changes or the message.</summary>
    public string? Text { get; init; }

    /// <summary>Entries before this id only (keyset paging).</summary>
    public long? Before { get; init; }

    /// <summary>At most so many, 1 to 1000.</summary>
    public int Limit { get; init; } = 100;
}

/// <summary>A page of entries.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Total">How many match in all.</param>
public sealed record AuditPage(ImmutableArray<AuditEntry> Items, long Total);
