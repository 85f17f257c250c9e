using CalicoConsole.Core.Diagnostics;
using CalicoConsole.Core.Problems;

namespace CalicoConsole.Core.Tests.Problems;

/// <summary>What every check keeps to.</summary>
public sealed class ProblemChecksTests
{
    public static TheoryData<string> Codes { get; } = [.. ProblemChecks.All.SelectMany(c => c.Codes)];

    [Fact]
    public void All_FindsEachCheckByItself()
    {
        var files = Directory.GetFiles(
            Path.Combine(CalicoConsole.Tests.Repository.Root, "src", "Core", "Problems", "Checks"),
            "*.cs").Select(Path.GetFileNameWithoutExtension);

        Assert.Equal(files.Append(nameof(StandingCauses)).Order(StringComparer.Ordinal),
            ProblemChecks.All.Select(c => c.GetType().Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Codes_AreUniqueAndOfOneForm()
    {
        string[] codes = [.. ProblemChecks.All.SelectMany(c => c.Codes)];

        Assert.Equal(codes.Distinct(StringComparer.Ordinal), codes);
        Assert.All(codes, c => Assert.Matches("^[a-z0-9]+\\.[a-z0-9]+(-[a-z0-9]+)*$", c));
        Assert.All(ProblemChecks.All, c => Assert.NotEmpty(c.Codes));
    }

    [Fact]
    public void Documents_ExplainEachCodeAndNoOther()
    {
        var lines = File.ReadAllLines(Path.Combine(CalicoConsole.Tests.Repository.Root, "docs", "problems.md"))
            .Where(l => l.StartsWith("| `", StringComparison.Ordinal))
            .Select(l => l.Trim('|').Split('|', StringSplitOptions.TrimEntries)).ToArray();

        Assert.Equal(ProblemChecks.All.SelectMany(c => c.Codes).Order(StringComparer.Ordinal), lines.Select(l => l[0].Trim('`')).Order(StringComparer.Ordinal));
        Assert.All(lines, l => Assert.True(l.Length == 3 && l[1].Length > 10 && l[2].Length > 10, $"{l[0]} says too little"));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void EachCode_FiresInItsSample(string code)
    {
        var found = ProblemChecks.Run(ProblemSamples.ByCode[code]);

        var problem = Assert.Single(found, p => p.Code == code);
        Assert.True(problem.Title.Length > 10 && !problem.Title.EndsWith('.'), problem.Title);
        Assert.True(problem.Count == 1 && problem.Title != problem.Why);
        Assert.Contains(ProblemChecks.All, c => c.Codes.Contains(code) && c.Find(ProblemSamples.ByCode[code]).Contains(problem));
    }

    [Fact]
    public void Samples_AreOfCodesThatThereAre() =>
        Assert.Equal(ProblemChecks.All.SelectMany(c => c.Codes).Order(StringComparer.Ordinal), ProblemSamples.ByCode.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void SoundAndEmptyClusters_HaveNone()
    {
        Assert.Empty(ProblemChecks.Run(ProblemSamples.Sound));
        Assert.Empty(ProblemChecks.Run(new(new())));
    }

    [Fact]
    public void Many_AreNamedFewTimesAndCounted()
    {
        var found = ProblemChecks.Run(
            ProblemSamples.Keys([.. Enumerable.Range(0, 1205).Select(i => ($"/calico/v1/policy/tier/default/policy/p{i:0000}", "{"))]));

        Assert.Equal(FewOf.Named + 1, found.Length);
        Assert.Equal("1,200 more keys cannot be read", found[^1].Title);
        Assert.Equal((1200, "key.unreadable", ""), (found[^1].Count, found[^1].Key.ToString(), found[^1].Subject.Name));
        Assert.Equal(1205, found.Sum(p => p.Count));
    }

    [Fact]
    public void Codes_OfProblems_AreThoseOfTheirCheck() => Assert.All(
        ProblemSamples.ByCode.Values,
        input => Assert.All(ProblemChecks.All, c => Assert.All(c.Find(input), p => Assert.Contains(p.Code, c.Codes))));
}
