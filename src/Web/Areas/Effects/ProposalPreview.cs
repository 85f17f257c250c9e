using System.Collections.Immutable;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Changes;
using CalicoConsole.Web.Areas.Rules;

namespace CalicoConsole.Web.Areas.Effects;

/// <summary>
/// Between a form and its <see cref="EffectPanel"/>: what the panel is to look at, and which of its warnings belong to which rule of the form.
/// Used on the circuit's dispatcher only.
/// </summary>
internal sealed class ProposalPreview
{
    private ReachabilityProposal? _proposal;
    private ReachabilityProposal? _tried;
    private IRuleDraft? _typed;

    /// <summary>What the panel looks at: what is tried, else the proposal; null while that cannot be read.</summary>
    public ReachabilityProposal? Shown => _tried ?? _proposal;

    /// <summary>Whether what is shown is only tried.</summary>
    public bool IsTrial => _tried is not null;

    /// <summary>The heading of the panel.</summary>
    public string Title => IsTrial ? "Effect if the rules are inserted" : "Effect on who may talk to whom";

    /// <summary>Warnings by the rule that they are about.</summary>
    public ImmutableDictionary<Guid, ImmutableArray<ReachabilityWarning>> Warnings { get; private set; } =
        ImmutableDictionary<Guid, ImmutableArray<ReachabilityWarning>>.Empty;

    /// <summary>Takes what the form says now; what was tried is over.</summary>
    /// <param name="resource">The resource that it says; null while it cannot be read.</param>
    /// <param name="typed">What is typed; null when it has no rules.</param>
    public void Set(object? resource, IRuleDraft? typed)
    {
        (_tried, _typed) = (null, typed);
        _proposal = resource is null ? null : ReachabilityProposal.From(resource);
    }

    /// <summary>Takes something that is tried and not in the form; null ends it.</summary>
    public void Try(object? resource) => _tried = resource is null ? null : ReachabilityProposal.From(resource);

    /// <summary>Takes what the panel found.</summary>
    public void Take(ProposalEffect effect)
    {
        // Of what was typed before, or is only tried: the rules of the form stand elsewhere.
        if (!ReferenceEquals(effect.Proposal, _proposal) || _typed is not { } typed)
        {
            return;
        }

        Guid RuleOf(ReachabilityWarning warning)
        {
            if (EffectWords.RuleOf(warning) is not (var ingress, var index))
            {
                return Guid.Empty;
            }

            var rules = ingress ? typed.Ingress : typed.Egress;
            return index < rules.Length ? rules[index].Id : Guid.Empty;
        }

        Warnings = effect.Warnings.GroupBy(RuleOf).Where(g => g.Key != Guid.Empty).ToImmutableDictionary(g => g.Key, g => g.ToImmutableArray());
    }
}
