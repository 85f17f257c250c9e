using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Networks;

public class NetworkPlannerTests
{
    private static readonly OperationPlanner Planner = new();

    private static CreateNetwork Create(string subnet = "192.0.2.0/24", string name = "my_net", string driver = "calico", string ipam = "calico-ipam") =>
        new("docker01", name, driver, ipam, subnet);

    private static ClusterSnapshot Ready() => Snapshots.Of(Snapshots.Host().WithNode()).Pool("192.0.2.0/24");

    [Fact]
    public void Create_WalkThrough_GivesRequestAndCommand()
    {
        var planned = Planner.Plan(Create(), Ready());

        Assert.Empty(planned.Plan.Errors);
        Assert.Equal(("my_net", "calico", "calico-ipam"), (planned.Docker!.Network!.Name, planned.Docker.Network.Driver, planned.Docker.Network.IpamDriver));
        Assert.Equal(["192.0.2.0/24"], planned.Docker.Network.Subnets);
        Assert.Equal(["docker network create --driver calico --ipam-driver calico-ipam --subnet=192.0.2.0/24 my_net"], planned.Plan.Commands);
        Assert.Empty(planned.Writes);
    }

    [Theory]
    [InlineData("192.0.2.0/25", "The requested subnet must match the CIDR of a configured Calico IP Pool.")]
    [InlineData("198.51.100.0/24", "The requested subnet must match the CIDR of a configured Calico IP Pool.")]
    [InlineData("192.0.2.1/24", "host bits")]
    [InlineData("192.0.2.0", "invalid CIDR address: 192.0.2.0")]
    [InlineData("hello/24", "invalid CIDR address: hello/24")]
    public void Create_SubnetWithoutPool_IsRefusedInThePluginsWords(string subnet, string reason)
    {
        var errors = Planner.Plan(Create(subnet), Ready()).Plan.Errors;

        Assert.Contains(errors, e => e.Field == "subnet" && e.Reason.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Create_OtherDriver_IsJustDocker()
    {
        var planned = Planner.Plan(Create("10.9.0.0/24", driver: "bridge", ipam: ""), Snapshots.Of(Snapshots.Host(Snapshots.Info("24.0.1", ""))));

        Assert.Empty(planned.Plan.Errors);
        Assert.Equal(["docker network create --driver bridge --subnet=10.9.0.0/24 my_net"], planned.Plan.Commands);
    }

    [Theory]
    [InlineData("20.10.24", "", "not initialized")]
    [InlineData("23.0.1", "etcd://192.168.122.1:2379", "removed in 23.0")]
    public void Create_EngineWithoutClusterStore_IsRefused(string version, string store, string reason)
    {
        var snapshot = Snapshots.Of(Snapshots.Host(Snapshots.Info(version, store)).WithNode()).Pool("192.0.2.0/24");

        var error = Planner.Plan(Create(), snapshot).Refusal();

        Assert.Equal("host", error.Field);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_NoCalicoNode_SaysDeployFirst()
    {
        var error = Planner.Plan(Create(), Snapshots.Of(Snapshots.Host()).Pool("192.0.2.0/24")).Refusal();

        Assert.Equal("driver", error.Field);
        Assert.Contains("deploy calico-node first", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_NodeEndedButPluginListed_WarnsOnly()
    {
        var host = Snapshots.Host(Snapshots.Info(plugins: "calico")).WithNode(state: "exited");

        var plan = Planner.Plan(Create(), Snapshots.Of(host).Pool("192.0.2.0/24")).Plan;

        Assert.Empty(plan.Errors);
        Assert.Contains(plan.Warnings, w => w.Contains("exited", StringComparison.Ordinal));
    }

    [Fact]
    public void Create_NonCalicoIpam_IsRefused() =>
        Assert.Contains(
            Planner.Plan(Create(ipam: "default"), Ready()).Plan.Errors,
            e => e.Field == "ipamDriver" && e.Reason.StartsWith("Non-Calico IPAM driver is used.", StringComparison.Ordinal));

    [Theory]
    [InlineData("my net")]
    [InlineData("a/b")]
    [InlineData("")]
    public void Create_NameThatIsNoTag_IsRefused(string name) => Assert.Contains(Planner.Plan(Create(name: name), Ready()).Plan.Errors, e => e.Field == "name");

    [Fact]
    public void Create_NameOnAnotherHostOfTheStore_IsRefused()
    {
        var other = Snapshots.Host() with { Name = "docker02" };
        var snapshot = Snapshots.Of(Snapshots.Host().WithNode(), other.With(Snapshots.Network("my_net", "calico", "192.0.2.0/24"))).Pool("192.0.2.0/24");

        Assert.Equal("network with name my_net already exists", Planner.Plan(Create(), snapshot).Refusal().Reason);
    }

    [Fact]
    public void Create_DisabledPool_WarnsOnly()
    {
        var plan = Planner.Plan(Create(), Snapshots.Of(Snapshots.Host().WithNode()).Pool("192.0.2.0/24", disabled: true)).Plan;

        Assert.Empty(plan.Errors);
        Assert.Contains(plan.Warnings, w => w.Contains("disabled", StringComparison.Ordinal));
    }

    [Fact]
    public void Create_DockerThatLosesTheMac_Warns()
    {
        var snapshot = Snapshots.Of(Snapshots.Host(Snapshots.Info("18.03.1-ce")).WithNode()).Pool("192.0.2.0/24");

        Assert.Contains(Planner.Plan(Create(), snapshot).Plan.Warnings, w => w.Contains("MAC", StringComparison.Ordinal));
    }

    [Fact]
    public void Delete_WithEndpoints_IsRefusedAndNamesThem()
    {
        var network = Snapshots.Network("my_net", "calico", "192.0.2.0/24");
        var host = Snapshots.Host().WithNode().With(network).With(Snapshots.Container("my_workload2", attachments: Snapshots.On(network, "e1", "192.0.2.2")));

        var error = Planner.Plan(new DeleteNetwork("docker01", "my_net"), Snapshots.Of(host)).Refusal();

        Assert.Equal("name", error.Field);
        Assert.Contains($"error while removing network: network my_net id {network.Id} has active endpoints", error.Reason, StringComparison.Ordinal);
        Assert.Contains("docker01/my_workload2", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Delete_ByIdWithStoppedMember_WarnsAndResolvesTheId()
    {
        var network = Snapshots.Network("my_net", "calico", "192.0.2.0/24");
        var host = Snapshots.Host().WithNode().With(network).With(Snapshots.Container("my_workload2", state: "exited", attachments: Snapshots.On(network)));

        var planned = Planner.Plan(new DeleteNetwork("docker01", network.Id[..12]), Snapshots.Of(host));

        Assert.Empty(planned.Plan.Errors);
        Assert.Equal(network.Id, planned.Docker!.NetworkId);
        Assert.Contains(planned.Plan.Warnings, w => w.Contains("my_workload2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nosuch", "network nosuch not found")]
    [InlineData("bridge", "bridge is a pre-defined network and cannot be removed")]
    public void Delete_Impossible_IsRefusedInDockersWords(string name, string reason) =>
        Assert.Equal(
            reason,
            Planner.Plan(new DeleteNetwork("docker01", name), Snapshots.Of(Snapshots.Host().With(Snapshots.Network("bridge", "bridge")))).Refusal().Reason);

    [Theory]
    [InlineData("host")]
    [InlineData("none")]
    public void Delete_PreDefined_IsRefused(string name) =>
        Assert.Equal(
            $"{name} is a pre-defined network and cannot be removed",
            Planner.Plan(new DeleteNetwork("docker01", name), Snapshots.Of(Snapshots.Host().With(Snapshots.Network(name, name)))).Refusal().Reason);

    [Fact]
    public void Delete_OfCalico_SaysWhatGoesAndWhatStays()
    {
        var network = Snapshots.Network("my_net", "calico", "192.0.2.0/24");
        var snapshot = Snapshots.Of(Snapshots.Host().WithNode().With(network));

        var planned = Planner.Plan(new DeleteNetwork("docker01", "my_net"), snapshot);

        Assert.Equal([$"docker01 DELETE networks/{network.Id}"], planned.DockerCalls);
        Assert.Equal(["docker network rm my_net"], planned.Plan.Commands);
        Assert.Equal((network.Id, true), (planned.Docker!.NetworkId, planned.Docker.OnCalicoNetwork));
        Assert.Null(Assert.Single(planned.Plan.Changes).After);
        Assert.Collection(
            planned.Plan.Consequences,
            scope => Assert.StartsWith("The network is of global scope", scope, StringComparison.Ordinal),
            kept => Assert.StartsWith("Calico keeps the ipPool; a new network", kept, StringComparison.Ordinal));
    }

    [Fact]
    public void Delete_OfAnotherDriver_AsksNothingOfCalico()
    {
        var planned = Planner.Plan(new DeleteNetwork("docker01", "here"), Snapshots.Of(Snapshots.Host().With(Snapshots.Network("here", "bridge"))));

        Assert.Empty(planned.Plan.Errors);
        Assert.Empty(planned.Plan.Consequences);
        Assert.False(planned.Docker!.OnCalicoNetwork);
    }

    [Fact]
    public void Delete_OfCalicoWithoutItsNode_IsRefused()
    {
        var snapshot = Snapshots.Of(Snapshots.Host().With(Snapshots.Network("my_net")));

        Assert.Equal("host", Planner.Plan(new DeleteNetwork("docker01", "my_net"), snapshot).Refusal().Field);
    }

    [Theory]
    [InlineData("calico", "etcd://192.168.122.1:2379", true)]
    [InlineData("calico", "etcd://192.0.2.9:2379", false)]
    [InlineData("bridge", "etcd://192.168.122.1:2379", false)]
    public void Delete_MembersOnHostsOfTheSameStore_Count(string driver, string store, bool refused)
    {
        var network = Snapshots.Network("my_net", driver);
        var second = (Snapshots.Host(Snapshots.Info(store: store)) with { Name = "docker02" })
            .With(Snapshots.Container("web", attachments: Snapshots.On(network, "e1")));

        var snapshot = Snapshots.Of(Snapshots.Host().WithNode().With(network), second);

        var plan = Planner.Plan(new DeleteNetwork("docker01", "my_net"), snapshot).Plan;

        Assert.Equal(refused, plan.Errors.Any(e => e.Reason.Contains("docker02/web", StringComparison.Ordinal)));
    }
}
