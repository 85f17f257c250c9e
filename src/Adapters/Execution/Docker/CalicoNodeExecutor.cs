using CalicoConsole.Adapters.Execution.Keys;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Execution.Docker;

/// <summary>
/// Deploys and removes calico-node as <c>calicoctl node run</c> 1.6.3 does (docs/calico-v1.md#calico-node): prepare the host's kernel, remove the
/// old container, create and start the new one, follow its log. Cancelled between steps only.
/// </summary>
/// <param name="hosts">The configured hosts.</param>
/// <param name="writes">Writes the host's InterfacePrefix.</param>
/// <param name="time">The clock of the bound on start-up.</param>
public sealed class CalicoNodeExecutor(IDockerHosts hosts, KeyWritesExecutor writes, TimeProvider time) : DockerExecutor(hosts)
{
    private readonly NodeStartup _startup = new(time);

    /// <inheritdoc/>
    public override bool Handles(Operation operation) => operation is DeployCalicoNode or RemoveCalicoNode;

    private protected override Task<ExecutionResult> RunAsync(Operation operation, DockerRun run, CancellationToken cancellationToken) =>
        operation switch
        {
            DeployCalicoNode => DeployAsync(run, cancellationToken),
            RemoveCalicoNode => RemoveAsync(run),
            _ => throw Unknown(operation),
        };

