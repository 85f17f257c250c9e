using CalicoConsole.Adapters.Execution.Docker;
using CalicoConsole.Adapters.Execution.Keys;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Scenes;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Scenes;

/// <summary>Makes the faults of scenes and takes them back, where that is allowed. Safe for concurrent use.</summary>
/// <param name="hosts">The Docker hosts.</param>
/// <param name="writes">Writes keys.</param>
/// <param name="state">The cluster.</param>
/// <param name="isAllowed">Whether what stands behind the console is a sandbox or a lab.</param>
public sealed class SceneExecutor(IDockerHosts hosts, KeyWritesExecutor writes, IClusterState state, bool isAllowed) : IOperationExecutor
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public bool Handles(Operation operation) => operation is PlayScene;

    /// <inheritdoc/>
    public async Task<ExecutionResult> ExecuteAsync(Operation operation, PlannedOperation planned, IProgress<OperationProgress> progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(planned);
        ArgumentNullException.ThrowIfNull(progress);
        if (!isAllowed)
        {
            return new ExecutionResult(OperationOutcome.Refused)
            {
                Message = "Faults are made in a sandbox and in a lab only, and this console has a real cluster: nothing was done.",
            };
        }

        var snapshot = state.Current;
        var moves = ((PlayScene)operation).Moves(snapshot).Where(m => m is not SceneMove.Key).ToImmutableArray();
        var changes = ImmutableArray<DocumentChange>.Empty;
        if (!planned.Writes.IsEmpty)
        {
            var written = await writes.ExecuteAsync(planned.Writes, PlayScene.KeysStep, progress, cancellationToken).ConfigureAwait(false);
            changes = written.Changes;
            if (moves.IsEmpty || written.Outcome is not (OperationOutcome.Succeeded or OperationOutcome.Unchanged))
            {
                return written;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        progress.Report(new OperationProgress(PlayScene.HostsStep, "running", null, null));
        foreach (var move in moves)
        {
            try
            {
                changes = changes.Add(await DoAsync(move, snapshot).ConfigureAwait(false));
            }
            catch (DockerHostException e)
            {
                var message = $"The scene got stuck. Docker says: {DockerAdvice.With(e.Message)} Take the scene back, or reset.";
                progress.Report(new OperationProgress(PlayScene.HostsStep, "failed", message, null));
                return new ExecutionResult(changes.IsEmpty && e.Status != 0 ? OperationOutcome.Failed : OperationOutcome.Partial)
                {
                    Changes = changes,
                    Message = message,
                };
            }
        }

        progress.Report(new OperationProgress(PlayScene.HostsStep, "done", null, 1));
        return new ExecutionResult(OperationOutcome.Succeeded) { Changes = changes, SeenIn = s => moves.OfType<SceneMove.Call>().All(m => IsSeen(m, s)) };
    }

    private Task<DocumentChange> DoAsync(SceneMove move, ClusterSnapshot snapshot) => move switch
    {
        SceneMove.InNetwork m => InNetworkAsync(m, snapshot),
        SceneMove.InCalicoNode m => InCalicoNodeAsync(m),
        SceneMove.Call m => CallAsync(m),
        _ => throw new ArgumentOutOfRangeException(nameof(move), move, "unknown move"),
    };

    private async Task<DocumentChange> InNetworkAsync(SceneMove.InNetwork move, ClusterSnapshot snapshot)
    {
        var host = Host(move.Host);
        var image = snapshot.Hosts.GetValueOrDefault(move.Host)?.Containers.Values.FirstOrDefault(c => c.Name == CalicoNames.NodeContainer)?.Image
            ?? throw new DockerHostException(move.Host, 404, $"{move.Host} has no calico-node, whose image is needed");
        await host.RemoveIfThereAsync(PlayScene.HelperName).ConfigureAwait(false);
        var id = await host.CreateContainerAsync(
            new DockerContainerRequest(PlayScene.HelperName, image)
            {
                Entrypoint = move.Program,
                Network = $"container:{move.Container}",
                Capabilities = ["NET_ADMIN", "NET_RAW"],
                LogDriver = DockerContainerRequest.ReadableLogDriver,
            },
            CancellationToken.None).ConfigureAwait(false);
        try
        {
            await host.StartAsync(id, CancellationToken.None).ConfigureAwait(false);
            var exit = await host.WaitAsync(id, CancellationToken.None).ConfigureAwait(false);
            if (exit != 0 && !move.MayFail)
            {
                var said = "";
                await foreach (var line in host.LogsAsync(id, follow: false, tail: 5, CancellationToken.None).ConfigureAwait(false))
                {
                    said = line.Text;
                }

                throw new DockerHostException(move.Host, 500,
                    $"{string.Join(' ', move.Program)} in the network of {move.Label} ended with exit code {exit}: {said}");
            }
        }
        finally
        {
            await host.RemoveIfThereAsync(id).ConfigureAwait(false);
        }

        return new DocumentChange($"docker/{move.Host}", $"network of container {move.Label}", null, string.Join(' ', move.Program));
    }

    private async Task<DocumentChange> InCalicoNodeAsync(SceneMove.InCalicoNode move)
    {
        long? exit = null;
        var said = "";
        await foreach (var part in Host(move.Host).ExecAsync(CalicoNames.NodeContainer, move.Program, CancellationToken.None).ConfigureAwait(false))
        {
            (exit, said) = (part.ExitCode ?? exit, part.Line?.Text ?? said);
        }

        return exit == 0
            ? new DocumentChange($"docker/{move.Host}", $"container {CalicoNames.NodeContainer}", null, string.Join(' ', move.Program))
            : throw new DockerHostException(move.Host, 500,
                $"{string.Join(' ', move.Program)} in calico-node of {move.Host} ended with exit code {exit}: {said}");
    }

    private async Task<DocumentChange> CallAsync(SceneMove.Call move)
    {
        await Host(move.Host).ActAsync(move.Container, move.Verb, move.Verb == "start" ? null : Grace, CancellationToken.None).ConfigureAwait(false);
        return new DocumentChange($"docker/{move.Host}", $"container {move.Label}", null, move.Verb);
    }

    private static bool IsSeen(SceneMove.Call move, ClusterSnapshot snapshot) =>
        snapshot.Views.Containers.GetValueOrDefault($"{move.Host}/{move.Container}") is { } container
        && (move.Verb == "stop" ? container.Container.State == "exited"
            : container.Container.State == "running" && SceneStage.Endpoint(container) is not null);

    private IDockerHost Host(string name) => hosts.TryGet(name, out var host) ? host
        : throw new DockerHostException(name, 404, $"host {name} is not configured");
}
