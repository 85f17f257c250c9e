namespace CalicoConsole.Core.Tests;

/// <summary>What every source file keeps to: one concept, small enough to be read at once, no line that scrolls.</summary>
public sealed class HouseRuleTests
{
    private const int MostLines = 400;
    private const int LongestLine = 160;

    // Their lines were not wrapped yet: src/Adapters, src/Lab, src/Sandbox, src/Web and tests.
    private static readonly string[] Wrapped = ["Core", "NodeEmulation"];

    [Fact]
    public void Lines_AreNotLongerThanAScreen()
    {
        var files = Wrapped.SelectMany(Sources).ToArray();
        Assert.True(files.Length > 200, $"only {files.Length} files were found");
        var wrong = files.SelectMany(f => Code(f.Lines).Where(l => l.Text.Length > LongestLine).Select(l => (l.Text.Length, Where: $"{f.Name}:{l.Number}"))).ToArray();
        Assert.True(wrong.Length == 0, $"longer than {LongestLine}: {string.Join(", ", wrong.Select(w => $"{w.Where} ({w.Length})"))}");
    }

    [Fact]
    public void Files_AreSmall()
    {
        var wrong = Wrapped.SelectMany(Sources).Where(f => f.Lines.Length > MostLines).ToArray();
        Assert.True(wrong.Length == 0, $"more than {MostLines} lines: {string.Join(", ", wrong.Select(f => $"{f.Name} ({f.Lines.Length})"))}");
    }

    // A raw text is given on as it stands: a script, for instance.
    private static IEnumerable<(string Text, int Number)> Code(string[] lines)
    {
        var raw = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var was = raw;
            raw ^= lines[i].Split("\"\"\"").Length % 2 == 0;
            if (!was)
            {
                yield return (lines[i], i + 1);
            }
        }
    }

    private static IEnumerable<(string Name, string[] Lines)> Sources(string project)
    {
        var root = Path.Combine(CalicoConsole.Tests.Repository.Root, "src", project);
        return Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: path, Name: Path.GetRelativePath(root, path)))
            .Where(f => f.Name.Split(Path.DirectorySeparatorChar)[0] is not ("obj" or "bin"))
            .Select(f => ($"{project}/{f.Name}", File.ReadAllLines(f.Path)));
    }
}
