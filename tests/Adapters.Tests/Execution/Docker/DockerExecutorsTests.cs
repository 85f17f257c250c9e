using CalicoConsole.Adapters.Tests.Docker;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Networks;

namespace CalicoConsole.Adapters.Tests.Execution.Docker;

[Collection(ExecutionTests.Name)]
public sealed class DockerExecutorsTests(ExecutionEngine engine)
{
    private const string Host = "docker01";

    [Fact]
    public async Task NetworkAndContainers_LifeCycle_IsDoneAndSeen()
    {
        var (net, a, b) = (Hosts.Unique("net"), Hosts.Unique("a"), Hosts.Unique("b"));
        var created = await engine.RunAsync(new CreateNetwork(Host, net, "bridge", "", "10.91.1.0/24"));
        Assert.Equal(OperationOutcome.Succeeded, created.Result.Outcome);
        Assert.True(created.Result.SeenIn!(await engine.SnapshotAsync()));
        Assert.Equal($"network {net}", Assert.Single(created.Result.Changes).Object);

        var first = await engine.RunAsync(new CreateContainer(Host, a, "busybox")
        {
            Network = net,
            Ip = "10.91.1.11",
            Command = ["sh", "-c", "trap exit TERM; sleep 1000 & wait"]
        });
        var second = await engine.RunAsync(new CreateContainer(Host, b, "busybox") { Network = net, Ip = "10.91.1.12" });
        Assert.True(first.Result.Outcome == OperationOutcome.Succeeded, first.Result.Message);
        var attached = Assert.IsType<OperationAnswer.Container>(first.Result.Answer).Address!;
        Assert.Equal(("10.91.1.11", net), (attached.IPv4, attached.Network));
        Assert.NotEmpty(attached.EndpointId);
        Assert.True(second.Result.SeenIn!(await engine.SnapshotAsync()));
        Assert.Equal(["image", "create container", "start container"], first.Steps.All.Where(s => s.State == "done").Select(s => s.Step));

        var ping = await engine.RunAsync(new Ping(Host, a, "10.91.1.12", 2));
        Assert.True(ping.Result.Outcome == OperationOutcome.Succeeded, ping.Result.Message);
        Assert.Equal(new OperationAnswer.PingCount(2, 2), ping.Result.Answer);
        Assert.Contains(ping.Result.Lines, l => l.Contains("64 bytes from 10.91.1.12", StringComparison.Ordinal));
        Assert.Empty(ping.Result.Changes);

        var nobody = await engine.RunAsync(new Ping(Host, a, "10.91.1.200", 1));
        Assert.Equal((OperationOutcome.Succeeded, new OperationAnswer.PingCount(1, 0)), (nobody.Result.Outcome, nobody.Result.Answer));
        Assert.Contains("did not answer", nobody.Result.Message, StringComparison.Ordinal);

        await ConnectAsync(a, b, "10.91.1.12");

        var restarted = await engine.RunAsync(new ChangeContainer(Host, a, ContainerAction.Restart));
        Assert.Equal(OperationOutcome.Succeeded, restarted.Result.Outcome);
        Assert.True(restarted.Result.SeenIn!(await engine.SnapshotAsync()));

        foreach (var name in (string[])[a, b])
        {
            var removed = await engine.RunAsync(new ChangeContainer(Host, name, ContainerAction.Remove));
            Assert.Equal(OperationOutcome.Succeeded, removed.Result.Outcome);
            Assert.True(removed.Result.SeenIn!(await engine.SnapshotAsync()));
        }

        var gone = await engine.RunAsync(new DeleteNetwork(Host, net));
        Assert.Equal(OperationOutcome.Succeeded, gone.Result.Outcome);
        Assert.True(gone.Result.SeenIn!(await engine.SnapshotAsync()));
        Assert.False(created.Result.SeenIn!(await engine.SnapshotAsync()));
    }

