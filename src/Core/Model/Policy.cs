namespace CalicoConsole.Core.Model;

/// <summary>A policy (calicoctl 1.6.3 policy; stored form: docs/calico-v1.md#policy).</summary>
public sealed record Policy
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>metadata.annotations.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>spec.order; null comes last.</summary>
    public double? Order { get; init; }

    /// <summary>spec.selector, as typed; empty means all.</summary>
    public string Selector { get; init; } = "";

    /// <summary>spec.ingress.</summary>
    public ImmutableArray<Rule> Ingress { get; init; } = [];

    /// <summary>spec.egress.</summary>
    public ImmutableArray<Rule> Egress { get; init; } = [];

    /// <summary>spec.types in their order: ingress, egress. Empty in a document means what its rules say; see <see cref="V1.PolicyCodec.Encode"/>.</summary>
    public ImmutableArray<string> Types { get; init; } = [];

    /// <summary>spec.doNotTrack.</summary>
    public bool DoNotTrack { get; init; }

    /// <summary>spec.preDNAT.</summary>
    public bool PreDnat { get; init; }

    /// <summary>Why nobody can say what Felix makes of its rules; null of every policy that is shown or written. Only verdicts know such policies.</summary>
    public string? Doubt { get; init; }

    /// <summary>Stored members that are not known.</summary>
    public UnknownMembers Unknown { get; init; }
}
