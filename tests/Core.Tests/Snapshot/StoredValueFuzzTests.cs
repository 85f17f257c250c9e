using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Ipam;
using CalicoConsole.Tests;

namespace CalicoConsole.Core.Tests.Snapshot;

/// <summary>
/// Whatever bytes stand under Calico's keys: the snapshot, IPAM's index and reachability are made of them without an exception, and every
/// value that cannot be read is kept with its bytes and a reason. The bytes are what real programs wrote, cut, crossed and spoiled; the seed is fixed.
/// </summary>
[TakesLong]
public sealed class StoredValueFuzzTests
{
    private const int Rounds = 25;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);
    private static readonly Lazy<ILookup<Type, (string Key, byte[] Value)>> Golden = new(() =>
        GoldenKeys.Of("calicoctl", "multi", "errors", "misc", "docker", "docker-ipv6", "ipam", "felix", "felix-reporting", "node-startup")
            .Select(p => (p.Key, Value: Encoding.UTF8.GetBytes(p.Value))).Concat(Made())
            .Where(p => p.Key.StartsWith("/calico/", StringComparison.Ordinal)).ToLookup(p => V1Key.Parse(p.Key).GetType()));

    private static readonly string[] Spoilers =
    [
        "\"", "{", "[", "]", "}", "null", "1", "-1", "1e999", "1.5", "\"\\ud800\"", ",", ":", "99999999999999999999",
        "true", "\\", "\u2028", "/33", "::", "0", "10.0.0.0/0", "\"\":", "2147483648", " ",
    ];

    [Fact]
    public void Kinds_AllStandAmongTheGoldenValues() =>
        Assert.Equal(
            typeof(V1Key).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(V1Key))).Select(t => t.Name).Order(StringComparer.Ordinal),
            Golden.Value.Select(g => g.Key.Name).Order(StringComparer.Ordinal));

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 10).Select(part => part * Rounds)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task AnyBytes_AreReadOrKeptWithTheirReason(int first)
    {
        // On a thread of its own, so that a hang is a failure.
        await Task.Run(() =>
        {
            for (var round = first; round < first + Rounds; round++)
            {
                var random = new Random(round);
                var keys = Listing(random);
                var before = GC.GetAllocatedBytesForCurrentThread();
                var state = CalicoStateUpdate.FromListing(keys, 9);
                Check(round, state, keys);
                var index = Use(state, IpamIndex.Empty, default);

                // The same again one change at a time, as watches bring them.
                foreach (var key in keys.OrderBy(_ => random.Next()).Take(8))
                {
                    var value = random.Next(4) == 0 ? null : new StoredKey(key.Key, Spoil(random, key.Value.ToArray()), 10);
                    (state, var touched) = CalicoStateUpdate.Apply(state, new DatastoreUpdate.Change(key.Key, value, value is null, 10));
                    Check(round, state, [.. state.Keys.Below("/calico")]);
                    index = Use(state, index, touched);
                }

                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400_000_000);
            }
        }, TestContext.Current.CancellationToken).WaitAsync(Bound, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("[", 200_000)]
    [InlineData("{\"a\":", 200_000)]
    [InlineData("{\"inbound_rules\":[{\"action\":\"allow\"},", 20_000)]
    public void DeepAndLong_AreBounded(string part, int times)
    {
        var value = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(part, times)));
        ImmutableArray<StoredKey> keys = [.. Golden.Value.SelectMany(g => g.Take(1)).Select(g => new StoredKey(g.Key, value, 1))];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Check(0, CalicoStateUpdate.FromListing(keys, 1), keys);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 60L * value.Length * keys.Length);
    }

    // Some keys of each kind, some of them with each other's values.
    private static ImmutableArray<StoredKey> Listing(Random random)
    {
        var all = Golden.Value.SelectMany(g => g).ToArray();
        return
        [
            .. Golden.Value.SelectMany(g => Enumerable.Range(0, 6).Select(_ => g.ElementAt(random.Next(g.Count()))))
                .DistinctBy(g => g.Key)
                .Select(g => new StoredKey(g.Key, random.Next(10) switch
                {
                    0 => all[random.Next(all.Length)].Value,
                    1 or 2 => OfItsKind(random, g.Key),
                    < 6 => g.Value,
                    _ => Spoil(random, g.Value),
                }, (ulong)random.Next(1, 9))),
        ];
    }

    private static byte[] OfItsKind(Random random, string key)
    {
        var alike = Golden.Value[V1Key.Parse(key).GetType()].ToArray();
        return alike[random.Next(alike.Length)].Value;
    }

    /// <summary>A value with some bytes changed, dropped, doubled or put in; now and then noise.</summary>
    internal static byte[] Spoil(Random random, byte[] value)
    {
        if (random.Next(12) == 0)
        {
            var noise = new byte[random.Next(0, 80)];
            random.NextBytes(noise);
            return noise;
        }

        var bytes = value.ToList();
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(5))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 12), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Spoilers[random.Next(Spoilers.Length)]));
                    break;
                case 3 when at < bytes.Count:
                    var length = Math.Min(random.Next(1, 30), bytes.Count - at);
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4 when at < bytes.Count && bytes[at] is >= (byte)'0' and <= (byte)'9':
                    bytes[at] = (byte)random.Next('0', '9' + 1);
                    break;
            }
        }

        return [.. bytes];
    }

    private static void Check(int round, CalicoState state, ImmutableArray<StoredKey> keys)
    {
        foreach (var key in keys)
        {
            var said = $"round {round}, {key.Key} = {key.Text}";
            Assert.True(state.Keys.TryGet(key.Key, out var kept) && kept.Value.Span.SequenceEqual(key.Value.Span), said);
            var bad = state.Unparsable.GetValueOrDefault(key.Key);
            Assert.True(bad is null || (bad.Reason.Length > 0 && bad.Kind.Length > 0 && bad.Stored.Value.Span.SequenceEqual(key.Value.Span)), said);
            if (Held(state, key.Key) is { } held)
            {
                Assert.True(held != (bad is not null), $"{said}: read {held}, {bad?.Reason}");
            }

            if (IsJson(key.Key) && !Parses(key.Value.Span))
            {
                Assert.True(bad is not null, $"{said}: no JSON, and not said to be unreadable");
            }
        }
    }

    // Whether the resource of a single key was read; null for keys that are a part of something.
    private static bool? Held(CalicoState state, string key) => V1Key.Parse(key) switch
    {
        V1Key.Pool p => state.IPPools.ContainsKey(p.Cidr),
        V1Key.Policy { Tier: "default" } p => state.Policies.ContainsKey(p.Name),
        V1Key.WorkloadEndpoint => state.WorkloadEndpoints.ContainsKey(key),
        V1Key.HostEndpoint => state.HostEndpoints.ContainsKey(key),
        V1Key.BgpPeer => state.BgpPeers.ContainsKey(key),
        V1Key.IpamBlock b => state.Blocks.ContainsKey(b.Block),
        V1Key.MalformedPool => false,
        _ => null,
    };

    private static bool IsJson(string key) =>
        V1Key.Parse(key) is V1Key.Pool or V1Key.ProfileKey or V1Key.Policy { Tier: "default" } or V1Key.WorkloadEndpoint or V1Key.HostEndpoint
        or V1Key.BgpPeer or V1Key.IpamBlock or V1Key.NodeKey { Part: NodePart.OrchRefs } or V1Key.BgpConfig { Node: null, Name: "node_mesh" };

    private static bool Parses(ReadOnlySpan<byte> value)
    {
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetString(value), new JsonDocumentOptions { MaxDepth = 256 });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Everything that is made of a state.
    private static IpamIndex Use(CalicoState state, IpamIndex before, ImmutableArray<string> keys)
    {
        var snapshot = new ClusterSnapshot { Calico = state };
        var index = before.Next(snapshot, keys, [], DateTimeOffset.UnixEpoch);
        foreach (var finding in index.Findings)
        {
            Assert.NotEmpty(finding.ToString());
        }

        foreach (var block in state.Blocks.Values)
        {
            Assert.Equal(IpamBlock.Size, index.Holders(block.Value).Length);
        }

        foreach (var pool in state.IPPools.Keys)
        {
            index.Holder(pool.First);
        }

        var model = ReachabilityModel.From(snapshot);
        var ends = state.WorkloadEndpoints.Values.Select(e => e.Value).Where(e => !e.IPv4Nets.IsEmpty).Take(4)
            .Select(e => new FlowEnd(e.IPv4Nets[0].Address) { Endpoint = e.Id }).ToArray();
        foreach (var source in ends)
        {
            foreach (var destination in ends)
            {
                model.Explain(new Flow(source, destination, ProtocolNumbers.Tcp) { DestinationPort = 80 });
            }
        }

        OpenStackView.From(state);
        OpenStackTraps.AllIn(state);
        var manifest = ManifestReader.Read(ManifestExport.ToDocuments(ManifestExport.Select(state, new ExportFilter())));
        Assert.DoesNotContain(manifest.Items, i => i.Resource is null && i.Kind.Length == 0 && i.Errors.IsEmpty);
        return index;
    }

    // Kinds that no golden step stored.
    private static IEnumerable<(string Key, byte[] Value)> Made() => new (string Key, string Value)[]
    {
        ("/calico/v1/ipam/v4/pool/nonsense", "{\"cidr\":\"10.0.0.0/16\"}"),
        ("/calico/ipam/v2/config", "{\"strict_affinity\":true,\"auto_allocate_blocks\":true}"),
        ("/calico/ipam/v2/handle/h1", "{\"block\":{\"192.168.40.128/26\":1}}"),
        ("/calico/dhcp/v1/subnet/9f2c", "{\"network_id\":\"n\",\"cidr\":\"10.28.0.0/24\",\"host_routes\":[],\"gateway_ip\":\"10.28.0.1\",\"dns_servers\":[]}"),
        ("/calico/bgp/v1/host/n1/peer_v4/10.0.0.9", "{\"ip\":\"10.0.0.9\",\"as_num\":\"64512\"}"),
    }.Select(p => (p.Key, Encoding.UTF8.GetBytes(p.Value)));
}
