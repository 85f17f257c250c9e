using System.Collections.Immutable;
using System.Globalization;

namespace CalicoConsole.Web.Areas.Rules;

/// <summary>Says what differs between two drafts that follow each other. Pure.</summary>
internal static class DraftChanges
{
    /// <summary>What was changed.</summary>
    public static DraftChange Between<T>(T before, T after)
        where T : class, IRuleDraft<T>
    {
        if (after.Yaml is not null && after.Yaml != before.Yaml)
        {
            return new DraftChange("the YAML", IsTyping: true);
        }

        return (OfList("ingress", before.Ingress, after.Ingress), OfList("egress", before.Egress, after.Egress)) switch
        {
            ({ } ingress, null) => ingress,
            (null, { } egress) => egress,
            (null, null) => after.ChangedField(before) is { } field ? new DraftChange(field, IsTyping: true) : new DraftChange("the draft", IsTyping: false),
            _ => new DraftChange("the rules", IsTyping: false),
        };
    }

    private static DraftChange? OfList(string list, ImmutableArray<RuleDraft> before, ImmutableArray<RuleDraft> after)
    {
        if (before.SequenceEqual(after))
        {
            return null;
        }

        var (had, has) = (before.Select(r => r.Id).ToList(), after.Select(r => r.Id).ToList());
        if (had.SequenceEqual(has))
        {
            var changed = Enumerable.Range(0, after.Length).Where(i => before[i] != after[i]).ToList();
            return changed.Count == 1 ? new DraftChange($"change of {Rule(list, changed[0])}", IsTyping: true)
                : new DraftChange($"the {list} rules", IsTyping: false);
        }

        if (has.Except(had).ToList() is [var added] && has.Count == had.Count + 1)
        {
            return new DraftChange($"adding {Rule(list, has.IndexOf(added))}", IsTyping: false);
        }

        if (had.Except(has).ToList() is [var gone] && has.Count == had.Count - 1)
        {
            return new DraftChange($"removing {Rule(list, had.IndexOf(gone))}", IsTyping: false);
        }

        return new DraftChange(had.Order().SequenceEqual(has.Order()) ? $"the order of the {list} rules" : $"the {list} rules", IsTyping: false);
    }

    private static string Rule(string list, int index) => string.Create(CultureInfo.InvariantCulture, $"{list} rule {index + 1}");
}
