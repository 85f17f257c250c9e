using CalicoConsole.Adapters.Execution.Intents;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Ports;
using CalicoConsole.Tests;

namespace CalicoConsole.Adapters.Tests.Execution.Docker;

/// <summary>A real engine whose default log driver gives nothing back.</summary>
public sealed class SilentEngine : ExecutionEngine
{
    private protected override DockerEngineSettings Settings { get; } = new() { LogDriver = "none" };
}

/// <summary>What the console reads itself does not depend on the engine's default log driver; where it must, it says so.</summary>
[NeedsPrograms]
public sealed class UnreadableLogTests(SilentEngine engine) : IClassFixture<SilentEngine>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deploy_DriverThatCannotBeRead_PreparesTheHostAndSeesTheNodeStart()
    {
        await engine.ImageAsync("calico/node:v2.6.9-quiet", "echo Calico node started successfully; sleep 1000");

        var (result, _) = await engine.RunAsync(new DeployCalicoNode("docker01", new CalicoNodeOptions
        {
            Image = "calico/node:v2.6.9-quiet",
            EtcdEndpoints = "http://127.0.0.1:2379",
            LogDir = Path.Combine(engine.Engine.RunDirectory, "log"),
        }));

        Assert.True(result.Outcome == OperationOutcome.Succeeded, result.Message);
        Assert.Contains("Calico node started successfully", result.Lines);
        Assert.Equal(OperationOutcome.Succeeded, (await engine.RunAsync(new RemoveCalicoNode("docker01"))).Result.Outcome);
    }

    [Fact]
    public async Task OpenIntent_NodeWhoseLogCannotBeRead_IsNotCalledPartial()
    {
        // As an older console deployed it: with the engine's own driver.
        var id = await engine.Host.CreateContainerAsync(new DockerContainerRequest("calico-node", "busybox") { Network = "none", Command = ["sleep", "600"] },
            Cancelled);
        await engine.Host.StartAsync(id, Cancelled);

        var finding = await new OpenIntentDocker(new OneHost(engine.Host), engine.Datastore).LookAsync(
            new AuditIntent(Guid.NewGuid(), DateTimeOffset.UnixEpoch, "ada", "ui", "calicoNode.deploy", "node", "docker01", "{}", "[]", []),
            ["docker01 POST containers/calico-node/start"],
            Cancelled);
        await engine.Host.RemoveAsync(id, force: true, Cancelled);

        Assert.Equal(FoundState.Unknown, finding.State);
        Assert.Contains("its log cannot be read", finding.Text, StringComparison.Ordinal);
    }
}
