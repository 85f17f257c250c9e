using CalicoConsole.Core.Diagnostics;
using CalicoConsole.Core.Diagnostics.Decision;
using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Diagnostics;

/// <summary>Carries out a diagnosis: looks, tries, looks again, decides, and keeps the report. What cannot be read never ends it.</summary>
/// <param name="hosts">The Docker hosts.</param>
/// <param name="keys">etcd.</param>
/// <param name="sessions">BIRD's sessions.</param>
/// <param name="state">The cluster.</param>
/// <param name="models">Compiled rules.</param>
/// <param name="reports">Keeps the report.</param>
/// <param name="time">The clock of limits and of the report.</param>
public sealed class DiagnoseExecutor(IDockerHosts hosts, IEtcdKeys keys, IBgpSessions sessions, IClusterState state, IReachabilityModels models,
    IDiagnosisReports reports, TimeProvider time) : IOperationExecutor
{
    /// <summary>How long a whole diagnosis may take; what was not read by then is unknown.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    private const int LargePing = 1472;

    /// <inheritdoc/>
    public bool Handles(Operation operation) => operation is Diagnose;

    /// <inheritdoc/>
    public async Task<ExecutionResult> ExecuteAsync(Operation operation, PlannedOperation planned, IProgress<OperationProgress> progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(progress);
        var question = ((Diagnose)operation).Question;
        var (at, began) = (time.GetUtcNow(), time.GetTimestamp());
        var snapshot = state.Current;
        var ends = question.Read(snapshot);
        if (ends.Flow is not { } flow)
        {
            return new ExecutionResult(OperationOutcome.Failed) { Message = string.Join("; ", ends.Errors.Select(e => $"{e.Field}: {e.Reason}")) };
        }

        using var timer = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        var probes = new ProbeRunner(time, either.Token);
        var collector = new EvidenceCollector(hosts, keys, sessions, probes);
        var model = models.For(snapshot);
        var verdict = model.Explain(flow);
        var evidence = EvidencePlan.Begin(snapshot, question, ends, verdict) with
        {
            Besides = OtherTraffic.Find(model, snapshot, question, verdict.Allowed),
        };

        evidence = await StepAsync(Diagnose.LookStep, () => collector.LookAsync(evidence)).ConfigureAwait(false);
        evidence = await StepAsync(Diagnose.TryStep, () => TryAsync(collector, evidence)).ConfigureAwait(false);
        if (evidence.Failed)
        {
            evidence = await StepAsync(Diagnose.LocalStep, () => collector.TryLocallyAsync(evidence)).ConfigureAwait(false);
        }
        else
        {
            progress.Report(new OperationProgress(Diagnose.LocalStep, "skipped", evidence.Test.Value is null ? "nothing was tried" : "the test was answered",
                null));
        }

        // Nothing was changed, so a person who cancels gets nothing kept.
        cancellationToken.ThrowIfCancellationRequested();
        progress.Report(new OperationProgress(Diagnose.DecideStep, "running", null, null));
        var diagnosis = Decider.Decide(evidence, time.GetUtcNow());
        var report = DiagnosisReport.Make(Guid.CreateVersion7(at), at, time.GetElapsedTime(began), evidence, diagnosis, probes.Runs);
        var outcome = Word(diagnosis.Outcome);
        string? notKept = null;
        try
        {
            await reports.KeepAsync(
                new KeptReport(report.Id, at, report.From, report.To, question.Traffic, outcome, report.Headline, report.ToJson()), CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException and not OutOfMemoryException)
        {
            notKept = $"The report could not be kept: {e.Message}";
        }

        progress.Report(new OperationProgress(Diagnose.DecideStep, "done", report.Headline, 1));
        return new ExecutionResult(OperationOutcome.Succeeded)
        {
            Answer = new OperationAnswer.Diagnosed(report.Id, outcome, report.Headline),
            Message = notKept,
        };

        async Task<DiagnosisEvidence> StepAsync(string step, Func<Task<DiagnosisEvidence>> work)
        {
            progress.Report(new OperationProgress(step, "running", null, null));
            var now = await work().ConfigureAwait(false);
            progress.Report(new OperationProgress(step, "done", step == Diagnose.TryStep ? now.Test.Value?.Said ?? now.Test.Missing : null, 1));
            return now;
        }
    }

    private static async Task<DiagnosisEvidence> TryAsync(EvidenceCollector collector, DiagnosisEvidence evidence)
    {
        var tried = await collector.TryAsync(evidence).ConfigureAwait(false);
        return tried.Failed ? await collector.LookAgainAsync(tried).ConfigureAwait(false)
            : tried.Test.Value is { Answered: > 0 } && tried.Question.Kind == "ping" ? await collector.TryLargeAsync(tried, LargePing).ConfigureAwait(false)
            : tried;
    }

    private static string Word(DiagnosisOutcome outcome) => string.Concat(outcome.ToString()[..1].ToLowerInvariant(), outcome.ToString().AsSpan(1));
}
