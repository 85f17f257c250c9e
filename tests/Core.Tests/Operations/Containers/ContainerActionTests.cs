using System.Reflection;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Containers;

/// <summary>What to do with a container is a closed table: nothing is done for a value outside it, least of all a removal.</summary>
public sealed class ContainerActionTests
{
    [Fact]
    public void Actions_Each_HasAVerbANameAndAPlanOfItsOwn()
    {
        var (running, paused) = (With("running"), With("paused"));
        var planned = ContainerAction.All.Select(a => (Action: a, Operation: new ChangeContainer("docker01", "web", a))).ToList();

        Assert.Equal(["start", "unpause", "stop", "restart", "pause", "remove"], planned.Select(p => p.Action.Verb));
        Assert.Equal(["container.start", "container.unpause", "container.stop", "container.restart", "container.pause", "container.remove"],
            planned.Select(p => p.Operation.Name));
        Assert.All(planned, p => Assert.Equal($"{p.Action.Label} container", p.Operation.Words.Title));
        var plans = planned.Select(p => new OperationPlanner().Plan(p.Operation, p.Action.AppliesTo("paused") ? paused : running)).ToList();
        Assert.Equal(planned.Select(p => $"{p.Action.Verb} container"), plans.Select(p => Assert.Single(p.Plan.Steps)));
        var calls = plans.Select(p => p.DockerCalls.Single()).ToList();
        Assert.Single(calls, c => c.Contains("DELETE", StringComparison.Ordinal));
        Assert.Equal(calls.Count, calls.Distinct().Count());
        Assert.Equal(["docker start web", "docker unpause web", "docker stop web", "docker restart web", "docker pause web", "docker rm -f -v web"],
            plans.Select(p => Assert.Single(p.Plan.Commands)));
    }

    [Theory]
    [InlineData("running", "stop restart pause remove")]
    [InlineData("exited", "start remove")]
    [InlineData("created", "start remove")]
    [InlineData("paused", "unpause stop remove")]
    [InlineData("dead", "start remove")]
    public void Actions_AreOffered_WhereTheyApply(string state, string verbs) =>
        Assert.Equal(verbs, string.Join(' ', ContainerAction.All.Where(a => a.AppliesTo(state)).Select(a => a.Verb)));

    [Theory]
    [InlineData("start", "paused", "it is paused: unpause it instead")]
    [InlineData("pause", "exited", "it is exited: only one that runs can be paused")]
    [InlineData("unpause", "created", "it is created, not paused")]
    public void Action_ThatTheEngineRefuses_IsAnError(string verb, string state, string reason)
    {
        var planned = new OperationPlanner().Plan(new ChangeContainer("docker01", "web", ContainerAction.Named($"container.{verb}")!), With(state));

        Assert.Equal(("container", reason), (Assert.Single(planned.Plan.Errors).Field, planned.Plan.Errors[0].Reason));
        Assert.Empty(planned.DockerCalls);
    }

    [Fact]
    public void Pause_KeepsEndpointsAndAddresses_AndSaysSo()
    {
        var plan = new OperationPlanner().Plan(new ChangeContainer("docker01", "web", ContainerAction.Pause), With("running")).Plan;

        Assert.StartsWith("Its processes stand still", Assert.Single(plan.Consequences), StringComparison.Ordinal);
        Assert.Empty(plan.Warnings);
    }

    [Fact]
    public void Action_OutsideTheTable_CannotBeMade()
    {
        Assert.Empty(typeof(ContainerAction).GetConstructors(BindingFlags.Public | BindingFlags.Instance));
        Assert.True(typeof(ContainerAction).IsSealed);
        var made = typeof(ContainerAction).GetProperties(BindingFlags.Public | BindingFlags.Static).Where(p => p.PropertyType == typeof(ContainerAction));
        Assert.Equal(made.Select(p => p.GetValue(null)), ContainerAction.All);
        Assert.All(ContainerAction.All, a => Assert.Same(a, ContainerAction.Named($"container.{a.Verb}")));
        Assert.Null(ContainerAction.Named("container.create"));
    }

    [Fact]
    public void Action_ThatLeavesNoContainer_IsOneAlone_AndEndsWhatRuns()
    {
        var gone = Assert.Single(ContainerAction.All, a => a.After is null);

        Assert.Same(ContainerAction.Remove, gone);
        Assert.True(gone.Ends);
        Assert.False(gone.Starts);
        Assert.Equal(ActionPlace.Apart, gone.Place);
    }

    private static ClusterSnapshot With(string state) => Snapshots.Of(Snapshots.Host().WithNode().With(Snapshots.Container("web", state: state)));
}
