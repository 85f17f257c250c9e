using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Helpers;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Execution.Docker;

/// <summary>Removes helper containers that were left behind, each only after it was looked at once more.</summary>
/// <param name="hosts">The configured hosts.</param>
public sealed class SweepHelpersExecutor(IDockerHosts hosts) : DockerExecutor(hosts)
{
    /// <inheritdoc/>
    public override bool Handles(Operation operation) => operation is SweepHelpers;

    private protected override async Task<ExecutionResult> RunAsync(Operation operation, DockerRun run, CancellationToken cancellationToken)
    {
        run.Begin(SweepHelpers.RemoveStep);
        var removed = 0;
        foreach (var id in ((SweepHelpers)operation).Containers)
        {
            try
            {
                if (await run.Host.ContainerAsync(id, cancellationToken).ConfigureAwait(false) is { } container && HelperContainers.IsHelper(container))
                {
                    await run.Host.RemoveIfThereAsync(container.Id).ConfigureAwait(false);
                    run.Changed(new DocumentChange($"docker/{run.Host.Name}", $"container {container.Name}", container.State, null));
                    run.Line($"{container.Name} is removed");
                    removed++;
                }
            }
            catch (DockerHostException e) when (e.Status == 409)
            {
                // The engine removes it already.
            }
            catch (DockerHostException e)
            {
                return run.Failed(e, $"remove the helper {id}");
            }
        }

        return removed == 0 ? run.Unchanged("They are gone already.") : Ended();

        ExecutionResult Ended()
        {
            run.Done($"{removed} removed");
            return run.Succeeded(null);
        }
    }
}
