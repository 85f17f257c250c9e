using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Changes;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Rules;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Policies;

public sealed partial class PolicyEditor
{
    [Parameter, EditorRequired]
    public PolicyDraft Draft { get; set; } = default!;

    [Parameter]
    public EventCallback<PolicyDraft> DraftChanged { get; set; }

    /// <summary>Raised with a draft whose effect is to be seen before it is taken; null when that is over.</summary>
    [Parameter]
    public EventCallback<PolicyDraft?> Tried { get; set; }

    /// <summary>The name of the policy that is changed; null for a new one.</summary>
    [Parameter]
    public string? Name { get; set; }

    /// <summary>What fields offer.</summary>
    [Parameter]
    public RuleChoices Choices { get; set; } = RuleChoices.Empty;

    /// <summary>The endpoints that the selector is tried on.</summary>
    [Parameter, EditorRequired]
    public EndpointClasses Classes { get; set; } = EndpointClasses.Empty;

    /// <summary>Names and orders of the policies there are.</summary>
    [Parameter]
    public ImmutableArray<Policy> Policies { get; set; } = [];

    /// <summary>What to know about a rule, by its draft's identity.</summary>
    [Parameter]
    public ImmutableDictionary<Guid, ImmutableArray<ReachabilityWarning>> Warnings { get; set; } = ImmutableDictionary<Guid,
        ImmutableArray<ReachabilityWarning>>.Empty;

    private RuleSentence Rest => Draft.DoNotTrack || Draft.PreDnat ? RuleSentences.RestOfEarlyPolicy : RuleSentences.RestOfPolicy;

    private ImmutableArray<FormOption> Types =>
    [
        new("", $"By its rules ({(Draft.Egress.IsEmpty ? "ingress" : Draft.Ingress.IsEmpty ? "egress" : "ingress, egress")})"),
        new("ingress", "Ingress"),
        new("egress", "Egress"),
        new("ingress,egress", "Ingress and egress"),
        .. Draft.Types is "egress,ingress" ? [new FormOption("egress,ingress", "Egress and ingress")] : ImmutableArray<FormOption>.Empty,
    ];

    // Where it will stand among the others, as soon as the order can be read.
    private string Place
    {
        get
        {
            const string lowest = "The lowest is tried first; none comes last.";
            if (Draft.Order.Trim().Length > 0 && !double.TryParse(Draft.Order.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            {
                return lowest;
            }

            var order = Draft.Order.Trim().Length == 0 ? double.PositiveInfinity : double.Parse(Draft.Order.Trim(), CultureInfo.InvariantCulture);
            var others = Policies.Where(p => p.Name != Draft.Name.Trim()).ToList();
            var before = others.Where(p => (p.Order ?? double.PositiveInfinity) is var o
                && (o < order || (o == order && string.CompareOrdinal(p.Name, Draft.Name.Trim()) < 0)))
                .OrderBy(p => p.Order ?? double.PositiveInfinity).ThenBy(p => p.Name, StringComparer.Ordinal).ToList();
            return $"{lowest} Here: place {before.Count + 1} of {others.Count + 1}{(before.Count > 0 ? $", after {before[^1].Name}" : "")}.";
        }
    }

    // From here on the fields say what is meant, and no longer the YAML.
    private Task SetAsync(PolicyDraft draft) => DraftChanged.InvokeAsync(draft.WithYaml(null, null));
}
