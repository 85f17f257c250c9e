using CalicoConsole.Core.Diagnostics.Causes;

namespace CalicoConsole.Core.Diagnostics.Decision;

/// <summary>How a diagnosis ends.</summary>
public enum DiagnosisOutcome
{
    /// <summary>The test was answered, and nothing speaks against it.</summary>
    Works,

    /// <summary>The test was answered although the rules, as they are stored, deny it.</summary>
    WorksAgainstTheRules,

    /// <summary>It does not work, and the first of the findings says why.</summary>
    Found,

    /// <summary>It does not work, and nothing that could be read says why.</summary>
    CannotTell,

    /// <summary>Nothing was tried; what the rules and the snapshot say is all there is.</summary>
    NotTried,

    /// <summary>What it needs was just started and is not there yet: ask again in a moment.</summary>
    NotYet,
}

/// <summary>How sure the first finding is, all things considered.</summary>
public enum Certainty
{
    /// <summary>Proven, and nothing that would come before it was left unread.</summary>
    Certain,

    /// <summary>It fits, and something that would settle it could not be read.</summary>
    Probable,

    /// <summary>It would explain what is seen.</summary>
    Possible,

    /// <summary>There is nothing to be sure of.</summary>
    None,
}

/// <summary>What came of a diagnosis. Immutable.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Certainty">How sure the first finding is.</param>
/// <param name="Headline">The sentence that people read first.</param>
public sealed record Diagnosis(DiagnosisOutcome Outcome, Certainty Certainty, string Headline)
{
    /// <summary>The most likely cause; null when there is none.</summary>
    public CauseFinding? Cause { get; init; }

    /// <summary>Other causes that would explain it, most likely first.</summary>
    public ImmutableArray<CauseFinding> RunnersUp { get; init; } = [];

    /// <summary>What was seen beside it and explains nothing.</summary>
    public ImmutableArray<CauseFinding> AlsoSeen { get; init; } = [];

    /// <summary>What could not be read, with the reason.</summary>
    public ImmutableArray<string> NotChecked { get; init; } = [];

    /// <summary>What to do next when nothing was found; empty otherwise.</summary>
    public string NextStep { get; init; } = "";

    /// <summary>The way from end to end, hop by hop.</summary>
    public ImmutableArray<Hop> Path { get; init; } = [];

    /// <summary>Whether what was measured contradicts what was computed.</summary>
    public bool Disagrees { get; init; }
}

/// <summary>What is known of a hop.</summary>
public enum HopState
{
    /// <summary>Nothing is wrong with it.</summary>
    Good,

    /// <summary>It was not looked at, or could not be.</summary>
    Unknown,

    /// <summary>Something is wrong with it.</summary>
    Broken,
}

/// <summary>A place that packets pass.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Where">The host that it is on; empty for the way between hosts.</param>
/// <param name="State">What is known of it.</param>
/// <param name="Facts">What was read there, each a short clause.</param>
public sealed record Hop(string Name, string Where, HopState State, ImmutableArray<string> Facts);
