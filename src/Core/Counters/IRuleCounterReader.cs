namespace CalicoConsole.Core.Counters;

/// <summary>Reads the counters of the rules that Felix wrote on a host. Only reads.</summary>
public interface IRuleCounterReader
{
    /// <summary>Asks calico-node on a host. Never throws but on cancellation: what cannot be read is in the answer, with the reason.</summary>
    /// <param name="host">Name of the Docker host.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<HostSample> ReadAsync(string host, CancellationToken cancellationToken);
}
