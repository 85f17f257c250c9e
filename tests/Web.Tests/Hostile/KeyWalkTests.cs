using System.Net;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Tests;

namespace CalicoConsole.Web.Tests.Hostile;

/// <summary>
/// Any key, its object and its address in the API: each is found from the other, and deleting by the address takes away the key. On a real etcd.
/// </summary>
[NeedsPrograms]
public sealed class KeyWalkTests
{
    // As they stand in keys, spelled as Calico spells them and otherwise.
    private static readonly string[] Parts =
    [
        "web", "team%2fdb", "p%2Fq", "p%252Fq", "50%", "30%25", "%", "%25", "%41", "a%252fb", "a%2f%2fb", "a%2f..%2fb", "a%2f", "%2fa", "a b", "a+b", "a?b",
            "a#b", "a&b=c", "ü", "日本", "😀", "a:b", "~", "a~25", "a\\b", "a\"b", "{a}", "a;b", "esc\u001b", "a\nb", "\u202Eb",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryKey_IsFoundByItsAddressAndDeletedByIt()
    {
        var keys = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var part in Parts)
        {
            keys[$"/calico/v1/policy/profile/{part}/tags"] = "[\"t\"]"u8.ToArray();
            keys[$"/calico/v1/policy/profile/{part}/rules"] = "{}"u8.ToArray();
            keys[$"/calico/v1/policy/tier/default/policy/{part}"] = "{\"selector\":\"all()\"}"u8.ToArray();
            keys[$"/calico/v1/host/h1/endpoint/{part}"] = "{\"name\":\"eth0\"}"u8.ToArray();
            keys[$"/calico/v1/host/{(part.Contains('\\', StringComparison.Ordinal) ? "h\\2" : part)}/endpoint/eth0"] = "{\"name\":\"eth0\"}"u8.ToArray();
        }

        foreach (var (key, cidr) in new[] { ("v4/pool/10.1.0.0-16", "10.1.0.0/16"), ("v4/pool/10.2.0.9-16", "10.2.0.0/16"),
            ("v6/pool/FD00::-64", "fd00::/64") })
        {
            keys[$"/calico/v1/ipam/{key}"] = Encoding.UTF8.GetBytes($"{{\"cidr\":\"{cidr}\"}}");
        }

        foreach (var peer in new[] { "global/peer_v6/fd00:0::7", "host/50%/peer_v6/FD00::8", "host/a b/peer_v4/10.0.0.3" })
        {
            keys[$"/calico/bgp/v1/{peer}"] = "{\"as_num\":\"64512\"}"u8.ToArray();
        }

        await using var console = await EtcdConsole.StartAsync([.. keys], Cancel);
        using var api = console.Api();
        var walked = 0;
        foreach (var list in new[] { "profiles", "policies", "hostendpoints", "ippools", "bgppeers" })
        {
            var items = JsonElement.Parse(await api.GetStringAsync($"/api/v1/{list}", Cancel)).GetProperty("items").EnumerateArray().ToArray();
            Assert.Equal(items.Length, items.Select(i => i.GetProperty("metadata").GetRawText()).Distinct().Count());
            foreach (var item in items)
            {
                var (address, query) = Address(list, item.GetProperty("metadata"));
                using var found = await api.GetAsync($"/api/v1/{list}/{address}{query}", Cancel);
                Assert.True(found.StatusCode == HttpStatusCode.OK, $"GET {list}/{address}{query}: {found.StatusCode}");
                Assert.Equal(item.GetRawText(), await found.Content.ReadAsStringAsync(Cancel));
                await DeleteAsync(api, $"{list}/{address}{query}", "\"1\"", HttpStatusCode.Conflict);
                await DeleteAsync(api, $"{list}/{address}{query}", found.Headers.ETag!.ToString(), HttpStatusCode.OK);
                using var gone = await api.GetAsync($"/api/v1/{list}/{address}{query}", Cancel);
                Assert.True(gone.StatusCode == HttpStatusCode.NotFound, $"{list}/{address}{query} is still there");
                walked++;
            }
        }

        Assert.InRange(walked, Parts.Length * 4, keys.Count);
        Assert.DoesNotContain(console.State.Current.Calico.Keys.All, k => V1Key.Parse(k.Key) is not V1Key.Other);
    }

    [Fact]
    public async Task ASecondKey_IsShownAsUnreadable_AndRemovedByCompareAndSwap()
    {
        const string Second = "/calico/v1/policy/tier/default/policy/x%";
        await using var console = await EtcdConsole.StartAsync(
            [new("/calico/v1/policy/tier/default/policy/x%25", "{\"selector\":\"all()\"}"u8.ToArray()),
                new(Second, "{\"selector\":\"none == 'x'\"}"u8.ToArray()), new("/calico/v1/ipam/v4/pool/temp", "x"u8.ToArray())], Cancel);
        using var api = console.Api();
        var bad = JsonElement.Parse(await api.GetStringAsync("/api/v1/unparsable?kind=policy", Cancel)).GetProperty("items")[0];
        Assert.Equal(Second, bad.GetProperty("key").GetString());
        Assert.Contains("second key", bad.GetProperty("reason").GetString(), StringComparison.Ordinal);

        var address = $"unparsable?key={Uri.EscapeDataString(Second)}";
        await console.PutAsync(Second, "{\"selector\":\"changed == 'x'\"}", Cancel);
        await DeleteAsync(api, address, $"\"{bad.GetProperty("revision").GetUInt64()}\"", HttpStatusCode.Conflict);
        Assert.NotNull(console.State.Current.Calico.Keys.Find(Second));
        await DeleteAsync(api, address, null, HttpStatusCode.OK);
        await DeleteAsync(api, "unparsable?key=/calico/v1/ipam/v4/pool/temp", null, HttpStatusCode.OK);
        Assert.Empty(console.State.Current.Calico.Unparsable);
        await DeleteAsync(api, $"unparsable?key={Uri.EscapeDataString("/calico/v1/policy/tier/default/policy/x%25")}", null, HttpStatusCode.NotFound);
        Assert.Single(console.State.Current.Calico.Policies);
    }

    private static (string Address, string Query) Address(string list, JsonElement metadata) => list switch
    {
        "ippools" => (Uri.EscapeDataString(Text(metadata, "cidr")), ""),
        "bgppeers" => (
            Uri.EscapeDataString(Text(metadata, "peerIP")),
            metadata.TryGetProperty("node", out var node) ? $"?node={Uri.EscapeDataString(node.GetString()!)}" : ""),
        "hostendpoints" => ($"{Uri.EscapeDataString(Text(metadata, "node"))}/{Uri.EscapeDataString(Text(metadata, "name"))}", ""),
        _ => (Uri.EscapeDataString(Text(metadata, "name")), ""),
    };

    private static string Text(JsonElement metadata, string name) => metadata.GetProperty(name).GetString()!;

    private static async Task DeleteAsync(HttpClient api, string path, string? ifMatch, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/{path}");
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        using var response = await api.SendAsync(request, Cancel);
        Assert.True(response.StatusCode == status, $"DELETE {path}: {response.StatusCode} {await response.Content.ReadAsStringAsync(Cancel)}");
    }
}