    [Fact]
    public async Task StartAndRestart_SnapshotsOfBeforeAndOfMidway_DoNotCountAsSeen()
    {
        var name = Hosts.Unique("again");
        await engine.RunAsync(new CreateContainer(Host, name, "busybox") { Command = ["sh", "-c", "trap exit TERM; sleep 1000 & wait"] });
        await engine.RunAsync(new ChangeContainer(Host, name, ContainerAction.Stop));
        var stopped = await engine.SnapshotAsync();

        var started = await engine.RunAsync(new ChangeContainer(Host, name, ContainerAction.Start));
        Assert.Equal(OperationOutcome.Succeeded, started.Result.Outcome);
        Assert.False(started.Result.SeenIn!(stopped));
        Assert.True(started.Result.SeenIn(await engine.SnapshotAsync()));

        var restarted = await engine.RunAsync(new ChangeContainer(Host, name, ContainerAction.Restart));
        Assert.Equal(OperationOutcome.Succeeded, restarted.Result.Outcome);
        Assert.False(restarted.Result.SeenIn!(stopped));
        var now = await engine.SnapshotAsync();
        Assert.True(restarted.Result.SeenIn(now));
        // The list is a moment behind the look at the container's times.
        var host = now.Hosts[Host];
        var own = host.Containers.Values.Single(c => c.Name == name);
        var midway = now with { Hosts = now.Hosts.SetItem(Host, host with { Containers = host.Containers.SetItem(own.Id, own with { State = "exited" }) }) };
        Assert.False(restarted.Result.SeenIn(midway));
        await engine.RunAsync(new ChangeContainer(Host, name, ContainerAction.Remove));
    }

    [Fact]
    public async Task Start_ProgramThatEndsAtOnce_IsSeenOnceItsEndIs()
    {
        var name = Hosts.Unique("short");
        await engine.RunAsync(new CreateContainer(Host, name, "busybox") { Command = ["true"] });
        await engine.EndedAsync(name);
        var before = await engine.SnapshotAsync();

        var started = await engine.RunAsync(new ChangeContainer(Host, name, ContainerAction.Start));
        Assert.Equal(OperationOutcome.Succeeded, started.Result.Outcome);
        await engine.EndedAsync(name);
        Assert.False(started.Result.SeenIn!(before));
        Assert.True(started.Result.SeenIn(await engine.SnapshotAsync()));
        await engine.RunAsync(new ChangeContainer(Host, name, ContainerAction.Remove));
    }

    [Fact]
    public async Task CreateContainer_ProgramMissing_StaysCreatedAsDockerRunLeavesIt()
    {
        var name = Hosts.Unique("broken");

        var (result, _) = await engine.RunAsync(new CreateContainer(Host, name, "busybox") { Network = "none", Command = ["/no/such/program"] });

        Assert.Equal(OperationOutcome.Partial, result.Outcome);
        Assert.Contains("/no/such/program", result.Message, StringComparison.Ordinal);
        Assert.Contains("is created but not started", result.Message, StringComparison.Ordinal);
        Assert.Equal($"container {name}", Assert.Single(result.Changes).Object);
        Assert.Contains((await engine.SnapshotAsync()).Hosts[Host].Containers.Values, c => c.Name == name && c.State == "created");
        Assert.Equal(OperationOutcome.Succeeded, (await engine.RunAsync(new ChangeContainer(Host, name, ContainerAction.Remove))).Result.Outcome);
    }

    [Fact]
    public async Task CreateContainer_EndsAtOnce_SaysSoWithItsLines()
    {
        var name = Hosts.Unique("short");

        var (result, _) = await engine.RunAsync(new CreateContainer(Host, name, "busybox")
        {
            Network = "none",
            Command = ["sh", "-c", "echo no such file; exit 3"]
        });

        Assert.Equal(OperationOutcome.Succeeded, result.Outcome);
        if (result.Message is not null)
        {
            // The engine may be asked before the program has ended; then there is nothing to say yet.
            Assert.Contains("ended at once", result.Message, StringComparison.Ordinal);
            Assert.Contains("no such file", result.Lines);
        }

        await engine.RunAsync(new ChangeContainer(Host, name, ContainerAction.Remove));
    }

    [Fact]
    public async Task CreateContainer_NameTakenMeanwhile_IsAConflictInDockersWords()
    {
        var operation = new CreateContainer(Host, Hosts.Unique("twice"), "busybox") { Network = "none", Start = false };
        var planned = engine.Plan(operation, await engine.SnapshotAsync());
        Assert.Equal(OperationOutcome.Succeeded, (await engine.RunAsync(operation, planned)).Result.Outcome);

        var (result, _) = await engine.RunAsync(operation, planned);

        Assert.Equal(OperationOutcome.Conflict, result.Outcome);
        Assert.Contains("is already in use by container", result.Message, StringComparison.Ordinal);
        Assert.Empty(result.Changes);
        await engine.RunAsync(new ChangeContainer(Host, operation.ContainerName, ContainerAction.Remove));
    }

