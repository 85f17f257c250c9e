namespace CalicoConsole.Adapters.Docker;

/// <summary>Makes hosts of their settings.</summary>
/// <param name="time">The clock of the time limits.</param>
public sealed class DockerHostFactory(TimeProvider time)
{
    /// <summary>A host that connects at its first call. The caller disposes it.</summary>
    /// <exception cref="ArgumentException">The settings have errors; the message lists them.</exception>
    public DockerHost Create(DockerHostOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = options.Validate("Docker:Hosts");
        if (!errors.IsEmpty || !DockerEndpoint.TryParse(options.Endpoint, options.TlsDirectory is not null, out var endpoint, out _))
        {
            throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));
        }

        return new DockerHost(options, endpoint, time);
    }
}
