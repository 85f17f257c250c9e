using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>What a cause does to connectivity.</summary>
public enum CauseImpact
{
    /// <summary>Nobody that it concerns talks.</summary>
    Outage,

    /// <summary>Some pairs, or some packets, do not get through.</summary>
    Partial,

    /// <summary>All works until the next restart or the next container.</summary>
    Latent,

    /// <summary>Nothing is hindered.</summary>
    Cosmetic,
}

/// <summary>How sure a finding is, surest first.</summary>
public enum Proof
{
    /// <summary>What was read leaves no other explanation.</summary>
    Proven,

    /// <summary>What was read fits, and nothing speaks against it; a part of the proof could not be read.</summary>
    Probable,

    /// <summary>It would explain what is seen; there is no proof.</summary>
    Possible,
}

/// <summary>
/// One reason why workloads do not reach each other. Pure: it judges evidence and reads nothing itself. Whatever derives from this and can be made without
/// arguments is asked; there is no list to add it to. The sources of each rule are named in <c>docs/doctor.md</c>.
/// </summary>
public abstract class Cause
{
    /// <summary>Its number in the catalogue, such as <c>D01</c>.</summary>
    public abstract string Id { get; }

    /// <summary>Its stable code, such as <c>mac-mismatch</c>.</summary>
    public abstract string Code { get; }

    /// <summary>What is wrong, as a title.</summary>
    public abstract string Title { get; }

    /// <summary>What it does to connectivity.</summary>
    public abstract CauseImpact Impact { get; }

    /// <summary>Its place on the way from the configuration to the last hop: of two equally sure causes the one with the lower step is the root.</summary>
    public abstract int Step { get; }

    /// <summary>Why it happens and what it does, in a few sentences.</summary>
    public abstract string Why { get; }

    /// <summary>Codes of causes of which this one is only the effect: it is silent while one of them was found with equal or better proof on the same
    /// subject.</summary>
    public virtual ImmutableArray<string> EffectOf => [];

    /// <summary>What the evidence shows; nothing when it does not fire.</summary>
    public abstract IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence);

    /// <summary>What the snapshot alone shows of the whole cluster, without a question; for causes that are always looked at.</summary>
    public virtual IEnumerable<CauseFinding> Standing(ClusterSnapshot snapshot) => [];

    /// <summary>A finding of this cause.</summary>
    /// <param name="proof">How sure it is.</param>
    /// <param name="subject">What it is about: a host, a container, a network, ….</param>
    /// <param name="headline">Who cannot reach whom and why, in one sentence of plain words.</param>
    protected CauseFinding Found(Proof proof, string subject, string headline) => new(this, proof, subject, headline);
}

/// <summary>One thing that was read.</summary>
/// <param name="What">What was looked at.</param>
/// <param name="Found">What was found.</param>
/// <param name="Expected">What a healthy one has; empty where nothing is expected.</param>
/// <param name="From">Where it was read.</param>
public sealed record EvidenceLine(string What, string Found, string Expected, string From);

/// <summary>A cause that was found.</summary>
/// <param name="Cause">Which.</param>
/// <param name="Proof">How sure it is.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Headline">The sentence that people read first.</param>
public sealed record CauseFinding(Cause Cause, Proof Proof, string Subject, string Headline)
{
    /// <summary>What speaks for it.</summary>
    public ImmutableArray<EvidenceLine> For { get; init; } = [];

    /// <summary>What speaks against it, or what could not be read and would settle it.</summary>
    public ImmutableArray<string> Against { get; init; } = [];

    /// <summary>Whether it explains that the test failed; false for what was only seen beside it.</summary>
    public bool Explains { get; init; } = true;

    /// <summary>What mends it now, whom that hits, whether it can be undone; empty when nothing is known.</summary>
    public string FixNow { get; init; } = "";

    /// <summary>What mends it for good; empty when that is <see cref="FixNow"/>.</summary>
    public string FixForGood { get; init; } = "";

    /// <summary>The command that does the same, ready to copy; empty when there is none.</summary>
    public string Command { get; init; } = "";

    /// <summary>The change that the console can make itself; null when there is none.</summary>
    public CauseMend? Mend { get; init; }
}
