using System.Text.RegularExpressions;
using CalicoConsole.Core.Kinds;

namespace CalicoConsole.Core.Tests.Architecture;

/// <summary>
/// What differs from kind to kind stands in the kind's file in <c>Kinds</c> and is looked up there: no file elsewhere decides by two kinds or more, in a
/// switch, a chain of tests or a table.
/// </summary>
public sealed partial class KindSwitchTests
{
    private static readonly string[] Projects = ["Core", "Adapters", "Sandbox", "Web"];

    // Where it is right, and why.
    private static readonly Dictionary<string, string> Right = new(StringComparer.Ordinal)
    {
        ["Core/Operations/Resources/KindPlanner.cs"] = "plans stand above the kinds: the table of those whose changes touch other objects",
        ["Core/Snapshot/CalicoStateBuilder.cs"] = "puts each key where the state keeps its kind: typed maps, on the way of every key that is read",
        ["Core/Reachability/ReachabilityProposal.cs"] = "has a map of each kind that verdicts depend on",
        ["Core/Reachability/ReachabilityModel.cs"] = "says which of its parts a changed key touches; on the way of every change",
        ["Core/Reachability/SnapshotInput.cs"] = "reads what cannot be read of the two kinds with rules, for verdicts alone",
        ["Core/Reachability/Endpoints/EndpointGroups.cs"] = "its words name groupings of endpoints and not kinds",
        ["Core/Ipam/IpamIndexBuilder.Touched.cs"] = "says which of its parts a changed key touches; on the way of every change",
        ["Core/Snapshot/OtherKeys.cs"] = "says of keys, not of resources, what Calico does with them",
    };

    [Fact]
    public void Files_OutsideKinds_DoNotDecideByKind()
    {
        var files = Projects.SelectMany(Sources).ToArray();
        Assert.True(files.Length > 400, $"only {files.Length} files were found");
        var found = files.Select(f => (f.Name, Kinds: DecidesBy(f.Text))).Where(f => f.Kinds.Length > 1).ToDictionary(f => f.Name, f => f.Kinds);
        var wrong = found.Where(f => !Right.ContainsKey(f.Key)).Select(f => $"{f.Key} ({string.Join(", ", f.Value)})").ToArray();
        Assert.True(wrong.Length == 0, $"ask the kind instead (src/Core/Kinds): {string.Join("; ", wrong)}");
        Assert.All(Right.Keys, name => Assert.True(found.ContainsKey(name), $"{name} does so no longer: take it from the list"));
    }

    [Theory]
    [InlineData("x switch { Policy p => 1, Node => 2, _ => 3 }", "Node Policy")]
    [InlineData("x switch { Model.Policy => 1, CalicoConsole.Core.Model.Node n => 2 }", "Node Policy")]
    [InlineData("switch (id.Kind) { case KindNames.Profile: break; case \"bgpPeer\": break; }", "BgpPeer Profile")]
    [InlineData("if (r is IPPool pool) { } else if (r is not HostEndpoint) { }", "HostEndpoint IPPool")]
    [InlineData("r is not (Profile or WorkloadEndpoint { Id.Name: \"\" })", "Profile WorkloadEndpoint")]
    [InlineData("kind == KindNames.Policy || KindNames.Node == kind", "Node Policy")]
    [InlineData("new() { [typeof(Node)] = 1, [KindNames.BgpPeer] = 2 }", "BgpPeer Node")]
    [InlineData("V1Key.Parse(k) switch { V1Key.Pool => 1, V1Key.ProfileKey { Part: 0 } k => 2 }", "IPPool Profile")]
    [InlineData("(IPPool d, IPPool s) => 1, (Profile d, Profile s) => 2", "IPPool Profile")]
    [InlineData("[KindNames.Profile, KindNames.Node]", "Node Profile")]
    [InlineData("{ Resource: IPPool { Disabled: false } } => 1, { Resource: Profile o } => 2", "IPPool Profile")]
    [InlineData("new(KindNames.Policy, name); var p = new Profile(); Node(x); state.Profiles", "")]
    [InlineData("/// <see cref=\"Node\"/> or a Policy => text\nresource is Node", "Node")]
    public void DecidesBy_FindsEveryForm(string code, string kinds) => Assert.Equal(kinds, string.Join(' ', DecidesBy(code)));

    private static readonly string[] Types = [.. Kind.All.Select(k => k.Type.Name)];

    private static string[] DecidesBy(string text)
    {
        var code = Comment().Replace(text, "");
        return [.. Decision.Matches(code).Select(m => Name(m.Groups["kind"].Value)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private static string Name(string found) => found switch
    {
        "Pool" => "IPPool",
        "ProfileKey" => "Profile",
        "NodeKey" => "Node",
        _ => Array.Find(Types, n => n.Equals(found, StringComparison.OrdinalIgnoreCase))!,
    };

    private static IEnumerable<(string Name, string Text)> Sources(string project)
    {
        var root = Path.Combine(CalicoConsole.Tests.Repository.Root, "src", project);
        return Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetExtension(path) is ".cs" or ".razor")
            .Select(path => (Path: path, Parts: Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar)))
            .Where(f => f.Parts[0] is not ("obj" or "bin") && !f.Parts.Contains("Kinds"))
            .Select(f => ($"{project}/{string.Join('/', f.Parts)}", File.ReadAllText(f.Path)));
    }

    [GeneratedRegex(@"^\s*//.*$|@\*.*?\*@", RegexOptions.Multiline)]
    private static partial Regex Comment();

    // A kind as a pattern (after case, is, or, in parentheses or before an arrow), as one side of a comparison, as a key of a table, or in a list of names.
    private static readonly Regex Decision = new("""
        (?x)
        (?: \b(?:case|is|is\s+not|or)\s+ \(? (?:(?:\w+\.)*Model\.|V1Key\.|KindNames\.)?
            (?<kind>~Types~|Pool|ProfileKey|NodeKey) (?![\w.(<]|\s*\() )
        | (?: (?<![\w.<]) (?:(?:\w+\.)*Model\.|V1Key\.|KindNames\.)? (?<kind>~Types~|ProfileKey|NodeKey)
            (?: \s+\w+ )? (?: \s*\{[^{}\n]*\}(?:\s+\w+)? )? (?: \s+when\s[^\n]*? )? \s* => )
        | (?: \( (?<kind>~Types~)\s\w+,\s\k<kind>\s\w+\)\s*=> )
        | (?: \bV1Key\. (?<kind>Pool) [^=;\n]* => )
        | (?: [!=]=\s* KindNames\.(?<kind>~Types~)\b | KindNames\.(?<kind>~Types~) \s*[!=]= )
        | (?: \[ (?: typeof\( | KindNames\. ) (?<kind>~Types~) \)? \] \s* = )
        | (?: [\[,]\s* KindNames\. (?<kind>~Types~) (?= \s*[,\]] ) )
        | (?: :\s* (?<kind>~Types~) \s+ (?: \w+\s*\} | \{ ) )
        | (?: "(?<kind>~Names~)" \s* (?: => | : | \bor\b ) )
        """
        .Replace("~Types~", string.Join('|', Types), StringComparison.Ordinal)
        .Replace("~Names~", string.Join('|', Kind.Names), StringComparison.Ordinal));
}
