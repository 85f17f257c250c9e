namespace CalicoConsole.NodeEmulation.Startup;

/// <summary>Start-up must end; the words go to the log.</summary>
internal sealed class StartupException(string message) : Exception(message);
