using System.Globalization;
using CalicoConsole.Core.Captures;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Helpers;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Captures;

/// <summary>
/// Carries out a capture: a helper at each point, all of them within one span of time, then removed; what they saw is put on one time line and kept. Whatever
/// breaks at one point leaves the others, and every wait has its bound.
/// </summary>
/// <param name="hosts">The Docker hosts.</param>
/// <param name="state">The cluster.</param>
/// <param name="helpers">Marks the helpers.</param>
/// <param name="captures">Keeps what was captured.</param>
/// <param name="decoder">Tells what packets are.</param>
/// <param name="time">The clock of limits.</param>
public sealed class CaptureExecutor(IDockerHosts hosts, IClusterState state, HelperContainers helpers, ICaptures captures, IPacketDecoder decoder,
    TimeProvider time) : IOperationExecutor
{
    private const int MiB = 1024 * 1024;
    private static readonly TimeSpan BeginLimit = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public bool Handles(Operation operation) => operation is Capture;

    /// <inheritdoc/>
    public async Task<ExecutionResult> ExecuteAsync(Operation operation, PlannedOperation planned, IProgress<OperationProgress> progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(progress);
        var capture = (Capture)operation;
        var (request, id) = (capture.Request, Guid.CreateVersion7(time.GetUtcNow()));
        var reading = request.Read(state.Current);
        if (reading.Errors is [var error, ..])
        {
            return Failed($"{error.Field}: {error.Reason}", progress, Capture.ListenStep);
        }

        Say(Capture.ListenStep, "running", null);
        var listeners = Listeners(capture, reading, id, out var missing);
        if (missing is not null)
        {
            return Failed(missing, progress, Capture.ListenStep);
        }

        using var limit = new CancellationTokenSource(BeginLimit, time);
        using var begin = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var running = listeners.Select(l => (Listener: l, Task: l.RunAsync(begin.Token))).ToArray();
        var (began, stopped) = (time.GetUtcNow(), false);
        try
        {
            // One that does not begin in time is left out.
            await Task.WhenAll(listeners.Select(l => l.Listening)).WaitAsync(begin.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            began = time.GetUtcNow();
            var ready = listeners.Count(l => l.HasListened);
            if (ready > 0 && !cancellationToken.IsCancellationRequested)
            {
                Say(Capture.ListenStep, "done", ready == listeners.Length ? $"at {ready} points" : $"at {ready} of {listeners.Length} points");
                Say(Capture.CaptureStep, "running", null);
                stopped = await ListenAsync(request, reading, running, progress, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await Task.WhenAll(running.Select(r => r.Listener.EndAsync(r.Task))).ConfigureAwait(false);
            Array.ForEach(listeners, l => l.Dispose());
        }

        if (!listeners.Any(l => l.HasListened))
        {
            // Nothing was changed, and nothing is left: a person who cancels gets nothing kept.
            cancellationToken.ThrowIfCancellationRequested();
            return Failed($"At no point could be listened. {string.Join(" ", listeners.Select((l, i) => $"{reading.Points[i].Name}: {l.Failure}."))}", progress,
                Capture.ListenStep);
        }

        return await KeepAsync(id, request, reading, listeners, began, stopped || cancellationToken.IsCancellationRequested).ConfigureAwait(false);

        void Say(string step, string status, string? detail) => progress.Report(new OperationProgress(step, status, detail, status == "done" ? 1 : null));

        async Task<ExecutionResult> KeepAsync(Guid kept, CaptureRequest asked, CaptureReading read, PointCapture[] all, DateTimeOffset at, bool early)
        {
            var until = time.GetUtcNow();
            var seconds = Math.Round((until - at).TotalSeconds, 1);
            Say(Capture.CaptureStep, "done", string.Create(CultureInfo.InvariantCulture, $"{(early ? "stopped after" : "listened for")} {seconds} s"));
            Say(Capture.KeepStep, "running", null);
            var results = all.Select(l => l.Result(until)).ToArray();
            var timeline = CaptureTimeline.Build(
                [.. results.Select(r => PcapTracks.Track(r.Point, r.Packets, decoder))], read.From?.Address, read.To?.Address);
            var report = new CaptureReport
            {
                Id = kept,
                At = at,
                From = read.From?.Name ?? "",
                To = read.To?.Name ?? "",
                FromAddress = read.From?.Address,
                ToAddress = read.To?.Address,
                Filter = read.Filter.Words,
                Expression = read.Filter.Expression(),
                Seconds = seconds,
                Detail = early ? string.Create(CultureInfo.InvariantCulture, $"It was stopped after {seconds} of {asked.Limits.Seconds} s.") : null,
                Points = [.. results.Select(r => r.Point)],
                Headlines = timeline.Headlines(),
            };
            var failed = results.Where(r => r.Point.Detail is not null).Select(r => $"{r.Point.Point.Name}: {r.Point.Detail}.").ToArray();
            try
            {
                await captures.KeepAsync(
                    new KeptCapture(report.Id, at, report.From, report.To, report.Filter, results.Sum(r => r.Point.Packets), results.Sum(r => r.Point.Bytes),
                        report.Headline, report.ToJson()), [.. results.Select(r => r.File)], CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException and not OutOfMemoryException)
            {
                return Failed($"The capture could not be kept: {e.Message}", progress, Capture.KeepStep);
            }

            Say(Capture.KeepStep, "done", report.Headline);
            return new ExecutionResult(early ? OperationOutcome.Cancelled : OperationOutcome.Succeeded)
            {
                Answer = new OperationAnswer.Captured(kept, report.Headline),
                Message = string.Join(" ", new[] { report.Detail }.Concat(failed).Where(t => t is not null)) is { Length: > 0 } message ? message : null,
            };
        }
    }

    private PointCapture[] Listeners(Capture capture, CaptureReading reading, Guid id, out string? missing)
    {
        var (limits, listeners) = (capture.Request.Limits, new List<PointCapture>());
        missing = null;
        foreach (var point in reading.Points)
        {
            if (!hosts.TryGet(point.Host, out var host))
            {
                missing = $"Docker host {point.Host} is not configured: nothing was done.";
                return [];
            }

            var name = string.Create(CultureInfo.InvariantCulture, $"calico-console-capture-{id.ToString("N")[^12..]}-{listeners.Count}");
            var request = helpers.Mark(PointCapture.Request(name, capture.Image, point, limits, reading.Filter.Expression()), HelperContainers.Capture);
            listeners.Add(new PointCapture(host, point, request, limits.Packets, limits.MiB * MiB / reading.Points.Length, time));
        }

        return [.. listeners];
    }

    /// <summary>Waits until the time is over, every point has ended, or somebody stops it; answers whether somebody did.</summary>
    private async Task<bool> ListenAsync(CaptureRequest request, CaptureReading reading, (PointCapture Listener, Task Task)[] running,
        IProgress<OperationProgress> progress, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ping = request.Ping ? PingAsync(reading, request.Limits.Seconds, progress, end.Token) : Task.CompletedTask;
        var over = Task.Delay(TimeSpan.FromSeconds(request.Limits.Seconds), time, end.Token);
        await Task.WhenAny(over, Task.WhenAll(running.Select(r => r.Task))).ConfigureAwait(false);
        var early = cancellationToken.IsCancellationRequested;
        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(over, ping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return early;
    }

    private async Task PingAsync(CaptureReading reading, int seconds, IProgress<OperationProgress> progress, CancellationToken cancellationToken)
    {
        var (view, count) = (reading.From!.Container!, Math.Max(1, seconds - 1));
        if (!hosts.TryGet(view.Host, out var host))
        {
            return;
        }

        try
        {
            await foreach (var output in host.ExecAsync(view.Container.Id,
                ["ping", "-c", count.ToString(CultureInfo.InvariantCulture), reading.To!.Address.ToString()], cancellationToken).ConfigureAwait(false))
            {
                if (output.Line is { } line)
                {
                    progress.Report(new OperationProgress(Capture.CaptureStep, "running", line.Text, null) { IsOutput = true });
                }
            }
        }
        catch (DockerHostException e)
        {
            progress.Report(new OperationProgress(Capture.CaptureStep, "running", $"ping could not be run: {e.Message}", null) { IsOutput = true });
        }
        catch (OperationCanceledException)
        {
            // The time is over; the program ends by its own count.
        }
    }

    private static ExecutionResult Failed(string message, IProgress<OperationProgress> progress, string step)
    {
        progress.Report(new OperationProgress(step, "failed", message, null));
        return new ExecutionResult(OperationOutcome.Failed) { Message = message };
    }
}
