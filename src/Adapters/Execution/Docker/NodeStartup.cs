using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Execution.Docker;

/// <summary>Waits for calico/node's own word that it runs, or finds out why it does not. Safe for concurrent use.</summary>
internal sealed class NodeStartup(TimeProvider time)
{
    /// <summary>calicoctl gives up after 10 s; a slow host and a first write to etcd may take longer.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private const int ReasonLines = 5;
    private static readonly string[] Bad = ["ERROR", "FATAL", "WARNING", "panic", "Error", "ailed", "Terminating", "denied"];

    /// <summary>Null once the node has started; else what ended the wait.</summary>
    public async Task<ExecutionResult?> WaitAsync(DockerRun run, string id, CancellationToken cancellationToken)
    {
        using var bound = new CancellationTokenSource(Bound, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        var lines = new List<string>();
        string why;
        try
        {
            await foreach (var line in run.Host.LogsAsync(id, follow: true, tail: null, either.Token).ConfigureAwait(false))
            {
                lines.Add(line.Text);
                run.Line(line.Text);
                if (line.Text.Contains(CalicoNodeContainer.StartedLine, StringComparison.Ordinal))
                {
                    return null;
                }
            }

            why = "calico/node has terminated";
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            why = cancellationToken.IsCancellationRequested
                ? "The wait was cancelled"
                : $"calico/node did not say '{CalicoNodeContainer.StartedLine}' within {Bound.TotalSeconds:0} s";
        }
        catch (DockerHostException e)
        {
            why = $"Its log could not be followed: {e.Message}";
        }

        var message = $"{why}. {Reason(lines)} {await StateAsync(run, id).ConfigureAwait(false)}";
        var failed = run.Failed(message);
        return cancellationToken.IsCancellationRequested ? failed with { Outcome = OperationOutcome.Cancelled } : failed;
    }

    /// <summary>The log's last words of trouble, or its last words at all.</summary>
    public static string Reason(IReadOnlyCollection<string> lines)
    {
        var bad = lines.Where(l => Bad.Any(b => l.Contains(b, StringComparison.Ordinal))).ToList();
        var last = (bad.Count > 0 ? bad : lines.Where(l => l.Trim().Length > 0)).TakeLast(ReasonLines).Select(l => l.Trim()).ToList();
        return last.Count == 0 ? "Its log is empty." : $"Its log says: {string.Join(" | ", last)}.";
    }

    private static async Task<string> StateAsync(DockerRun run, string id)
    {
        const string Next = "Fix the cause and deploy again, or remove it (docker rm -f calico-node).";
        try
        {
            return await run.Host.ContainerAsync(id, CancellationToken.None).ConfigureAwait(false) is not { } container
                ? "The container calico-node is gone."
                : container.State is "running" or "restarting"
                    ? "The container calico-node stays, as calicoctl leaves it, "
                        + $"is {container.State} ({container.Status}) and is restarted by Docker whenever it ends. {Next}"
                    : $"The container calico-node stays, as calicoctl leaves it, and is {container.State} ({container.Status}). {Next}";
        }
        catch (DockerHostException e)
        {
            return $"The state of the container calico-node could not be read: {e.Message}";
        }
    }
}
