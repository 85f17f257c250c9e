using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Operations;

/// <summary>A change that somebody wants, as a value. Everything that changes etcd or Docker is one of these, run by the operation runner.</summary>
public abstract record Operation
{
    /// <summary>Stable name of the kind of change, such as <c>ipPool.create</c>; kept in the audit.</summary>
    public abstract string Name { get; }

    /// <summary>Kind of the object it is about, such as <c>ipPool</c> or <c>container</c>.</summary>
    public abstract string ObjectKind { get; }

    /// <summary>The object's name for people and for the audit; Docker objects as <c>host/name</c>.</summary>
    public abstract string ObjectName { get; }

    /// <summary>
    /// Confirms that reachability assertions which hold now are broken afterwards; without it such a change is refused (see <see cref="AssertionGuard"/>).
    /// </summary>
    public bool EvenIfBreaksAssertions { get; init; }

    /// <summary>
    /// Confirms that rules are saved which Felix cannot program; without it such a profile or policy is refused (see <see cref="RuleGuard"/>).
    /// </summary>
    public bool EvenIfUnprogrammable { get; init; }
}

/// <summary>Options of <c>calicoctl node run</c> 1.6.3; empty texts and nulls take calicoctl's defaults.</summary>
public sealed record CalicoNodeOptions
{
    /// <summary>--name; the engine's host name when empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>--ip: a bare IPv4 address or <c>autodetect</c>.</summary>
    public string Ip { get; init; } = "";

    /// <summary>--ip6: a bare IPv6 address or <c>autodetect</c>.</summary>
    public string Ip6 { get; init; } = "";

    /// <summary>--as: a number or dotted.</summary>
    public string As { get; init; } = "";

    /// <summary>--ip-autodetection-method.</summary>
    public string IpAutodetectionMethod { get; init; } = "first-found";

    /// <summary>--ip6-autodetection-method.</summary>
    public string Ip6AutodetectionMethod { get; init; } = "first-found";

    /// <summary>--log-dir.</summary>
    public string LogDir { get; init; } = "/var/log/calico";

    /// <summary>--node-image. The default is the baseline's image, not calicoctl's <c>latest</c>, which is a v3 image today.</summary>
    public string Image { get; init; } = "quay.io/calico/node:v2.6.9";

    /// <summary>--backend: bird, gobgp or none.</summary>
    public string Backend { get; init; } = "bird";

    /// <summary>--no-default-ippools.</summary>
    public bool NoDefaultIpPools { get; init; }

    /// <summary>--disable-docker-networking.</summary>
    public bool DisableDockerNetworking { get; init; }

    /// <summary>--docker-networking-ifprefix.</summary>
    public string DockerNetworkingIfPrefix { get; init; } = "cali";

    /// <summary>--use-docker-networking-container-labels.</summary>
    public bool UseDockerNetworkingContainerLabels { get; init; }

    /// <summary>ETCD_ENDPOINTS as the host reaches them, comma-separated; empty takes the host's cluster store.</summary>
    public string EtcdEndpoints { get; init; } = "";
}

/// <summary>Deploys calico-node on a Docker host as <c>calicoctl node run</c> does, replacing one that is there.</summary>
public sealed record DeployCalicoNode(string Host, CalicoNodeOptions Options) : Operation
{
    /// <inheritdoc/>
    public override string Name => "calicoNode.deploy";

    /// <inheritdoc/>
    public override string ObjectKind => Kinds.Node;

    /// <inheritdoc/>
    public override string ObjectName => Host;
}

/// <summary>Removes the calico-node container from a host. The node's data in etcd stays.</summary>
public sealed record RemoveCalicoNode(string Host) : Operation
{
    /// <inheritdoc/>
    public override string Name => "calicoNode.remove";

    /// <inheritdoc/>
    public override string ObjectKind => Kinds.Node;

    /// <inheritdoc/>
    public override string ObjectName => Host;
}

/// <summary>Creates a Docker network.</summary>
public sealed record CreateNetwork(string Host, string NetworkName, string Driver, string IpamDriver, string Subnet) : Operation
{
    /// <inheritdoc/>
    public override string Name => "network.create";

    /// <inheritdoc/>
    public override string ObjectKind => "network";

