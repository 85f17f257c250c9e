namespace CalicoConsole.Core.Operations;

/// <summary>
/// How long an engine waits for a network plugin that is gone, measured on Docker 20.10.24 (docs/operations.md). It tries each call for 15 s: one call
/// at a start, three for each network at a stop when driver and IPAM are gone together, as calico-node's are.
/// </summary>
internal static class EngineWaits
{
    private const int Call = 15;
    private const int StopNetwork = 3 * Call;

    /// <summary>Of a start.</summary>
    public static string Start { get; } = $"Docker waits about {Call} s for the plugin and then refuses.";

    /// <summary>Of the making of a network.</summary>
    public static string CreateNetwork => Start;

    /// <summary>Of the removal of a network.</summary>
    public static string RemoveNetwork { get; } = $"Docker waits about {StopNetwork} s for the plugin.";

    /// <summary>Of a stop or a removal by force.</summary>
    public static string Stop(int networks) =>
        $"Docker waits about {StopNetwork * networks} s for the plugin{(networks > 1 ? $" ({StopNetwork} s for each of its {networks} networks)" : "")} "
            + "before the container is stopped.";

    /// <summary>Of a restart of a container that runs.</summary>
    public static string Restart(int networks) =>
        $"Docker waits about {(StopNetwork * networks) + Call} s for the plugin, then the restart fails and the container stays down.";
}
