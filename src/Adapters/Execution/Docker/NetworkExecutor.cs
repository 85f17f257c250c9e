using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Execution.Docker;

/// <summary>Creates and removes Docker networks. One call each, which is not cancelled once it is sent.</summary>
/// <param name="hosts">The configured hosts.</param>
public sealed class NetworkExecutor(IDockerHosts hosts) : DockerExecutor(hosts)
{
    /// <inheritdoc/>
    public override bool Handles(Operation operation) => operation is CreateNetwork or DeleteNetwork;

    private protected override Task<ExecutionResult> RunAsync(Operation operation, DockerRun run, CancellationToken cancellationToken) =>
        operation switch
        {
            CreateNetwork => CreateAsync(run),
            DeleteNetwork delete => RemoveAsync(delete, run),
            _ => throw Unknown(operation),
        };

    private static async Task<ExecutionResult> CreateAsync(DockerRun run)
    {
        var request = run.Docker.Network!;
        run.Begin(run.Plan.Steps[0]);
        string id;
        try
        {
            id = await run.Host.CreateNetworkAsync(request, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DockerHostException e)
        {
            return run.Failed(e, $"create network {request.Name}");
        }

        run.Changed($"network {request.Name}");
        run.Answer = new OperationAnswer.CreatedNetwork(run.Docker.Host, id, request.Name);
        run.Done(id);
        var host = run.Docker.Host;
        return run.Succeeded(s => s.Hosts.TryGetValue(host, out var h) && h.Networks.ContainsKey(id));
    }

    private static async Task<ExecutionResult> RemoveAsync(DeleteNetwork operation, DockerRun run)
    {
        var id = run.Docker.NetworkId!;
        run.Begin(run.Plan.Steps[0]);
        try
        {
            await run.Host.RemoveNetworkAsync(id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DockerHostException e) when (e.Status == 404)
        {
            return run.Unchanged($"The network {operation.NetworkName} is gone already.");
        }
        catch (DockerHostException e)
        {
            return run.Failed(e, $"remove network {operation.NetworkName}");
        }

        run.Changed(run.Plan.Changes);
        run.Answer = new OperationAnswer.RemovedNetwork(id);
        run.Done();
        var host = run.Docker.Host;
        return run.Succeeded(s => s.Hosts.TryGetValue(host, out var h) && !h.Networks.ContainsKey(id));
    }
}
