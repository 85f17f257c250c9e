using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Nodes;

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
public sealed record DeployCalicoNode(string Host, CalicoNodeOptions Options) : Operation, INamedOperation
{
    private static readonly OperationName Deploy = new("calicoNode.deploy", "Deploy calico-node on", "Deploying", "Deployed");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Deploy];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override OperationWords Words => Deploy.About($"calico-node on {Host}");

    /// <inheritdoc/>
    public override string ObjectKind => KindNames.Node;

    /// <inheritdoc/>
    public override string ObjectName => Host;

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return
        [
            NextStep.Node(Host, snapshot),
            snapshot.Calico.IPPools.IsEmpty
                ? NextStep.Page(ConsolePage.CreatePool) with { IsNext = true }
                : new("Create a network", new Destination.CreateNetworkForm(Host, null), true),
        ];
    }

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextStepsIfNotDone(OperationResult result, ClusterSnapshot snapshot) => [NextStep.Node(Host, snapshot)];

    /// <inheritdoc/>
    protected override OperationName Called => Deploy;
}

/// <summary>Removes the calico-node container from a host. The node's data in etcd stays.</summary>
public sealed record RemoveCalicoNode(string Host) : Operation, INamedOperation
{
    private static readonly OperationName Remove = new("calicoNode.remove", "Remove calico-node from", "Removing", "Removed");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Remove];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override OperationWords Words => Remove.About($"calico-node on {Host}");

    /// <inheritdoc/>
    public override string ObjectKind => KindNames.Node;

    /// <inheritdoc/>
    public override string ObjectName => Host;

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) => [NextStep.Node(Host, snapshot)];

    /// <inheritdoc/>
    protected override OperationName Called => Remove;
}
