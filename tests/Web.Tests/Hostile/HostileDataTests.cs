using System.Net;
using System.Text.Json;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Tests;
using CalicoConsole.Web.Areas.Configuration;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Tests.Hostile;

/// <summary>
/// Twenty thousand keys that no well-meaning program would write, in a real etcd under the real console: every GET of the description answers, and every key is
/// shown, listed as unreadable, or among the other keys. How the pages bear them is HostilePagesTests of the browser tests.
/// </summary>
[NeedsPrograms]
public sealed class HostileDataTests
{
    private const int Keys = 20_000;

    // A refusal repeats what was asked, and little else.
    private const int Refusal = 64 * 1024;

    // What is put for parameters that nothing stored is known for.
    private static readonly string[] Values =
        ["%", "%25", "%252F", "a%2Fb", "..", "%2e%2e", "%00", "%0a", "<script>", "\u202E", "'", "\"", "null", "0", "-1", "1e400", "99999999999999999999",
            "fd00::1", "10.0.0.1", "10.0.0.0/8", "((", "has(a)", " ", new('x', 5000)];

    // What asks from one thing to another says nothing without them.
    private const string Question = "?from=10.90.0.1&to=10.90.0.2&protocol=tcp&port=80";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TwentyThousandHostileKeys_HideNothing_AndFailNoGet()
    {
        await using var console = await EtcdConsole.StartAsync([.. HostileKeys.Make(Keys + 1_000)], Cancel, HostileKeys.Bytes);
        var stored = await StoredAsync(console.Etcd);
        Assert.InRange(stored.Count, Keys, int.MaxValue);
        using var api = console.Api();
        List<string> wrong = [.. await HiddenAsync(console, api, stored), .. await FailingAsync(api, stored)];
        var shown = wrong.GroupBy(w => w.Split('(')[^1]).SelectMany(g => g.Take(8).Append($"… {g.Count()} of these")).Take(60)
            .Select(w => w[..Math.Min(w.Length, 400)]);
        Assert.True(wrong.Count == 0, $"{wrong.Count} things are wrong:\n{string.Join('\n', shown)}");
    }

    // Keys of which no list says anything.
    private static async Task<IEnumerable<string>> HiddenAsync(EtcdConsole console, HttpClient api, HashSet<string> stored)
    {
        async Task<JsonElement[]> ItemsAsync(string list) =>
            [.. JsonElement.Parse(await api.GetStringAsync($"/api/v1/{list}", Cancel)).GetProperty("items").EnumerateArray()];
        async Task<HashSet<string>> NamesAsync(string list, params string[] members) =>
            [.. (await ItemsAsync(list)).Select(i =>
                string.Join('\0', members.Select(m => i.GetProperty("metadata").TryGetProperty(m, out var value) ? value.GetString() : "")))];
        var listed = (await ItemsAsync("unparsable")).Concat(await ItemsAsync("other-keys")).Select(i => i.GetProperty("key").GetString()!)
            .ToHashSet(StringComparer.Ordinal);
        var pools = await NamesAsync("ippools", "cidr");
        var profiles = await NamesAsync("profiles", "name");
        var policies = await NamesAsync("policies", "name");
        var peers = await NamesAsync("bgppeers", "node", "peerIP");
        var hostEndpoints = await NamesAsync("hostendpoints", "node", "name");
        var endpoints = await NamesAsync("endpoints", "node", "orchestrator", "workload", "name");
        var nodes = (await ItemsAsync("nodes")).Select(n => n.GetProperty("name").GetString()!).ToHashSet(StringComparer.Ordinal);
        var parameters = ParameterRow.AllIn(console.State.Current.Calico).Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        var ipam = Texts(JsonElement.Parse(await api.GetStringAsync("/api/v1/ipam", Cancel))).ToHashSet(StringComparer.Ordinal);
        bool Shown(string key) => listed.Contains(key) || V1Key.Parse(key) switch
        {
            V1Key.Pool k => pools.Contains(k.Cidr.ToString()),
            V1Key.ProfileKey k => profiles.Contains(k.Name),
            V1Key.Policy { Tier: V1Keys.DefaultTier } k => policies.Contains(k.Name),
            V1Key.NodeKey k => nodes.Contains(k.Node),
            V1Key.BgpPeer k => peers.Contains($"{k.Node}\0{k.Peer}"),
            V1Key.HostEndpoint k => hostEndpoints.Contains($"{k.Node}\0{k.Name}"),
            V1Key.WorkloadEndpoint k => endpoints.Contains($"{k.Id.Node}\0{k.Id.Orchestrator}\0{k.Id.Workload}\0{k.Id.Name}"),
            V1Key.FelixConfig k => parameters.Contains(k.Name),
            V1Key.BgpConfig k => parameters.Contains(k.Name),
            V1Key.Ready => true,
            V1Key.IpamBlock k => ipam.Contains(k.Block.ToString()),
            V1Key.IpamAffinity k => ipam.Contains(k.Block.ToString()) && ipam.Contains(k.Node),
            V1Key.IpamHandle k => ipam.Contains(k.Id),
            V1Key.IpamConfig => true,
            _ => false,
        };
        return stored.Where(k => !Shown(k)).Select(k => $"{k} ({V1Key.Parse(k).GetType().Name}) is shown nowhere").Order(StringComparer.Ordinal);
    }

