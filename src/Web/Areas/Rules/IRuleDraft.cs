using System.Collections.Immutable;

namespace CalicoConsole.Web.Areas.Rules;

/// <summary>A draft with rules in two directions.</summary>
public interface IRuleDraft
{
    /// <summary>spec.ingress.</summary>
    ImmutableArray<RuleDraft> Ingress { get; }

    /// <summary>spec.egress.</summary>
    ImmutableArray<RuleDraft> Egress { get; }

    /// <summary>
    /// The YAML text while that is what was typed last; null while the fields are. The fields say what the last text said that could be read.
    /// </summary>
    string? Yaml { get; }
}

/// <summary>A draft that is edited as cards and as YAML. Immutable.</summary>
/// <typeparam name="T">The draft itself.</typeparam>
public interface IRuleDraft<T> : IRuleDraft
    where T : class, IRuleDraft<T>
{
    /// <summary>The draft with other rules.</summary>
    T WithRules(ImmutableArray<RuleDraft> ingress, ImmutableArray<RuleDraft> egress);

    /// <summary>The draft after a YAML text was typed: its fields say the same when the text can be read, else they stay as they are.</summary>
    /// <param name="text">The text; null gives it up for the fields.</param>
    /// <param name="name">The name that must stay; null for a new resource.</param>
    T WithYaml(string? text, string? name);

    /// <summary>The fields as a calicoctl document; null while they cannot be read.</summary>
    string? ToYaml();

    /// <summary>How rules name the endpoints that the draft is for, and the draft that they then need: a profile without a tag gets one.</summary>
    (T Draft, EntityDraft Own) WithOwn();

    /// <summary>The first field beside the rules that differs from another draft, in words; null when none does.</summary>
    string? ChangedField(T before);
}
