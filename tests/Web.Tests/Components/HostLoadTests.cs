using Bunit;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Overview;

namespace CalicoConsole.Web.Tests.Components;

public sealed class HostLoadTests
{
    [Fact]
    public void EachHost_HasItsContainersByState_AndItsEndpoints()
    {
        var state = new ManualClusterState();
        state.Publish(Cluster.Snapshot());

        Assert.Equal(["docker01: 1 running, endpoints 1", "docker02: 1 exited, endpoints 0"],
            HostLoad.AllIn(state.Current).Select(h => $"{h.Host}: {h.Words}, endpoints {h.Endpoints}"));
        Assert.Empty(HostLoad.AllIn(new ClusterSnapshot()));
    }

    [Fact]
    public void Panel_DrawsAllHostsToOneScale_AndSaysHowManyItLeavesOut()
    {
        using var context = new BunitContext();
        HostLoad[] hosts =
        [
            .. Enumerable.Range(0, 15).Select(i => new HostLoad($"h{i:d2}", $"h{i:d2}", i == 14 ? [] : [new("running", 20 - i), new("exited", 10)], i)),
        ];

        var view = context.Render<HostLoadPanel>(p => p.Add(c => c.Hosts, [.. hosts]));

        Assert.Equal(12, view.FindAll("[data-load]").Count);
        Assert.Equal(["width: 66.667%", "width: 33.333%"], view.FindAll("[data-load=h00] .load-part").Select(s => s.GetAttribute("style")));
        Assert.Equal(["width: 50%", "width: 33.333%"], view.FindAll("[data-load=h05] .load-part").Select(s => s.GetAttribute("style")));
        Assert.Equal("20 running, 10 exited", view.Find("[data-load=h00] .load").GetAttribute("aria-label"));
        Assert.Contains("3 hosts with fewer containers", view.Markup, StringComparison.Ordinal);
    }
}
