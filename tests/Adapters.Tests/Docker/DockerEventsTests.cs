using CalicoConsole.Core.Ports;
using CalicoConsole.Tests;

namespace CalicoConsole.Adapters.Tests.Docker;

[Collection(EngineTests.Name)]
public sealed class DockerEventsTests(SharedEngine shared)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_ContainerLife_ArriveInOrder()
    {
        var host = shared.Host;
        var name = Hosts.Unique("life");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var following = Task.Run(
            async () =>
            {
                var seen = new List<DockerEvent>();
                await foreach (var happened in host.EventsAsync(opened.SetResult, stop.Token))
                {
                    if (happened.Type == "container" && happened.Attributes.GetValueOrDefault("name") == name)
                    {
                        seen.Add(happened);
                        if (happened.Action == "destroy")
                        {
                            break;
                        }
                    }
                }

                return seen;
            },
            stop.Token);
        await opened.Task.WaitAsync(Bound, Cancelled);

        var id = await host.CreateContainerAsync(new DockerContainerRequest(name, "busybox") { Command = ["true"], Network = "none" }, Cancelled);
        await host.StartAsync(id, Cancelled);
        await host.WaitAsync(id, Cancelled);
        await host.RemoveAsync(id, false, Cancelled);
        var events = await following.WaitAsync(Bound, Cancelled);

        Assert.Equal(["create", "start", "die", "destroy"], events.Select(e => e.Action));
        Assert.All(events, e => Assert.Equal(id, e.ActorId));
        Assert.Equal("0", events[2].Attributes["exitCode"]);
        Assert.Equal(events.OrderBy(e => e.At), events);
        Assert.InRange(events[0].At, TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddMinutes(1));
    }

    [Fact]
    public async Task Events_Cancelled_EndAsCancelled()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in shared.Host.EventsAsync(stop.Cancel, stop.Token))
            {
            }
        });
    }

    [Fact]
    public async Task Events_EngineKilled_EndWithAFailureAndReturnAfterItsRestart()
    {
        await using var engine = await DockerEngine.StartAsync(new DockerEngineSettings { HostName = "docker02", WithBusybox = false }, Cancelled);
        using var host = Hosts.At(engine.Endpoint);
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var following = Task.Run(
            async () =>
            {
                await foreach (var _ in host.EventsAsync(opened.SetResult, Cancelled))
                {
                }
            },
            Cancelled);
        await opened.Task.WaitAsync(Bound, Cancelled);

        await engine.KillAsync(Cancelled);

        var ended = await Assert.ThrowsAsync<DockerHostException>(() => following.WaitAsync(Bound, Cancelled));
        Assert.Equal(0, ended.Status);
        Assert.Contains(engine.Endpoint, ended.Message, StringComparison.Ordinal);
        var down = await Assert.ThrowsAsync<DockerHostException>(() => host.NetworksAsync(Cancelled));
        Assert.Equal(0, down.Status);
        Assert.Contains("list its networks", down.Message, StringComparison.Ordinal);

        await engine.RestartAsync(Cancelled);
        Assert.Equal("docker02", (await host.InfoAsync(Cancelled)).Name);
        Assert.Contains(await host.NetworksAsync(Cancelled), n => n.Name == "host");
    }
}
