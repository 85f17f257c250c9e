using System.Text.RegularExpressions;

namespace CalicoConsole.Core.Tests.Architecture;

/// <summary>What every source file keeps to: one concept, small enough to be read at once, no line that scrolls.</summary>
public sealed partial class HouseRuleTests
{
    private const int MostLines = 400;
    private const int LongestLine = 160;
    private const int MostCode = 40;

    private static readonly string[] Wrapped = ["src", "tests"];

    private static readonly string[] Small = ["src/Core", "src/NodeEmulation"];

    [Fact]
    public void Lines_AreNotLongerThanAScreen()
    {
        var files = Wrapped.SelectMany(Sources).ToArray();
        Assert.True(files.Length > 1000, $"only {files.Length} files were found");
        NoneIsLonger(files.Select(f => (f.Name, Code(f.Lines))));
    }

    [Theory]
    [InlineData("src/Web", "*.razor", 150)]
    [InlineData("wwwroot", "*.css", 0)]
    [InlineData("wwwroot", "*.js", 5)]
    public void LinesOfTheScreen_AreNotLongerThanAScreen(string folder, string pattern, int atLeast)
    {
        var files = Files(folder, pattern).ToArray();
        Assert.True(files.Length > atLeast, $"only {files.Length} files were found");
        NoneIsLonger(files.Select(f => (f.Name, f.Lines.Select((text, i) => (text, i + 1)))));
    }

    [Fact]
    public void LinesOfDocuments_AreNotLongerThanAScreen_TablesExcepted()
    {
        var files = Files("", "*.md").Where(f => !f.Name.StartsWith("tests/golden", StringComparison.Ordinal)).ToArray();
        Assert.True(files.Length > 20, $"only {files.Length} files were found");
        NoneIsLonger(files.Select(f => (f.Name, f.Lines.Select((text, i) => (text, i + 1)).Where(l => !l.text.TrimStart().StartsWith('|')))));
    }

    [Fact]
    public void CodeOfPages_StandsBehindThem()
    {
        var files = Files("src/Web", "*.razor").ToArray();
        Assert.True(files.Length > 150, $"only {files.Length} files were found");
        var wrong = files.Select(f => (f.Name, Lines: CodeBlock(f.Lines))).Where(f => f.Lines > MostCode).ToArray();
        Assert.True(wrong.Length == 0, $"@code of more than {MostCode} lines goes to code-behind: "
            + string.Join(", ", wrong.Select(f => $"{f.Name} ({f.Lines})")));
    }

    [Theory]
    [InlineData("    public static RowOfNode Of(Node node)", true)]
    [InlineData("    private static IEnumerable<T> Of<T>(IEnumerable<T> items) => items;", true)]
    [InlineData("    ReachabilityModel Of(ClusterSnapshot snapshot);", true)]
    [InlineData("    public static string NameOf(Node node)", false)]
    [InlineData("        var row = Rows.Of(node);", false)]
    [InlineData("        return Of(node);", false)]
    public void Definition_OfAMethodCalledOf_IsSeen(string line, bool seen) => Assert.Equal(seen, CalledOf().IsMatch(line));

    [Fact]
    public void Methods_SayWhatTheyGive()
    {
        var files = Files("src", "*.cs").Concat(Files("src", "*.razor")).ToArray();
        Assert.True(files.Length > 700, $"only {files.Length} files were found");
        var wrong = files
            .SelectMany(f => f.Lines.Select((text, i) => (text, i)).Where(l => CalledOf().IsMatch(l.text)).Select(l => $"{f.Name}:{l.i + 1}"))
            .ToArray();
        Assert.True(wrong.Length == 0, $"called just Of: {string.Join(", ", wrong)}");
    }

    [Theory]
    [InlineData("await asked.Task.WaitAsync(Token);", true)]
    [InlineData("Assert.Equal(1, await asked.Task.WaitAsync(TestContext.Current.CancellationToken));", true)]
    [InlineData("await asked.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);", false)]
    [InlineData("await gate.Task.WaitAsync(cancellationToken);", false)]
    public void Wait_ThatOnlyTheEndOfTheRunEnds_IsSeen(string line, bool seen) => Assert.Equal(seen, WaitsForEver().IsMatch(line));

