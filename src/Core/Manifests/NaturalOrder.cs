using System.Text;

namespace CalicoConsole.Core.Manifests;

/// <summary>go-yaml's order of members: symbols before letters, and numbers within names by value (<c>a2</c> before <c>a10</c>).</summary>
internal sealed class NaturalOrder : IComparer<string>
{
    public static NaturalOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (a, b) = ((x ?? "").EnumerateRunes().ToArray(), (y ?? "").EnumerateRunes().ToArray());
        var i = 0;
        while (i < a.Length && i < b.Length && a[i] == b[i])
        {
            i++;
        }

        if (i == a.Length || i == b.Length)
        {
            return a.Length - b.Length;
        }

        var (letterA, letterB) = (Rune.IsLetter(a[i]), Rune.IsLetter(b[i]));
        if (letterA && letterB)
        {
            return a[i].CompareTo(b[i]);
        }

        if (letterA || letterB)
        {
            return letterA ? 1 : -1;
        }

        var byValue = Number(a, i, out var endA).CompareTo(Number(b, i, out var endB));
        return byValue != 0 ? byValue : endA != endB ? endA - endB : a[i].CompareTo(b[i]);
    }

    // Go counts in 64 bits and lets them overflow; of digits of other scripts it takes the distance from 0.
    private static long Number(Rune[] text, int start, out int end)
    {
        long value = 0;
        for (end = start; end < text.Length && Rune.IsDigit(text[end]); end++)
        {
            value = unchecked((value * 10) + (text[end].Value - '0'));
        }

        return value;
    }
}
