using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Operations;

/// <summary>One network's endpoints share their names over all hosts of the cluster store.</summary>
public sealed class EndpointNamesTests
{
    private static readonly OperationPlanner Planner = new();
    private static readonly DockerNetwork Net = Snapshots.Network("my_net");

    [Theory]
    [InlineData("running", "etcd://192.168.122.1:2379", true)]
    [InlineData("paused", "etcd://192.168.122.1:2379/", true)]
    [InlineData("restarting", "etcd://192.168.122.9:2379,192.168.122.1:2379", true)]
    [InlineData("running", "", true)]
    [InlineData("exited", "etcd://192.168.122.1:2379", false)]
    [InlineData("created", "etcd://192.168.122.1:2379", false)]
    public void Create_NameThatRunsOnAnotherHost_IsRefusedBeforeDockerDoes(string state, string store, bool refused)
    {
        var snapshot = Two(store, Snapshots.Container("web", state: state, attachments: Snapshots.On(Net, endpoint: state == "running" ? "ep1" : "")));

        var plan = Planner.Plan(new CreateContainer("docker01", "web", "busybox") { Network = "my_net" }, snapshot).Plan;
        var idle = Planner.Plan(new CreateContainer("docker01", "web", "busybox") { Network = "my_net", Start = false }, snapshot).Plan;

        const string Reason = "endpoint with name web already exists in network my_net: the container web on docker02";
        Assert.Equal(refused, plan.Errors.Any(e => e.Field == "name" && e.Reason.StartsWith(Reason, StringComparison.Ordinal)));
        Assert.Equal(!refused, plan.Warnings.Any(w => w.Contains("only one of the two can run", StringComparison.Ordinal)));
        Assert.Empty(idle.Errors);
        Assert.Contains(idle.Warnings, w => w.Contains("docker02", StringComparison.Ordinal));
    }

    [Fact]
    public void Create_NameOnAnotherNetworkOrAnotherName_IsFine()
    {
        var other = Snapshots.Network("other_net");
        var snapshot = Two("etcd://192.168.122.1:2379", Snapshots.Container("web", attachments: Snapshots.On(other, endpoint: "ep1")));

        Assert.DoesNotContain(
            Planner.Plan(new CreateContainer("docker01", "web", "busybox") { Network = "my_net" }, snapshot).Plan.Errors,
            e => e.Field == "name");
        Assert.DoesNotContain(
            Planner.Plan(new CreateContainer("docker01", "db", "busybox") { Network = "my_net" }, snapshot).Plan.Errors,
            e => e.Field == "name");
    }

    [Fact]
    public void Start_NameThatRunsOnAnotherHost_IsRefused()
    {
        var snapshot = Two("etcd://192.168.122.1:2379", Snapshots.Container("web", attachments: Snapshots.On(Net, endpoint: "ep1")));
        var web = Snapshots.Container("web", state: "exited", attachments: Snapshots.On(Net)) with { Id = Snapshots.Id("mine") };
        var mine = snapshot.Hosts["docker01"].With(web);
        snapshot = snapshot with { Hosts = snapshot.Hosts.SetItem("docker01", mine) };

        Assert.Contains(
            Planner.Plan(new ChangeContainer("docker01", "web", ContainerAction.Start), snapshot).Plan.Errors,
            e => e.Field == "container" && e.Reason.Contains("on docker02 is running", StringComparison.Ordinal));
    }

    [Fact]
    public void Release_ContainerThatRunsAnywhere_IsRefused()
    {
        var snapshot = Two("etcd://192.168.122.1:2379", Snapshots.Container("web", attachments: Snapshots.On(Net, endpoint: "ep1")));

        var error = Planner.Plan(new ReleaseEndpoint("docker01", "my_net", "web"), snapshot).Refusal();

        Assert.Equal("container", error.Field);
        Assert.Contains("the endpoint is its own", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Release_HostThatDoesNotAnswer_NeedsConsent()
    {
        var lost = new FeedState("docker/docker02", FeedStatus.Stale, DateTimeOffset.UnixEpoch, null, null);
        var snapshot = Two("etcd://192.168.122.1:2379") with { Feeds = [lost] };

        Assert.Equal("evenIfHostLost", Planner.Plan(new ReleaseEndpoint("docker01", "my_net", "web"), snapshot).Refusal().Field);
        Assert.Empty(Planner.Plan(new ReleaseEndpoint("docker01", "my_net", "web", EvenIfHostLost: true), snapshot).Plan.Errors);
    }

    [Fact]
    public void Release_OwnStoppedContainer_IsRenamedForTheMomentConnectedAndStarted()
    {
        var own = Snapshots.Container("web", state: "exited", attachments: Snapshots.On(Net, requested: "192.0.2.7"));
        var snapshot = Two("etcd://192.168.122.1:2379");
        snapshot = snapshot with { Hosts = snapshot.Hosts.SetItem("docker01", snapshot.Hosts["docker01"].With(own)) };

        var planned = Planner.Plan(new ReleaseEndpoint("docker01", "my_net", "web"), snapshot);

        Assert.Empty(planned.Plan.Errors);
        Assert.Equal(
            [
                "docker rename web web.releasing",
                "docker network disconnect -f my_net web",
                "docker rename web.releasing web",
                "docker network connect --ip 192.0.2.7 my_net web",
                "docker start web",
            ],
            planned.Plan.Commands);
        Assert.Equal(["docker01", "docker02"], planned.Docker!.AlsoLookAt);
        Assert.Equal((own.Id, "192.0.2.7"), (planned.Docker.ContainerId, planned.Docker.Address));
    }

    [Fact]
    public void Release_NoContainerOfThatName_DisconnectsOnly()
    {
        var planned = Planner.Plan(new ReleaseEndpoint("docker01", "my_net", "web"), Two("etcd://192.168.122.1:2379"));

        Assert.Equal(["docker network disconnect -f my_net web"], planned.Plan.Commands);
        Assert.Null(planned.Docker!.ContainerId);
    }

    [Theory]
    [InlineData("endpoint with name c1 already exists in network shared", "shared")]
    [InlineData("endpoint with name c1 already exists in network a.b-c_d.", "a.b-c_d")]
    [InlineData("network with name shared already exists in network x", null)]
    [InlineData("no such container", null)]
    public void NetworkOf_DockersWords_IsTheNetwork(string words, string? network) => Assert.Equal(network, EndpointNames.NetworkOf(words));

    [Fact]
    public void Advice_NeverSaysToDisconnectByForce() =>
        Assert.DoesNotContain("disconnect -f", DockerAdvice.With("endpoint with name web already exists in network my_net"), StringComparison.Ordinal);

    [Fact]
    public void Network_AsLastKnown_IsSaidInThePlan()
    {
        var snapshot = Two("etcd://192.168.122.1:2379");
        var host = snapshot.Hosts["docker01"] with { LastKnownNetworks = [Net.Id] };

        var plan = Planner.Plan(
            new CreateContainer("docker01", "web", "busybox") { Network = "my_net" },
            snapshot with { Hosts = snapshot.Hosts.SetItem("docker01", host) }).Plan;

        Assert.Contains(plan.Warnings, w => w.Contains("shown as last known", StringComparison.Ordinal));
    }

    private static ClusterSnapshot Two(string store, params DockerContainer[] onSecond) => Snapshots.Of(
        Snapshots.Host().WithNode().With(Net),
        (Snapshots.Host(Snapshots.Info(store: store)) with { Name = "docker02" }).With(Net).With(onSecond)).Pool("192.0.2.0/24");
}
