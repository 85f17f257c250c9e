using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Ports;
using CalicoConsole.Sandbox.Docker;

namespace CalicoConsole.Sandbox.Programs;

/// <summary>The helper that prepares a host's kernel before calico-node: a simulated kernel takes all of it.</summary>
internal sealed class HostPreparationProgram : IContainerProgram
{
    /// <summary>Whether a container is that helper.</summary>
    public static bool Is(DockerContainerRequest request) =>
        request.Entrypoint.AsSpan().SequenceEqual(HostPreparation.Request(request.Image).Entrypoint.AsSpan());

    /// <inheritdoc/>
    public Task<long> RunAsync(ContainerLog log, CancellationToken stop)
    {
        foreach (var step in (string[])["modules ok", "ip_forward ok", "ip6_forwarding absent", "conntrack_max ok"])
        {
            log.Write($"calico-console: {step}");
        }

        return Task.FromResult(0L);
    }
}
