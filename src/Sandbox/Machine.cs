using CalicoConsole.Core.Model;

namespace CalicoConsole.Sandbox;

/// <summary>A simulated machine.</summary>
/// <param name="Name">Its host name, which is also the configured name of its engine.</param>
/// <param name="Address">Its address on the hosts' network.</param>
internal sealed record Machine(string Name, Ip Address)
{
    /// <summary>Length of the prefix of the hosts' network.</summary>
    public const int PrefixLength = 24;

    /// <summary>Where etcd is, as the hosts reach it.</summary>
    public const string Etcd = "192.168.122.1";

    /// <summary>The Docker hosts.</summary>
    public static ImmutableArray<Machine> DockerHosts { get; } =
    [
        new("docker01", Ip.Parse("192.168.122.45")),
        new("docker02", Ip.Parse("192.168.122.46")),
        new("docker03", Ip.Parse("192.168.122.47")),
    ];

    /// <summary>The OpenStack compute host: it runs Felix, and no Docker.</summary>
    public static Machine Compute { get; } = new("compute01", Ip.Parse("192.168.122.50"));
}
