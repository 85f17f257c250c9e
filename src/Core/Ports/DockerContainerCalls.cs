namespace CalicoConsole.Core.Ports;

/// <summary>The calls to a container that a console makes itself, by name.</summary>
public static class DockerContainerCalls
{
    /// <summary>Starts a container.</summary>
    public static Task StartAsync(this IDockerHost host, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.ActAsync(id, "start", null, cancellationToken);
    }

    /// <summary>Stops a container; after <paramref name="grace"/> it is killed.</summary>
    public static Task StopAsync(this IDockerHost host, string id, TimeSpan grace, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.ActAsync(id, "stop", grace, cancellationToken);
    }

    /// <summary>Restarts a container; after <paramref name="grace"/> it is killed.</summary>
    public static Task RestartAsync(this IDockerHost host, string id, TimeSpan grace, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.ActAsync(id, "restart", grace, cancellationToken);
    }
}