    private static async Task<List<string>> FailingAsync(HttpClient api, HashSet<string> stored)
    {
        List<string> wrong = [];
        using var description = JsonDocument.Parse(await api.GetStringAsync("/openapi/v1.json", Cancel));
        var bytes = stored.Sum(k => (long)k.Length) * 4;
        var asked = 0;
        foreach (var path in description.RootElement.GetProperty("paths").EnumerateObject().Where(p => p.Value.TryGetProperty("get", out _)))
        {
            var parameters = path.Value.GetProperty("get").TryGetProperty("parameters", out var some) ? some.EnumerateArray().ToArray() : [];
            var inPath = parameters.Where(p => p.GetProperty("in").GetString() == "path").Select(p => p.GetProperty("name").GetString()!).ToArray();
            var inQuery = parameters.Where(p => p.GetProperty("in").GetString() == "query").Select(p => p.GetProperty("name").GetString()!).ToArray();
            List<(string Address, bool Exists)> addresses = inPath.Length == 0 ? [(path.Name + (inQuery.Contains("to") ? Question : ""), true)]
                : [.. await NamedAsync(api, path.Name, inPath), .. Values.Select(v => (inPath.Aggregate(path.Name, (a, p) => Put(a, p, v)), false))];
            addresses.AddRange(inQuery.SelectMany(q =>
                Values.Select(v => ($"{inPath.Aggregate(path.Name, (a, p) => Put(a, p, "x"))}?{q}={Uri.EscapeDataString(v)}", false))).ToArray());
            foreach (var (address, exists) in addresses)
            {
                using var response = await api.GetAsync(new Uri(address, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel);
                // A stream of events has no end.
                var text = response.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await response.Content.ReadAsStringAsync(Cancel);
                asked++;
                // A feed that the test has not, such as a Docker host, is what 503 is for.
                var answered = response.IsSuccessStatusCode || (!exists && (int)response.StatusCode is >= 400 and < 500)
                    || response.StatusCode == HttpStatusCode.ServiceUnavailable;
                var bounded = response.IsSuccessStatusCode ? text.Length < bytes + 100_000_000 : text.Length < Refusal;
                if (!answered || !bounded || text.Contains("   at CalicoConsole.", StringComparison.Ordinal))
                {
                    wrong.Add(
                        $"GET {address[..Math.Min(address.Length, 200)]}: {(int)response.StatusCode}, {text.Length} characters: "
                        + $"{text[..Math.Min(text.Length, 200)]}");
                }
            }
        }

        Assert.InRange(asked, 500, int.MaxValue);
        return wrong;
    }

    // Objects of the list to which the path belongs: some of each length, so that the worst names are among them.
    private static async Task<IEnumerable<(string Address, bool Exists)>> NamedAsync(HttpClient api, string path, string[] parameters)
    {
        var list = path[..path.IndexOf("/{", StringComparison.Ordinal)];
        using var response = await api.GetAsync(new Uri(list, UriKind.Relative), Cancel);
        if (!response.IsSuccessStatusCode || JsonElement.Parse(
            await response.Content.ReadAsStringAsync(Cancel)) is not { ValueKind: JsonValueKind.Object } answer
            || !answer.TryGetProperty("items", out var items))
        {
            return [];
        }

        return items.EnumerateArray().Where(i => i.TryGetProperty("metadata", out var m) && parameters.All(p => m.TryGetProperty(p, out _)))
            .OrderBy(i => i.GetRawText().Length * 7919 % 101).Take(60)
            .Select(i => (Address(i.GetProperty("metadata")), true));

        string Address(JsonElement metadata)
        {
            var beside = metadata.TryGetProperty("node", out var node) && !parameters.Contains("node");
            var query = beside ? $"?node={Uri.EscapeDataString(node.GetString()!)}" : "";
            return parameters.Aggregate(path, (a, p) => Put(a, p, metadata.GetProperty(p).GetString()!)) + query;
        }
    }

    private static string Put(string path, string parameter, string value) =>
        path.Replace($"{{{parameter}}}", Uri.EscapeDataString(value), StringComparison.Ordinal);

    private static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(m => Texts(m.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [element.GetString()!],
        _ => [],
    };

    // As etcd itself lists them, apart from everything that the console does.
    private static async Task<HashSet<string>> StoredAsync(string etcd)
    {
        using var http = new HttpClient();
        using var tree = JsonDocument.Parse(await http.GetByteArrayAsync(new Uri($"{etcd}/v2/keys/calico?recursive=true"), Cancel));
        HashSet<string> keys = new(StringComparer.Ordinal);
        var left = new Stack<JsonElement>([tree.RootElement.GetProperty("node")]);
        while (left.TryPop(out var node))
        {
            if (!node.TryGetProperty("dir", out _))
            {
                keys.Add(node.GetProperty("key").GetString()!);
            }
            else if (node.TryGetProperty("nodes", out var nodes))
            {
                foreach (var child in nodes.EnumerateArray())
                {
                    left.Push(child);
                }
            }
        }

        return keys;
    }
}
