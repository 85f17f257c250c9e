using CalicoConsole.Adapters.Execution.Docker;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Nodes;

namespace CalicoConsole.Adapters.Tests.Execution.Docker;

/// <summary>On a real engine, with images of busybox that say what calico/node says.</summary>
[Collection(ExecutionTests.Name)]
public sealed class CalicoNodeExecutorTests(ExecutionEngine engine)
{
    private const string Host = "docker01";
    private const string PrefixKey = "/calico/v1/host/docker01/config/InterfacePrefix";

    [Fact]
    public async Task Deploy_TwiceThenRemove_RunsReplacesAndGoes()
    {
        await engine.ImageAsync("calico/node:v2.6.9-says", "echo Starting; echo Calico node started successfully; sleep 1000");
        var operation = Operation("calico/node:v2.6.9-says");
        engine.Datastore.Set("/other", "x");

        var (first, steps) = await engine.RunAsync(operation);

        Assert.True(first.Outcome == OperationOutcome.Succeeded, first.Message);
        Assert.Equal("cali", engine.Datastore.Text(PrefixKey));
        Assert.Contains("Calico node started successfully", first.Lines);
        Assert.Equal(CalicoNodeSteps.Log, steps.All.Last().Step);
        var container = (await engine.Host.ContainerAsync("calico-node", TestContext.Current.CancellationToken))!;
        Assert.Equal(("running", Id(first)), (container.State, container.Id));
        Assert.Null(await engine.Host.ContainerAsync(HostPreparation.ContainerName, TestContext.Current.CancellationToken));
        Assert.Equal("1", await InsideAsync("cat", "/proc/sys/net/ipv4/ip_forward"));

        var (second, again) = await engine.RunAsync(operation);

        Assert.True(second.Outcome == OperationOutcome.Succeeded, second.Message);
        Assert.NotEqual(Id(first), Id(second));
        Assert.Contains(again.All, s => s.Step == CalicoNodeSteps.RemoveOld && s.State == "done");

        var (removed, _) = await engine.RunAsync(new RemoveCalicoNode(Host));
        Assert.Equal(OperationOutcome.Succeeded, removed.Outcome);
        Assert.True(removed.SeenIn!(await engine.SnapshotAsync()));
    }

    private static string? Id(ExecutionResult result) => Assert.IsType<OperationAnswer.CalicoNode>(result.Answer).Id;

    [Fact]
    public async Task Deploy_NodeThatEnds_GivesTheLogsReasonAndSaysWhatIsLeft()
    {
        await engine.ImageAsync("calico/node:v2.6.9-dies", "echo Starting; echo ERROR: Unable to access datastore; exit 1");

        var (result, _) = await engine.RunAsync(Operation("calico/node:v2.6.9-dies"));

        Assert.Equal(OperationOutcome.Partial, result.Outcome);
        Assert.Contains("calico/node has terminated", result.Message, StringComparison.Ordinal);
        Assert.Contains("ERROR: Unable to access datastore", result.Message, StringComparison.Ordinal);
        Assert.Contains("The container calico-node stays, as calicoctl leaves it", result.Message, StringComparison.Ordinal);
        Assert.Contains(result.Changes, c => c.Object == "container calico-node");
        Assert.Equal(OperationOutcome.Succeeded, (await engine.RunAsync(new RemoveCalicoNode(Host))).Result.Outcome);
    }

    [Fact]
    public async Task Deploy_PrefixChangedMeanwhile_IsAConflictBeforeDockerIsTouched()
    {
        await engine.ImageAsync("calico/node:v2.6.9-late", "echo Calico node started successfully; sleep 1000");
        var operation = Operation("calico/node:v2.6.9-late") with { Options = Operation("calico/node:v2.6.9-late").Options with { Name = "other" } };
        var planned = engine.Plan(operation, await engine.SnapshotAsync());
        engine.Datastore.Set("/calico/v1/host/other/config/InterfacePrefix", "tap");

        var (result, _) = await engine.RunAsync(operation, planned);

        Assert.Equal(OperationOutcome.Conflict, result.Outcome);
        Assert.Null(await engine.Host.ContainerAsync("calico-node", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("", "Its log is empty.")]
    [InlineData("a\nb", "Its log says: a | b.")]
    [InlineData("a\nWARNING: x\nERROR: y\nb", "Its log says: WARNING: x | ERROR: y.")]
    public void Reason_Log_IsItsLastTrouble(string log, string expected) => Assert.Equal(expected, NodeStartup.Reason(log.Split('\n')));

    [Theory]
    [InlineData("2 packets transmitted, 2 packets received, 0% packet loss", 2, 2)]
    [InlineData("4 packets transmitted, 3 received, +1 errors, 25% packet loss, time 3004ms", 4, 3)]
    [InlineData("4 packets transmitted, 3 packets received, +1 duplicates, 25% packet loss", 4, 3)]
    public void Summary_BothPings_AreRead(string line, int sent, int received) => Assert.Equal((sent, received), PingSummary.Read(line));

    private DeployCalicoNode Operation(string image) => new(Host, new CalicoNodeOptions
    {
        Image = image,
        EtcdEndpoints = "http://127.0.0.1:2379",
        LogDir = Path.Combine(engine.Engine.RunDirectory, "log"),
    });

    private async Task<string> InsideAsync(params string[] command)
    {
        var start = engine.Engine.Enter(command);
        start.RedirectStandardOutput = true;
        using var process = System.Diagnostics.Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return text.Trim();
    }
}
