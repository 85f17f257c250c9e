namespace CalicoConsole.Adapters.Docker;

/// <summary>Where one Docker Engine is reached: the settings section <c>Docker:Hosts:N</c>.</summary>
public sealed record DockerHostOptions
{
    /// <summary>The name under which the console knows the host; unique.</summary>
    public string Name { get; init; } = "";

    /// <summary>
    /// <c>unix:///path/docker.sock</c>, <c>tcp://host:2375</c>, <c>http://host:2375</c>, or with TLS <c>tcp://host:2376</c>
    /// and a <see cref="TlsDirectory"/>, or <c>https://host:2376</c>. Without a port 2375, with TLS 2376.
    /// </summary>
    public string Endpoint { get; init; } = "";

    /// <summary>
    /// A directory with <c>ca.pem</c>, <c>cert.pem</c> and <c>key.pem</c>, as <c>DOCKER_CERT_PATH</c> of the docker client;
    /// null for none. The files are read at the first call to the host.
    /// </summary>
    public string? TlsDirectory { get; init; }

    /// <summary>Time limits.</summary>
    public DockerLimits Limits { get; init; } = new();

    /// <summary>What is wrong with these settings, each sentence led by the setting's name; empty when nothing is.</summary>
    /// <param name="section">Name of the settings' section, such as <c>Docker:Hosts:0</c>.</param>
    public ImmutableArray<string> Validate(string section)
    {
        var errors = ImmutableArray.CreateBuilder<string>();
        if (string.IsNullOrWhiteSpace(Name))
        {
            errors.Add($"{section}:Name: is missing. Give the host a name, usually its host name.");
        }

        if (!DockerEndpoint.TryParse(Endpoint, TlsDirectory is not null, out var endpoint, out var reason))
        {
            errors.Add($"{section}:Endpoint: {reason}");
        }
        else if (TlsDirectory is not null && !endpoint.IsTls)
        {
            errors.Add($"{section}:TlsDirectory: '{Endpoint}' is an address without TLS; use tcp:// or https://, or leave this out.");
        }

        if (TlsDirectory is not null)
        {
            errors.AddRange(DockerTls.Missing(TlsDirectory).Select(m => $"{section}:TlsDirectory: {m}"));
        }

        errors.AddRange(Limits.Validate($"{section}:{nameof(Limits)}"));
        return errors.ToImmutable();
    }

    /// <summary>What is wrong with a list of hosts: each host's own errors, and names given twice.</summary>
    /// <param name="hosts">The hosts in the order of the settings.</param>
    /// <param name="section">Name of the list, such as <c>Docker:Hosts</c>.</param>
    public static ImmutableArray<string> ValidateAll(IReadOnlyList<DockerHostOptions> hosts, string section)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        var errors = ImmutableArray.CreateBuilder<string>();
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < hosts.Count; i++)
        {
            errors.AddRange(hosts[i].Validate($"{section}:{i}"));
            if (!string.IsNullOrWhiteSpace(hosts[i].Name) && !seen.TryAdd(hosts[i].Name, i))
            {
                errors.Add($"{section}:{i}:Name: '{hosts[i].Name}' is the name of {section}:{seen[hosts[i].Name]} too; names must differ.");
            }
        }

        return errors.ToImmutable();
    }
}
