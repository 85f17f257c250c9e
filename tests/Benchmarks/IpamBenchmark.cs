using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Benchmarks;

/// <summary>What it costs to join IPAM with its users: everything once, and one change.</summary>
internal static class IpamBenchmark
{
    private const int Rounds = 5;

    public static void Run(int count)
    {
        var keys = Keys(count).ToImmutableArray();
        var state = CalicoStateUpdate.FromListing(keys, (ulong)keys.Length);
        var snapshot = new ClusterSnapshot { Calico = state };
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count:N0} endpoints in {state.Blocks.Count:N0} blocks"));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = IpamIndex.From(snapshot, DateTimeOffset.UnixEpoch);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"memory of the index: {(GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6:0.0} MB, {index.Findings.Length} findings"));
        Report("everything", () => IpamIndex.From(snapshot, DateTimeOffset.UnixEpoch));

        // An endpoint goes and comes back: its address is a suspect in between.
        var endpoint = state.WorkloadEndpoints.Keys.ElementAt(count / 2);
        var (gone, touched) = CalicoStateUpdate.Apply(state, new DatastoreUpdate.Change(endpoint, null, false, state.Revision + 1));
        var next = new ClusterSnapshot { Calico = gone };
        Report("one endpoint", () => index.Next(next, touched, [], DateTimeOffset.UnixEpoch));
        Report("findings of one change", () => _ = index.Next(next, touched, [], DateTimeOffset.UnixEpoch).Findings.Length);
        GC.KeepAlive(index);
    }

    private static void Report(string what, Action action)
    {
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            action();
            var took = Stopwatch.GetElapsedTime(began);
            best = took < best ? took : best;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {best.TotalMilliseconds:0.00} ms (best of {Rounds})"));
    }

    private static IEnumerable<StoredKey> Keys(int count)
    {
        var pool = Cidr.Parse("10.0.0.0/8");
        yield return Key(V1Keys.Pool(pool), IPPoolCodec.Encode(new IPPool { Cidr = pool }));
        for (var number = 0; number < count; number += IpamBlock.Size)
        {
            var node = string.Create(CultureInfo.InvariantCulture, $"node{number / IpamBlock.Size % 200:d3}");
            var cidr = BlockArithmetic.BlockOf(pool.First.Plus((UInt128)number));
            var (block, addresses) = BlockArithmetic.AutoAssign(BlockArithmetic.NewBlock(cidr, node, false), Math.Min(IpamBlock.Size, count - number),
                BlockArithmetic.Nobody);
            yield return Key(V1Keys.IpamBlock(cidr), IpamBlockCodec.Encode(block));
            yield return Key(V1Keys.IpamAffinity(node, cidr), "{}"u8.ToArray());
            foreach (var address in addresses)
            {
                var endpoint = new WorkloadEndpoint
                {
                    Id = new WorkloadEndpointId(node, "libnetwork", "libnetwork", $"endpoint-{address}"),
                    InterfaceName = "cali1",
                    IPv4Nets = [new Cidr(address, 32)]
                };
                yield return Key(V1Keys.WorkloadEndpoint(endpoint.Id), WorkloadEndpointCodec.Encode(endpoint));
            }
        }
    }

    private static StoredKey Key(string key, byte[] value) => new(key, value, 1);
}
