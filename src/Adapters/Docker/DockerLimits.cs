namespace CalicoConsole.Adapters.Docker;

/// <summary>
/// How long an engine may take to answer. Streams (pull, logs, exec, events, wait) have no limit once they are open.
/// </summary>
public sealed record DockerLimits
{
    /// <summary>Opening a connection, TLS included.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The question whether the engine answers at all, which needs nothing but a living engine.</summary>
    public TimeSpan Ping { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Questions (info, lists, inspect) and the opening of a stream.</summary>
    public TimeSpan Query { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Changes that no network plugin takes part in, such as creating a container.</summary>
    public TimeSpan Change { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Changes for which the engine calls a network plugin (networks; start, stop, restart and removal of containers). An engine tries
    /// each call to a plugin that is gone for 15 seconds: measured on 20.10.24, a start takes 15 s and fails, a stop 45 s for each
    /// network when driver and IPAM are gone, a restart 60 s and fails. This leaves room for three networks. The grace of a stop is added.
    /// </summary>
    public TimeSpan Plugin { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>What is wrong with these limits, each sentence led by the setting's name; empty when nothing is.</summary>
    /// <param name="section">Name of the settings' section, such as <c>Docker:Hosts:0:Limits</c>.</param>
    public ImmutableArray<string> Validate(string section) =>
    [
        .. new[] { (nameof(Connect), Connect), (nameof(Ping), Ping), (nameof(Query), Query), (nameof(Change), Change), (nameof(Plugin), Plugin) }
            .Where(l => l.Item2 <= TimeSpan.Zero || l.Item2 > TimeSpan.FromHours(1))
            .Select(l => $"{section}:{l.Item1}: '{l.Item2}' is not a time between 0 and 1 hour (example: 00:00:10)."),
    ];
}
