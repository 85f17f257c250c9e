using System.Collections.Immutable;
using Bunit;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Addresses;
using CalicoConsole.Web.Hosting;
using CalicoConsole.Web.Kit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace CalicoConsole.Web.Tests.Addresses;

public sealed class AddressPictureTests : IAsyncDisposable
{
    private static readonly Cidr Pool = Cidr.Parse("192.0.2.0/24");
    private readonly BunitContext _context = new();
    private readonly IpamIndex _index;

    public AddressPictureTests()
    {
        _context.JSInterop.Mode = JSRuntimeMode.Loose;
        _context.Services.AddMudServices();
        _context.Services.AddSingleton(TimeProvider.System);
        var state = new ManualClusterState();
        state.Publish(IpamSample.Snapshot());
        _context.Services.AddSingleton<IClusterState>(state);
        _context.Services.AddSingleton<ISeriesStore, MeasuredSeries>();
        _context.Services.AddConsoleState();
        _index = IpamIndex.From(state.Current, DateTimeOffset.UnixEpoch);
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    [Fact]
    public void Pool_IsDrawnWithAllItsBlocks_ColouredFilledAndMarked()
    {
        var map = Map(Pool, open: Cidr.Parse(IpamSample.Block));

        var tiles = map.FindAll("[data-blocks] > .tile");
        Assert.Equal(4, tiles.Count);
        var own = map.Find("[data-tile='192.0.2.0/26']");
        Assert.Equal(Hues.Style("docker01"), own.GetAttribute("style"));
        Assert.Equal(["tile", "borrowed", "open"], own.ClassList.Order().Except(["tile"]).Prepend("tile"));
        Assert.Equal("height: 8%", own.QuerySelector(".fill")!.GetAttribute("style"));
        Assert.Equal("pool?192.0.2.0/26", own.GetAttribute("href"));
        Assert.Contains("docker01, 4 of 64 taken, 1 borrowed", own.GetAttribute("title"), StringComparison.Ordinal);
        Assert.Contains("nobody", map.Find("[data-tile='192.0.2.128/26']").ClassList);
        Assert.Equal(2, map.FindAll(".tile.unclaimed:not(.sample)").Count);

        // The picture is for the eye; the keyboard and a screen reader have the table.
        Assert.Equal("true", map.Find("[data-blocks]").GetAttribute("aria-hidden"));
        Assert.All(map.FindAll("[data-blocks] a"), a => Assert.Equal("-1", a.GetAttribute("tabindex")));
        Assert.Equal(["docker01"], map.FindAll(".legend a").Select(a => a.TextContent));
    }

    [Fact]
    public void Pool_ThatIsLarge_IsDrawnWholeInPartsOfSeveralBlocks()
    {
        var map = Map(Cidr.Parse("192.0.0.0/12"));

        Assert.Equal(1024, map.FindAll("[data-blocks] > .tile").Count);
        Assert.Equal("192.0.0.0/22: 2 of 16 blocks taken, with 5 addresses in use",
            Assert.Single(map.FindAll("[data-tile]")).GetAttribute("title"));
        Assert.Contains("16 blocks of 64 addresses, filled by use", map.Find(".legend").TextContent, StringComparison.Ordinal);
        Assert.Contains("2^48 blocks", Map(Cidr.Parse("fd80::/64")).Find(".legend").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Free_HasARowForEachRange_WithAContainerToMakeThere()
    {
        var blocks = _index.Snapshot.Calico.Blocks.Values.Select(b => b.Value).Where(b => Pool.Contains(b.Cidr)).ToImmutableArray();
        var free = _context.Render<FreeRanges>(p => p.Add(f => f.Pool, Pool).Add(f => f.Blocks, blocks).Add(f => f.Network, "my_net"));

        Assert.Equal(["192.0.2.64", "192.0.2.192"], free.FindAll("[data-free]").Select(r => r.GetAttribute("data-free")));
        Assert.Equal("do/create-container?network=my_net&ip=192.0.2.64", free.Find("[data-free] a").GetAttribute("href"));
        Assert.Equal("64", free.Find("[data-free] td.num").TextContent);
        Assert.Empty(_context.Render<FreeRanges>(p => p.Add(f => f.Pool, Pool).Add(f => f.Blocks, blocks)).FindAll("a"));
    }

    [Fact]
    public void Block_IsDrawnAsItsAddresses_WithTheSameFactsAsATable()
    {
        var grid = _context.Render<AddressGrid>(p => p
            .Add(g => g.Block, _index.Snapshot.Calico.Blocks[Cidr.Parse(IpamSample.Block)].Value).Add(g => g.Index, _index).Add(g => g.Pool, Pool)
                .Add(g => g.Marked, "192.0.2.40"));

        Assert.Equal(64, grid.FindAll("[data-cell]").Count);
        Assert.Equal(
            ["cell endpoint", "cell tunnel", "cell endpoint borrowed", "cell suspect", "cell free"],
            new[] { 2, 3, 7, 9, 10 }.Select(n => grid.Find($"[data-cell='192.0.2.{n}']").ClassName));
        Assert.StartsWith("containers/docker01/", grid.Find("[data-cell='192.0.2.2']").GetAttribute("href"), StringComparison.Ordinal);
        Assert.Equal("192.0.2.2: workload1 on docker01", grid.Find("[data-cell='192.0.2.2']").GetAttribute("title"));
        Assert.Equal("192.0.2.9: is allocated but no endpoint has it", grid.Find("[data-cell='192.0.2.9']").GetAttribute("title"));
        Assert.Equal(["192.0.2.2", "192.0.2.3", "192.0.2.7", "192.0.2.9", "192.0.2.40"],
            grid.FindAll("[data-address]").Select(r => r.GetAttribute("data-address")));
        Assert.Contains("marked", grid.Find("[data-address='192.0.2.40']").ClassList);
        Assert.Contains("in use, borrowed", grid.Find("[data-address='192.0.2.7']").TextContent, StringComparison.Ordinal);
        Assert.Contains("IPIP tunnel of docker01", grid.Find("[data-address='192.0.2.3']").TextContent, StringComparison.Ordinal);
        Assert.Equal("do/release-addresses?ip=192.0.2.9", grid.Find("[data-address='192.0.2.9'] a.btn").GetAttribute("href"));
        Assert.Contains("perhaps a leak", grid.Find("[data-address='192.0.2.9']").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Findings_OfAPool_HaveTheirRepairsAndNotesApart()
    {
        var list = _context.Render<FindingList>(p => p.Add(l => l.Index, _index).Add(l => l.Network, Pool));

        Assert.Equal(
            ["AffinityOfMissingNode 192.0.2.64/26 gone", "Leak 192.0.2.9", "Borrowed 192.0.2.0/26 docker01"],
            list.FindAll("[data-finding]").Select(f => f.GetAttribute("data-finding")));
        Assert.Equal("do/release-affinity?node=gone&block=192.0.2.64-26", list.Find("[data-finding^=AffinityOfMissing] a.btn").GetAttribute("href"));
        Assert.Contains("it is called a leak after 30 s", list.Find("[data-finding^=Leak]").TextContent, StringComparison.Ordinal);
        Assert.Contains("Borrowed", list.Find("details.notes [data-finding]").GetAttribute("data-finding"), StringComparison.Ordinal);

        var later = _index.Next(_index.Snapshot, [], [], DateTimeOffset.UnixEpoch.AddMinutes(1));
        list.Render(p => p.Add(l => l.Index, later));
        Assert.Contains(list.FindAll("[data-finding^=Leak] .chip"), c => c.TextContent.Trim() == "leak");
        Assert.Contains("none found", _context.Render<FindingList>(p => p.Add(l => l.Index, IpamIndex.Empty)).Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.2", "workload1", "192.0.2.0/26")]
    [InlineData(" 192.0.2.9 ", "perhaps a leak", "192.0.2.0/26")]
    [InlineData("192.0.2.70", "a block that no node has taken", null)]
    [InlineData("203.0.113.9", "in no IP pool", null)]
    [InlineData("fd80::4", "docker02", "fd80::/122")]
    [InlineData("nonsense", "not an IPv4 or IPv6 address", null)]
    public void Find_SaysPoolBlockNodeAndHolder(string asked, string said, string? block)
    {
        var found = _context.Render<FindAddress>(p => p.Add(f => f.Find, asked).Add(f => f.Index, _index)).Find("[data-found]");

        Assert.Contains(said, found.TextContent, StringComparison.Ordinal);
        Assert.Equal(block is not null, found.QuerySelectorAll("a.mono").Any(a => a.TextContent == block));
        var calicoctl = AddressWords.TryRead(asked.Trim(), out var address) ? AddressWords.Show(_index.Snapshot.Calico, address) : null;
        Assert.Equal(calicoctl, found.QuerySelector("[data-calicoctl]")?.TextContent);
    }

    private IRenderedComponent<BlockMap> Map(Cidr pool, Cidr? open = null) => _context.Render<BlockMap>(p => p
        .Add(m => m.Pool, pool)
        .Add(m => m.Blocks, [.. _index.Snapshot.Calico.Blocks.Values.Select(b => b.Value).Where(b => pool.Contains(b.Cidr))])
        .Add(m => m.Index, _index)
        .Add(m => m.Open, open)
        .Add(m => m.HrefOf, b => $"pool?{b.Cidr}"));
}
