namespace CalicoConsole.Adapters.Docker;

/// <summary>
/// Tells the feeds which container the console could not start: an engine has no event of a start that fails before the container's network is made (measured
/// on 20.10.24: an address in use, an endpoint that was left), and its list does not say why. Thread-safe.
/// </summary>
public sealed class FailedStarts
{
    /// <summary>Raised with the host's configured name and the container's id.</summary>
    public event Action<string, string>? Failed;

    /// <summary>A start failed.</summary>
    public void Tell(string host, string container) => Failed?.Invoke(host, container);
}
