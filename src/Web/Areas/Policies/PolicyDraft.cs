using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Web.Areas.Operations;
using CalicoConsole.Web.Areas.Rules;
using CalicoConsole.Web.Kit.Forms;

namespace CalicoConsole.Web.Areas.Policies;

/// <summary>A policy as typed, by fields or as a YAML document: two views of one draft.</summary>
public sealed record PolicyDraft : IRuleDraft<PolicyDraft>
{
    /// <summary>metadata.name.</summary>
    public string Name { get; init; } = "";

    /// <summary>spec.order; empty is last.</summary>
    public string Order { get; init; } = "";

    /// <summary>spec.selector.</summary>
    public string Selector { get; init; } = "";

    /// <summary>spec.types with commas between; empty is what the rules say.</summary>
    public string Types { get; init; } = "";

    /// <summary>spec.doNotTrack.</summary>
    public bool DoNotTrack { get; init; }

    /// <summary>spec.preDNAT.</summary>
    public bool PreDnat { get; init; }

    /// <summary>metadata.annotations, each a line of <c>key=value</c>.</summary>
    public string Annotations { get; init; } = "";

    /// <inheritdoc/>
    public ImmutableArray<RuleDraft> Ingress { get; init; } = [];

    /// <inheritdoc/>
    public ImmutableArray<RuleDraft> Egress { get; init; } = [];

    /// <inheritdoc/>
    public string? Yaml { get; init; }

    /// <summary>What the stored document has and no field says.</summary>
    public UnknownMembers Unknown { get; init; }

    // As it was when the YAML began to be typed: what no document says is taken from there, however often a rule is gone in between.
    private PolicyDraft? Before { get; init; }

    /// <summary>The draft that says the same as a policy.</summary>
    public static PolicyDraft From(Policy policy) => new()
    {
        Name = policy.Name,
        Order = policy.Order?.ToString("R", CultureInfo.InvariantCulture) ?? "",
        Selector = policy.Selector,
        Types = policy.Types.IsDefault ? "" : string.Join(',', policy.Types),
        DoNotTrack = policy.DoNotTrack,
        PreDnat = policy.PreDnat,
        Annotations = DraftText.Lines(policy.Annotations),
        Ingress = [.. policy.Ingress.Select(RuleDraft.From)],
        Egress = [.. policy.Egress.Select(RuleDraft.From)],
        Unknown = policy.Unknown,
    };

    /// <summary>The policy, or why it cannot be read; for YAML under the field <c>yaml</c> with line and column.</summary>
    /// <param name="stored">The policy that is changed, whose name must stay; null for a new one.</param>
    public (Policy? Policy, ImmutableArray<FieldError> Errors) ToPolicy(Policy? stored = null)
    {
        if (Yaml is not null)
        {
            return OfYaml(Yaml, stored?.Name);
        }

        var (policy, errors) = OfFields(stored);
        return errors.IsEmpty ? (policy, []) : (null, errors);
    }

    /// <inheritdoc/>
    public PolicyDraft WithRules(ImmutableArray<RuleDraft> ingress, ImmutableArray<RuleDraft> egress) => this with { Ingress = ingress, Egress = egress };

    /// <inheritdoc/>
    public PolicyDraft WithYaml(string? text, string? name)
    {
        if (text is null)
        {
            return this with { Yaml = null, Before = null };
        }

        var typed = this with { Yaml = text, Before = Yaml is null ? this : Before };
        return typed.OfYaml(text, name).Policy is { } policy
            ? From(policy) with
            {
                Yaml = text,
                Before = typed.Before,
                Ingress = RuleDraft.Keep(policy.Ingress, Ingress),
                Egress = RuleDraft.Keep(policy.Egress, Egress)
            }
            : typed;
    }

    /// <inheritdoc/>
    public string? ToYaml() => OfFields(null) is var (policy, errors) && errors.All(e => e.Field == "metadata.name") ? ResourceDocument.ToYaml(policy) : null;

    /// <inheritdoc/>
    public (PolicyDraft Draft, EntityDraft Own) WithOwn() => (this, new EntityDraft { Selector = Selector.Trim().Length == 0 ? "all()" : Selector.Trim() });

    /// <inheritdoc/>
    public string? ChangedField(PolicyDraft before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return Name != before.Name ? "the name"
            : Order != before.Order ? "the order"
            : Selector != before.Selector ? "the selector"
            : Types != before.Types ? "the types"
            : DoNotTrack != before.DoNotTrack || PreDnat != before.PreDnat ? "the settings for host endpoints"
            : Annotations != before.Annotations ? "the annotations"
            : null;
    }

    private (Policy Policy, ImmutableArray<FieldError> Errors) OfFields(Policy? stored)
    {
        List<FieldError> errors = [];
        if (Name.Trim().Length == 0)
        {
            errors.Add(new FieldError("metadata.name", "A name is needed"));
        }

        double? order = null;
        if (Order.Trim().Length > 0)
        {
            if (double.TryParse(Order.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            {
                order = number;
            }
            else
            {
                errors.Add(new FieldError("spec.order", $"'{Order.Trim()}' is not a number such as 100 or 10.5"));
            }
        }

        var policy = new Policy
        {
            Name = Name.Trim(),
            Order = order,

            // Stored as typed: the text of before stays, to the last blank, when only other fields changed.
            Selector = stored is not null && Selector == stored.Selector ? stored.Selector : Selector.Trim(),
            Types = [.. SeveralWords.In(Types)],
            DoNotTrack = DoNotTrack,
            PreDnat = PreDnat,
            Annotations = stored is not null && Annotations == DraftText.Lines(stored.Annotations) ? stored.Annotations
                : DraftText.Labels("metadata.annotations", Annotations, errors),
            Ingress = DraftText.Rules("ingress", Ingress, errors),
            Egress = DraftText.Rules("egress", Egress, errors),
            Unknown = Unknown,
        };
        return (policy, [.. errors]);
    }

    private (Policy? Policy, ImmutableArray<FieldError> Errors) OfYaml(string yaml, string? name)
    {
        var (read, errors) = DraftText.FromYaml<Policy>(yaml, name, "policy", policy => policy.Name);
        if (read is null)
        {
            return (null, errors);
        }

        var before = Before ?? this;
        var policy = read with
        {
            Ingress = DraftText.Keep(read.Ingress, before.Ingress),
            Egress = DraftText.Keep(read.Egress, before.Egress),
            Unknown = Unknown
        };
        return (policy, []);
    }
}
