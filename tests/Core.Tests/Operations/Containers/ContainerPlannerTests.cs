using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Containers;

public class ContainerPlannerTests
{
    private static readonly OperationPlanner Planner = new();
    private static readonly DockerNetwork Net = Snapshots.Network("my_net", "calico", "192.0.2.0/24");

    private static CreateContainer Create(string ip = "", string network = "my_net") =>
        new("docker01", "my_workload2", "busybox") { Network = network, Ip = ip };

    private static ClusterSnapshot Ready(string node = "quay.io/calico/node:v2.6.9", params DockerContainer[] others) =>
        Snapshots.Of(Snapshots.Host().WithNode(node).With(Net).With(others)).Pool("192.0.2.0/24");

    [Fact]
    public void Create_WalkThrough_GivesRequestAndCommand()
    {
        var planned = Planner.Plan(Create("192.0.2.2"), Ready());

        Assert.Empty(planned.Plan.Errors);
        var request = planned.Docker!.Container!;
        Assert.Equal((Net.Id, "192.0.2.2", true), (request.Network, request.IPv4, request.Interactive));
        Assert.Equal(["docker run --net my_net --name my_workload2 --ip 192.0.2.2 -tid busybox"], planned.Plan.Commands);
        Assert.Null(planned.Plan.ProposedAddress);
    }

    [Theory]
    [InlineData("quay.io/calico/node:v2.6.9", true)]
    [InlineData("calico/node:v2.6.9-lab", true)]
    [InlineData("quay.io/calico/node:v2.6.4", true)]
    [InlineData("registry.example.com:5000/calico/node", true)]
    [InlineData("quay.io/calico/node:v2.6.10", false)]
    [InlineData("calico/node:v2.6.12-lab", false)]
    [InlineData("quay.io/calico/node:v2.6.2", false)]
    public void Create_AutomaticAddress_IsProposedWhereThePluginCannotChoose(string node, bool proposes)
    {
        var planned = Planner.Plan(Create(), Ready(node));

        Assert.Empty(planned.Plan.Errors);
        Assert.Equal(proposes ? "192.0.2.1" : null, planned.Docker!.Container!.IPv4);
        Assert.Equal(proposes ? "192.0.2.1" : null, planned.Plan.ProposedAddress?.ToString());
        Assert.Equal(proposes, planned.Plan.Warnings.Any(w => w.Contains("192.0.2.1", StringComparison.Ordinal)));
        Assert.Equal(proposes, planned.Plan.Commands[0].Contains("--ip 192.0.2.1", StringComparison.Ordinal));
    }

    [Fact]
    public void Create_AutomaticAddress_PassesOverTakenAndReservedOnes()
    {
        var asleep = Snapshots.Container("asleep", state: "exited", attachments: Snapshots.On(Net, requested: "192.0.2.1"));
        var snapshot = Ready(others: asleep).Endpoint("docker01", "e2", "192.0.2.2");

        Assert.Equal("192.0.2.3", Planner.Plan(Create(), snapshot).Docker!.Container!.IPv4);
    }

    [Fact]
    public void Create_AutomaticOnNetworkWithoutSubnet_IsLeftToThePlugin()
    {
        var any = Snapshots.Network("any_net", "calico", "0.0.0.0/0");

        var planned = Planner.Plan(Create(network: "any_net"), Snapshots.Of(Snapshots.Host().WithNode().With(any)).Pool("192.0.2.0/24"));

        Assert.Empty(planned.Plan.Errors);
        Assert.Null(planned.Docker!.Container!.IPv4);
    }

