using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Kinds;

/// <summary>Identity of a calicoctl v1 resource, whatever its kind. Members that a kind does not have are empty.</summary>
/// <param name="Kind">One of <see cref="KindNames"/>.</param>
/// <param name="Name">metadata.name; metadata.cidr of an ipPool, metadata.peerIP of a bgpPeer, both as Go prints them.</param>
public sealed record ResourceId(string Kind, string Name)
{
    /// <summary>metadata.node; empty for a bgpPeer of scope global.</summary>
    public string Node { get; init; } = "";

    /// <summary>metadata.orchestrator.</summary>
    public string Orchestrator { get; init; } = "";

    /// <summary>metadata.workload.</summary>
    public string Workload { get; init; } = "";

    /// <summary>Field that names the identity in the kind's document.</summary>
    public string Field => Kind switch
    {
        KindNames.IPPool => "metadata.cidr",
        KindNames.BgpPeer => "metadata.peerIP",
        _ => "metadata.name",
    };

    /// <summary>The name for people and for the audit, such as <c>web</c>, <c>10.0.0.1 (global)</c> or <c>docker01/eth0</c>.</summary>
    public string Label => Kind switch
    {
        KindNames.BgpPeer => $"{Name} ({(Node.Length == 0 ? "global" : Node)})",
        KindNames.HostEndpoint => $"{Node}/{Name}",
        KindNames.WorkloadEndpoint => $"{Node}/{Orchestrator}/{Workload}/{Name}",
        _ => Name,
    };

    /// <summary>
    /// The identity that has a <see cref="Label"/>; null when none has. Of a workload endpoint whose names hold slashes, the workload is taken to hold them.
    /// </summary>
    public static ResourceId? OfLabel(string kind, string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        var parts = label.Split('/');
        return kind switch
        {
            KindNames.IPPool or KindNames.Profile or KindNames.Policy or KindNames.Node => new(kind, label),
            KindNames.BgpPeer when label.IndexOf(" (", StringComparison.Ordinal) is > 0 and var at && label.EndsWith(')') =>
                new(kind, label[..at]) { Node = label[(at + 2)..^1] is var node and not "global" ? node : "" },
            KindNames.HostEndpoint when parts.Length > 1 => new(kind, string.Join('/', parts[1..])) { Node = parts[0] },
            KindNames.WorkloadEndpoint when parts.Length > 3 =>
                new(kind, parts[^1]) { Node = parts[0], Orchestrator = parts[1], Workload = string.Join('/', parts[2..^1]) },
            _ => null,
        };
    }

    /// <summary>The identity of a resource.</summary>
    /// <exception cref="ArgumentException">It is none of the seven kinds.</exception>
    public static ResourceId Of(object resource) => resource switch
    {
        IPPool r => new(KindNames.IPPool, r.Cidr.ToString()),
        Profile r => new(KindNames.Profile, r.Name),
        Policy r => new(KindNames.Policy, r.Name),
        Node r => new(KindNames.Node, r.Name),
        BgpPeer r => new(KindNames.BgpPeer, r.PeerIP.ToString()) { Node = r.Node ?? "" },
        HostEndpoint r => new(KindNames.HostEndpoint, r.Name) { Node = r.Node },
        WorkloadEndpoint r => Of(r.Id),
        _ => throw new ArgumentException($"{resource?.GetType().Name ?? "null"} is not a calicoctl kind", nameof(resource)),
    };

    /// <summary>The identity of a workload endpoint.</summary>
    public static ResourceId Of(WorkloadEndpointId id) =>
        new(KindNames.WorkloadEndpoint, id.Name) { Node = id.Node, Orchestrator = id.Orchestrator, Workload = id.Workload };

    /// <summary>As calicoctl 1.6.3 names it in its errors, such as <c>Policy(name=web)</c>.</summary>
    public override string ToString() => Kind switch
    {
        KindNames.IPPool => $"IPPool(cidr={Name})",
        KindNames.Profile => $"Profile(name={Name})",
        KindNames.Policy => $"Policy(name={Name})",
        KindNames.Node => $"Node(name={Name})",
        KindNames.BgpPeer => Node.Length == 0 ? $"BGPPeer(global, ip={Name})" : $"BGPPeer(node={Node}, ip={Name})",
        KindNames.HostEndpoint => $"HostEndpoint(node={Node}, name={Name})",
        _ => $"WorkloadEndpoint(node={Node}, orchestrator={Orchestrator}, workload={Workload}, name={Name})",
    };
}
