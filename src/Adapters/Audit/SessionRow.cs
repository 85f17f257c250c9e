namespace CalicoConsole.Adapters.Audit;

/// <summary>
/// A row of a session: somebody who signed in and has neither signed out nor stayed away too long. The cookie names it and is worth nothing without it.
/// </summary>
public sealed class SessionRow
{
    /// <summary>Identity of the session.</summary>
    public Guid Id { get; set; }

    /// <summary>The user.</summary>
    public required string UserId { get; set; }

    /// <summary>The user's security stamp at the sign-in: a new password or right makes a new stamp, and ends the session.</summary>
    public required string Stamp { get; set; }

    /// <summary>When somebody signed in; stored as UTC ticks.</summary>
    public DateTimeOffset Created { get; set; }

    /// <summary>When it was last used, to the minute; stored as UTC ticks.</summary>
    public DateTimeOffset LastSeen { get; set; }

    /// <summary>Where the sign-in came from.</summary>
    public required string Source { get; set; }
}

/// <summary>A row of something that is true of this database once and for all.</summary>
public sealed class FactRow
{
    /// <summary>What it is.</summary>
    public required string Name { get; set; }

    /// <summary>The fact.</summary>
    public required string Value { get; set; }
}