    private static async Task<ExecutionResult> RemoveAsync(DockerRun run)
    {
        var id = run.Docker.ContainerId!;
        run.Begin(CalicoNodeSteps.RemoveOld);
        try
        {
            await run.Host.RemoveAsync(id, force: true, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DockerHostException e) when (e.Status == 404)
        {
            return run.Unchanged("calico-node is gone already.");
        }
        catch (DockerHostException e)
        {
            return run.Failed(e, "remove calico-node");
        }

        run.Changed(run.Plan.Changes);
        run.Done();
        return run.Succeeded(ContainerSeen.Gone(run.Docker.Host, id, []));
    }

    private async Task<ExecutionResult> DeployAsync(DockerRun run, CancellationToken cancellationToken)
    {
        var request = run.Docker.Container!;
        var answer = new OperationAnswer.CalicoNode(run.Docker.Host, run.Docker.NodeName);
        run.Answer = answer;
        var ended = await run.EnsureImageAsync(CalicoNodeSteps.Image, request.Image, cancellationToken).ConfigureAwait(false)
            ?? run.CancelledBefore(CalicoNodeSteps.Prepare, cancellationToken)
            ?? await PrepareAsync(run, request.Image).ConfigureAwait(false)
            ?? run.CancelledBefore(CalicoNodeSteps.Prefix, cancellationToken)
            ?? await PrefixAsync(run, cancellationToken).ConfigureAwait(false)
            ?? run.CancelledBefore(CalicoNodeSteps.RemoveOld, cancellationToken)
            ?? await RemoveOldAsync(run, request.Name).ConfigureAwait(false)
            ?? run.CancelledBefore(CalicoNodeSteps.Create, cancellationToken);
        if (ended is not null)
        {
            return ended;
        }

        run.Begin(CalicoNodeSteps.Create);
        string id;
        try
        {
            id = await run.Host.CreateContainerAsync(request, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DockerHostException e)
        {
            return run.Failed(e, "create calico-node", "There is no calico-node on this host now.");
        }

        run.Changed($"container {request.Name}");
        run.Answer = answer with { Id = id };
        run.Done(id);
        if (run.CancelledBefore(CalicoNodeSteps.Start, cancellationToken) is { } stopped)
        {
            return stopped;
        }

        run.Begin(CalicoNodeSteps.Start);
        try
        {
            await run.Host.StartAsync(id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DockerHostException e)
        {
            return run.Failed(e, "start calico-node", "The container calico-node is created but does not run.");
        }

        run.Done();
        run.Begin(CalicoNodeSteps.Log);
        if (await _startup.WaitAsync(run, id, cancellationToken).ConfigureAwait(false) is { } failure)
        {
            return failure;
        }

        run.Done(CalicoNodeContainer.StartedLine);
        var (host, node) = (run.Docker.Host, run.Docker.NodeName);
        return run.Succeeded(s => s.Hosts.GetValueOrDefault(host)?.Containers.GetValueOrDefault(id)?.State == "running" && s.Calico.Nodes.ContainsKey(node));
    }

    /// <summary>Runs the helper to its end and removes it. Null when calico-node may be started.</summary>
    private static async Task<ExecutionResult?> PrepareAsync(DockerRun run, string image)
    {
        run.Begin(CalicoNodeSteps.Prepare);
        var lines = new List<string>();
        long exit;
        try
        {
            await run.Host.RemoveIfThereAsync(HostPreparation.ContainerName).ConfigureAwait(false);
            var id = await run.Host.CreateContainerAsync(HostPreparation.Request(image), CancellationToken.None).ConfigureAwait(false);
            try
            {
                await run.Host.StartAsync(id, CancellationToken.None).ConfigureAwait(false);
                exit = await run.Host.WaitAsync(id, CancellationToken.None).ConfigureAwait(false);
                lines.AddRange(await OutputAsync(run.Host, id).ConfigureAwait(false));
            }
            finally
            {
                await run.Host.RemoveIfThereAsync(id).ConfigureAwait(false);
            }
        }
        catch (DockerHostException e)
        {
            return run.Failed(e, $"run the helper {HostPreparation.ContainerName} of {image}");
        }

        var result = HostPreparation.Read(exit, lines);
        foreach (var line in result.Lines)
        {
            run.Line(line);
        }

        var reason = string.Join(" ", result.Lines);
        if (!result.Finished)
        {
            return run.Failed(
                $"The helper {HostPreparation.ContainerName} of {image} did not run to its end on {run.Host.Name} (exit code {exit}): "
                + $"{(reason.Length == 0 ? "it said nothing" : reason)} Deploy again; if it ends so again, look at that host's Docker. "
                + "calico-node was not touched.");
        }

        if (!result.MayStart)
        {
            var what = result.IpForward ? "net.ipv6.conf.all.forwarding" : "net.ipv4.ip_forward";
            return run.Failed(
                $"{what} could not be set to 1 on {run.Host.Name} (helper's exit code {exit}): {(reason.Length == 0 ? "it said nothing" : reason)} Set it "
                + $"there (sysctl -w {what}=1) and deploy again. calico-node was not touched.");
        }

        List<string> notes = [];
        if (!result.Modules)
        {
            notes.Add("modules xt_set and ip6_tables were not loaded (they may be built in): ignored, as calicoctl does");
        }

        if (!result.ConntrackMax)
        {
            notes.Add("warning: nf_conntrack_max could not be set to 1000000");
        }

        run.Done(notes.Count == 0 ? null : $"{string.Join("; ", notes)}. {reason}".TrimEnd());
        return null;
    }

    // What it said helps people; how it went is in its exit code.
    private static async Task<ImmutableArray<string>> OutputAsync(IDockerHost host, string id)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        try
        {
            await foreach (var line in host.LogsAsync(id, follow: false, tail: null, CancellationToken.None).ConfigureAwait(false))
            {
                lines.Add(line.Text);
            }
        }
        catch (DockerHostException e)
        {
            lines.Add($"(its output could not be read: {e.Message})");
        }

        return lines.ToImmutable();
    }

    private async Task<ExecutionResult?> PrefixAsync(DockerRun run, CancellationToken cancellationToken)
    {
        if (run.Writes.IsEmpty)
        {
            return null;
        }

        ExecutionResult written;
        try
        {
            written = await writes.ExecuteAsync(run.Writes, CalicoNodeSteps.Prefix, run.Progress, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (run.HasChanged)
        {
            return run.CancelledBefore(CalicoNodeSteps.Prefix, cancellationToken);
        }

        run.Changed(written.Changes);
        return written.Outcome is OperationOutcome.Succeeded or OperationOutcome.Unchanged
            ? null
            : run.Failed($"The host's InterfacePrefix could not be written. {written.Message} calico-node was not touched.", written.Outcome);
    }

    private static async Task<ExecutionResult?> RemoveOldAsync(DockerRun run, string name)
    {
        DockerContainer? old;
        try
        {
            old = await run.Host.ContainerAsync(name, CancellationToken.None).ConfigureAwait(false);
            if (old is null)
            {
                return null;
            }

            run.Begin(CalicoNodeSteps.RemoveOld);
            await run.Host.RemoveIfThereAsync(old.Id).ConfigureAwait(false);
        }
        catch (DockerHostException e)
        {
            return run.Failed(e, "remove the old calico-node");
        }

        run.Changed(new DocumentChange($"docker/{run.Host.Name}", $"container {name} (old, {old.Id[..12]})", $"{old.Image}, {old.State}", null));
        run.Done();
        return null;
    }
}
