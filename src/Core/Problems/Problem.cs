namespace CalicoConsole.Core.Problems;

/// <summary>How bad a problem is, worst first.</summary>
public enum ProblemSeverity
{
    /// <summary>Something does not work.</summary>
    Broken,

    /// <summary>What is shown is old.</summary>
    Stale,

    /// <summary>Somebody should look at it.</summary>
    Attention,

    /// <summary>Worth knowing; nothing is wrong with it at present.</summary>
    Note,
}

/// <summary>Identity of a problem while it lasts.</summary>
/// <param name="Code">The check's stable code, such as <c>node.no-calico-node</c>.</param>
/// <param name="Subject">The name of what it is about; empty when it stands for several.</param>
public sealed record ProblemKey(string Code, string Subject)
{
    /// <summary>Code and subject in one text.</summary>
    public override string ToString() => Subject.Length == 0 ? Code : $"{Code} {Subject}";
}

/// <summary>Something that somebody should look at.</summary>
/// <param name="Code">The stable code of what is wrong, one of its check's.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Title">What is wrong, with the subject's name.</param>
/// <param name="Why">The reason or what follows; null when there is nothing to add.</param>
public sealed record Problem(string Code, ProblemSeverity Severity, ProblemSubject Subject, string Title, string? Why)
{
    /// <summary>Its identity.</summary>
    public ProblemKey Key => new(Code, Subject.Name);

    /// <summary>The problem that explains this one and goes first; null when none is known.</summary>
    public ProblemKey? CausedBy { get; init; }

    /// <summary>What mends it, when there is one thing; null otherwise.</summary>
    public ProblemMend? Mend { get; init; }

    /// <summary>How many problems it stands for: more than one only where not every one is named.</summary>
    public int Count { get; init; } = 1;
}
