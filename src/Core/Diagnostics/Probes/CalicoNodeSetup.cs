namespace CalicoConsole.Core.Diagnostics.Probes;

/// <summary>How the calico-node container was started, as far as connectivity depends on it. Only variables of Calico's are kept, and no secret.</summary>
public sealed record CalicoNodeSetup
{
    /// <summary>Its image.</summary>
    public string Image { get; init; } = "";

    /// <summary>Whether it is privileged.</summary>
    public bool Privileged { get; init; }

    /// <summary>Its network: <c>host</c> when it was started rightly.</summary>
    public string NetworkMode { get; init; } = "";

    /// <summary>Places of the host that it sees, as <c>host:container</c>.</summary>
    public ImmutableArray<string> Binds { get; init; } = [];

    /// <summary>Its variables by name, those of Calico alone.</summary>
    public ImmutableSortedDictionary<string, string> Variables { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>A variable; null when it is not set or empty.</summary>
    public string? Variable(string name) => Variables.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>A Felix parameter as the environment says it, which goes before everything that etcd says; null when it says nothing.</summary>
    public string? FelixVariable(string parameter) =>
        Variables.FirstOrDefault(v => v.Key.Equals($"FELIX_{parameter}", StringComparison.OrdinalIgnoreCase) && v.Value.Length > 0).Value;
}

/// <summary>Ports that a container publishes.</summary>
/// <param name="Ports">Each as <c>8080 to 80/tcp</c>.</param>
public sealed record PublishedOf(ImmutableArray<string> Ports);

/// <summary>Docker's own record of an endpoint in its cluster store.</summary>
/// <param name="Exists">Whether there is one.</param>
/// <param name="Mac">The MAC it keeps, in lower case; empty when it keeps none.</param>
public sealed record StoredDockerEndpoint(bool Exists, string Mac);