    /// <inheritdoc/>
    public override string ObjectName => $"{Host}/{NetworkName}";
}

/// <summary>Deletes a Docker network, by name or id.</summary>
public sealed record DeleteNetwork(string Host, string NetworkName) : Operation
{
    /// <inheritdoc/>
    public override string Name => "network.delete";

    /// <inheritdoc/>
    public override string ObjectKind => "network";

    /// <inheritdoc/>
    public override string ObjectName => $"{Host}/{NetworkName}";
}

/// <summary>Creates a container, optionally on a network with a fixed address, and optionally starts it.</summary>
public sealed record CreateContainer(string Host, string ContainerName, string Image) : Operation
{
    /// <summary>Program and arguments; empty uses the image's.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>Network name or id; empty uses the engine's default.</summary>
    public string Network { get; init; } = "";

    /// <summary>Fixed IPv4 address; empty is automatic.</summary>
    public string Ip { get; init; } = "";

    /// <summary>Whether to start it.</summary>
    public bool Start { get; init; } = true;

    /// <summary>Container labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string Name => "container.create";

    /// <inheritdoc/>
    public override string ObjectKind => "container";

    /// <inheritdoc/>
    public override string ObjectName => $"{Host}/{ContainerName}";
}

/// <summary>What to do with a container that exists.</summary>
public enum ContainerAction
{
    /// <summary>docker start.</summary>
    Start,

    /// <summary>docker stop.</summary>
    Stop,

    /// <summary>docker restart.</summary>
    Restart,

    /// <summary>docker rm -f.</summary>
    Remove,
}

/// <summary>The words of <see cref="ContainerAction"/>.</summary>
public static class ContainerActions
{
    /// <summary>As a verb in a sentence: start, stop, restart, remove. An action that does not exist throws.</summary>
    public static string Verb(this ContainerAction action) => action switch
    {
        ContainerAction.Start => "start",
        ContainerAction.Stop => "stop",
        ContainerAction.Restart => "restart",
        ContainerAction.Remove => "remove",
    };
}

/// <summary>Starts, stops, restarts or removes a container.</summary>
public sealed record ChangeContainer(string Host, string Container, ContainerAction Action) : Operation
{
    /// <summary>The container's name, for people and the audit, where <c>Container</c> is an id; null when it is not known.</summary>
    public string? Label { get; init; }

    /// <inheritdoc/>
    public override string Name => $"container.{Action.Verb()}";

    /// <inheritdoc/>
    public override string ObjectKind => "container";

    /// <inheritdoc/>
    public override string ObjectName => $"{Host}/{Label ?? Container}";
}

/// <summary>
/// Pings an address or a container's name from within a container. Changes nothing, but runs a program there, so it goes through the same door.
/// </summary>
public sealed record Ping(string Host, string Container, string Target, int Count = 4) : Operation
{
    /// <summary>The container's name, for people and the audit, where <c>Container</c> is an id; null when it is not known.</summary>
    public string? Label { get; init; }

    /// <inheritdoc/>
    public override string Name => "container.ping";

    /// <inheritdoc/>
    public override string ObjectKind => "container";

    /// <inheritdoc/>
    public override string ObjectName => $"{Host}/{Label ?? Container}";
}

/// <summary>
/// Opens a TCP connection from within a container and closes it at once. Changes nothing, but runs a program there, so it goes through the same door.
/// The result's data has <c>answer</c>: one of <see cref="TcpAnswers"/>.
/// </summary>
/// <param name="Host">The Docker host.</param>
/// <param name="Container">Id or name of the container.</param>
/// <param name="Target">An address or a name.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Seconds">How long an answer is waited for, 1 to 30.</param>
public sealed record ConnectTcp(string Host, string Container, string Target, int Port, int Seconds = 2) : Operation
{
    /// <summary>The container's name, for people and the audit, where <c>Container</c> is an id; null when it is not known.</summary>
    public string? Label { get; init; }

    /// <inheritdoc/>
    public override string Name => "container.connect";

    /// <inheritdoc/>
    public override string ObjectKind => "container";

    /// <inheritdoc/>
    public override string ObjectName => $"{Host}/{Label ?? Container}";
}
