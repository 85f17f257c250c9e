using System.Globalization;

namespace CalicoConsole.Web.Kit;

/// <summary>One stable hue for each name, the same wherever the name is drawn.</summary>
public static class Hues
{
    // Neighbours nearer than this look alike.
    private const int LeastApart = 40;
    private const int Moved = 137;

    /// <summary>Degrees, 0 to 359: FNV-1a of the name, spread by the golden angle so that like names differ.</summary>
    public static int For(string name)
    {
        var hash = 2166136261u;
        foreach (var c in name)
        {
            hash = (hash ^ c) * 16777619u;
        }

        return (int)(hash % 997 * 137.508) % 360;
    }

    /// <summary>Hues of names that stand beside each other: their own, moved where it is too near to that of the one before.</summary>
    /// <param name="names">The names, in the order in which they stand.</param>
    public static int[] Apart(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var hues = new int[names.Count];
        for (var i = 0; i < hues.Length; i++)
        {
            hues[i] = For(names[i]);
            if (i > 0 && Between(hues[i - 1], hues[i]) < LeastApart)
            {
                hues[i] = (hues[i - 1] + Moved) % 360;
            }
        }

        return hues;

        static int Between(int a, int b) => Math.Min((a - b + 360) % 360, (b - a + 360) % 360);
    }

    /// <summary>The style of a hue, as <see cref="Style(string)"/>.</summary>
    public static string Style(int hue) => string.Create(CultureInfo.InvariantCulture, $"--hue: {hue}");

    /// <summary>The style that <c>.hue</c> rules of app.css read.</summary>
    public static string Style(string name) => Style(For(name));
}
