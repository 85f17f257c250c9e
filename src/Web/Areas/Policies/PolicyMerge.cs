using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Web.Areas.Profiles;

namespace CalicoConsole.Web.Areas.Policies;

/// <summary>Puts one person's edit of a policy on top of another's. Pure.</summary>
internal static class PolicyMerge
{
    /// <summary>Mine on top of theirs: what I did not touch is theirs; of what both touched, annotations are joined one by one, and else mine stands.</summary>
    public static (Policy Merged, ImmutableArray<string> Notes) Apply(Policy before, Policy theirs, Policy mine)
    {
        var notes = ImmutableArray.CreateBuilder<string>();
        var merged = theirs with
        {
            Order = Nullable.Equals(mine.Order, before.Order) ? theirs.Order : mine.Order,
            Selector = mine.Selector == before.Selector ? theirs.Selector : mine.Selector,
            Types = mine.Types.SequenceEqual(before.Types) ? theirs.Types : mine.Types,
            DoNotTrack = mine.DoNotTrack == before.DoNotTrack ? theirs.DoNotTrack : mine.DoNotTrack,
            PreDnat = mine.PreDnat == before.PreDnat ? theirs.PreDnat : mine.PreDnat,
            Annotations = ProfileMerge.Labels(before.Annotations, theirs.Annotations, mine.Annotations),
            Ingress = ProfileMerge.Rules("ingress", before.Ingress, theirs.Ingress, mine.Ingress, notes),
            Egress = ProfileMerge.Rules("egress", before.Egress, theirs.Egress, mine.Egress, notes),
        };
        if (mine.Selector != before.Selector && theirs.Selector != before.Selector && mine.Selector != theirs.Selector)
        {
            notes.Add($"Both changed the selector: applying yours on top replaces theirs, {theirs.Selector}.");
        }

        return (merged, notes.ToImmutable());
    }
}
