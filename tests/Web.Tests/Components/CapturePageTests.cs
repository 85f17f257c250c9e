using System.Buffers.Binary;
using Bunit;
using CalicoConsole.Core.Captures;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Web.Areas.Connectivity;
using CalicoConsole.Web.Hosting;
using CalicoConsole.Web.Tests.Forms;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Components;

public sealed class CapturePageTests : IAsyncDisposable
{
    private const string Told = "ee:ee:ee:ee:ee:ee";
    private const string Changed = "86:24:00:ce:d2:5d";
    private static readonly DateTimeOffset At = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Ip Web = Ip.Parse("192.0.2.2");

    private readonly BunitContext _stage = new();

    public CapturePageTests()
    {
        var state = new ManualClusterState();
        state.Publish(Cluster.Snapshot());
        var runner = new FormRunner(state);
        _stage.AddConsole(state, runner, runner);
        _stage.Services.AddSingleton(new ConsoleSettings { ClusterName = "test", ClusterKind = "sandbox", ConnectionString = "", DataFolder = "" });
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Page_ShowsEachPacketAtEachPoint_WithMacsAndWhatBecameOfIt()
    {
        var report = await KeepAsync(120);
        var page = _stage.Render<CapturePage>(p => p.Add(c => c.Id, report.Id));
        Assert.Equal(50, page.FindAll("tr[data-fate=wrongmac]").Count);
        var first = page.Find("tr[data-fate]");
        Assert.Contains($"arrived at cali0 in web for {Told}, but cali0 in web has {Changed}", first.TextContent, StringComparison.Ordinal);
        Assert.Contains($"to {Told}", first.QuerySelector(".wrong-mac")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("192.0.2.3 to 192.0.2.2", first.TextContent, StringComparison.Ordinal);
        Assert.Equal(2, page.FindAll("a[download]").Count);
        Assert.Contains("Page 1 of 3", page.Markup, StringComparison.Ordinal);
        Assert.EndsWith("?page=2", page.Find("nav[aria-label='Pages of packets'] a").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_SaysWhichPacketsAndWhichPage()
    {
        var report = await KeepAsync(60);
        _stage.Services.GetRequiredService<NavigationManager>().NavigateTo($"connectivity/captures/{report.Id}?show=wrongmac&page=2");
        var page = _stage.Render<CapturePage>(p => p.Add(c => c.Id, report.Id));
        Assert.Equal(10, page.FindAll("tr[data-fate]").Count);
        Assert.Contains("Wrong MAC (60)", page.Find("a[aria-current=true]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_IsSaid() => Assert.Contains("There is no capture",
        _stage.Render<CapturePage>(p => p.Add(c => c.Id, Guid.NewGuid())).Markup, StringComparison.Ordinal);

    private async Task<CaptureReport> KeepAsync(int packets)
    {
        var point = new CapturePoint("from-inside", CapturePlace.Inside, "docker01")
        {
            Interface = "cali0",
            ContainerId = "c1",
            Container = "web",
            Address = Web,
        };
        var report = new CaptureReport
        {
            Id = Guid.NewGuid(),
            At = At,
            From = "docker01/web",
            To = "docker01/near",
            FromAddress = Web,
            ToAddress = Ip.Parse("192.0.2.3"),
            Filter = "everything",
            Expression = "",
            Seconds = 10,
            Headlines = ["one"],
            Points =
            [
                new CapturedPoint(point) { Mac = Changed, Bytes = 1, Packets = packets },
                new CapturedPoint(point with { Key = "from-host", Place = CapturePlace.HostSide, Interface = "cali1" })
                {
                    Mac = Told, Bytes = 1, Packets = packets,
                },
            ],
        };
        var file = Replies(packets);
        await _stage.Services.GetRequiredService<ICaptures>().KeepAsync(
            new KeptCapture(report.Id, At, report.From, report.To, "", packets, 1, "one", report.ToJson()), [file, file],
            Xunit.TestContext.Current.CancellationToken);
        return report;
    }

    // Echo replies of 192.0.2.3 to 192.0.2.2 for the MAC that Calico was told, one a second.
    private static byte[] Replies(int count)
    {
        var frame = Convert.FromHexString("eeeeeeeeeeeeeeeeeeeeeeee08004500001c0000000040010000c0000203c000020200000000002a0000");
        var file = new List<byte>(Convert.FromHexString("d4c3b2a10200040000000000000000000001000001000000"));
        Span<byte> head = stackalloc byte[16];
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(head, (int)At.ToUnixTimeSeconds() + i);
            BinaryPrimitives.WriteInt32LittleEndian(head[8..], frame.Length);
            BinaryPrimitives.WriteInt32LittleEndian(head[12..], frame.Length);
            BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(18), (short)(i + 1));
            BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(40), (short)i);
            file.AddRange(head.ToArray());
            file.AddRange(frame);
        }

        return [.. file];
    }
}
