using System.Globalization;
using System.Text.RegularExpressions;
using CalicoConsole.Tests;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Tests.Kit;

/// <summary>The theme is the one place of colours: our css takes them from it, and they can be read.</summary>
public sealed partial class ConsoleThemeTests
{
    private static readonly string[] Themes = ConsoleTheme.Css.Split(":root", StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void Css_WritesEveryTokenThatOurCssTakes()
    {
        var css = File.ReadAllText(Path.Combine(Repository.Root, "wwwroot/css/app.css"));
        var taken = Token().Matches(css).Select(m => m.Groups[1].Value).Distinct(StringComparer.Ordinal).ToArray();
        Assert.True(taken.Length > 15, $"only {taken.Length} were found");
        Assert.All(taken, name => Assert.Contains($"--cc-{name}:", Themes[0], StringComparison.Ordinal));
        Assert.All(Written(0).Keys, name => Assert.Contains(name, Written(1)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Colours_OfWords_StandOutFromEveryGround(int theme)
    {
        var colours = Written(theme);
        Assert.All(
            from ground in new[] { "ground", "surface", "sunken" }
            from word in new[] { "text", "muted", "primary", "healthy", "working", "attention", "broken", "unknown" }
            select (ground, word),
            pair => Assert.True(Contrast(colours[pair.word], colours[pair.ground]) >= 4.5, $"{pair.word} on {pair.ground}"));
        Assert.True(Contrast(colours["on-primary"], colours["primary"]) >= 4.5);
        Assert.True(Contrast(colours["field"], colours["surface"]) >= 3, "the edge of a field");
    }

    private static Dictionary<string, string> Written(int theme) =>
        Colour().Matches(Themes[theme]).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value, StringComparer.Ordinal);

    private static double Contrast(string one, string other)
    {
        var (a, b) = (Light(one), Light(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Light(string colour)
    {
        double Part(int at)
        {
            var share = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Part(0)) + (0.7152 * Part(2)) + (0.0722 * Part(4));
    }

    [GeneratedRegex(@"var\(--cc-([\w-]+)")]
    private static partial Regex Token();

    [GeneratedRegex("--cc-([\\w-]+):#([0-9a-f]{6})")]
    private static partial Regex Colour();
}
