using System.Net.Sockets;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Execution.Docker;

/// <summary>One execution on a Docker host: reports steps and remembers what was changed, so that every ending says truly what is there.</summary>
internal sealed class DockerRun(IDockerHost host, PlannedOperation planned, IProgress<OperationProgress> progress)
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    // An engine that is still there may go on with a call whose limit ran out: a restart without its plugin takes it 60 s, and its list says "running"
    // meanwhile.
    private static readonly TimeSpan BusySettle = TimeSpan.FromSeconds(60);

    private readonly List<DocumentChange> _changes = [];
    private readonly List<string> _lines = [];
    private string _step = "";

    public IDockerHost Host { get; } = host;

    public PlannedDocker Docker { get; } = planned.Docker ?? throw new ArgumentException("nothing is planned for Docker", nameof(planned));

    public Plan Plan { get; } = planned.Plan;

    public ImmutableArray<KeyWrite> Writes { get; } = planned.Writes;

    public IProgress<OperationProgress> Progress { get; } = progress;

    /// <summary>What every ending gives as the operation's answer.</summary>
    public OperationAnswer Answer { get; set; } = OperationAnswer.None.Value;

    public bool HasChanged => _changes.Count > 0;

    public void Begin(string step)
    {
        _step = step;
        Progress.Report(new OperationProgress(step, "running", null, null));
    }

    public void Say(string line, double? fraction = null) => Progress.Report(new OperationProgress(_step, "running", line, fraction));

    public void Line(string line)
    {
        _lines.Add(line);
        Progress.Report(new OperationProgress(_step, "running", line, null) { IsOutput = true });
    }

    public void Done(string? detail = null) => Progress.Report(new OperationProgress(_step, "done", detail, 1));

    public void Skip(string detail) => Progress.Report(new OperationProgress(_step, "skipped", detail, null));

    /// <summary>Notes a change as it was planned.</summary>
    public void Changed(string obj) => _changes.AddRange(Plan.Changes.Where(c => c.Object == obj));

    /// <summary>Notes a change that only execution could know.</summary>
    public void Changed(DocumentChange change) => _changes.Add(change);

    public void Changed(IEnumerable<DocumentChange> changes) => _changes.AddRange(changes);

    public ExecutionResult Succeeded(Func<Core.Snapshot.ClusterSnapshot, bool>? seenIn, string? message = null) =>
        Result(OperationOutcome.Succeeded, message) with { SeenIn = seenIn };

    public ExecutionResult Unchanged(string message)
    {
        Done(message);
        return Result(OperationOutcome.Unchanged, message);
    }

    /// <summary>A failure: of the whole when nothing was changed, else a partial one.</summary>
    public ExecutionResult Failed(string message, OperationOutcome untouched = OperationOutcome.Failed)
    {
        Progress.Report(new OperationProgress(_step, "failed", message, null));
        return Result(HasChanged ? OperationOutcome.Partial : untouched, message);
    }

    /// <summary>A refusal by Docker, verbatim, or a call whose fate is not known.</summary>
    /// <param name="failure">What Docker answered.</param>
    /// <param name="what">What was tried, such as <c>create network my_net</c>.</param>
    /// <param name="remains">What is there now; null when nothing is.</param>
    public ExecutionResult Failed(DockerHostException failure, string what, string? remains = null)
    {
        var unknown = failure.Status == 0 && !NeverSent(failure);
        var message = $"Could not {what} on {Host.Name}. Docker says: {DockerAdvice.With(failure.Message)}"
            + (remains is null ? "" : $" {remains}")
            + (unknown ? " There was no answer, so it may have been done anyway." : "");
        Progress.Report(new OperationProgress(_step, "failed", message, null));
        return Result(
            HasChanged || unknown ? OperationOutcome.Partial : failure.Status == 409 ? OperationOutcome.Conflict : OperationOutcome.Failed,
            message) with
        {
            LookAgainAfter = !unknown ? null : TimedOut(failure) ? BusySettle : Settle,
        };
    }

    /// <summary>Between two steps: throws while nothing is changed, else gives the result that ends the operation.</summary>
    public ExecutionResult? CancelledBefore(string step, CancellationToken cancellationToken)
    {
        if (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }

        if (!HasChanged)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        var message = $"Cancelled before the step '{step}'. What was done stays: {string.Join(", ", _changes.Select(c => c.Object))}.";
        Progress.Report(new OperationProgress(step, "skipped", message, null));
        return Result(OperationOutcome.Cancelled, message);
    }

    /// <summary>The image is on the host, or is pulled. Null when it is there.</summary>
    public async Task<ExecutionResult?> EnsureImageAsync(string step, string image, CancellationToken cancellationToken)
    {
        Begin(step);
        try
        {
            var images = await Host.ImagesAsync(cancellationToken).ConfigureAwait(false);
            if (DockerSyntax.IsAmong(image, images))
            {
                Done($"{image} is there");
                return null;
            }

            var layers = new Dictionary<string, (long Done, long Total)>(StringComparer.Ordinal);
            await foreach (var part in Host.PullAsync(image, cancellationToken).ConfigureAwait(false))
            {
                if (part is { CurrentBytes: { } done, TotalBytes: { } total and > 0 })
                {
                    layers[part.Layer] = (done, total);
                }

                var all = layers.Values.Sum(l => l.Total);
                Say(part.Layer.Length > 0 ? $"{part.Layer}: {part.Status}" : part.Status, all == 0 ? null : (double)layers.Values.Sum(l => l.Done) / all);
            }
        }
        catch (DockerHostException e)
        {
            // A broken pull changes nothing that counts: layers that came are used by the next one.
            return Failed(
                $"{image} is not on {Host.Name} and could not be pulled. Docker says: {DockerAdvice.With(e.Message)} Load it there with docker load, or give "
                + "the host a way to the registry.");
        }

        Changed(new DocumentChange($"docker/{Host.Name}", $"image {image}", null, "pulled"));
        Done($"{image} is pulled");
        return null;
    }

    // There was no connection (no socket file, nobody listening, no such name, no TLS), so nothing can have happened over there.
    private static bool NeverSent(DockerHostException failure)
    {
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            if (e is HttpRequestException
                {
                    HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                        or HttpRequestError.SecureConnectionError
                }
                or FileNotFoundException
                or SocketException
                {
                    SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable
                        or SocketError.HostNotFound or SocketError.AddressNotAvailable
                })
            {
                return true;
            }
        }

        return false;
    }

    private static bool TimedOut(Exception? e) => e is not null && (e is OperationCanceledException || TimedOut(e.InnerException));

    private ExecutionResult Result(OperationOutcome outcome, string? message) => new(outcome)
    {
        Changes = [.. _changes],
        Message = message,
        Answer = Answer,
        Lines = [.. _lines],
    };
}
