using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Web.Areas.Profiles;

/// <summary>Puts one person's edit of a profile on top of another's. Pure.</summary>
internal static class ProfileMerge
{
    /// <summary>
    /// Mine on top of theirs: what I did not touch is theirs; of what both touched, tags and labels are joined one by one, and my list of rules stands.
    /// </summary>
    public static (Profile Merged, ImmutableArray<string> Notes) Apply(Profile before, Profile theirs, Profile mine)
    {
        var notes = ImmutableArray.CreateBuilder<string>();
        var merged = mine with
        {
            Tags = [.. theirs.Tags.Where(t => mine.Tags.Contains(t) || !before.Tags.Contains(t)),
                .. mine.Tags.Where(t => !theirs.Tags.Contains(t) && !before.Tags.Contains(t))],
            Labels = Labels(before.Labels, theirs.Labels, mine.Labels),
            Ingress = Rules("ingress", before.Ingress, theirs.Ingress, mine.Ingress, notes),
            Egress = Rules("egress", before.Egress, theirs.Egress, mine.Egress, notes),
            HasRules = theirs.HasRules,
            Unknown = theirs.Unknown,
        };
        return (merged, notes.ToImmutable());
    }

    /// <summary>Theirs with what I added, changed and removed.</summary>
    public static ImmutableSortedDictionary<string, string> Labels(ImmutableSortedDictionary<string, string> before,
        ImmutableSortedDictionary<string, string> theirs, ImmutableSortedDictionary<string, string> mine)
    {
        var merged = theirs.ToBuilder();
        foreach (var key in before.Keys.Union(mine.Keys))
        {
            var now = mine.GetValueOrDefault(key);
            if (now == before.GetValueOrDefault(key))
            {
                continue;
            }

            if (now is null)
            {
                merged.Remove(key);
            }
            else
            {
                merged[key] = now;
            }
        }

        return merged.ToImmutable();
    }

    /// <summary>My list when I touched it, else theirs; a note when both did.</summary>
    public static ImmutableArray<Rule> Rules(string list, ImmutableArray<Rule> before, ImmutableArray<Rule> theirs, ImmutableArray<Rule> mine,
        ImmutableArray<string>.Builder notes)
    {
        if (Same(mine, before))
        {
            return theirs;
        }

        if (!Same(theirs, before) && !Same(theirs, mine))
        {
            notes.Add(
                $"Both changed the {list} rules: applying yours on top replaces their list of {theirs.Length} with yours of {mine.Length}. What is lost and "
                + "gained is shown on the right before you save.");
        }

        return mine;
    }

    private static bool Same(ImmutableArray<Rule> one, ImmutableArray<Rule> other) =>
        one.Length == other.Length && one.Zip(other).All(p => RuleCodec.KnownText(p.First) == RuleCodec.KnownText(p.Second)
            && p.First.Unknown == p.Second.Unknown && p.First.LogPrefix == p.Second.LogPrefix);
}
