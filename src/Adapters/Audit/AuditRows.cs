namespace CalicoConsole.Adapters.Audit;

/// <summary>A row of an intent. Rows are only ever inserted; triggers refuse everything else.</summary>
public sealed class AuditIntentRow
{
    /// <summary>Position in the log.</summary>
    public long Id { get; set; }

    /// <summary>Identity of the operation.</summary>
    public Guid OperationId { get; set; }

    /// <summary>When; stored as UTC ticks.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>Who.</summary>
    public required string Actor { get; set; }

    /// <summary>api, page, startup.</summary>
    public required string Origin { get; set; }

    /// <summary>Where the request came from; null for the console itself and for entries of older versions.</summary>
    public string? Source { get; set; }

    /// <summary>Name of the operation.</summary>
    public required string Operation { get; set; }

    /// <summary>Kind of the object.</summary>
    public required string ObjectKind { get; set; }

    /// <summary>Name of the object.</summary>
    public required string ObjectName { get; set; }

    /// <summary>What will be tried, see <see cref="IntentWrites"/>.</summary>
    public required string Writes { get; set; }

    /// <summary>Documents as planned, see <see cref="AuditDocuments"/>.</summary>
    public required string Changes { get; set; }

    /// <summary>Equivalent commands as a JSON array.</summary>
    public required string Commands { get; set; }

    /// <summary>How it ended; null while open.</summary>
    public AuditOutcomeRow? Outcome { get; set; }
}

/// <summary>A row of an outcome: at most one for each intent, never without one.</summary>
public sealed class AuditOutcomeRow
{
    /// <summary>Position among the outcomes.</summary>
    public long Id { get; set; }

    /// <summary>The intent it belongs to.</summary>
    public Guid OperationId { get; set; }

    /// <summary>When; stored as UTC ticks.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>The outcome's name.</summary>
    public required string Outcome { get; set; }

    /// <summary>What was answered.</summary>
    public string? Message { get; set; }

    /// <summary>Documents as they really are, see <see cref="AuditDocuments"/>.</summary>
    public required string Changes { get; set; }
}

/// <summary>
/// A row of something that has happened and changed neither etcd nor Docker, such as a sign-in. Rows are only ever inserted; triggers refuse everything else.
/// </summary>
public sealed class AuditEventRow
{
    /// <summary>Position in the log, which events and intents share.</summary>
    public long Id { get; set; }

    /// <summary>Its identity.</summary>
    public Guid OperationId { get; set; }

    /// <summary>When; stored as UTC ticks.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>Who.</summary>
    public required string Actor { get; set; }

    /// <summary>api, page.</summary>
    public required string Origin { get; set; }

    /// <summary>Where the request came from.</summary>
    public string? Source { get; set; }

    /// <summary>What happened.</summary>
    public required string Operation { get; set; }

    /// <summary>Kind of the object.</summary>
    public required string ObjectKind { get; set; }

    /// <summary>Name of the object.</summary>
    public required string ObjectName { get; set; }

    /// <summary>How it ended.</summary>
    public required string Outcome { get; set; }

    /// <summary>What was answered.</summary>
    public string? Message { get; set; }
}

/// <summary>
/// A datastore key that an entry's changes name, as planned or as they came out. The database's own triggers write these rows from the changes.
/// </summary>
public sealed class AuditKeyRow
{
    /// <summary>The key.</summary>
    public required string Key { get; set; }

    /// <summary>The intent.</summary>
    public long IntentId { get; set; }
}
