using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Operations;
using CalicoConsole.Web.Live;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Rules;

/// <summary>The page of the forms of a kind with rules: what the fields of rules offer, and a suggested change that its address asks to insert.</summary>
/// <typeparam name="T">The resource.</typeparam>
/// <typeparam name="TDraft">What is typed.</typeparam>
public abstract class RuleFormBase<T, TDraft> : ResourceFormBase<T, TDraft>
    where T : class
    where TDraft : class, IRuleDraft<TDraft>, new()
{
    private bool _inserts;

    [Inject]
    internal ReachabilityModels Models { get; set; } = default!;

    /// <summary>What fields offer.</summary>
    protected RuleChoices Choices { get; private set; } = RuleChoices.Empty;

    /// <summary>The change that was inserted; null while there is none.</summary>
    protected SuggestedEdit? Suggested { get; private set; }

    /// <summary>The rules that a suggested change gives the resource; null when it changes another one.</summary>
    protected abstract (ImmutableArray<Rule> Ingress, ImmutableArray<Rule> Egress)? RulesOf(ReachabilityProposal suggested);

    /// <inheritdoc/>
    protected override (TDraft? Draft, string? Wrong) OfText(string text, T now)
    {
        // As if it were typed over what is stored now: what no document says is kept.
        var draft = DraftOf(now).WithYaml(text, Id.Name);
        return Read(draft).Errors is [var first, ..] ? (null, first.Reason) : (draft, null);
    }

    /// <inheritdoc/>
    protected override void Begin()
    {
        (Suggested, _inserts) = (null, Editing);
        base.Begin();
    }

    /// <inheritdoc/>
    protected override void Offer(ClusterSnapshot snapshot) => Choices = RuleChoices.From(snapshot, Choices);

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        // After the stored rules were drawn, so that it can be undone as any change.
        if (!_inserts || Base is null)
        {
            return;
        }

        _inserts = false;
        if (SuggestedEdit.From(Navigation, Models) is { } suggested && RulesOf(suggested.Change.Proposal) is var (ingress, egress))
        {
            Suggested = suggested;
            Set(Draft.WithRules(RuleDraft.Keep(ingress, Draft.Ingress), RuleDraft.Keep(egress, Draft.Egress)));
            StateHasChanged();
        }
    }
}
