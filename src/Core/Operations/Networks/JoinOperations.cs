using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Networks;

/// <summary>
/// Lets containers of a Docker network and VMs of an OpenStack security group talk, by changes that last: tags and rules of the network's profile
/// (docs/calico-v1.md#openstack).
/// </summary>
/// <param name="Network">The Docker network; its profile has the same name.</param>
/// <param name="SecurityGroup">The security group's profile, <c>openstack-sg-…</c>.</param>
/// <param name="ToVms">Whether the containers may open connections to the VMs.</param>
/// <param name="FromVms">Whether the VMs may open connections to the containers.</param>
public sealed record JoinVms(string Network, string SecurityGroup, bool ToVms, bool FromVms) : KeyOperation, INamedOperation
{
    private static readonly OperationName Join = new("vms.join", "Join VMs and network", "Joining", "Joined");
    private static readonly OperationName Separate = new("vms.separate", "Separate VMs and network", "Separating", "Separated");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Join, Separate];

    /// <summary>tcp, udp, icmp, or null for every protocol.</summary>
    public string? Protocol { get; init; }

    /// <summary>Ports of the connection's destination, for tcp and udp; empty for all.</summary>
    public ImmutableArray<PortRange> Ports { get; init; } = [];

    /// <summary>Whether the same changes are taken back instead.</summary>
    public bool Undo { get; init; }

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override OperationWords Words => Called.About($"{Network} and {SecurityGroup}");

    /// <inheritdoc/>
    public override string ObjectKind => KindNames.Profile;

    /// <inheritdoc/>
    public override string ObjectName => Network;

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) =>
    [
        NextStep.Profile(Network),
        new(Undo ? "Join them again" : "Take it back", new Destination.JoinForm(this with { Undo = !Undo })),
    ];

    /// <inheritdoc/>
    protected override OperationName Called => Undo ? Separate : Join;
}
