using System.Collections.Immutable;

namespace CalicoConsole.Web.Shell.Palette;

/// <summary>Finds entries by words. Pure.</summary>
public static class PaletteRanking
{
    /// <summary>How many are shown at most: a hundred thousand must not be drawn.</summary>
    public const int Most = 50;

    /// <summary>
    /// Entries that hold every word in their name, kind or detail, best first: the whole name, its beginning, the beginning of
    /// a word in it or of its kind, inside it, elsewhere. Equal ones: shorter names first, then as they were given.
    /// </summary>
    public static ImmutableArray<PaletteEntry> Find(IReadOnlyList<PaletteEntry> entries, string text, int most = Most)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0)
        {
            return [.. entries.Take(most)];
        }

        var whole = string.Join(' ', words);
        return
        [
            .. entries.Index()
                .Select(e => (e.Item, e.Index, Score: Score(e.Item, words, whole)))
                .Where(e => e.Score >= 0)
                .OrderBy(e => e.Score).ThenBy(e => e.Item.Name.Length).ThenBy(e => e.Index)
                .Take(most)
                .Select(e => e.Item),
        ];
    }

    // Lower is better; -1 is no match. The worst word counts, so that one good word does not carry a bad one.
    private static int Score(PaletteEntry entry, string[] words, string whole)
    {
        if (entry.Name.Equals(whole, StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        if (entry.Name.StartsWith(whole, StringComparison.OrdinalIgnoreCase))
        {
            return 1;
        }

        var worst = 0;
        foreach (var word in words)
        {
            var score = Score(entry, word);
            if (score < 0)
            {
                return -1;
            }

            worst = Math.Max(worst, score);
        }

        return worst;
    }

    private static int Score(PaletteEntry entry, string word)
    {
        var at = entry.Name.IndexOf(word, StringComparison.OrdinalIgnoreCase);
        for (var i = at; i >= 0; i = i + 1 < entry.Name.Length ? entry.Name.IndexOf(word, i + 1, StringComparison.OrdinalIgnoreCase) : -1)
        {
            if (i == 0 || !char.IsLetterOrDigit(entry.Name[i - 1]))
            {
                return 2;
            }
        }

        return entry.Kind.StartsWith(word, StringComparison.OrdinalIgnoreCase) ? 2
            : at >= 0 ? 3
            : entry.Detail.Contains(word, StringComparison.OrdinalIgnoreCase) ? 4
            : -1;
    }
}
