using System.Text.RegularExpressions;
using CalicoConsole.Tests;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Tests.Kit;

/// <summary>The style sheet says nothing about what no longer is: every class that it names is written by a page, a component or a script.</summary>
public sealed partial class StyleSheetTests
{
    // Made of a word and a number of the terminal's colours (TerminalLook).
    private static readonly string[] Composed = ["ansi-f-", "ansi-b-"];

    [Fact]
    public void Classes_AreAllUsed()
    {
        var classes = Classes(File.ReadAllText(Path.Combine(Repository.Root, "wwwroot", "css", "app.css")));
        var words = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Web"), "*", SearchOption.AllDirectories).Where(IsSource)
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "wwwroot", "js"), "*.js"))
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "browser"), "*.js", SearchOption.AllDirectories))
            .SelectMany(file => Word().Matches(File.ReadAllText(file)).Select(m => m.Value)).ToHashSet(StringComparer.Ordinal);
        words.UnionWith(Enum.GetNames<ChipState>().Select(name => name.ToLowerInvariant()));

        Assert.True(classes.Count > 200, $"only {classes.Count} classes were read of the style sheet");
        Assert.DoesNotContain(classes, c => !c.StartsWith("mud-", StringComparison.Ordinal) && !words.Contains(c)
            && !Composed.Any(word => c.StartsWith(word, StringComparison.Ordinal) && words.Contains(word)));
    }

    [Theory]
    [InlineData(".a .b-c:not(.d) > p { color: red }", "a b-c d")]
    [InlineData("@media (max-width: 5.5px) { .e { width: 1.5em; background: url(f.g) } } /* .h */", "e")]
    public void Classes_AreReadOfSelectorsAlone(string css, string classes) => Assert.Equal(classes.Split(' '), Classes(css).Order(StringComparer.Ordinal));

    private static HashSet<string> Classes(string css) => [.. Selector().Matches(Comment().Replace(css, "")).Where(m => !m.Value.TrimStart().StartsWith('@'))
        .SelectMany(m => Class().Matches(m.Groups[1].Value).Select(c => c.Groups[1].Value))];

    private static bool IsSource(string path) => Path.GetExtension(path) is ".razor" or ".cs"
        && !Path.GetRelativePath(Repository.Root, path).Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj");

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"([^{}]*)\{")]
    private static partial Regex Selector();

    [GeneratedRegex(@"\.([A-Za-z_][\w-]*)")]
    private static partial Regex Class();

    [GeneratedRegex(@"[A-Za-z_][\w-]*")]
    private static partial Regex Word();
}
