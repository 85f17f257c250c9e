using CalicoConsole.Core.Operations;

namespace CalicoConsole.Core.Tests.Operations;

/// <summary>What to do with a container is a closed set: nothing is done for a value outside it, least of all a removal.</summary>
public sealed class ContainerActionTests
{
    private const ContainerAction Unknown = (ContainerAction)99;

    [Fact]
    public void Actions_Each_HasAVerbANameAndAPlanOfItsOwn()
    {
        var snapshot = Snapshots.Of(Snapshots.Host().WithNode().With(Snapshots.Container("web", "running")));
        var planned = Enum.GetValues<ContainerAction>().Select(a => (Action: a, Operation: new ChangeContainer("docker01", "web", a))).ToList();

        Assert.Equal(["start", "stop", "restart", "remove"], planned.Select(p => p.Action.Verb()));
        Assert.Equal(["container.start", "container.stop", "container.restart", "container.remove"], planned.Select(p => p.Operation.Name));
        var calls = planned.Select(p => new OperationPlanner().Plan(p.Operation, snapshot).DockerCalls.Single()).ToList();
        Assert.Single(calls, c => c.Contains("DELETE", StringComparison.Ordinal));
        Assert.Equal(calls.Count, calls.Distinct().Count());
    }

    [Fact]
    public void UnknownAction_IsNeverTakenForARemoval()
    {
        var operation = new ChangeContainer("docker01", "web", Unknown);

        Assert.ThrowsAny<InvalidOperationException>(() => Unknown.Verb());
        Assert.ThrowsAny<InvalidOperationException>(() => operation.Name);
        Assert.ThrowsAny<InvalidOperationException>(() => new OperationPlanner().Plan(operation, Snapshots.Of(Snapshots.Host().WithNode().With(Snapshots.Container("web", "running")))));
    }
}
