using CalicoConsole.Core.Diagnostics.Causes;
using CalicoConsole.Core.Diagnostics.Decision;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Areas.Connectivity;

/// <summary>What people read of a diagnosis.</summary>
internal static class DiagnosisWords
{
    /// <summary>How a diagnosis ended, as a chip.</summary>
    public static StateWords State(DiagnosisOutcome outcome) => outcome switch
    {
        DiagnosisOutcome.Works => new(ChipState.Healthy, "works", "The test was answered."),
        DiagnosisOutcome.WorksAgainstTheRules => new(ChipState.Attention, "works against the rules",
            "The test was answered although the stored rules deny it."),
        DiagnosisOutcome.Found => new(ChipState.Broken, "cause found", "It does not work, and this is why."),
        DiagnosisOutcome.CannotTell => new(ChipState.Attention, "cannot tell", "It does not work, and nothing that could be read says why."),
        DiagnosisOutcome.NotTried => new(ChipState.Unknown, "not tried", "Nothing was sent: the answer goes by what is stored."),
        DiagnosisOutcome.NotYet => new(ChipState.Working, "not yet", "Something was just started and needs a moment."),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "unknown outcome"),
    };

    /// <summary>How sure a cause is, in a word that stands alone.</summary>
    public static string Word(Certainty certainty) => certainty switch
    {
        Certainty.Certain => "Proven",
        Certainty.Probable => "Probable",
        Certainty.Possible => "Possible",
        Certainty.None => "",
        _ => throw new ArgumentOutOfRangeException(nameof(certainty), certainty, "unknown certainty"),
    };

    /// <summary>The same of a single finding.</summary>
    public static string Word(Proof proof) => proof switch
    {
        Proof.Proven => "Proven",
        Proof.Probable => "Probable",
        Proof.Possible => "Possible",
        _ => throw new ArgumentOutOfRangeException(nameof(proof), proof, "unknown proof"),
    };

    /// <summary>A hop's state.</summary>
    public static StateWords State(HopState state) => state switch
    {
        HopState.Good => new(ChipState.Healthy, "good", null),
        HopState.Unknown => new(ChipState.Unknown, "not known", null),
        HopState.Broken => new(ChipState.Broken, "here it breaks", null),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "unknown state"),
    };

    /// <summary>What a cause does.</summary>
    public static string Word(CauseImpact impact) => impact switch
    {
        CauseImpact.Outage => "cuts off what it concerns",
        CauseImpact.Partial => "stops some traffic",
        CauseImpact.Latent => "shows at the next start",
        CauseImpact.Cosmetic => "hinders nothing",
        _ => throw new ArgumentOutOfRangeException(nameof(impact), impact, "unknown impact"),
    };
}
