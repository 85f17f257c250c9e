using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Selectors;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Benchmarks;

/// <summary>What the pure parts cost on many resources, each beside a raw baseline in the same run: medians of rounds that take turns.</summary>
internal static class CoreBenchmark
{
    private const int Rounds = 5;
    private const int Profiles = 10_000;
    private const int Exported = 10_000;

    public static void Run(int endpoints)
    {
        Console.WriteLine($"{"",-66}{"ours",11}{"baseline",11}{"ratio",8}  baseline");
        var keys = Keys(endpoints);
        var state = Index(keys, endpoints);
        Selectors(state, endpoints);
        Manifests(state);
    }

    private static CalicoState Index(ImmutableArray<StoredKey> keys, int endpoints)
    {
        Compare(
            $"decode and index {endpoints:N0} endpoints and {Profiles:N0} profiles",
            () => CalicoStateUpdate.FromListing(keys, 1).WorkloadEndpoints.Count,
            "System.Text.Json over the same values, to nowhere",
            () =>
            {
                var kinds = 0;
                foreach (var key in keys)
                {
                    using var document = JsonDocument.Parse(key.Value);
                    kinds += (int)document.RootElement.ValueKind;
                }

                return kinds;
            });
        Compare(
            "the same",
            () => CalicoStateUpdate.FromListing(keys, 1).WorkloadEndpoints.Count,
            "the keys alone, sorted into a dictionary",
            () => keys.ToImmutableSortedDictionary(k => k.Key, k => k, StringComparer.Ordinal).Count);
        var state = CalicoStateUpdate.FromListing(keys, 1);
        var change = new DatastoreUpdate.Change(keys[endpoints / 2].Key,
            Key(keys[endpoints / 2].Key, keys[endpoints / 2].Text.Replace("test", "prod", StringComparison.Ordinal)), false, 2);
        Compare(
            "one of them changed",
            () => CalicoStateUpdate.Apply(state, change).Keys.Length,
            "System.Text.Json over its value",
            () =>
            {
                using var document = JsonDocument.Parse(change.Value!.Value);
                return (int)document.RootElement.ValueKind;
            });
        return state;
    }

    private static void Selectors(CalicoState state, int endpoints)
    {
        if (!Selector.TryParse("role == 'web' && stage in {'test', 'prod'} || has(team)", out var selector, out var error))
        {
            throw new InvalidOperationException(error.Reason);
        }

        var labels = state.WorkloadEndpoints.Values.Select(e => (IReadOnlyDictionary<string, string>)EffectiveLabels.For(state, e.Value)).ToList();
        Compare(
            $"a selector on the labels of {endpoints:N0} endpoints",
            () => labels.Count(selector.Matches),
            "the same condition written in C#",
            () => labels.Count(l =>
                (l.TryGetValue("role", out var role) && role == "web" && l.TryGetValue("stage", out var stage) && stage is "test" or "prod")
                || l.ContainsKey("team")),
            endpoints);
        Compare(
            $"with the labels gathered from profiles and tags, {endpoints:N0} endpoints",
            () => state.WorkloadEndpoints.Values.Count(e => selector.Matches(EffectiveLabels.For(state, e.Value))),
            "the selector on labels gathered before",
            () => labels.Count(selector.Matches),
            endpoints);
    }

    private static void Manifests(CalicoState state)
    {
        var exported = ManifestExport.Select(state, new ExportFilter { Kinds = [KindNames.Profile] }).Take(Exported).ToImmutableArray();
        var text = ManifestExport.ToDocuments(exported);
        Compare(
            $"export {exported.Length:N0} resources as YAML ({text.Length / 1e6:0.0} MB)",
            () => ManifestExport.ToDocuments(exported).Length,
            "System.Text.Json over the same documents, parsed and written",
            () => exported.Sum(r => JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize<JsonElement>(ResourceDocument.Write(r))).Length));
        Compare(
            $"read and validate the {exported.Length:N0} resources from YAML",
            () => ManifestReader.Read(text).Items.Length,
            "YamlDotNet's parser over the same text, to nowhere",
            () => text.Split("---\n").Sum(Events));
    }

    private static int Events(string document)
    {
        var parser = new YamlDotNet.Core.Parser(new StringReader(document));
        var events = 0;
        while (parser.MoveNext())
        {
            events++;
        }

        return events;
    }

    private static ImmutableArray<StoredKey> Keys(int endpoints) =>
    [
        .. Enumerable.Range(0, endpoints).Select(i => Key(
            string.Create(CultureInfo.InvariantCulture, $"/calico/v1/host/host-{i % 200}/workload/libnetwork/libnetwork/endpoint/{i:x64}"),
            string.Create(CultureInfo.InvariantCulture, $$"""{"state":"active","name":"cali{{i:x11}}","active_instance_id":"","mac":"ee:ee:ee:ee:ee:ee","profile_ids":["p{{i % Profiles}}"],"ipv4_nets":["10.{{i >> 16}}.{{(i >> 8) & 255}}.{{i & 255}}/32"],"ipv6_nets":[],"labels":{"role":"{{(i % 3 == 0 ? "web" : "db")}}","stage":"test"},"ipv4_gateway":"169.254.1.1"}"""))),
        .. Enumerable.Range(0, Profiles).SelectMany(i => new[]
        {
            Key($"/calico/v1/policy/profile/p{i}/labels", $"{{\"net\":\"p{i}\"}}"),
            Key($"/calico/v1/policy/profile/p{i}/rules", $"{{\"inbound_rules\":[{{\"action\":\"allow\",\"src_tag\":\"p{i}\"}},"
                + "{\"action\":\"allow\",\"protocol\":\"tcp\",\"src_nets\":[\"10.0.0.0/8\"],\"dst_ports\":[80,\"8000:8080\"]}],"
                + "\"outbound_rules\":[{\"action\":\"allow\"}]}"),
            Key($"/calico/v1/policy/profile/p{i}/tags", $"[\"p{i}\"]"),
        }),
    ];

    private static StoredKey Key(string key, string value) => new(key, Encoding.UTF8.GetBytes(value), 1);

    /// <summary>Prints the medians side by side, and for each item where <paramref name="items"/> says how many there are.</summary>
    private static void Compare(string what, Func<int> ours, string baselineWhat, Func<int> baseline, int items = 0)
    {
        var (mine, raw) = (new double[Rounds], new double[Rounds]);
        for (var round = -1; round < Rounds; round++)
        {
            // The first round warms up, and neither side pays for the other's garbage.
            var (rawTime, ourTime) = (Time(baseline), Time(ours));
            if (round >= 0)
            {
                (raw[round], mine[round]) = (rawTime, ourTime);
            }
        }

        var (m, r) = (mine.Order().ElementAt(Rounds / 2), raw.Order().ElementAt(Rounds / 2));
        var each = items == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; {m * 1e6 / items:0} ns against {r * 1e6 / items:0} ns for each");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-66}{m,8:0.00} ms{r,8:0.00} ms{m / r,8:0.00}  {baselineWhat}{each}"));
    }

    private static double Time(Func<int> action)
    {
        GC.Collect();
        var began = Stopwatch.GetTimestamp();
        GC.KeepAlive(action());
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
