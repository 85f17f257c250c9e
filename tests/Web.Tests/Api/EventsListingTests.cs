using System.Text.Json;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Api;

namespace CalicoConsole.Web.Tests.Api;

/// <summary>Whoever reads the lists once and applies every event has what the lists say later; over Kestrel, which leaves names as they were written.</summary>
public sealed class EventsListingTests : IAsyncDisposable
{
    // Written last, so that the reader knows that it has seen everything.
    private const int End = 99;

    private readonly ConsoleFactory _console = new();
    private readonly HttpClient _api;

    public EventsListingTests()
    {
        _console.UseKestrel(0);
        _console.StartServer();
        _api = _console.Api();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _console.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task EventsAppliedToTheFirstListing_AreTheLaterListing(int seed)
    {
        var random = new Random(seed);
        var present = Enumerable.Range(0, 12).ToHashSet();
        var revisions = Enumerable.Range(0, 100).ToDictionary(i => i, _ => 5UL);
        _console.State.Publish(ListStage.Snapshot(present, i => revisions[i]));
        await using var stream = await EventStreamReader.OpenAsync(_api, "events", null, Cancel);
        Assert.Equal("start", (await stream.NextAsync()).EventType);
        var model = await ListingAsync();
        for (var round = 0; round < 8; round++)
        {
            for (var i = random.Next(1, 5); i > 0; i--)
            {
                var one = random.Next(14);
                revisions[one] = (ulong)(100 + (10 * round) + i);
                _ = random.Next(3) == 0 ? present.Remove(one) : present.Add(one);
            }

            _console.State.Publish(ListStage.Snapshot(present, i => revisions[i]));
        }

        _console.State.Publish(ListStage.Snapshot(present.Append(End).ToHashSet(), i => revisions[i]));
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        var hrefs = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var seen = false; !seen;)
        {
            var item = await stream.NextAsync();
            var data = JsonElement.Parse(item.Data);
            var kind = data.GetProperty("kind").GetString()!;
            kinds.Add(kind);
            hrefs[data.GetProperty("identity").GetRawText() + kind] = data.GetProperty("href").GetString()!;
            Apply(model[kind], item.EventType, data);
            // What is kept comes last of a snapshot's changes, drafts last of that, and this one last of them.
            seen = kind == KeptKinds.Draft && data.GetProperty("identity").GetProperty("name").GetString() == ListStage.Name(End);
        }

        var later = await ListingAsync();
        Assert.Equal(ObjectChanges.Kinds.Order(StringComparer.Ordinal), kinds.Order(StringComparer.Ordinal));
        foreach (var kind in ObjectChanges.Kinds)
        {
            Assert.Equal(later[kind], model[kind]);
            foreach (var (id, revision) in later[kind].Where(o => o.Value.Length > 0 && hrefs.ContainsKey(o.Key + kind)))
            {
                Assert.Equal(revision, await RevisionAsync(hrefs[id + kind]));
            }
        }
    }

    private static void Apply(SortedDictionary<string, string> objects, string change, JsonElement data)
    {
        var id = data.GetProperty("identity").GetRawText();
        switch (change)
        {
            case "added":
                Assert.True(objects.TryAdd(id, Told(data)), $"{id} was there");
                break;
            case "changed":
                Assert.True(objects.ContainsKey(id), $"{id} was not there");
                objects[id] = Told(data);
                break;
            case "removed":
                Assert.True(objects.Remove(id), $"{id} was not there");
                break;
            default:
                Assert.Fail($"{change} was not asked for");
                break;
        }
    }

    // Lists tell no revision of those without an address of their own.
    private static string Told(JsonElement data) =>
        data.GetProperty("kind").GetString() is "node" or "network" or "container" or "disabledPolicy" or "attachment" or "detachment"
            ? ""
            : data.GetProperty("revision").GetRawText();

