using CalicoConsole.Core.Diagnostics.Decision;
using CalicoConsole.Core.Ports;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Areas.Connectivity;

/// <summary>A kept diagnosis as the list shows it.</summary>
/// <param name="Report">What is kept of it.</param>
public sealed record DiagnosisRow(KeptReport Report)
{
    /// <summary>How it ended.</summary>
    public StateWords State => DiagnosisWords.State(
        Enum.TryParse<DiagnosisOutcome>(Report.Outcome, ignoreCase: true, out var outcome) ? outcome : DiagnosisOutcome.CannotTell);
}
