using Bunit;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Containers;
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
    [InlineData("workload1", "Ping, Restart, Attach profile, Detach profile, Swap profile, Connect by TCP, May reach …, Stop, Pause, Remove")]
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

        Assert.Equal(["Disable policy", "Delete policy"], menu.FindAll("a").Select(a => a.TextContent.Trim()));
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
