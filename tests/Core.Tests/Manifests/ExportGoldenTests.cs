using System.Text.Json;
using System.Text.RegularExpressions;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Golden;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Manifests;

/// <summary>Every recorded <c>calicoctl get</c>: the same text to the byte in each of its four forms.</summary>
public sealed class ExportGoldenTests(ITestOutputHelper output)
{
    [Fact]
    public void Exports_ByKind_SameTextToTheByte()
    {
        var tally = new GoldenTally();
        foreach (var c in Golden2Json.Read("exports-2.json").EnumerateArray())
        {
            var kind = c.Text("kind")!;
            var state = State(c);
            var found = ManifestExport.Select(state, Filter(kind, c));
            var asked = $"{c.Text("id")} {kind}, {c.Text("class")}: {string.Join(' ', c.Texts("args"))}";
            var name = $"{asked}\n{c.GetProperty("keys")} {string.Join(' ', c.Texts("emptyDirs"))}";

            // docs/manifests.md: a stored value that cannot be read has no document. A pool without a CIDR is one; calicoctl prints it as "<nil>",
            // which nobody takes back.
            var better = kind == KindNames.IPPool && c.Text("yaml")!.Contains("cidr: <nil>", StringComparison.Ordinal);
            if (better)
            {
                const string Named = "not exported, but named";
                var ours = found.IsEmpty && !state.Unparsable.IsEmpty ? Named : "exported";
                tally.Add($"{kind}: {c.Text("class")!.Split(':')[0]}", "better", name, Named, ours);
                continue;
            }

            foreach (var (form, text) in new (string, Func<string>)[]
            {
                ("yaml", () => ManifestExport.ToYaml(found)),
                ("json", () => ManifestExport.ToJson(found)),
                ("wide", () => ManifestExport.ToTable(kind, found, state, wide: true)),
                ("ps", () => ManifestExport.ToTable(kind, found, state, wide: false)),
            })
            {
                tally.Add($"{kind}: {c.Text("class")!.Split(':')[0]}", form, name, c.Text(form)!, Said(c, form) ?? text());
            }
        }

        Assert.Equal(495, tally.Total("yaml") + tally.Total("better"));
        tally.Report(output, "calicoctl get");

        // A node asked for by a name that is not there is an error of calicoctl's; here it is the status 404.
        string? Said(JsonElement c, string form) => c.GetProperty("exitCode").GetInt32() == 1 && Filter(c.Text("kind")!, c) is var wanted
            && ManifestExport.Select(State(c), wanted).IsEmpty ? $"Failed to get resources: resource does not exist: Node(name={wanted.Name})\n" : null;
    }

    private static CalicoState State(JsonElement c) => Listings.Snapshot(c.Keys("keys"), [.. c.Texts("emptyDirs")]).Calico;

    private static ExportFilter Filter(string kind, JsonElement c)
    {
        string? Option(string name) => c.Texts("args").Select(a => Regex.Match(a, $"\\A--{name}=(.*)\\z")).FirstOrDefault(m => m.Success)?.Groups[1].Value;
        return new ExportFilter
        {
            Kinds = [ManifestExport.Kind(kind)!],
            Name = c.Texts("args").FirstOrDefault(a => !a.StartsWith("--", StringComparison.Ordinal)),
            Node = Option("node"),
            Orchestrator = Option("orchestrator"),
            Workload = Option("workload"),
            Scope = Option("scope"),
        };
    }
}
