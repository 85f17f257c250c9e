using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Tests.Operations;

/// <summary>How long Docker waits for a plugin that is gone, as measured on 20.10.24: said before somebody waits.</summary>
public sealed class EngineWaitsTests
{
    private static readonly DockerNetwork Net = Snapshots.Network("my_net");
    private static readonly DockerNetwork Second = Snapshots.Network("second");

    [Theory]
    [InlineData("start", "exited", 1, "waits about 15 s for the plugin and then refuses")]
    [InlineData("stop", "running", 1, "waits about 45 s for the plugin before the container is stopped")]
    [InlineData("stop", "running", 2, "waits about 90 s for the plugin (45 s for each of its 2 networks) before the container is stopped")]
    [InlineData("remove", "running", 1, "waits about 45 s for the plugin")]
    [InlineData("restart", "running", 1, "waits about 60 s for the plugin, then the restart fails and the container stays down")]
    [InlineData("restart", "exited", 1, "waits about 15 s for the plugin and then refuses")]
    public void Change_PluginGone_SaysTheTimeThatItTakes(string verb, string state, int networks, string words)
    {
        var web = Snapshots.Container("web", state: state, attachments: [.. new[] { Snapshots.On(Net), Snapshots.On(Second) }.Take(networks)]);
        var snapshot = Snapshots.Of(Snapshots.Host(Snapshots.Info(plugins: "calico")).WithNode(state: "exited").With(Net, Second).With(web));

        var warnings = new OperationPlanner().Plan(
            new ChangeContainer("docker01", "web", ContainerAction.All.Single(a => a.Verb == verb)),
            snapshot).Plan.Warnings;

        Assert.Single(warnings, w => w.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void RemoveNode_Plan_SaysWhatEachWaitsFor()
    {
        var plan = new OperationPlanner().Plan(new RemoveCalicoNode("docker01"), Snapshots.Of(Snapshots.Host().WithNode())).Plan;

        Assert.Contains(
            plan.Consequences,
            c => c.Contains("fails after about 15 s", StringComparison.Ordinal) && c.Contains("about 45 s for each of its networks", StringComparison.Ordinal));
    }
}
