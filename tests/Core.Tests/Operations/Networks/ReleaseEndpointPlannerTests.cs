using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Networks;

/// <summary>What releasing an endpoint would do, and when it is refused. What other hosts have to say is in <see cref="EndpointNamesTests"/>.</summary>
public sealed class ReleaseEndpointPlannerTests
{
    private static readonly DockerNetwork Net = Snapshots.Network("my_net");
    private static readonly DockerNetwork Local = Snapshots.Network("here", "bridge");

    [Fact]
    public void OwnContainer_StepsCallsAndChanges_AreInTheOrderOfTheWork()
    {
        var own = Snapshots.Container("web", state: "exited", attachments: Snapshots.On(Net));

        var planned = Plan(Snapshots.Host().WithNode().With(Net).With(own));

        Assert.Equal(
            [
                ReleaseEndpointSteps.Look, ReleaseEndpointSteps.Rename, ReleaseEndpointSteps.Disconnect, ReleaseEndpointSteps.RenameBack,
                ReleaseEndpointSteps.Connect, ReleaseEndpointSteps.Start,
            ],
            planned.Plan.Steps);
        Assert.Equal(
            [
                $"docker01 POST containers/{own.Id}/rename?name=web.releasing", $"docker01 POST networks/{Net.Id}/disconnect web force",
                $"docker01 POST containers/{own.Id}/rename?name=web", $"docker01 POST networks/{Net.Id}/connect web",
                $"docker01 POST containers/{own.Id}/start",
            ],
            planned.DockerCalls);
        Assert.Equal(["endpoint web in my_net", "container web"], planned.Plan.Changes.Select(c => c.Object));
        Assert.All(planned.Plan.Changes, c => Assert.Equal("docker/docker01", c.Target));
        Assert.Null(planned.Plan.Changes[0].After);
        Assert.Contains("\"exited\"", planned.Plan.Changes[1].Before, StringComparison.Ordinal);
        Assert.Contains("\"running\"", planned.Plan.Changes[1].After, StringComparison.Ordinal);
        Assert.Contains("docker network connect my_net web", planned.Plan.Commands);
        Assert.Null(planned.Docker!.Address);
        Assert.True(planned.Docker.OnCalicoNetwork);
        Assert.Contains(planned.Plan.Consequences, c => c.Contains("connected to my_net and is started", StringComparison.Ordinal));
    }

    [Fact]
    public void NoContainer_TouchesTheEndpointOnly()
    {
        var planned = Plan(Snapshots.Host().WithNode().With(Net));

        Assert.Equal([ReleaseEndpointSteps.Look, ReleaseEndpointSteps.Disconnect], planned.Plan.Steps);
        Assert.Equal([$"docker01 POST networks/{Net.Id}/disconnect web force"], planned.DockerCalls);
        Assert.Equal("endpoint web in my_net", Assert.Single(planned.Plan.Changes).Object);
        Assert.Contains(planned.Plan.Consequences, c => c.Contains("No container is touched", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("my_net", "", true)]
    [InlineData("other", "", false)]
    [InlineData("renamed", "my_net", true)]
    public void AskedAddress_IsThatOfThisNetwork(string name, string id, bool asked)
    {
        var attachment = new DockerAttachment(name, id == Net.Name ? Net.Id : "", "", "", "", "192.0.2.7", "");
        var own = Snapshots.Container("web", state: "exited", attachments: attachment);

        Assert.Equal(asked ? "192.0.2.7" : null, Plan(Snapshots.Host().WithNode().With(Net).With(own)).Docker!.Address);
    }

    [Fact]
    public void MomentaryName_ThatIsTaken_IsRefused()
    {
        var host = Snapshots.Host().WithNode().With(Net).With(Snapshots.Container("web", state: "exited"), Snapshots.Container("web.releasing"));

        var error = Plan(host).Refusal();

        Assert.Equal("container", error.Field);
        Assert.Contains($"is taken by {Snapshots.Id("web.releasing")[..12]} on docker01", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void MomentaryName_ThatIsTaken_IsNoMatterWhereNothingIsRenamed() =>
        Assert.Empty(Plan(Snapshots.Host().WithNode().With(Net).With(Snapshots.Container("web.releasing"))).Plan.Errors);

    [Theory]
    [InlineData("host", true)]
    [InlineData("none", true)]
    [InlineData("bridge", false)]
    public void ContainerOnANetworkThatAllowsNoOther_IsRefused(string network, bool refused)
    {
        var own = Snapshots.Container("web", state: "exited", attachments: Snapshots.On(Snapshots.Network(network, network)));

        var errors = Plan(Snapshots.Host().WithNode().With(Net).With(own)).Plan.Errors;

        Assert.Equal(refused ? [$"web on docker01 is on the network {network} and cannot be connected to another"] : [], errors.Select(e => e.Reason));
    }

    [Fact]
    public void NetworkOfOneHost_IsRefused()
    {
        var error = Plan(Snapshots.Host().With(Local), network: "here").Refusal();

        Assert.Equal(("network", true), (error.Field, error.Reason.StartsWith("here is of local scope", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("w", "container")]
    [InlineData("-web", "container")]
    [InlineData("web", null)]
    public void ContainerName_IsOneOfDockers(string name, string? field) =>
        Assert.Equal(field is null ? [] : [field], Plan(Snapshots.Host().WithNode().With(Net), name: name).Plan.Errors.Select(e => e.Field));

    [Fact]
    public void UnknownHostOrNetwork_IsRefused()
    {
        Assert.Equal("host", Planned(new ReleaseEndpoint("docker09", "my_net", "web"), Snapshots.Of(Snapshots.Host())).Refusal().Field);
        Assert.Equal("network", Plan(Snapshots.Host().WithNode(), network: "nosuch").Refusal().Field);
    }

    [Fact]
    public void CalicoNetwork_NeedsItsPlugin_AnotherDoesNot()
    {
        var overlay = Snapshots.Network("over", "overlay") with { Scope = "global" };

        Assert.Equal("host", Plan(Snapshots.Host().With(Net)).Refusal().Field);
        var planned = Plan(Snapshots.Host().With(overlay), network: "over");
        Assert.Empty(planned.Plan.Errors);
        Assert.False(planned.Docker!.OnCalicoNetwork);
    }

    [Fact]
    public void StoppedContainerElsewhere_IsSaid()
    {
        var other = (Snapshots.Host() with { Name = "docker02" }).With(Net).With(Snapshots.Container("web", state: "exited", attachments: Snapshots.On(Net)));
        var silent = new FeedState("docker/docker02", FeedStatus.Stale, DateTimeOffset.UnixEpoch, null, null);
        var cluster = Snapshots.Of(Snapshots.Host().WithNode().With(Net), other);

        var plan = Planned(new ReleaseEndpoint("docker01", "my_net", "web"), cluster).Plan;
        var lost = Planned(new ReleaseEndpoint("docker01", "my_net", "web", EvenIfHostLost: true), cluster with { Feeds = [silent] }).Plan;

        Assert.Empty(plan.Errors);
        Assert.StartsWith("The container web on docker02 is on my_net", Assert.Single(plan.Warnings), StringComparison.Ordinal);
        Assert.Contains(lost.Warnings, w => w.StartsWith("docker02 does not answer and is left out", StringComparison.Ordinal));
    }

    private static PlannedOperation Plan(DockerHostState host, string network = "my_net", string name = "web") =>
        Planned(new ReleaseEndpoint("docker01", network, name), Snapshots.Of(host));

    private static PlannedOperation Planned(ReleaseEndpoint operation, ClusterSnapshot snapshot) => new OperationPlanner().Plan(operation, snapshot);
}
