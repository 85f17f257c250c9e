using System.Collections.Immutable;

namespace CalicoConsole.Web.Components.Forms.Profiles;

/// <summary>A draft with rules in two directions.</summary>
public interface IRuleDraft
{
    /// <summary>spec.ingress.</summary>
    ImmutableArray<RuleDraft> Ingress { get; }

    /// <summary>spec.egress.</summary>
    ImmutableArray<RuleDraft> Egress { get; }

    /// <summary>The YAML text while that is what was typed last; null while the fields are.</summary>
    string? Yaml { get; }
}
