using System.Text;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.NodeEmulation.Ipam;
using CalicoConsole.Sandbox;

namespace CalicoConsole.NodeEmulation.Tests;

public sealed class IpamClientTests : IDisposable
{
    private static readonly Cidr Pool = Cidr.Parse("10.60.0.0/25");
    private readonly InMemoryEtcdKeys _keys = new(TimeProvider.System);
    private readonly IpamClient _ipam;

    public IpamClientTests() => _ipam = new IpamClient(_keys);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AutoAssign_MoreThanThePoolHas_GivesWhatThereIsAndThenNothing()
    {
        await PutPoolAsync(new IPPool { Cidr = Pool });

        Assert.Equal(128, (await TakeAsync("n1", 200)).Length);
        Assert.Empty(await TakeAsync("n2", 1));
    }

    [Fact]
    public async Task AutoAssign_NoFreeBlockLeft_BorrowsUnlessStrict()
    {
        await PutPoolAsync(new IPPool { Cidr = Cidr.Parse("10.61.0.0/26") });
        await TakeAsync("n1", 1);

        var borrowed = Assert.Single(await TakeAsync("n2", 1));
        Assert.Equal("10.61.0.1", borrowed.ToString());
        await PutAsync(V1Keys.IpamConfig, """{"strict_affinity":true,"auto_allocate_blocks":true}""");
        Assert.Empty(await TakeAsync("n2", 1));
    }

    [Fact]
    public async Task AutoAssign_UnknownOrDisabledPool_IsRefusedInLibcalicosWords()
    {
        await PutPoolAsync(new IPPool { Cidr = Pool, Disabled = true });

        var unknown = await Assert.ThrowsAsync<IpamException>(() =>
            _ipam.AutoAssignAsync(new AutoAssignRequest("n1", 1, false) { Pools = [Cidr.Parse("10.9.0.0/16")] }, Cancellation));
        var none = await Assert.ThrowsAsync<IpamException>(() => TakeAsync("n1", 1));
        Assert.Equal("The given pool (10.9.0.0/16) does not exist", unknown.Message);
        Assert.Equal("No configured Calico pools", none.Message);
    }

    [Fact]
    public async Task AutoAssign_DisabledPoolWithOwnBlock_StillGives()
    {
        await PutPoolAsync(new IPPool { Cidr = Pool });
        await TakeAsync("n1", 1);
        await PutPoolAsync(new IPPool { Cidr = Pool, Disabled = true });

        Assert.Single(await TakeAsync("n1", 1));
    }

    [Fact]
    public async Task Handle_AcrossTwoBlocks_IsCountedAndReleasedWhole()
    {
        await PutPoolAsync(new IPPool { Cidr = Pool });
        var owner = new IpamAttribute("h1", ImmutableSortedDictionary<string, string>.Empty.Add("k", "v"));

        var given = await _ipam.AutoAssignAsync(new AutoAssignRequest("n1", 70, false) { Owner = owner }, Cancellation);

        Assert.Equal(70, given.Length);
        var handle = IpamHandleCodec.Decode(PluginReplay.Bytes(await GetAsync(V1Keys.IpamHandle("h1")))).Value!;
        Assert.Equal([6, 64], handle.Blocks.Values.Order());
        Assert.Empty(await _ipam.ReleaseAsync([given[0], given[1]], Cancellation));
        Assert.Equal(68, IpamHandleCodec.Decode(PluginReplay.Bytes(await GetAsync(V1Keys.IpamHandle("h1")))).Value!.Blocks.Values.Sum());
        await _ipam.ReleaseByHandleAsync("h1", Cancellation);
        Assert.Null(await GetAsync(V1Keys.IpamHandle("h1")));
        Assert.All(await BlocksAsync(), b => Assert.Equal(0, b.Used));
    }

    [Fact]
    public async Task ReleaseNodeAffinities_EmptyAndUsedBlock_DeletesOneAndFreesTheOther()
    {
        await PutPoolAsync(new IPPool { Cidr = Pool });
        var given = await TakeAsync("n1", 65);
        await _ipam.ReleaseAsync([.. given.Skip(1)], Cancellation);

        await _ipam.ReleaseNodeAffinitiesAsync("n1", Cancellation);

        var left = Assert.Single(await BlocksAsync());
        Assert.Null(left.Affinity);
        Assert.Equal(1, left.Used);
        Assert.Empty(await _ipam.ReleaseAsync([given[0]], Cancellation));
        Assert.Empty(await BlocksAsync());
    }

    [Fact]
    public async Task Release_AddressesOfNoBlock_AreNamed() =>
        Assert.Equal([Ip.Parse("1.2.3.4"), Ip.Parse("fd80::1")], await _ipam.ReleaseAsync([Ip.Parse("1.2.3.4"), Ip.Parse("fd80::1")], Cancellation));

    [Fact]
    public async Task ReleaseAffinity_BlockOfAnotherNode_IsRefused()
    {
        await PutPoolAsync(new IPPool { Cidr = Pool });
        var given = await TakeAsync("n1", 1);

        await Assert.ThrowsAsync<IpamException>(() => _ipam.ReleaseAffinityAsync(BlockArithmetic.BlockOf(given[0]), "n2", Cancellation));
        Assert.Equal("host:n1", Assert.Single(await BlocksAsync()).Affinity);
    }

    [Fact]
    public async Task Assign_UnreadableBlock_IsNamedWithItsKey()
    {
        await PutPoolAsync(new IPPool { Cidr = Pool });
        await PutAsync(V1Keys.IpamBlock(Cidr.Parse("10.60.0.0/26")), "garbage");

        var refused = await Assert.ThrowsAsync<IpamException>(() => _ipam.AssignAsync(Ip.Parse("10.60.0.5"), "n1", null, Cancellation));

        Assert.Contains("/calico/ipam/v2/assignment/ipv4/block/10.60.0.0-26 cannot be read", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _keys.Dispose();

    private Task<ImmutableArray<Ip>> TakeAsync(string node, int count) => _ipam.AutoAssignAsync(new AutoAssignRequest(node, count, false), Cancellation);

    private Task<EtcdAnswer> PutPoolAsync(IPPool pool) => PutAsync(V1Keys.Pool(pool.Cidr), Encoding.UTF8.GetString(IPPoolCodec.Encode(pool)));

    private Task<EtcdAnswer> PutAsync(string key, string value) => _keys.PutAsync(key, PluginReplay.Bytes(value), EtcdCondition.None, null, Cancellation);

    private async Task<string?> GetAsync(string key) => (await GoldenStep.DumpAsync(_keys, Cancellation)).GetValueOrDefault(key);

    private async Task<IpamBlock[]> BlocksAsync() =>
    [
        .. (await GoldenStep.DumpAsync(_keys, Cancellation)).Where(k => V1Key.Parse(k.Key) is V1Key.IpamBlock)
            .Select(k => IpamBlockCodec.Decode(PluginReplay.Bytes(k.Value)).Value!),
    ];
}
