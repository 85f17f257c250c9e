using CalicoConsole.Adapters.Etcd;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.NodeEmulation.Ipam;
using CalicoConsole.Tests;

namespace CalicoConsole.NodeEmulation.Tests;

[NeedsPrograms]
public sealed class IpamContentionTests
{
    /// <summary>Eight allocators, two for each of four nodes so that they fight for the same blocks, on one real etcd.</summary>
    [Fact]
    public async Task AutoAssign_EightAllocatorsOfTenThousandAddresses_GiveNoneTwice()
    {
        const int Allocators = 8;
        const int Each = 1250;
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await EtcdServer.StartAsync(cancellationToken: cancellation);
        using var keys = new EtcdKeysClient(new EtcdOptions { Endpoints = [server.Endpoint] }, TimeProvider.System);
        var pool = Cidr.Parse("10.128.0.0/18");
        await keys.PutAsync(V1Keys.Pool(pool), IPPoolCodec.Encode(new IPPool { Cidr = pool }), EtcdCondition.None, null, cancellation);

        var given = await Task.WhenAll(Enumerable.Range(0, Allocators).Select(a => TakeAsync(new IpamClient(keys), a, Each, cancellation)));

        var addresses = given.SelectMany(g => g).ToArray();
        Assert.Equal(Allocators * Each, addresses.Length);
        Assert.Equal(addresses.Length, addresses.Distinct().Count());
        Assert.All(addresses, ip => Assert.True(pool.Contains(ip)));
        var blocks = (await GoldenStep.DumpAsync(keys, cancellation)).Where(k => V1Key.Parse(k.Key) is V1Key.IpamBlock)
            .Select(k => IpamBlockCodec.Decode(PluginReplay.Bytes(k.Value)).Value!).ToArray();
        Assert.All(blocks, b => Assert.Empty(IpamFindings.Problems(b)));
        Assert.Equal(addresses.Order(), blocks.SelectMany(b => BlockArithmetic.Allocated(b)).Select(a => a.Address).Order());
    }

    private static async Task<List<Ip>> TakeAsync(IpamClient ipam, int allocator, int each, CancellationToken cancellation)
    {
        var taken = new List<Ip>();
        for (var round = 0; taken.Count < each; round++)
        {
            var count = Math.Min(each - taken.Count, 1 + ((round * 7 + allocator) % 32));
            taken.AddRange(await ipam.AutoAssignAsync(new AutoAssignRequest($"node{allocator / 2}", count, false), cancellation));
            if (round % 9 == 8)
            {
                // Give some back, so that releases race with assignments too.
                var back = taken.TakeLast(3).ToArray();
                Assert.Empty(await ipam.ReleaseAsync(back, cancellation));
                taken.RemoveRange(taken.Count - back.Length, back.Length);
            }
        }

        return taken;
    }
}
