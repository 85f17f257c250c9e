using CalicoConsole.Adapters.Execution.Docker;
using CalicoConsole.Adapters.Tests.Docker;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Tests.Execution.Docker;

/// <summary>A request that never reached an engine has changed nothing, and the result must not leave that open.</summary>
public sealed class UnreachableEngineTests
{
    [Theory]
    [InlineData("unix:///nonexistent/docker.sock")]
    [InlineData("tcp://127.0.0.1:1")]
    public async Task Change_EngineNotThere_FailsAndSaysThatNothingHappened(string endpoint)
    {
        using var host = Hosts.At(endpoint);
        var hosts = new OneHost(host);
        var network = new PlannedDocker(host.Name) { Network = new DockerNetworkRequest("n", "bridge", "", []) };
        var container = new PlannedDocker(host.Name) { ContainerId = "0123456789ab" };

        var create = await RunAsync(new NetworkExecutor(hosts), new CreateNetwork(host.Name, "n", "bridge", "", ""), network);
        var restart = await RunAsync(new ContainerExecutor(hosts, new FixedState(new ClusterSnapshot())),
            new ChangeContainer(host.Name, "0123456789ab", ContainerAction.Restart), container);

        Assert.All([create, restart], result =>
        {
            Assert.Equal(OperationOutcome.Failed, result.Outcome);
            Assert.DoesNotContain("may have done it", result.Message, StringComparison.Ordinal);
            Assert.Empty(result.Changes);
        });
        Assert.Contains("nothing was tried", restart.Message, StringComparison.Ordinal);
    }

    private static Task<ExecutionResult> RunAsync(IOperationExecutor executor, Operation operation, PlannedDocker docker) => executor.ExecuteAsync(
        operation, new PlannedOperation(new Plan { Steps = ["step"] }, []) { Docker = docker }, new Steps(), TestContext.Current.CancellationToken);
}