    [Theory]
    [InlineData("198.51.100.9", "Invalid address 198.51.100.9: It does not belong to any of this network's subnets.")]
    [InlineData("192.0.2.2/24", "invalid IPv4 address: 192.0.2.2/24")]
    [InlineData("fd00::1", "invalid IPv4 address: fd00::1")]
    [InlineData("hello", "invalid IPv4 address: hello")]
    public void Create_BadAddress_IsRefusedInDockersWords(string ip, string reason)
    {
        var error = Planner.Plan(Create(ip), Ready()).Refusal();

        Assert.Equal("ip", error.Field);
        Assert.StartsWith(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_AddressInUse_NamesTheHolderAndProposesAnother()
    {
        var snapshot = Ready(others: Snapshots.Container("web", attachments: Snapshots.On(Net, "e2", "192.0.2.2"))).Endpoint("docker01", "e2", "192.0.2.2");

        var plan = Planner.Plan(Create("192.0.2.2"), snapshot).Plan;

        var error = Assert.Single(plan.Errors);
        Assert.StartsWith("Address already assigned in block", error.Reason, StringComparison.Ordinal);
        Assert.Contains("container docker01/web", error.Reason, StringComparison.Ordinal);
        Assert.Equal("192.0.2.1", plan.ProposedAddress?.ToString());
    }

    [Fact]
    public void Create_LeakedAddress_IsRefusedByItsBlock()
    {
        var block = new IpamBlock
        {
            Cidr = Cidr.Parse("192.0.2.0/26"),
            Affinity = "host:docker01",
            Allocations = [null, null, 0, .. Enumerable.Repeat<int?>(null, 61)],
            Unallocated = [0, 1, .. Enumerable.Range(3, 61)],
            Attributes = [new IpamAttribute(null, null)],
        };
        var snapshot = Ready();
        snapshot = snapshot with { Calico = snapshot.Calico with { Blocks = snapshot.Calico.Blocks.Add(block.Cidr, new Stored<IpamBlock>(block, [])) } };

        Assert.Contains("perhaps leaked", Planner.Plan(Create("192.0.2.2"), snapshot).Refusal().Reason, StringComparison.Ordinal);
        Assert.Empty(Planner.Plan(Create("192.0.2.3"), snapshot).Plan.Errors);
    }

    [Theory]
    [InlineData("192.0.2.9", "The provided IP address is not in a configured pool")]
    [InlineData("", "No configured Calico pools")]
    public void Create_DisabledPool_IsRefused(string ip, string reason)
    {
        var snapshot = Snapshots.Of(Snapshots.Host().WithNode().With(Net)).Pool("192.0.2.0/24", disabled: true);

        Assert.StartsWith(reason, Planner.Plan(Create(ip), snapshot).Refusal().Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.9")]
    [InlineData("")]
    public void Create_DeletedPool_IsRefusedInThePluginsWords(string ip) => Assert.StartsWith(
        "The network references a Calico pool which has been deleted.",
        Planner.Plan(Create(ip), Snapshots.Of(Snapshots.Host().WithNode().With(Net))).Refusal().Reason,
        StringComparison.Ordinal);

    [Fact]
    public void Create_NoCalicoNode_IsRefusedOnlyWhenItShallStart()
    {
        var snapshot = Snapshots.Of(Snapshots.Host().With(Net)).Pool("192.0.2.0/24");

        Assert.Contains("deploy calico-node first", Planner.Plan(Create("192.0.2.2"), snapshot).Refusal().Reason, StringComparison.Ordinal);
        Assert.Empty(Planner.Plan(Create("192.0.2.2") with { Start = false }, snapshot).Plan.Errors);
    }

    [Theory]
    [InlineData("name", "-x", "busybox", "my_net")]
    [InlineData("name", "web", "busybox", "my_net")]
    [InlineData("image", "ok", "Busy Box", "my_net")]
    [InlineData("network", "ok", "busybox", "nosuch")]
    public void Create_BadField_IsNamed(string field, string name, string image, string network)
    {
        var operation = new CreateContainer("docker01", name, image) { Network = network, Ip = "" };

        Assert.Equal(field, Planner.Plan(operation, Ready(others: Snapshots.Container("web"))).Refusal().Field);
    }

    [Fact]
    public void Create_HostileCommand_IsQuotedForTheShell()
    {
        var operation = Create("192.0.2.2") with { Command = ["sh", "-c", "echo 'a' $(id); reboot"] };

        Assert.EndsWith(@"busybox sh -c 'echo '\''a'\'' $(id); reboot'", Planner.Plan(operation, Ready()).Plan.Commands[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Restart_AutomaticAddressOnOldPlugin_WarnsThatItWillNotStart()
    {
        var snapshot = Ready(others: Snapshots.Container("auto", attachments: Snapshots.On(Net, "e1", "192.0.2.7"))).Endpoint("docker01", "e1", "192.0.2.7");

        var plan = Planner.Plan(new ChangeContainer("docker01", "auto", ContainerAction.Restart), snapshot).Plan;

        Assert.Empty(plan.Errors);
        Assert.Contains(plan.Warnings, w => w.Contains("would stop and then fail to start", StringComparison.Ordinal));
        Assert.Equal(["docker restart auto"], plan.Commands);
    }

    [Fact]
    public void Start_FixedAddressTakenMeanwhile_IsRefused()
    {
        var late = Snapshots.Container("late", state: "exited", attachments: Snapshots.On(Net, requested: "192.0.2.7"));
        var snapshot = Ready(others: late).Endpoint("docker02", "e9", "192.0.2.7");

        Assert.StartsWith(
            "Address already assigned in block",
            Planner.Plan(new ChangeContainer("docker01", "late", ContainerAction.Start), snapshot).Refusal().Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Remove_Container_IsFoundByIdPrefix()
    {
        var planned = Planner.Plan(
            new ChangeContainer("docker01", Snapshots.Id("web")[..10], ContainerAction.Remove),
            Ready(others: Snapshots.Container("web")));

        Assert.Equal(Snapshots.Id("web"), planned.Docker!.ContainerId);
        Assert.Equal(["docker rm -f -v web"], planned.Plan.Commands);
        Assert.Null(Assert.Single(planned.Plan.Changes).After);
    }

    [Theory]
    [InlineData("192.0.2.3", 4, "running", null)]
    [InlineData("fd00::1", 4, "running", null)]
    [InlineData("my_workload3", 4, "running", null)]
    [InlineData("-f", 4, "running", "target")]
    [InlineData("a;b", 4, "running", "target")]
    [InlineData("", 4, "running", "target")]
    [InlineData("192.0.2.3", 0, "running", "count")]
    [InlineData("192.0.2.3", 101, "running", "count")]
    [InlineData("192.0.2.3", 4, "exited", "container")]
    public void Ping_Request_IsChecked(string target, int count, string state, string? field)
    {
        var plan = Planner.Plan(new Ping("docker01", "web", target, count), Ready(others: Snapshots.Container("web", state: state))).Plan;

        Assert.Equal(field, plan.Errors.SingleOrDefault()?.Field);
        Assert.Empty(plan.Changes);
    }

    [Theory]
    [InlineData("192.0.2.3", 5432, 2, "running", null)]
    [InlineData("db-1", 1, 30, "running", null)]
    [InlineData("-e", 80, 2, "running", "target")]
    [InlineData("", 80, 2, "running", "target")]
    [InlineData("192.0.2.3", 0, 2, "running", "port")]
    [InlineData("192.0.2.3", 65536, 2, "running", "port")]
    [InlineData("192.0.2.3", 80, 0, "running", "seconds")]
    [InlineData("192.0.2.3", 80, 2, "exited", "container")]
    public void Connect_Request_IsChecked(string target, int port, int seconds, string state, string? field)
    {
        var plan = Planner.Plan(new ConnectTcp("docker01", "web", target, port, seconds), Ready(others: Snapshots.Container("web", state: state))).Plan;

        Assert.Equal(field, plan.Errors.SingleOrDefault()?.Field);
        Assert.Empty(plan.Changes);
        if (field is null)
        {
            Assert.Equal($"docker exec web nc -z -vv -w {seconds} {target} {port}", Assert.Single(plan.Commands));
        }
    }

    [Theory]
    [InlineData(0L, "", TcpAnswer.Connected)]
    [InlineData(0L, "192.0.2.3 (192.0.2.3:80) open", TcpAnswer.Connected)]
    [InlineData(127L, "nc: can't execute 'true': No such file or directory", TcpAnswer.Connected)]
    [InlineData(1L, "nc: can't connect to remote host (192.0.2.3): Connection refused", TcpAnswer.Refused)]
    [InlineData(1L, "nc: connect to 192.0.2.3 port 80 (tcp) failed: Connection refused", TcpAnswer.Refused)]
    [InlineData(1L, "Ncat: Connection refused.", TcpAnswer.Refused)]
    [InlineData(1L, "nc: timed out", TcpAnswer.NoAnswer)]
    [InlineData(1L, "nc: 192.0.2.3 (192.0.2.3:80): Operation timed out", TcpAnswer.NoAnswer)]
    [InlineData(1L, "Ncat: TIMEOUT.", TcpAnswer.NoAnswer)]
    [InlineData(1L, "nc: can't connect to remote host (192.0.2.3): No route to host", TcpAnswer.NoAnswer)]
    [InlineData(1L, "nc: can't connect to remote host (192.0.2.3): Network is unreachable", null)]
    [InlineData(1L, "nc: bad address 'db'", null)]
    [InlineData(127L, "exec: \"nc\": executable file not found in $PATH: unknown", null)]
    [InlineData(1L, "", null)]
    [InlineData(null, "", null)]
    public void TcpAnswers_WordsOfEveryNc_AreRead(long? exitCode, string words, TcpAnswer? answer) => Assert.Equal(answer, TcpAnswers.Read(exitCode, words));

    [Fact]
    public void Change_UnknownContainer_SaysDockersWords() =>
        Assert.Equal("No such container: nosuch", Planner.Plan(new ChangeContainer("docker01", "nosuch", ContainerAction.Stop), Ready()).Refusal().Reason);

    [Fact]
    public void CalicoVersion_InEtcd_TellsWhenTheImageDoesNot()
    {
        var snapshot = Ready("example.com/own-node").Key(V1Keys.FelixConfig("CalicoVersion"), "v2.6.10");

        Assert.Null(Planner.Plan(Create(), snapshot).Docker!.Container!.IPv4);
    }
}
