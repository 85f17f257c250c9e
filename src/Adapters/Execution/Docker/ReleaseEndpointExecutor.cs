using CalicoConsole.Adapters.Docker;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Execution.Docker;

/// <summary>
/// Releases an endpoint that was left behind on a network, after it was looked for on every host that may run its container. Not cancelled once it changes
/// something.
/// </summary>
/// <param name="hosts">The configured hosts.</param>
/// <param name="failed">Told of a start that failed, which no event tells; null for nobody.</param>
public sealed class ReleaseEndpointExecutor(IDockerHosts hosts, FailedStarts? failed = null) : DockerExecutor(hosts)
{
    private readonly IDockerHosts _hosts = hosts;

    /// <inheritdoc/>
    public override bool Handles(Operation operation) => operation is ReleaseEndpoint;

    private protected override async Task<ExecutionResult> RunAsync(Operation operation, DockerRun run, CancellationToken cancellationToken)
    {
        var release = (ReleaseEndpoint)operation;
        run.Begin(ReleaseEndpointSteps.Look);
        DockerNetwork? network;
        try
        {
            network = (await run.Host.NetworksAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(n => n.Id == run.Docker.NetworkId);
            if (network is null)
            {
                return run.Failed(
                    $"{run.Host.Name} does not list the network {release.Network} now: "
                    + "it was removed meanwhile, or the engine cannot reach its cluster store. Nothing was done.", OperationOutcome.Conflict);
            }

            if (await LookAsync(release, run, network, cancellationToken).ConfigureAwait(false) is { } stands)
            {
                return stands;
            }
        }
        catch (DockerHostException e)
        {
            return run.Failed(e, $"look for the container {release.Container}") with { LookAgainAfter = null };
        }

        run.Done();
        cancellationToken.ThrowIfCancellationRequested();
        return run.Docker.ContainerId is { } id
            ? await WithContainerAsync(release, run, network, id).ConfigureAwait(false)
            : await DisconnectAsync(release, run).ConfigureAwait(false) ?? run.Succeeded(null);
    }

    /// <summary>Null when no known host runs such a container on the network.</summary>
    private async Task<ExecutionResult?> LookAsync(ReleaseEndpoint release, DockerRun run, DockerNetwork network, CancellationToken cancellationToken)
    {
        foreach (var name in run.Docker.AlsoLookAt)
        {
            if (!_hosts.TryGet(name, out var host))
            {
                continue;
            }

            ImmutableArray<DockerContainer> containers;
            try
            {
                containers = await host.ContainersAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (DockerHostException e) when (name != run.Host.Name)
            {
                if (release.EvenIfHostLost)
                {
                    run.Say($"{name} does not answer and is left out: {e.Message}");
                    continue;
                }

                return run.Failed(
                    $"{name} does not answer, so that nobody knows whether a container {release.Container} runs there on {network.Name}: {e.Message} Nothing "
                    + "was done. Confirm that none runs there, or wait for the host.");
            }

            if (containers.FirstOrDefault(c => c.Name == release.Container && EndpointNames.Holds(c, network)) is { } holder)
            {
                return run.Failed($"The container {holder.Name} on {name} is {holder.State} on {network.Name}: the endpoint is its own. Nothing was done.",
                    OperationOutcome.Conflict);
            }

            if (name == run.Host.Name && containers.FirstOrDefault(c => c.Name == release.Container)?.Id != run.Docker.ContainerId)
            {
                return run.Failed($"The containers of {name} changed meanwhile: {release.Container} is not the one that was planned for. Nothing was done.",
                    OperationOutcome.Conflict);
            }
        }

        return null;
    }

    private async Task<ExecutionResult> WithContainerAsync(ReleaseEndpoint release, DockerRun run, DockerNetwork network, string id)
    {
        var moment = ReleaseEndpointSteps.MomentaryName(release.Container);
        run.Answer = new OperationAnswer.ReleasedFor(id, release.Container);
        if (await StepAsync(run, ReleaseEndpointSteps.Rename, $"rename container {release.Container}", null,
            h => h.RenameAsync(id, moment, CancellationToken.None)).ConfigureAwait(false) is { } first)
        {
            return first;
        }

        var kept = await DisconnectAsync(release, run).ConfigureAwait(false);
        // Whatever became of that: it gets its name back.
        if (await StepAsync(
            run, ReleaseEndpointSteps.RenameBack, $"rename container {moment} back",
                $"It is called {moment} now: docker rename {moment} {release.Container} gives it its name back.", h =>
                h.RenameAsync(id, release.Container, CancellationToken.None))
            .ConfigureAwait(false) is { } lost)
        {
            return lost;
        }

        if (kept is not null)
        {
            return kept;
        }

        var unconnected = $"The endpoint is released and the container {release.Container} does not run.";
        return await StepAsync(run, ReleaseEndpointSteps.Connect, $"connect container {release.Container} to {network.Name}", unconnected,
            h => h.ConnectAsync(network.Id, id, run.Docker.Address, CancellationToken.None)).ConfigureAwait(false)
            ?? await StartAsync(release, run, id, unconnected).ConfigureAwait(false)
            ?? await StartedAsync(release, run, id).ConfigureAwait(false);
    }

    private async Task<ExecutionResult?> StartAsync(ReleaseEndpoint release, DockerRun run, string id, string remains)
    {
        var refused = await StepAsync(
            run, ReleaseEndpointSteps.Start, $"start container {release.Container}", remains, h =>
                h.StartAsync(id, CancellationToken.None)).ConfigureAwait(false);
        if (refused is not null)
        {
            failed?.Tell(run.Docker.Host, id);
        }

        return refused;
    }

    private static async Task<ExecutionResult> StartedAsync(ReleaseEndpoint release, DockerRun run, string id)
    {
        run.Changed($"container {release.Container}");
        return run.Succeeded(await ContainerSeen.StartedAsync(run, id, []).ConfigureAwait(false));
    }

    private static async Task<ExecutionResult?> DisconnectAsync(ReleaseEndpoint release, DockerRun run)
    {
        run.Begin(ReleaseEndpointSteps.Disconnect);
        try
        {
            await run.Host.DisconnectAsync(run.Docker.NetworkId!, release.Container, force: true, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DockerHostException e) when (e.Status == 404 && e.Message.Contains("endpoint", StringComparison.Ordinal))
        {
            run.Done("the endpoint no longer exists");
            return run.Docker.ContainerId is null ? run.Unchanged($"There is no endpoint {release.Container} in the network now.") : null;
        }
        catch (DockerHostException e)
        {
            return run.Failed(e, $"release the endpoint {release.Container}");
        }

        run.Changed(run.Plan.Changes.Where(c => c.Object.StartsWith("endpoint ", StringComparison.Ordinal)));
        run.Done();
        return null;
    }

    private static async Task<ExecutionResult?> StepAsync(DockerRun run, string step, string what, string? remains, Func<IDockerHost, Task> call)
    {
        run.Begin(step);
        try
        {
            await call(run.Host).ConfigureAwait(false);
        }
        catch (DockerHostException e)
        {
            return run.Failed(e, what, remains);
        }

        run.Done();
        return null;
    }
}
