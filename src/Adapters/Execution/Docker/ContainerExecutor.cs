using CalicoConsole.Adapters.Docker;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Execution.Docker;

/// <summary>
/// Creates containers and does what can be done to those that exist. What <c>docker run</c> leaves behind when the start fails stays
/// here too, and the result names it.
/// </summary>
/// <param name="hosts">The configured hosts.</param>
/// <param name="state">The current snapshot, to propose another address when the planned one was taken meanwhile.</param>
/// <param name="failed">Told of starts that failed, which no event tells; null for nobody.</param>
public sealed class ContainerExecutor(IDockerHosts hosts, IClusterState state, FailedStarts? failed = null) : DockerExecutor(hosts)
{
    // Lines given of a container that ended at once; each of four pieces still leaves them all.
    private const int LastLines = 20;
    private const int LastPieces = 4 * LastLines;
    private const int LongestLine = 2000;

    /// <inheritdoc/>
    public override bool Handles(Operation operation) => operation is CreateContainer or ChangeContainer;

    private protected override Task<ExecutionResult> RunAsync(Operation operation, DockerRun run, CancellationToken cancellationToken) =>
        operation switch
        {
            CreateContainer create => CreateAsync(create, run, cancellationToken),
            ChangeContainer change => ChangeAsync(change, run),
            _ => throw Unknown(operation),
        };

    private static OperationAnswer.Container Answer(DockerRun run) => (OperationAnswer.Container)run.Answer;

