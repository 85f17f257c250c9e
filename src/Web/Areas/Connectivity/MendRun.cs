using CalicoConsole.Core.Diagnostics;
using CalicoConsole.Core.Diagnostics.Decision;
using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Web.Areas.Connectivity;

/// <summary>How a mend ended, by asking again.</summary>
/// <param name="Mended">Whether the test is answered now.</param>
/// <param name="Report">The last diagnosis; null when none could be made.</param>
/// <param name="Words">What came of it, as a sentence.</param>
internal sealed record MendOutcome(bool Mended, DiagnosisReport? Report, string Words);

/// <summary>Runs a mend, then asks the doctor again until it works: what was mended may need some seconds, such as a session of BGP.</summary>
/// <param name="runner">The one door.</param>
/// <param name="reports">Where diagnoses are kept.</param>
/// <param name="time">The clock.</param>
internal sealed class MendRun(IOperationRunner runner, IDiagnosisReports reports, TimeProvider time)
{
    /// <summary>For how long it is asked again.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Runs it.</summary>
    /// <param name="mend">What mends; null only asks again.</param>
    /// <param name="question">What is asked again.</param>
    /// <param name="context">Who.</param>
    /// <param name="say">Told how far it is.</param>
    /// <param name="cancellationToken">Ends the asking, never the mend.</param>
    public async Task<MendOutcome> RunAsync(Operation? mend, DiagnosisQuestion question, OperationContext context, Action<string> say,
        CancellationToken cancellationToken)
    {
        if (mend is not null)
        {
            say($"{mend.Words.Doing} …");
            var done = await runner.RunAsync(mend, context, null, CancellationToken.None);
            if (done.Outcome is not (OperationOutcome.Succeeded or OperationOutcome.Unchanged or OperationOutcome.NotYetSeen))
            {
                return new MendOutcome(false, null, done.Message ?? string.Join("; ", done.Plan.Errors.Select(e => $"{e.Field}: {e.Reason}")));
            }
        }

        var began = time.GetTimestamp();
        for (var times = 1; ; times++)
        {
            say(times == 1 ? "Asking the doctor …" : $"Not yet: asking again, for the {Ordinal(times)} time …");
            var asked = await runner.RunAsync(new Diagnose(question), context, null, cancellationToken);
            if (asked.Answer is not OperationAnswer.Diagnosed { Report: var id })
            {
                return new MendOutcome(false, null, asked.Message ?? string.Join("; ", asked.Plan.Errors.Select(e => e.Reason)));
            }

            var (report, failed) = await KeptDiagnoses.ReadAsync(reports, id, cancellationToken);
            if (report is null || report.Outcome == DiagnosisOutcome.Works || time.GetElapsedTime(began) > Limit)
            {
                return new MendOutcome(report?.Outcome == DiagnosisOutcome.Works, report, failed ?? report!.Headline);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static string Ordinal(int number) => number switch { 2 => "second", 3 => "third", 4 => "fourth", _ => $"{number}th" };
}
