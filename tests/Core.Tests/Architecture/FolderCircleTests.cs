using System.Text.RegularExpressions;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Tests.Architecture.Samples.High;
using CalicoConsole.Core.Tests.Architecture.Samples.Low;
using CalicoConsole.Tests;

namespace CalicoConsole.Core.Tests.Architecture;

/// <summary>Folders of Core use each other in one direction only, so that each can be read, and moved, without those above it.</summary>
public sealed partial class FolderCircleTests
{
    private const string Core = "CalicoConsole.Core";
    private static readonly string Sources = Path.Combine(Repository.Root, "src", "Core");
    private static readonly Lazy<TypeDependencies> OfCore = new(() =>
        new TypeDependencies(typeof(Operation).Assembly.GetTypes(), Files(Sources).Select(f => f.Text)));

    private static readonly string[] Looked = [Core, $"{Core}.Reachability", $"{Core}.Operations", $"{Core}.Problems", $"{Core}.Model"];

    // Arrows that lead back up, each with its reason. The list may only become shorter: an arrow that is gone, or closes no circle, fails.
    private static readonly (string From, string To, string Reason)[] Known =
    [
        ("Destination", "ContainerAction", "an operation says where it leads, and the form of a container's action is named by that action"),
        ("Destination", "AttachmentTarget", "as above: the form that takes a profile away is filled with the target of the operation"),
        ("Destination", "JoinVms", "as above: the form of the way back is filled with the operation itself"),
    ];

    /// <summary>Parents whose folders are looked at.</summary>
    public static TheoryData<string> Parents => [.. Looked];

    [Theory]
    [MemberData(nameof(Parents))]
    public void Folders_UseEachOtherInOneDirection(string parent)
    {
        var circles = FolderCircles.Find(OfCore.Value.Uses.Where(u => !Known.Any(k => Is(k, u))), parent);
        Assert.True(circles.Count == 0, $"circles between the folders of {parent}: {string.Join("\n", circles)}");
    }

    [Fact]
    public void KnownArrows_AreStillThereAndCloseACircle()
    {
        var clean = OfCore.Value.Uses.Where(u => !Known.Any(k => Is(k, u))).ToArray();
        var idle = Known.Where(k => !OfCore.Value.Uses.Any(u => Is(k, u) && Looked.Any(p => FolderCircles.Find(clean.Append(u), p).Count > 0))).ToArray();
        Assert.True(idle.Length == 0, $"take out of the list: {string.Join(", ", idle.Select(k => $"{k.From} -> {k.To}"))}");
    }

    [Fact]
    public void Namespaces_FollowFolders()
    {
        var files = Files(Sources).ToArray();
        Assert.True(files.Length > 200, $"only {files.Length} files were found");
        var wrong = files.Where(f => Namespace().Match(f.Text) is { Success: true } match
            && match.Groups[1].Value != $"{Core}.{Path.GetDirectoryName(f.Name)!.Replace('/', '.')}".TrimEnd('.')).Select(f => f.Name).ToArray();
        Assert.True(wrong.Length == 0, $"their namespace is not their folder's: {string.Join(", ", wrong)}");
    }

    [Theory]
    [InlineData(typeof(TakesALiteral), typeof(HasALiteral))]
    [InlineData(typeof(ComparesAnEnum), typeof(AnEnum))]
    [InlineData(typeof(NamesOnly), typeof(OnlyNamed))]
    [InlineData(typeof(CallsAnExtension), typeof(AnExtension))]
    [InlineData(typeof(InfersALocal), typeof(Inferred))]
    [InlineData(typeof(IsMarked), typeof(AMark))]
    [InlineData(typeof(IsMarked), typeof(NamedByAMark))]
    [InlineData(typeof(IsConstrained<>), typeof(AConstraint))]
    [InlineData(typeof(HasAnArgument), typeof(AnArgument))]
    [InlineData(typeof(CatchesOnly), typeof(OnlyCaughtException))]
    [InlineData(typeof(Waits), typeof(UsedAfterAWait))]
    public void Reader_SeesWhatAUsingWouldNotTell(Type from, Type to)
    {
        var uses = OfSamples().Uses;
        Assert.Contains((from, to), uses);
        Assert.DoesNotContain(uses, u => u.From == typeof(SpeaksOnly));
    }

    [Fact]
    public void Circles_AreFoundAndNamed()
    {
        var back = (From: typeof(AnEnum), To: typeof(Waits));
        Assert.Empty(FolderCircles.Find(OfSamples().Uses, "CalicoConsole.Core.Tests.Architecture.Samples"));
        var circle = Assert.Single(FolderCircles.Find(OfSamples().Uses.Append(back), "CalicoConsole.Core.Tests.Architecture.Samples"));
        Assert.StartsWith("High, Low: ", circle, StringComparison.Ordinal);
        Assert.Contains("AnEnum uses Waits", circle, StringComparison.Ordinal);
    }

    private static bool Is((string From, string To, string Reason) known, (Type From, Type To) use) => use.From.Name == known.From && use.To.Name == known.To;

    private static TypeDependencies OfSamples()
    {
        var samples = Files(Path.Combine(Repository.Root, "tests", "Core.Tests", "Architecture", "Samples")).Select(f => f.Text);
        return new TypeDependencies(
            [.. typeof(FolderCircleTests).Assembly.GetTypes().Where(t => t.Namespace?.Contains(".Samples.", StringComparison.Ordinal) == true)], samples);
    }

    private static IEnumerable<(string Name, string Text)> Files(string root) => Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(root, path))
        .Where(name => name.Split(Path.DirectorySeparatorChar)[0] is not ("obj" or "bin"))
        .Select(name => (name, File.ReadAllText(Path.Combine(root, name))));

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
