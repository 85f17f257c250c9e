namespace CalicoConsole.Core.Model;

/// <summary>Identity of a calicoctl v1 resource, whatever its kind. Members that a kind does not have are empty.</summary>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
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
        Kinds.IPPool => "metadata.cidr",
        Kinds.BgpPeer => "metadata.peerIP",
        _ => "metadata.name",
    };

    /// <summary>The name for people and for the audit, such as <c>web</c>, <c>10.0.0.1 (global)</c> or <c>docker01/eth0</c>.</summary>
    public string Label => Kind switch
    {
        Kinds.BgpPeer => $"{Name} ({(Node.Length == 0 ? "global" : Node)})",
        Kinds.HostEndpoint => $"{Node}/{Name}",
        Kinds.WorkloadEndpoint => $"{Node}/{Orchestrator}/{Workload}/{Name}",
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
            Kinds.IPPool or Kinds.Profile or Kinds.Policy or Kinds.Node => new(kind, label),
            Kinds.BgpPeer when label.IndexOf(" (", StringComparison.Ordinal) is > 0 and var at && label.EndsWith(')') =>
                new(kind, label[..at]) { Node = label[(at + 2)..^1] is var node and not "global" ? node : "" },
            Kinds.HostEndpoint when parts.Length > 1 => new(kind, string.Join('/', parts[1..])) { Node = parts[0] },
            Kinds.WorkloadEndpoint when parts.Length > 3 =>
                new(kind, parts[^1]) { Node = parts[0], Orchestrator = parts[1], Workload = string.Join('/', parts[2..^1]) },
            _ => null,
        };
    }

    /// <summary>The identity of a resource.</summary>
    /// <exception cref="ArgumentException">It is none of the seven kinds.</exception>
    public static ResourceId Of(object resource) => resource switch
    {
        IPPool r => new(Kinds.IPPool, r.Cidr.ToString()),
        Profile r => new(Kinds.Profile, r.Name),
        Policy r => new(Kinds.Policy, r.Name),
        Node r => new(Kinds.Node, r.Name),
        BgpPeer r => new(Kinds.BgpPeer, r.PeerIP.ToString()) { Node = r.Node ?? "" },
        HostEndpoint r => new(Kinds.HostEndpoint, r.Name) { Node = r.Node },
        WorkloadEndpoint r => Of(r.Id),
        _ => throw new ArgumentException($"{resource?.GetType().Name ?? "null"} is not a calicoctl kind", nameof(resource)),
    };

    /// <summary>The identity of a workload endpoint.</summary>
    public static ResourceId Of(WorkloadEndpointId id) =>
        new(Kinds.WorkloadEndpoint, id.Name) { Node = id.Node, Orchestrator = id.Orchestrator, Workload = id.Workload };

    /// <summary>As calicoctl 1.6.3 names it in its errors, such as <c>Policy(name=web)</c>.</summary>
    public override string ToString() => Kind switch
    {
        Kinds.IPPool => $"IPPool(cidr={Name})",
        Kinds.Profile => $"Profile(name={Name})",
        Kinds.Policy => $"Policy(name={Name})",
        Kinds.Node => $"Node(name={Name})",
        Kinds.BgpPeer => Node.Length == 0 ? $"BGPPeer(global, ip={Name})" : $"BGPPeer(node={Node}, ip={Name})",
        Kinds.HostEndpoint => $"HostEndpoint(node={Node}, name={Name})",
        _ => $"WorkloadEndpoint(node={Node}, orchestrator={Orchestrator}, workload={Workload}, name={Name})",
    };
}
