using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Containers;

public sealed class SetContainerMacTests
{
    private static readonly SetContainerMac Good = new("docker01", "web", "cali0", "EE:ee:ee:ee:ee:ee");

    private static ClusterSnapshot Cluster(string state = "running") =>
        Snapshots.Of(Snapshots.Host().WithNode().With(Snapshots.Container("web", state: state)));

    [Fact]
    public void Plan_IsAHelperInTheContainersNetwork_WithNothingMoreThanItNeeds()
    {
        var planned = new OperationPlanner().Plan(Good, Cluster());
        Assert.Empty(planned.Plan.Errors);
        var helper = planned.Docker!.Container!;
        Assert.Equal($"container:{Snapshots.Id("web")}", helper.Network);
        Assert.Equal(["NET_ADMIN"], helper.Capabilities);
        Assert.False(helper.Privileged);
        Assert.Empty(helper.Binds);
        Assert.Equal(["ip", "link", "set", "dev", "cali0", "address", "ee:ee:ee:ee:ee:ee"], helper.Entrypoint);
        Assert.Equal("quay.io/calico/node:v2.6.9", helper.Image);
        Assert.Contains("--net=container:web", Assert.Single(planned.Plan.Commands), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cali0", "ee:ee", "mac")]
    [InlineData("cali0", "01:00:5e:00:00:01", "mac")]
    [InlineData("cali0; reboot", "ee:ee:ee:ee:ee:ee", "interface")]
    [InlineData("", "ee:ee:ee:ee:ee:ee", "interface")]
    [InlineData("../../etc", "ee:ee:ee:ee:ee:ee", "interface")]
    public void BadInput_NamesItsField(string name, string mac, string field)
    {
        var planned = new OperationPlanner().Plan(Good with { Interface = name, Mac = mac }, Cluster());
        Assert.Equal(field, Assert.Single(planned.Plan.Errors).Field);
        Assert.Empty(planned.DockerCalls);
    }

    [Fact]
    public void NotRunning_OrWithoutCalicoNode_IsRefused()
    {
        Assert.Equal("container", Assert.Single(new OperationPlanner().Plan(Good, Cluster("exited")).Plan.Errors).Field);
        var bare = Snapshots.Of(Snapshots.Host().With(Snapshots.Container("web")));
        Assert.Equal("host", Assert.Single(new OperationPlanner().Plan(Good, bare).Plan.Errors).Field);
    }
}
