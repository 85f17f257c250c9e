using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Execution.Keys;

/// <summary>
/// Carries out manifests: one resource after the other, each as a change of its own by compare-and-swap, with a step of its own. Stops at the
/// first that is refused or fails unless told to go on; what is done stays done. Safe for concurrent use.
/// </summary>
/// <param name="writes">Writes the keys of a resource.</param>
public sealed class ManifestExecutor(KeyWritesExecutor writes) : IOperationExecutor
{
    /// <inheritdoc/>
    public bool Handles(Operation operation) => operation is ApplyManifest;

    /// <inheritdoc/>
    public async Task<ExecutionResult> ExecuteAsync(Operation operation, PlannedOperation planned, IProgress<OperationProgress> progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(planned);
        ArgumentNullException.ThrowIfNull(progress);
        var manifest = (ApplyManifest)operation;
        var results = planned.Plan.Documents.ToBuilder();
        var own = new Dictionary<string, ulong?>(StringComparer.Ordinal);
        var changes = ImmutableArray.CreateBuilder<DocumentChange>();
        var seen = new List<Func<ClusterSnapshot, bool>>();
        ExecutionResult? bad = null;
        for (var i = 0; i < results.Count; i++)
        {
            var result = results[i];
            if (cancellationToken.IsCancellationRequested || result.Outcome == DocumentOutcome.Skipped || (bad is not null && !manifest.ContinueOnError))
            {
                Skip(results, i, progress);
                continue;
            }

            if (result.Outcome == DocumentOutcome.Refused)
            {
                bad ??= new ExecutionResult(OperationOutcome.Refused);
                progress.Report(new OperationProgress(result.Step, "failed", string.Join("; ", result.Errors.Select(e => e.Reason)), null));

                // What calicoctl makes sure of before it tries, such as Ready before a node.
                if (!planned.DocumentWrites[i].IsEmpty && await TryAsync(planned, i, result.Step, progress, own, cancellationToken)
                    .ConfigureAwait(false) is { } before)
                {
                    results[i] = result with { Changes = before.Changes };
                    changes.AddRange(before.Changes);
                    seen.AddRange(before.SeenIn is { } shown ? [shown] : []);
                }

                continue;
            }

            var done = await TryAsync(planned, i, result.Step, progress, own, cancellationToken).ConfigureAwait(false);
            if (done is null)
            {
                Skip(results, i, progress);
                continue;
            }

            changes.AddRange(done.Changes);
            if (done.SeenIn is { } effect)
            {
                seen.Add(effect);
            }

            results[i] = After(manifest, result, done);
            if (results[i].Outcome == DocumentOutcome.Failed)
            {
                bad ??= done;
            }
        }

        return Ended(manifest, results.ToImmutable(), changes.ToImmutable(), seen, bad, cancellationToken.IsCancellationRequested);
    }

    private async Task<ExecutionResult?> TryAsync(
        PlannedOperation planned, int index, string step, IProgress<OperationProgress> progress, Dictionary<string, ulong?> own,
            CancellationToken cancellationToken)
    {
        try
        {
            return await writes.ExecuteAsync(planned.DocumentWrites[index], step, progress, cancellationToken, own).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static DocumentResult After(ApplyManifest manifest, DocumentResult planned, ExecutionResult done) => done.Outcome switch
    {
        OperationOutcome.Succeeded => planned with { Outcome = ManifestWords.Done(manifest.Verb), Changes = [.. done.Changes.Where(c => c.Before != c.After)] },
        OperationOutcome.Unchanged => planned with { Outcome = DocumentOutcome.Unchanged, Changes = [] },
        _ => planned with
        {
            Outcome = DocumentOutcome.Failed,
            Errors = [new FieldError(planned.Id?.Field ?? "", done.Message ?? "it failed")],
            Changes = done.Changes
        },
    };

    private static void Skip(ImmutableArray<DocumentResult>.Builder results, int index, IProgress<OperationProgress> progress)
    {
        results[index] = results[index] with { Outcome = DocumentOutcome.Skipped, Changes = [] };
        progress.Report(new OperationProgress(results[index].Step, "skipped", null, null));
    }

    private static ExecutionResult Ended(
        ApplyManifest manifest, ImmutableArray<DocumentResult> results, ImmutableArray<DocumentChange> changes, List<Func<ClusterSnapshot, bool>> seen,
            ExecutionResult? bad, bool cancelled)
    {
        var written = results.Any(r => r.Outcome is DocumentOutcome.Created or DocumentOutcome.Applied or DocumentOutcome.Replaced or DocumentOutcome.Deleted)
            || !changes.IsEmpty;
        var whole = bad is null && !results.Any(r => r.Outcome == DocumentOutcome.Skipped);
        var outcome = (whole, written) switch
        {
            (true, true) => OperationOutcome.Succeeded,
            (true, false) => OperationOutcome.Unchanged,
            (false, true) => OperationOutcome.Partial,
            _ => bad?.Outcome ?? (cancelled ? OperationOutcome.Cancelled : OperationOutcome.Failed),
        };
        return new ExecutionResult(outcome)
        {
            Changes = changes,
            Documents = results,
            Message = outcome switch
            {
                OperationOutcome.Succeeded => null,
                OperationOutcome.Unchanged => "Nothing was written: the datastore already holds what is wanted.",
                _ => ManifestWords.Failure(manifest.Verb, results),
            },
            SeenIn = seen.Count == 0 ? null : snapshot => seen.TrueForAll(s => s(snapshot)),
        };
    }
}