    private async Task<ExecutionResult> CreateAsync(CreateContainer operation, DockerRun run, CancellationToken cancellationToken)
    {
        var request = run.Docker.Container!;
        var steps = run.Plan.Steps;
        run.Answer = new OperationAnswer.Container(run.Docker.Host) { Name = request.Name, Proposed = run.Plan.ProposedAddress };
        if (await run.EnsureImageAsync(steps[0], request.Image, cancellationToken).ConfigureAwait(false) is { } missing)
        {
            return missing;
        }

        if (run.CancelledBefore(steps[1], cancellationToken) is { } before)
        {
            return before;
        }

        run.Begin(steps[1]);
        string id;
        try
        {
            id = await run.Host.CreateContainerAsync(request, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DockerHostException e)
        {
            return run.Failed(e, $"create container {request.Name}");
        }

        run.Changed($"container {request.Name}");
        run.Answer = Answer(run) with { Id = id };
        run.Done(id);
        var host = run.Docker.Host;
        if (!operation.Start)
        {
            return run.Succeeded(ContainerSeen.Exists(host, id));
        }

        if (run.CancelledBefore(steps[2], cancellationToken) is { } midway)
        {
            return midway with { SeenIn = ContainerSeen.Exists(host, id) };
        }

        run.Begin(steps[2]);
        try
        {
            await run.Host.StartAsync(id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DockerHostException e)
        {
            failed?.Tell(host, id);
            var remains =
                $"The container {request.Name} is created but not started, as docker run leaves it: start it when the cause is fixed, or remove "
                + $"it.{AnotherAddress(run, e.Message, request.IPv4)}{NameTaken(run, e.Message, request.Name, request.Network)}";
            return run.Failed(e, $"start container {request.Name}", remains) with { SeenIn = ContainerSeen.Exists(host, id) };
        }

        run.Done();
        return await StartedAsync(run, id, request.Name, []).ConfigureAwait(false);
    }

    private async Task<ExecutionResult> ChangeAsync(ChangeContainer operation, DockerRun run)
    {
        var id = run.Docker.ContainerId!;
        var step = run.Plan.Steps[0];
        run.Begin(step);
        run.Answer = new OperationAnswer.Container(run.Docker.Host) { Id = id };
        DockerContainer? now = null;
        try
        {
            now = await run.Host.ContainerAsync(id, CancellationToken.None).ConfigureAwait(false);
            if (now is null)
            {
                return operation.Action.After is null
                    ? run.Unchanged($"The container {operation.Container} is gone already.")
                    : run.Failed($"No such container: {operation.Container}. It was removed meanwhile.", OperationOutcome.Conflict);
            }

            run.Answer = Answer(run) with { Name = now.Name };
            if (operation.Action.Needless(now) is { } needless)
            {
                return run.Unchanged(needless);
            }

            await operation.Action.DoAsync(run.Host, id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DockerHostException e)
        {
            return await FailedChangeAsync(operation, run, e, now).ConfigureAwait(false);
        }

        run.Changed(run.Plan.Changes);
        run.Done();
        var endpoints = ContainerSeen.Endpoints(now);
        return operation.Action switch
        {
            { Starts: true, Ends: var ends } => await StartedAsync(run, id, now.Name, ends ? endpoints : []).ConfigureAwait(false),
            { After: null } => run.Succeeded(ContainerSeen.Gone(run.Docker.Host, id, endpoints)),
            { Ends: true } => run.Succeeded(ContainerSeen.Stopped(run.Docker.Host, id, endpoints)),
            { After: var state } => run.Succeeded(ContainerSeen.Is(run.Docker.Host, id, state)),
        };
    }

    private async Task<ExecutionResult> FailedChangeAsync(ChangeContainer operation, DockerRun run, DockerHostException failure, DockerContainer? before)
    {
        if (before is null)
        {
            return run.Failed(
                $"Could not {operation.Action.Verb} container {operation.Container} on {run.Host.Name}: nothing was tried, because it could not be looked up "
                + $"first. {DockerAdvice.With(failure.Message)}");
        }

        string? remains = null;
        try
        {
            var after = await run.Host.ContainerAsync(before.Id, CancellationToken.None).ConfigureAwait(false);
            if (after?.State != before.State)
            {
                run.Changed(new DocumentChange($"docker/{run.Host.Name}", $"container {before.Name}", before.State, after?.State));
                remains = after is null ? $"The container {before.Name} is gone." : $"The container {before.Name} was {before.State} and is now {after.State}.";
            }
        }
        catch (DockerHostException e)
        {
            remains = $"The state of the container {before.Name} afterwards could not be read: {e.Message}";
        }

        if (operation.Action.Starts)
        {
            failed?.Tell(run.Docker.Host, before.Id);
        }

        var requested = before.Networks.FirstOrDefault(n => n.RequestedIPv4.Length > 0)?.RequestedIPv4;
        return run.Failed(failure, $"{operation.Action.Verb} container {before.Name}",
            $"{remains}{AnotherAddress(run, failure.Message, requested)}{NameTaken(run, failure.Message, before.Name, null)}".Trim());
    }

    /// <summary>Reads the container once more for its address, and for one that ended at once the reason.</summary>
    private static async Task<ExecutionResult> StartedAsync(DockerRun run, string id, string name, ImmutableHashSet<string> stale)
    {
        string? message = null;
        try
        {
            var container = await run.Host.ContainerAsync(id, CancellationToken.None).ConfigureAwait(false);
            if (container is null)
            {
                return run.Succeeded(ContainerSeen.Gone(run.Docker.Host, id, []),
                    $"The container {name} was started, has ended and is gone: it removes itself when it ends.");
            }

            if (container.Networks.FirstOrDefault(n => n.NetworkId == run.Docker.NetworkId || run.Docker.NetworkId is null) is { } attachment)
            {
                run.Answer = Answer(run) with { Address = new ContainerAddress(attachment.IPv4, attachment.NetworkName, attachment.EndpointId) };
            }

            if (container.State is "exited" or "dead")
            {
                var unread = await LastLinesAsync(run, id).ConfigureAwait(false);
                message = $"The container {name} was started and has ended at once ({container.Status}); {unread ?? "its last lines are given"}.";
            }
        }
        catch (DockerHostException e)
        {
            message = $"The container {name} was started, but could not be read afterwards: {e.Message}";
        }

        return run.Succeeded(await ContainerSeen.StartedAsync(run, id, stale).ConfigureAwait(false), message);
    }

    /// <summary>Whose the endpoint is that a start failed over: another host's container, or nobody's, so that it can be released.</summary>
    private string NameTaken(DockerRun run, string words, string name, string? networkId)
    {
        if (EndpointNames.NetworkOf(words) is not { } called || !state.Current.Hosts.TryGetValue(run.Docker.Host, out var host))
        {
            return "";
        }

        if ((networkId is null ? null : host.Networks.GetValueOrDefault(networkId)) is not { } network
            && (network = host.Networks.Values.FirstOrDefault(n => n.Name == called)) is null)
        {
            return "";
        }

        if (EndpointNames.Elsewhere(state.Current, host, network, name)
            .FirstOrDefault(e => EndpointNames.Holds(e.Container, network)) is { Container: { } holder, Host: { } other })
        {
            return $" It belongs to the container {holder.Name} on {other.Name}, which is {holder.State}: give this one another name, or stop that one.";
        }

        run.Answer = Answer(run) with { Left = new LeftEndpoint(name, network.Id) };
        return $" No known host runs a container {name} on {network.Name}: the endpoint was left behind. Release the endpoint: that looks on every host again, "
            + "and starts the container.";
    }

    /// <summary>Gives the last lines that a container wrote; answers why they cannot be read, null when they could.</summary>
    private static async Task<string?> LastLinesAsync(DockerRun run, string id)
    {
        var last = new Queue<string>();
        try
        {
            // An engine counts pieces of 16 KiB, not lines: what is cut off by that is at the front.
            await foreach (var line in run.Host.LogsAsync(id, follow: false, tail: LastPieces, CancellationToken.None).ConfigureAwait(false))
            {
                last.Enqueue(line.Text);
                if (last.Count > LastLines)
                {
                    last.Dequeue();
                }
            }
        }
        catch (DockerHostException e)
        {
            return $"its output cannot be read: {e.Message}";
        }

        foreach (var line in last)
        {
            run.Line(line.Length > LongestLine ? $"… {line[^LongestLine..]}" : line);
        }

        return null;
    }

    private string AnotherAddress(DockerRun run, string words, string? taken)
    {
        if (!words.Contains("Address already assigned", StringComparison.Ordinal)
            || !state.Current.Hosts.TryGetValue(run.Docker.Host, out var host))
        {
            return "";
        }

        bool Has(DockerNetwork n) => n.Subnets.Any(s => Cidr.TryParse(s, out var c) && Ip.TryParse(taken, out var ip) && c.Contains(ip));
        var network = run.Docker.NetworkId is { } id
            ? host.Networks.GetValueOrDefault(id)
            : host.Networks.Values.FirstOrDefault(n => n.Driver == CalicoNames.NetworkDriver && taken is not null && Has(n));
        if (network is null || AddressProposal.For(state.Current, network, host.NodeName, Ip.TryParse(taken, out var avoid) ? [avoid] : []) is not { } next)
        {
            return "";
        }

        run.Answer = Answer(run) with { Proposed = next };
        return $" {taken} was taken meanwhile; {next} is free now.";
    }
}
