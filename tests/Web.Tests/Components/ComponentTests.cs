using Bunit;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Configuration;
using CalicoConsole.Web.Areas.Operations;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Shell;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Components;

public sealed class ComponentTests : IAsyncDisposable
{
    private readonly BunitContext _context = new();
    private readonly ManualClusterState _state = new();
    private readonly RecordingRunner _runner = new();

    public ComponentTests()
    {
        _context.AddConsole(_state, _runner, _runner);
        _context.Render<MudBlazor.MudPopoverProvider>();
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeComponentsAsync();
        Assert.Equal(0, _state.Subscribers);
        await _context.DisposeAsync();
    }

    [Theory]
    [InlineData(null, null, 3)]
    [InlineData("policy", null, 2)]
    [InlineData("policy", "team/web", 1)]
    [InlineData("policy", "sound", 0)]
    [InlineData("bgpPeer", null, 1)]
    [InlineData("profile", null, 0)]
    public void UnreadableValues_ShowTheirBytesAndTheReason(string? kind, string? name, int count)
    {
        CalicoConsole.Core.Ports.StoredKey[] keys =
        [
            new("/calico/v1/policy/tier/default/policy/team%2fweb", "{\"order\":\"<first>\"}"u8.ToArray(), 3),
            new("/calico/v1/policy/tier/default/policy/a", "{"u8.ToArray(), 3),
            new("/calico/v1/policy/tier/default/policy/sound", "{\"selector\":\"\"}"u8.ToArray(), 3),
            new("/calico/bgp/v1/global/peer_v4/10.0.0.1", "{\"ip\":\"10.0.0.1\",\"as_num\":7}"u8.ToArray(), 3),
        ];
        _state.Publish(new ClusterSnapshot { Calico = CalicoStateUpdate.FromListing([.. keys], 4) });
        var values = _context.Render<UnreadableValues>(p => p.Add(v => v.Kind, kind).Add(v => v.Name, name));
        Assert.Equal(count == 0 ? [] : [$"{count}"], values.FindAll("[data-unreadable]").Select(e => e.GetAttribute("data-unreadable")));
        Assert.Equal(count, values.FindAll("pre").Count);
        if (name == "team/web")
        {
            Assert.Equal("{\"order\":\"<first>\"}", values.Find("pre").TextContent);
            Assert.Contains("order", values.FindAll("p")[2].TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void PlanPanel_ShowsEveryPart()
    {
        var panel = _context.Render<PlanPanel>(p => p.Add(x => x.Plan, new Plan
        {
            Changes = [new DocumentChange("etcd", "/key", "old", "new")],
            Commands = ["calicoctl delete"],
            Warnings = ["beware"],
            Consequences = ["follows"],
        }));
        foreach (var text in new[] { "/key", "old", "new", "calicoctl delete", "beware", "follows" })
        {
            Assert.Contains(text, panel.Markup, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(FeedStatus.Live, "feeds live", "healthy")]
    [InlineData(FeedStatus.Syncing, "feeds syncing", "working")]
    [InlineData(FeedStatus.Stale, "etcd stale", "stale")]
    public void FeedBar_ShowsTheWorst(FeedStatus status, string text, string kind)
    {
        var bar = _context.Render<FeedBar>(p => p.Add(x => x.Feeds, Cluster.Snapshot().WithFeed("etcd", status, everLive: true).Feeds));
        var chip = bar.Find(".chip");
        Assert.Equal(text, chip.TextContent.Trim());
        Assert.Contains(kind, chip.ClassList);
    }

    [Fact]
    public void EmptyState_KindsAreTold()
    {
        var texts = Enum.GetValues<EmptyKind>().Select(kind =>
            _context.Render<EmptyState>(p => p.Add(x => x.Kind, kind).Add(x => x.What, "IP pools")).Find("strong").TextContent).ToArray();
        Assert.Equal(5, texts.Distinct(StringComparer.Ordinal).Count());
    }
}