    // One such test takes the time of the whole run, and says nothing. What stands in for a thing waits as long as its caller does: cancellationToken.
    [Fact]
    public void Tests_WaitWithABound()
    {
        var wrong = Sources("tests")
            .SelectMany(f => f.Lines.Select((text, i) => (text, i)).Where(l => WaitsForEver().IsMatch(l.text)).Select(l => $"{f.Name}:{l.i + 1}"))
            .Where(l => !l.StartsWith("tests/Core.Tests/Architecture/HouseRuleTests.cs", StringComparison.Ordinal))
            .ToArray();
        Assert.True(wrong.Length == 0, $"waits without a bound: {string.Join(", ", wrong)}");
    }

    [Fact]
    public void Files_AreSmall()
    {
        var wrong = Small.SelectMany(Sources).Where(f => f.Lines.Length > MostLines).ToArray();
        Assert.True(wrong.Length == 0, $"more than {MostLines} lines: {string.Join(", ", wrong.Select(f => $"{f.Name} ({f.Lines.Length})"))}");
    }

    // The own rooms of tests are of nothing in src.
    [Theory]
    [InlineData("Core", "Architecture", "Architecture/Samples", "Golden")]
    [InlineData("Adapters")]
    public void Tests_StandInTheRoomsOfWhatTheyTest(string project, params string[] ownRooms)
    {
        static string Room((string Name, string[] Lines) file) => string.Join('/', file.Name.Split('/')[2..^1]);
        var tests = Sources($"tests/{project}.Tests").ToArray();
        var rooms = Sources($"src/{project}").Select(Room).Concat(ownRooms).ToHashSet(StringComparer.Ordinal);
        var elsewhere = tests.Where(f => !rooms.Contains(Room(f))).Select(f => f.Name);
        var misnamed = tests
            .Where(f => f.Lines.FirstOrDefault(l => l.StartsWith("namespace ", StringComparison.Ordinal)) is { } line && !Names(line, Room(f)))
            .Select(f => f.Name);
        Assert.True(tests.Length > 50, $"only {tests.Length} files were found");
        Assert.Empty(elsewhere);
        Assert.Empty(misnamed);

        bool Names(string line, string room)
        {
            var wanted = $"namespace CalicoConsole.{project}.Tests.{room.Replace('/', '.')}".TrimEnd('.');
            return line == $"{wanted};" || line.StartsWith($"{wanted}.", StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"^\s*(?!return\b|await\b|yield\b|new\b)([\w<>\[\]?,.()]+\s+)+Of(<[^()]*>)?\(")]
    private static partial Regex CalledOf();

    [GeneratedRegex(@"\.Task\.WaitAsync\((Token|Ct|Cancel|Cancelled|TestContext\.Current\.CancellationToken)\)")]
    private static partial Regex WaitsForEver();

    private static int CodeBlock(string[] lines) =>
        Array.FindIndex(lines, l => l.StartsWith("@code", StringComparison.Ordinal)) is >= 0 and var at ? lines.Length - at - 2 : 0;

    private static void NoneIsLonger(IEnumerable<(string Name, IEnumerable<(string Text, int Number)> Lines)> files)
    {
        var wrong = files.SelectMany(f => f.Lines.Where(l => l.Text.Length > LongestLine).Select(l => $"{f.Name}:{l.Number} ({l.Text.Length})")).ToArray();
        Assert.True(wrong.Length == 0, $"longer than {LongestLine}: {string.Join(", ", wrong)}");
    }

    // A raw text is given on as it stands: a script or a document, for instance.
    private static IEnumerable<(string Text, int Number)> Code(string[] lines)
    {
        var raw = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var was = raw;
            var marks = lines[i].Split("\"\"\"").Length - 1;
            raw ^= marks % 2 == 1;
            if (!was && marks == 0)
            {
                yield return (lines[i], i + 1);
            }
        }
    }

    // Migrations are written by a tool.
    private static IEnumerable<(string Name, string[] Lines)> Sources(string project) =>
        Files(project, "*.cs").Where(f => !f.Name.Contains("/Migrations/", StringComparison.Ordinal));

    private static IEnumerable<(string Name, string[] Lines)> Files(string folder, string pattern)
    {
        var root = CalicoConsole.Tests.Repository.Root;
        return Directory.EnumerateFiles(Path.Combine(root, folder), pattern, SearchOption.AllDirectories)
            .Select(path => (Path: path, Name: Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/')))
            .Where(f => !f.Name.Split('/').Any(p => p is "obj" or "bin" or "node_modules" || p.StartsWith('.')))
            .Select(f => (f.Name, File.ReadAllLines(f.Path)));
    }
}
