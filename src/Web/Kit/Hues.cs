using System.Globalization;

namespace CalicoConsole.Web.Kit;

/// <summary>One stable hue for each name, the same wherever the name is drawn.</summary>
public static class Hues
{
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

    /// <summary>The style that <c>.hue</c> rules of app.css read.</summary>
    public static string Style(string name) => string.Create(CultureInfo.InvariantCulture, $"--hue: {For(name)}");
}
