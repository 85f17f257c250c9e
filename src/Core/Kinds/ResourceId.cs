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
    public string Field => Kinds.Kind.Find(Kind)?.Field ?? "metadata.name";

    /// <summary>The name for people and for the audit, such as <c>web</c>, <c>10.0.0.1 (global)</c> or <c>docker01/eth0</c>.</summary>
    public string Label => Kinds.Kind.Find(Kind)?.LabelOf(this) ?? Name;

    /// <summary>
    /// The identity that has a <see cref="Label"/>; null when none has. Of a workload endpoint whose names hold slashes, the workload is taken to hold them.
    /// </summary>
    public static ResourceId? OfLabel(string kind, string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        return Kinds.Kind.Find(kind)?.OfLabel(label);
    }

    /// <summary>The identity of a resource.</summary>
    /// <exception cref="ArgumentException">It is none of the seven kinds.</exception>
    public static ResourceId From(object resource) => Kinds.Kind.OfResource(resource).IdOf(resource);

    /// <summary>The identity of a workload endpoint.</summary>
    public static ResourceId From(WorkloadEndpointId id) => WorkloadEndpointKind.IdOf(id);

    /// <summary>As calicoctl 1.6.3 names it in its errors, such as <c>Policy(name=web)</c>.</summary>
    public override string ToString() => Kinds.Kind.Find(Kind)?.Describe(this) ?? $"{Kind}(name={Name})";
}
