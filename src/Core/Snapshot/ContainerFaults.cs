using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Snapshot;

/// <summary>What is wrong with a container, in words. Pure.</summary>
public static class ContainerFaults
{
    /// <summary>Why the engine does not answer for it, as far as it is known; null when it answers.</summary>
    public static string? Unanswered(DockerContainer container, DockerHostState? host)
    {
        ArgumentNullException.ThrowIfNull(container);
        if (!container.Unanswered)
        {
            return null;
        }

        return PluginOf(container, host) switch
        {
            null => "the engine does not answer for it",
            CalicoNames.NetworkDriver when RunsCalicoNode(host!) => "the engine does not answer for it: it may wait for calico-node",
            _ => "the engine does not answer for it: plugin gone",
        };
    }

    /// <summary>Why somebody should start it; null when all is as its restart policy wants it.</summary>
    public static string? Down(DockerContainer container)
    {
        ArgumentNullException.ThrowIfNull(container);
        if (container.State is not ("exited" or "created" or "dead") || container.Details is not { RestartPolicy: "always" or "unless-stopped" } details)
        {
            return null;
        }

        return details.Error.Length > 0
            ? $"Docker could not start it and does not try again by itself: {details.Error.TrimEnd('.')}."
            : details.RestartPolicy == "always" && container.State == "exited"
                ? "Somebody stopped it, or Docker gave up on it: Docker starts it again only when the engine itself starts."
                : null;
    }

    /// <summary>Why a container that must run does not; null when it runs.</summary>
    public static string? NotRunning(DockerContainer container)
    {
        ArgumentNullException.ThrowIfNull(container);
        return container.State == "running" ? null : Down(container) ?? $"It is {container.State}.";
    }

    /// <summary>Whether a container of calico's driver waits for a plugin that its host does not run.</summary>
    public static bool WaitsForCalicoNode(DockerContainer container, DockerHostState host)
    {
        ArgumentNullException.ThrowIfNull(container);
        ArgumentNullException.ThrowIfNull(host);
        return container.Unanswered && PluginOf(container, host) == CalicoNames.NetworkDriver && !RunsCalicoNode(host);
    }

    private static string? PluginOf(DockerContainer container, DockerHostState? host) =>
        container.Networks.Select(a => host?.Networks.GetValueOrDefault(a.NetworkId)?.Driver)
            .FirstOrDefault(d => d is not (null or "bridge" or "host" or "null" or "overlay" or "macvlan" or "ipvlan"));

    private static bool RunsCalicoNode(DockerHostState host) => host.Containers.Values.Any(c => c is { Name: CalicoNames.NodeContainer, State: "running" });
}
