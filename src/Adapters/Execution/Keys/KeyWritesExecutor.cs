using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Execution.Keys;

/// <summary>
/// Writes several keys of the datastore as one change: reads them first with quorum, writes in order by compare-and-swap, and when
/// something comes between, undoes by compare-and-swap what it wrote, newest first. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Outcomes: Succeeded; Unchanged when every key already holds what was wanted; Conflict and Failed, after which nothing of
/// this change is left; Partial when that could not be reached or is not known, naming what stands there now.
/// <para>
/// A write whose result already stands there is skipped. A later write of a key that this change itself wrote expects that
/// write's revision, whatever its own <see cref="KeyWrite.Expected"/> says, so that "disable, then delete" can be planned beforehand.
/// </para>
/// </remarks>
/// <param name="datastore">Where to write.</param>
public sealed class KeyWritesExecutor(IDatastore datastore)
{
    /// <summary>Writes <paramref name="writes"/> in order.</summary>
    /// <param name="writes">The writes; an edit carries the revision that the person saw.</param>
    /// <param name="step">Name of the step for progress, as in the plan.</param>
    /// <param name="progress">Told of each key.</param>
    /// <param name="cancellationToken">Heeded until the first write; after that the change runs to its end.</param>
    /// <param name="own">
    /// Revisions of keys that an earlier part of the same operation left, null for one that it deleted: a write of such a key expects that
    /// revision, whatever its own <see cref="KeyWrite.Expected"/> says. Taken on with what this change leaves.
    /// </param>
    /// <returns>The result, with <see cref="ExecutionResult.SeenIn"/> set when something was written.</returns>
    /// <exception cref="OperationCanceledException">Cancelled before anything was written.</exception>
    public async Task<ExecutionResult> ExecuteAsync(
        ImmutableArray<KeyWrite> writes, string step, IProgress<OperationProgress> progress, CancellationToken cancellationToken,
            Dictionary<string, ulong?>? own = null)
    {
        if (writes.IsDefaultOrEmpty)
        {
            progress.Report(new OperationProgress(step, "done", "nothing to write", 1));
            return new ExecutionResult(OperationOutcome.Unchanged) { Message = "Nothing to write: the datastore already holds what is wanted." };
        }

        progress.Report(new OperationProgress(step, "running", null, 0));
        var result = await new KeyWritesRun(datastore, writes, (key, done) =>
            progress.Report(new OperationProgress(step, "running", key, (double)done / writes.Length)), own ?? []).RunAsync(cancellationToken)
                .ConfigureAwait(false);
        var good = result.Outcome is OperationOutcome.Succeeded or OperationOutcome.Unchanged;
        progress.Report(new OperationProgress(step, good ? "done" : "failed", result.Message, good ? 1 : null));
        return result;
    }
}
