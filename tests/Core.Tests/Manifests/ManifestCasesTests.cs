using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Manifests;

/// <summary>
/// Each manifest of tests/golden2 through reader, planner and the plan's writes: calicoctl's fate, and its keys byte for byte. What is better
/// on purpose is counted apart, by the classes that docs/manifests.md lists. Prints a table by kind and one by class.
/// </summary>
public sealed class ManifestCasesTests(ITestOutputHelper output)
{
    private const string HiddenName = "a name that etcd hides or misdirects (deliberate)";
    private const string EmptyNetwork = "an empty text as a network";

    private static readonly OperationPlanner Planner = new();
    private static readonly Regex Uuid = new("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    [Fact]
    public void Cases_FateAndStoredBytes_AreCalicoctls()
    {
        var (kinds, classes, apart, failed) = (new Tally(), new Tally(), new SortedDictionary<string, int>(StringComparer.Ordinal), new List<string>());
        foreach (var one in ManifestCase.All)
        {
            var (errors, tree) = Run(one);
            var exit = errors.IsEmpty ? 0 : 1;
            var fate = (exit == 0) == (one.ExitCode == 0);
            var bytes = fate && Difference(one, tree) is null;
            if ((one.Deliberate is null ? BetterOnPurpose(one, errors) : HiddenName) is { } better)
            {
                Assert.True(exit == 1 && tree.Keys.SequenceEqual(one.Before), $"{one} is to be refused: {better}");
                apart[better] = apart.GetValueOrDefault(better) + 1;
                continue;
            }

            kinds.Add(one.Kind, fate, bytes);
            classes.Add(one.Class, fate, bytes);
            if (!bytes)
            {
                var said = string.Join("; ", errors.Take(4).Select(e => $"{e.Field}: {e.Reason}"));
                failed.Add($"{one}: exit {one.ExitCode}, ours {exit}\n  input  {JsonText(one.Input)}\n  golden {one.Output}\n  ours   {said}\n  "
                    + Difference(one, tree));
            }
        }

        output.WriteLine(kinds.Table("kind"));
        output.WriteLine(classes.Table("class"));
        output.WriteLine(string.Join('\n', apart.Select(a => $"{a.Value,6}  {a.Key}")));
        Assert.Equal([HiddenName, EmptyNetwork], apart.Keys);
        Assert.True(failed.Count == 0, $"{failed.Count} differ\n{string.Join('\n', failed)}");
    }

    // The classes of docs/manifests.md, "Refused on purpose", as far as golden2 has cases of them.
    private static string? BetterOnPurpose(ManifestCase one, ImmutableArray<FieldError> errors) =>
        one.ExitCode == 0 && !errors.IsEmpty && errors.All(IsEmptyNetwork) ? EmptyNetwork : null;

    private static bool IsEmptyNetwork(FieldError error) =>
        Regex.IsMatch(error.Field, @"\.(net|nets|notNet|notNets)(\[\d+\])?\z") && error.Reason == "invalid IP address: ";

    private static (ImmutableArray<FieldError> Errors, KeyTreeModel Tree) Run(ManifestCase one)
    {
        var verb = Enum.Parse<ManifestVerb>(one.Verb, ignoreCase: true);
        var operation = new ApplyManifest(verb, ManifestReader.Read(one.Input)) { EvenIfInUse = true, EvenIfRewritten = true };
        var planned = Planner.Plan(operation, Listings.Snapshot(one.Before));
        var tree = new KeyTreeModel(one.Before);
        foreach (var write in planned.Writes)
        {
            tree.Apply(write);
        }

        return ([.. planned.Plan.Documents.SelectMany(d => d.Errors), .. planned.Plan.Documents.IsEmpty ? planned.Plan.Errors : []], tree);
    }

    // calicoctl's random name and the random GUID of the cluster are known as such.
    private static string? Difference(ManifestCase one, KeyTreeModel tree)
    {
        var ours = tree.Keys.ToImmutableSortedDictionary(k => Uuid.Replace(k.Key, "UUID"), k => k.Value, StringComparer.Ordinal);
        foreach (var key in one.Stored.Keys.Union(ours.Keys))
        {
            var (wanted, got) = (one.Stored.GetValueOrDefault(key), ours.GetValueOrDefault(key));
            if (wanted != got && !(wanted == "(random)" && got is { Length: 32 } && got.All(char.IsAsciiHexDigitLower)))
            {
                return $"{key}: {wanted ?? "(none)"}, ours {got ?? "(none)"}";
            }
        }

        return one.EmptyDirectories.SetEquals(tree.EmptyDirectories)
            ? null
            : $"empty directories {string.Join(' ', one.EmptyDirectories)}, ours {string.Join(' ', tree.EmptyDirectories)}";
    }

    private static string JsonText(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private sealed class Tally
    {
        private readonly SortedDictionary<string, (int All, int Fate, int Bytes)> _rows = new(StringComparer.Ordinal);

        public void Add(string row, bool fate, bool bytes)
        {
            var (all, fates, same) = _rows.GetValueOrDefault(row);
            _rows[row] = (all + 1, fates + (fate ? 1 : 0), same + (bytes ? 1 : 0));
        }

        public string Table(string of)
        {
            var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{of,-50}{"cases",8}{"same fate",12}{"same bytes",12}\n");
            var sum = (_rows.Values.Sum(r => r.All), _rows.Values.Sum(r => r.Fate), _rows.Values.Sum(r => r.Bytes));
            foreach (var (row, (all, fate, bytes)) in _rows.Append(KeyValuePair.Create("all", sum)))
            {
                text.Append(CultureInfo.InvariantCulture, $"{row,-50}{all,8}{fate,12}{bytes,12}\n");
            }

            return text.ToString();
        }
    }
}