    private async Task<SortedDictionary<string, SortedDictionary<string, string>>> ListingAsync()
    {
        var all = new SortedDictionary<string, SortedDictionary<string, string>>(StringComparer.Ordinal);
        await AddAsync("ipPool", "ippools", i => Id(("cidr", Meta(i, "cidr"))), i => $"ippools/{Meta(i, "cidr").Replace('/', '-')}");
        await AddAsync("profile", "profiles", i => Id(("name", Meta(i, "name"))), i => $"profiles/{Part(Meta(i, "name"))}");
        await AddAsync("policy", "policies", i => Id(("name", Meta(i, "name"))), i => $"policies/{Part(Meta(i, "name"))}");
        await AddAsync("bgpPeer", "bgppeers", i => Id(("peerIP", Meta(i, "peerIP"))), i => $"bgppeers/{Meta(i, "peerIP")}");
        await AddAsync("hostEndpoint", "hostendpoints", i => Id(("name", Meta(i, "name")), ("node", Meta(i, "node"))),
            i => $"hostendpoints/{Meta(i, "node")}/{Part(Meta(i, "name"))}");
        await AddAsync("workloadEndpoint", "endpoints",
            i => Id(("name", Meta(i, "name")), ("node", Meta(i, "node")), ("orchestrator", Meta(i, "orchestrator")), ("workload", Meta(i, "workload"))),
            i => $"endpoints/{Meta(i, "node")}/{Meta(i, "orchestrator")}/{Meta(i, "workload")}/{Meta(i, "name")}");
        await AddAsync("node", "nodes", i => i.GetProperty("host").GetString() is { } host ? Id(("host", host), ("name", Own(i))) : Id(("name", Own(i))), null);
        await AddAsync("network", "networks", i => Id(("host", Text(i, "host")), ("id", Text(i, "id")), ("name", Own(i))), null);
        await AddAsync("container", "containers", i => Id(("host", Text(i, "host")), ("id", Text(i, "id")), ("name", Own(i))), null);
        await AddAsync("assertion", "assertions", i => Id(("name", Own(i))), i => $"assertions/{Part(Own(i))}");
        await AddAsync("draft", "drafts", i => Id(("name", Own(i))), i => $"drafts/{Part(Own(i))}");
        await AddAsync("disabledPolicy", "disabled-policies", i => Id(("name", Own(i))), null);
        await AddAsync("attachment", "attachments",
            i => i.GetProperty("keptOff").GetBoolean() ? null : Id(("name", $"{Text(i, "profile")} on network my_net")), null);
        await AddAsync("detachment", "attachments",
            i => i.GetProperty("keptOff").GetBoolean() ? Id(("name", $"{Text(i, "profile")} off network my_net")) : null, null);
        return all;

        // Revisions are those of the ETag; where none is told the identity is what is compared.
        async Task AddAsync(string kind, string list, Func<JsonElement, string?> identity, Func<JsonElement, string>? address)
        {
            all[kind] = new(StringComparer.Ordinal);
            foreach (var item in JsonElement.Parse(await _api.GetStringAsync($"/api/v1/{list}", Cancel)).GetProperty("items").EnumerateArray())
            {
                if (identity(item) is { } id)
                {
                    all[kind][id] = address is null ? "" : await RevisionAsync($"/api/v1/{address(item)}");
                }
            }
        }
    }

    private async Task<string> RevisionAsync(string path)
    {
        using var response = await _api.GetAsync(path, Cancel);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode}");
        return response.Headers.ETag!.Tag.Trim('"');
    }

    private static string Id(params (string Name, string Value)[] members) => JsonSerializer.Serialize(
        members.ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal), JsonSerializerOptions.Web);

    private static string Meta(JsonElement item, string name) => item.GetProperty("metadata").GetProperty(name).GetString()!;

    private static string Own(JsonElement item) => Text(item, "name");

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString()!;

    private static string Part(string text) => Uri.EscapeDataString(text);
}
