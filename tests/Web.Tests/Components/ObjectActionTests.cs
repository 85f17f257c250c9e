using Bunit;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Containers;
using CalicoConsole.Web.Areas.Networks;
using CalicoConsole.Web.Areas.Nodes;
using CalicoConsole.Web.Areas.Policies;
using CalicoConsole.Web.Areas.Profiles;
using CalicoConsole.Web.Kit;
using MudBlazor;
using MudBlazor.Services;

namespace CalicoConsole.Web.Tests.Components;

/// <summary>What can be done to an object is said in one place for its page, the rows of its lists, and many at once.</summary>
public sealed class ObjectActionTests
{
    private static readonly ClusterSnapshot Snapshot = ManualSnapshot();

    [Theory]
    [InlineData("workload1", "Ping, Restart, Attach profile, Detach profile, Swap profile, Connect by TCP, Diagnose …, Capture packets, May reach …, "
        + "Stop, Pause, Remove")]
    [InlineData("workload2", "Start, Remove")]
    public void Container_IsOfferedWhatItsStateAllows(string name, string offered)
    {
        var view = Snapshot.Views.Containers.Values.Single(v => v.Container.Name == name);
        Assert.Equal(offered, string.Join(", ", ContainerActions.For(view).Select(a => a.Text)));
        Assert.All(ContainerActions.For(view), a => Assert.Contains(a.Text == "May reach …" ? "reachability" : "do/", a.Href, StringComparison.Ordinal));
    }

    [Fact]
    public void ManyContainers_AreOfferedEveryActionOfTheTable_AndThoseInAnotherStateArePassedOver()
    {
        Assert.Equal(ContainerAction.All.Select(a => (a.Verb, a.Label, a.After is null)), ContainerActions.Bulk.Select(a => (a.Key, a.Label, a.Destructive)));
        var (running, exited) = (Row("workload1"), Row("workload2"));
        var start = ContainerActions.Bulk.Single(a => a.Key == "start");
        Assert.Equal("it is running", start.Skip(running));
        Assert.Null(start.Skip(exited));
        Assert.Equal(new ChangeContainer("docker02", Cluster.Second, ContainerAction.Start) { Label = "workload2" }, start.Operation(exited));
    }

    [Fact]
    public void ManyProfiles_AreDeletedAsTheyWereSeen()
    {
        var row = ProfileRow.AllIn(Snapshot.Calico).Single(r => r.Profile.Name == "my_net");
        var delete = Assert.Single(ProfileActions.Bulk(() => Snapshot));
        Assert.True(delete.Destructive);
        var operation = Assert.IsType<DeleteResource>(delete.Operation(row));
        Assert.Equal(("my_net", Snapshot.Calico.Profiles["my_net"].Revision, false), (operation.Id.Name, operation.ExpectedRevision, operation.EvenIfInUse));
    }

    [Fact]
    public void ManyNetworks_AreDeleted_ButTheEnginesOwnArePassedOver()
    {
        var delete = Assert.Single(NetworkActions.Bulk);
        Assert.True(delete.Destructive);
        var mine = Snapshot.Views.Networks.First(n => n.IsCalico);
        Assert.Null(delete.Skip(mine));
        Assert.Equal(new DeleteNetwork(mine.Hosts[0], mine.Network.Name), delete.Operation(mine));
        var bridge = mine with { Network = mine.Network with { Driver = "bridge" } };
        Assert.Equal("its driver is bridge", delete.Skip(bridge));
    }

    [Fact]
    public void ManyNodes_LoseCalicoNodeWhereItIs_AndAreDeletedAsTheyWereSeen()
    {
        var bulk = NodeActions.Bulk(() => Snapshot);
        Assert.Equal([("remove", true), ("delete", true)], bulk.Select(a => (a.Key, a.Destructive)));
        var rows = NodeRow.AllIn(Snapshot);
        var row = rows.First(r => r.View is { Host.Containers.Count: > 0, Node: not null });
        var with = row with { View = row.View with { CalicoNode = row.View.Host!.Containers.Values.First() } };
        Assert.Null(bulk[0].Skip(with));
        Assert.Equal(new RemoveCalicoNode(with.View.Host!.Name), bulk[0].Operation(with));
        Assert.Equal("calico-node is not deployed", bulk[0].Skip(with with { View = with.View with { CalicoNode = null } }));
        Assert.Equal("no Docker host has its name", bulk[0].Skip(with with { View = with.View with { Host = null } }));

        Assert.Null(bulk[1].Skip(with));
        Assert.Equal("etcd does not know it", bulk[1].Skip(with with { View = with.View with { Node = null } }));
        var operation = Assert.IsType<DeleteResource>(bulk[1].Operation(with));
        Assert.Equal((KindNames.Node, with.View.Name), (operation.Id.Kind, operation.Id.Name));
        Assert.NotNull(operation.ExpectedRevision);
    }

    [Fact]
    public void SecurityGroups_AreNotOfferedToBeAttached() =>
        Assert.Equal(["Edit profile anyway", "Delete profile"], ProfileActions.For("openstack-sg-web").Select(a => a.Text));

    [Fact]
    public async Task Page_HasButtonsAMenu_AndWhatCannotBeTakenBackApart()
    {
        await using var context = new BunitContext();
        context.JSInterop.Mode = JSRuntimeMode.Loose;
        context.Services.AddMudServices();
        var menu = context.Render<MudPopoverProvider>();
        var page = context.Render<ObjectActions>(p => p.Add(a => a.All, [.. PolicyActions.For("web")]));
        Assert.Equal(["Edit policy"], page.FindAll("a.btn").Select(a => a.TextContent.Trim()));
        Assert.Empty(menu.FindAll("a"));

        page.Find(".more-menu button").Click();

        // The menu opens in a render of its own.
        menu.WaitForAssertion(() => Assert.Equal(["Disable policy", "Delete policy"], menu.FindAll("a").Select(a => a.TextContent.Trim())),
            TimeSpan.FromSeconds(20));
        Assert.Equal("do/delete-policy?name=web", menu.Find("hr ~ a").GetAttribute("href"));
    }

    private static ContainerRow Row(string name) => ContainerRow.From(Snapshot).Single(r => r.View.Container.Name == name);

    private static ClusterSnapshot ManualSnapshot()
    {
        var state = new ManualClusterState();
        state.Publish(Cluster.Snapshot());
        return state.Current;
    }
}
