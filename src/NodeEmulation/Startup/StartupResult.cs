namespace CalicoConsole.NodeEmulation.Startup;

/// <summary>How calico/node's start-up ended.</summary>
/// <param name="ExitCode">0, or 1 when the container must end; the reason is in the log.</param>
/// <param name="NodeName">Name of the node; empty when it could not be determined.</param>
public sealed record StartupResult(int ExitCode, string NodeName);
