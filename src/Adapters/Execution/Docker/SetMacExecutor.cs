using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Helpers;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Execution.Docker;

/// <summary>Sets the MAC of an interface inside of a container by a helper in the container's network, and reads before and after what it is.</summary>
/// <param name="hosts">The configured hosts.</param>
/// <param name="helpers">Marks the helper.</param>
public sealed class SetMacExecutor(IDockerHosts hosts, HelperContainers helpers) : DockerExecutor(hosts)
{
    /// <inheritdoc/>
    public override bool Handles(Operation operation) => operation is SetContainerMac;

    private protected override async Task<ExecutionResult> RunAsync(Operation operation, DockerRun run, CancellationToken cancellationToken)
    {
        var set = (SetContainerMac)operation;
        var (request, name, mac) = (helpers.Mark(run.Docker.Container!, HelperContainers.SetMac), set.Label ?? set.Container, set.Mac.ToLowerInvariant());
        if (await run.EnsureImageAsync(SetContainerMac.ImageStep, request.Image, cancellationToken).ConfigureAwait(false) is { } missing)
        {
            return missing;
        }

        cancellationToken.ThrowIfCancellationRequested();
        run.Begin(SetContainerMac.SetStep);
        try
        {
            var before = await MacAsync(run, set.Interface).ConfigureAwait(false);
            if (before == mac)
            {
                return run.Unchanged($"{set.Interface} of {name} has the MAC {before} already.");
            }

            await run.Host.RemoveIfThereAsync(request.Name).ConfigureAwait(false);
            var id = await run.Host.CreateContainerAsync(request, CancellationToken.None).ConfigureAwait(false);
            long exit;
            try
            {
                await run.Host.StartAsync(id, CancellationToken.None).ConfigureAwait(false);
                exit = await run.Host.WaitAsync(id, CancellationToken.None).ConfigureAwait(false);
                await foreach (var line in run.Host.LogsAsync(id, follow: false, tail: 20, CancellationToken.None).ConfigureAwait(false))
                {
                    run.Line(line.Text);
                }
            }
            finally
            {
                await run.Host.RemoveIfThereAsync(id).ConfigureAwait(false);
            }

            if (exit != 0)
            {
                return run.Failed($"ip in the network of {name} ended with exit code {exit}: the MAC of {set.Interface} was not set.");
            }

            var after = await MacAsync(run, set.Interface).ConfigureAwait(false);
            run.Changed(new DocumentChange($"docker/{run.Host.Name}", $"interface {set.Interface} of container {name}", before,
                after ?? mac));
            run.Done(after is null ? null : $"{set.Interface} of {name} has the MAC {after}");
            return run.Succeeded(null, before is null ? null : $"It had {before}.");
        }
        catch (DockerHostException e)
        {
            return run.Failed(e, $"set the MAC of {set.Interface} in {name}");
        }
    }

    // An image without cat has no answer, and the change goes on without it.
    private static async Task<string?> MacAsync(DockerRun run, string name)
    {
        var probe = new InsideProbe(name);
        var lines = ImmutableArray.CreateBuilder<string>();
        long? exit = null;
        await foreach (var output in run.Host.ExecAsync(run.Docker.ContainerId!, probe.Command, CancellationToken.None).ConfigureAwait(false))
        {
            exit = output.ExitCode ?? exit;
            if (output.Line is { } line)
            {
                lines.Add(line.Text);
            }
        }

        return probe.Read(new ProbeOutput(lines.ToImmutable(), [], exit)).Value is { Mac.Length: > 0 } inside ? inside.Mac : null;
    }
}