    [Fact]
    public async Task ChangeContainer_AlreadySo_IsUnchanged()
    {
        var name = Hosts.Unique("calm");
        await engine.RunAsync(new CreateContainer(Host, name, "busybox") { Network = "none", Start = false });

        Assert.Equal(OperationOutcome.Unchanged, (await engine.RunAsync(new ChangeContainer(Host, name, ContainerAction.Stop))).Result.Outcome);
        Assert.Equal(OperationOutcome.Succeeded, (await engine.RunAsync(new ChangeContainer(Host, name, ContainerAction.Start))).Result.Outcome);
        Assert.Equal(OperationOutcome.Unchanged, (await engine.RunAsync(new ChangeContainer(Host, name, ContainerAction.Start))).Result.Outcome);
        var planned = engine.Plan(new ChangeContainer(Host, name, ContainerAction.Remove), await engine.SnapshotAsync());
        Assert.Equal(OperationOutcome.Succeeded, (await engine.RunAsync(new ChangeContainer(Host, name, ContainerAction.Remove), planned)).Result.Outcome);
        Assert.Equal(OperationOutcome.Unchanged, (await engine.RunAsync(new ChangeContainer(Host, name, ContainerAction.Remove), planned)).Result.Outcome);
    }

    [Fact]
    public async Task CreateContainer_ImageNowhere_FailsBeforeAnythingIsMade()
    {
        var name = Hosts.Unique("imageless");

        var (result, _) = await engine.RunAsync(new CreateContainer(Host, name, "127.0.0.1:1/no/such-image:1") { Network = "none" });

        Assert.Equal(OperationOutcome.Failed, result.Outcome);
        Assert.Contains("could not be pulled", result.Message, StringComparison.Ordinal);
        Assert.Empty(result.Changes);
        Assert.DoesNotContain((await engine.SnapshotAsync()).Hosts[Host].Containers.Values, c => c.Name == name);
    }

    [Fact]
    public async Task Ping_ImageWithoutPing_FailsWithTheReason()
    {
        var name = Hosts.Unique("mute");
        await engine.RunAsync(new CreateContainer(Host, name, "busybox") { Network = "none" });
        await ExecAsync(name, "rm", "-f", "/bin/ping", "/usr/bin/ping");

        var (result, _) = await engine.RunAsync(new Ping(Host, name, "127.0.0.1", 1));

        Assert.Equal(OperationOutcome.Failed, result.Outcome);
        Assert.Contains("executable file not found", result.Message, StringComparison.Ordinal);
        await engine.RunAsync(new ChangeContainer(Host, name, ContainerAction.Remove));
    }

    [Fact]
    public async Task Connect_WithoutANetworkOrAnNc_SaysWhatIsMissing()
    {
        var name = Hosts.Unique("mute");
        await engine.RunAsync(new CreateContainer(Host, name, "busybox") { Network = "none" });
        var nowhere = await engine.RunAsync(new ConnectTcp(Host, name, "10.91.1.12", 80));
        Assert.Equal(OperationOutcome.Failed, nowhere.Result.Outcome);
        Assert.Contains("says nothing of the path", nowhere.Result.Message, StringComparison.Ordinal);
        Assert.Contains("Network is unreachable", nowhere.Result.Message, StringComparison.Ordinal);
        await ExecAsync(name, "rm", "-f", "/bin/nc", "/usr/bin/nc");

        var (result, _) = await engine.RunAsync(new ConnectTcp(Host, name, "127.0.0.1", 80));

        Assert.Equal(OperationOutcome.Failed, result.Outcome);
        Assert.Contains("has no program nc", result.Message, StringComparison.Ordinal);
        await engine.RunAsync(new ChangeContainer(Host, name, ContainerAction.Remove));
    }

    // A listener, a port without one, an address that nobody has.
    private async Task ConnectAsync(string from, string to, string address)
    {
        await ExecAsync(to, "busybox", "httpd", "-p", "8080", "-h", "/tmp");
        foreach (var (target, port, answer) in new[] { (address, 8080, TcpAnswer.Connected), (address, 8081, TcpAnswer.Refused),
            ("10.91.1.200", 8080, TcpAnswer.NoAnswer) })
        {
            var (result, _) = await engine.RunAsync(new ConnectTcp(Host, from, target, port, 1));
            Assert.True(result.Outcome == OperationOutcome.Succeeded, result.Message);
            Assert.Equal(new OperationAnswer.TcpProbe(answer), result.Answer);
            Assert.Empty(result.Changes);
        }
    }

    private async Task ExecAsync(string name, params string[] command)
    {
        var container = await engine.Host.ContainerAsync(name, TestContext.Current.CancellationToken);
        await foreach (var _ in engine.Host.ExecAsync(container!.Id, [.. command], TestContext.Current.CancellationToken))
        {
        }
    }
}
