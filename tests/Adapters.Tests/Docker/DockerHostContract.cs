using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Tests.Docker;

/// <summary>What a Docker host does: the same questions to a real engine and to the sandbox's. Addresses 10.93.0.0/16 belong to this suite.</summary>
public abstract class DockerHostContract
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    protected abstract IDockerHost Host { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Info_SaysWhatTheEngineIs()
    {
        var info = await Host.InfoAsync(Cancelled);

        Assert.Equal("docker01", info.Name);
        Assert.StartsWith("20.10.", info.ServerVersion, StringComparison.Ordinal);
        Assert.Equal("1.41", info.ApiVersion);
        Assert.StartsWith("etcd://", info.ClusterStore, StringComparison.Ordinal);
        Assert.Superset(new HashSet<string>(["bridge", "host", "null"]), info.NetworkPlugins.ToHashSet());
        Assert.DoesNotContain("calico", info.NetworkPlugins);
        Assert.NotEmpty(info.Id);
    }

    [Fact]
    public async Task Networks_OfEveryEngine_AreThere()
    {
        var networks = await Host.NetworksAsync(Cancelled);

        var host = Assert.Single(networks, n => n.Name == "host");
        Assert.Equal(("host", "local", "default"), (host.Driver, host.Scope, host.IpamDriver));
        Assert.Equal("null", Assert.Single(networks, n => n.Name == "none").Driver);
        Assert.All(networks, n => Assert.Matches("^[0-9a-f]{64}$", n.Id));
    }

    [Fact]
    public async Task Images_HaveBusybox() =>
        Assert.StartsWith("sha256:", Assert.Single(await Host.ImagesAsync(Cancelled), i => i.Tags.Contains("busybox:latest")).Id, StringComparison.Ordinal);

    [Fact]
    public async Task Network_IsMadeListedRefusedTwiceAndRemoved()
    {
        var name = Hosts.Unique("net");
        var request = new DockerNetworkRequest(name, "bridge", "default",
            ["10.93.1.0/24"])
        { Labels = ImmutableSortedDictionary<string, string>.Empty.Add("team", "web") };
        await using var events = await EventRecorder.StartAsync(Host, e => e.Attributes.GetValueOrDefault("name") == name);

        var id = await Host.CreateNetworkAsync(request, Cancelled);
        var twice = await RefusedAsync(() => Host.CreateNetworkAsync(request with { Subnets = ["10.93.2.0/24"] }, Cancelled));
        var overlap = await RefusedAsync(() => Host.CreateNetworkAsync(request with { Name = name + "b", Subnets = ["10.93.1.128/25"] }, Cancelled));
        var listed = Assert.Single(await Host.NetworksAsync(Cancelled), n => n.Id == id);
        await Host.RemoveNetworkAsync(name, Cancelled);

        Assert.Equal((name, "bridge", "local", "default", false, false),
            (listed.Name, listed.Driver, listed.Scope, listed.IpamDriver, listed.Internal, listed.EnableIPv6));
        Assert.Equal(["10.93.1.0/24"], listed.Subnets);
        Assert.Equal("web", listed.Labels["team"]);
        Assert.Equal((409, $"network with name {name} already exists"), twice);
        Assert.Equal((403, "Pool overlaps with other one on this address space"), overlap);
        Assert.Equal(["network create name,type", "network destroy name,type"], await events.UntilAsync("destroy"));
        Assert.Equal((404, $"network {id} not found"), await RefusedAsync(() => Host.RemoveNetworkAsync(id, Cancelled)));
    }

    [Fact]
    public async Task Network_Predefined_IsNotRemovedNorMadeAgain()
    {
        Assert.Equal((403, "host is a pre-defined network and cannot be removed"), await RefusedAsync(() => Host.RemoveNetworkAsync("host", Cancelled)));
        Assert.Equal(
            (403, "only one instance of \"host\" network is allowed"),
            await RefusedAsync(() => Host.CreateNetworkAsync(new DockerNetworkRequest(Hosts.Unique("net"), "host", "default", []), Cancelled)));
    }

    [Fact]
    public async Task Network_OfAMissingPlugin_IsRefused()
    {
        var (status, words) = await RefusedAsync(() =>
            Host.CreateNetworkAsync(new DockerNetworkRequest(Hosts.Unique("net"), "calico", "calico-ipam", ["192.0.2.0/24"]), Cancelled));
        Assert.Equal(404, status);
        Assert.Equal("plugin \"calico\" not found", words);
    }

    [Fact]
    public async Task Create_Refusals_AreTheEngines()
    {
        var name = Hosts.Unique("c");
        var request = new DockerContainerRequest(name, "busybox") { Network = "none" };
        var id = await Host.CreateContainerAsync(request, Cancelled);

        Assert.Equal(
            (409, $"Conflict. The container name \"/{name}\" is already in use by container \"{id}\". You have to remove (or rename) that container to be able "
                + "to reuse that name."),
            await RefusedAsync(() => Host.CreateContainerAsync(request, Cancelled)));
        Assert.Equal((404, "No such image: no-such-image:1"),
            await RefusedAsync(() => Host.CreateContainerAsync(request with { Image = "no-such-image:1" }, Cancelled)));
        Assert.Equal((404, "No such image: no-such-image:latest"),
            await RefusedAsync(() => Host.CreateContainerAsync(request with { Image = "no-such-image" }, Cancelled)));
        Assert.Equal(
            (400, "Invalid container name (-bad), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"),
            await RefusedAsync(() => Host.CreateContainerAsync(request with { Name = "-bad" }, Cancelled)));
        Assert.Equal(
            (400, "can't create 'AutoRemove' container with restart policy"),
            await RefusedAsync(() => Host.CreateContainerAsync(request with { Name = name + "b", RestartAlways = true, AutoRemove = true }, Cancelled)));
        await Host.RemoveAsync(id, force: false, Cancelled);
    }

    [Fact]
    public async Task Container_Unknown_IsRefusedByEveryCall()
    {
        const string Id = "no-such-container";
        Assert.Null(await Host.ContainerAsync(Id, Cancelled));
        foreach (var call in (Func<Task>[])
        [
            () => Host.StartAsync(Id, Cancelled),
            () => Host.StopAsync(Id, TimeSpan.Zero, Cancelled),
            () => Host.RestartAsync(Id, TimeSpan.Zero, Cancelled),
            () => Host.RemoveAsync(Id, force: true, Cancelled),
            () => Host.WaitAsync(Id, Cancelled),
            async () => await Host.LogsAsync(Id, follow: false, tail: null, Cancelled).ToArrayAsync(Cancelled),
            async () => await Host.ExecAsync(Id, ["true"], Cancelled).ToArrayAsync(Cancelled),
        ])
        {
            Assert.Equal((404, $"No such container: {Id}"), await RefusedAsync(call));
        }
    }

    [Fact]
    public async Task Container_Life_HasTheEnginesStatesAndEvents()
    {
        var (net, name) = (Hosts.Unique("net"), Hosts.Unique("life"));
        var network = await Host.CreateNetworkAsync(new DockerNetworkRequest(net, "bridge", "default", ["10.93.3.0/24"]), Cancelled);
        var request = new DockerContainerRequest(name, "busybox")
        {
            Command = ["sleep", "600"],
            Network = network,
            IPv4 = "10.93.3.77",
            Interactive = true,
            Labels = ImmutableSortedDictionary<string, string>.Empty.Add("app", "web"),
        };
        string? id = null;
        await using var events = await EventRecorder.StartAsync(Host,
            e => e.ActorId == id || e.Attributes.GetValueOrDefault("name") == name || (id is not null && e.Attributes.GetValueOrDefault("container") == id));
        id = await Host.CreateContainerAsync(request, Cancelled);
        var created = (await Host.ContainerAsync(name, Cancelled))!;
        Assert.Equal((id, name, "busybox", "sleep 600", "created", "Created"),
            (created.Id, created.Name, created.Image, created.Command, created.State, created.Status));
        Assert.Equal(new DockerAttachment(net, "", "", "", "", "10.93.3.77", ""), Assert.Single(created.Networks));

        await Host.StartAsync(id, Cancelled);
        await Host.StartAsync(id, Cancelled);
        var running = Assert.Single(await Host.ContainersAsync(Cancelled), c => c.Id == id);
        var place = Assert.Single(running.Networks);
        Assert.Equal("running", running.State);
        Assert.StartsWith("Up ", running.Status, StringComparison.Ordinal);
        Assert.Equal((net, network, "10.93.3.77", "10.93.3.77", "02:42:0a:5d:03:4d"),
            (place.NetworkName, place.NetworkId, place.IPv4, place.RequestedIPv4, place.MacAddress));
        Assert.Matches("^[0-9a-f]{64}$", place.EndpointId);
        Assert.Equal("web", running.Labels["app"]);

        await Host.RestartAsync(id, TimeSpan.Zero, Cancelled);
        Assert.NotEqual(place.EndpointId, Assert.Single((await Host.ContainerAsync(id, Cancelled))!.Networks).EndpointId);
        Assert.Equal(
            (403, $"error while removing network: network {net} id {network} has active endpoints"),
            await RefusedAsync(() => Host.RemoveNetworkAsync(network, Cancelled)));
        Assert.Equal(
            (409, $"You cannot remove a running container {id}. Stop the container before attempting removal or force remove"),
            await RefusedAsync(() => Host.RemoveAsync(id, force: false, Cancelled)));

        await Host.StopAsync(id, TimeSpan.Zero, Cancelled);
        await Host.StopAsync(id, TimeSpan.Zero, Cancelled);
        var stopped = (await Host.ContainerAsync(id[..12], Cancelled))!;
        Assert.Equal("exited", stopped.State);
        Assert.StartsWith("Exited (137) ", stopped.Status, StringComparison.Ordinal);
        Assert.Equal(new DockerAttachment(net, network, "", "", "", "10.93.3.77", ""), Assert.Single(stopped.Networks));
        Assert.Equal(137, await Host.WaitAsync(id, Cancelled));
        await Host.StartAsync(id, Cancelled);
        await Host.RemoveAsync(id, force: true, Cancelled);
        Assert.Null(await Host.ContainerAsync(id, Cancelled));
        await Host.RemoveNetworkAsync(network, Cancelled);

        const string Of = "app,image,name";
        string[] ending = [$"container kill {Of},signal=15", $"container kill {Of},signal=9", "container die app,exitCode=137,image,name",
            "network disconnect container,name,type", $"container stop {Of}"];
        string[] starting = ["network connect container,name,type", $"container start {Of}"];
        string[] all =
        [
            $"container create {Of}", .. starting, .. ending, .. starting, $"container restart {Of}", .. ending, .. starting,
            $"container kill {Of},signal=9", "container die app,exitCode=137,image,name", "network disconnect container,name,type", $"container destroy {Of}",
        ];
        Assert.Equal(all, await events.UntilAsync("destroy"));
    }

    [Theory]
    [InlineData("10.93.4.0/25", "10.93.4.1", 403, "Address already in use")]
    [InlineData("10.93.4.128/25", "198.51.100.9", 500, "Invalid address 198.51.100.9: It does not belong to any of this network's subnets")]
    public async Task Start_AddressThatCannotBeHad_IsRefusedAndLeavesTheContainerCreated(string subnet, string address, int status, string words)
    {
        var (net, name) = (Hosts.Unique("net"), Hosts.Unique("c"));
        var network = await Host.CreateNetworkAsync(new DockerNetworkRequest(net, "bridge", "default", [subnet]), Cancelled);
        var id = await Host.CreateContainerAsync(new DockerContainerRequest(name, "busybox") { Command = ["sleep", "600"], Network = net, IPv4 = address },
            Cancelled);
        await using var events = await EventRecorder.StartAsync(Host, e => e.ActorId == id || e.Attributes.GetValueOrDefault("container") == id);

        Assert.Equal((status, words), await RefusedAsync(() => Host.StartAsync(id, Cancelled)));

        Assert.Equal("created", (await Host.ContainerAsync(id, Cancelled))!.State);
        await Host.RemoveAsync(id, force: true, Cancelled);
        await Host.RemoveNetworkAsync(network, Cancelled);
        Assert.Equal(["container destroy image,name"], await events.UntilAsync("destroy"));
    }

    [Fact]
    public async Task Start_NetworkMissing_IsRefused()
    {
        var id = await Host.CreateContainerAsync(new DockerContainerRequest(Hosts.Unique("c"), "busybox") { Network = "no-such-network" }, Cancelled);
        Assert.Equal((404, "network no-such-network not found"), await RefusedAsync(() => Host.StartAsync(id, Cancelled)));
        await Host.RemoveAsync(id, force: true, Cancelled);
    }

    [Fact]
    public async Task Start_AddressOnANetworkWithoutSubnet_IsRefused()
    {
        var network = await Host.CreateNetworkAsync(new DockerNetworkRequest(Hosts.Unique("net"), "bridge", "default", []), Cancelled);
        var request = new DockerContainerRequest(Hosts.Unique("c"), "busybox") { Network = network, IPv4 = "10.93.6.9" };
        var id = await Host.CreateContainerAsync(request, Cancelled);
        Assert.Equal(
            (400, "user specified IP address is supported only when connecting to networks with user configured subnets"),
                await RefusedAsync(() => Host.StartAsync(id, Cancelled)));
        await Host.RemoveAsync(id, force: true, Cancelled);
        await Host.RemoveNetworkAsync(network, Cancelled);
    }

    [Theory]
    [InlineData("true", 0)]
    [InlineData("false", 1)]
    public async Task Run_ProgramThatEnds_HasItsExitCode(string program, long code)
    {
        var id = await Host.CreateContainerAsync(new DockerContainerRequest(Hosts.Unique("c"), "busybox") { Command = [program], Network = "none" }, Cancelled);
        await using var events = await EventRecorder.StartAsync(Host, e => e.ActorId == id);
        await Host.StartAsync(id, Cancelled);

        Assert.Equal(code, await Host.WaitAsync(id, Cancelled));
        Assert.Equal("exited", (await Host.ContainerAsync(id, Cancelled))!.State);
        await Host.RemoveAsync(id, force: false, Cancelled);
        Assert.Equal(["container start image,name", $"container die exitCode={code},image,name", "container destroy image,name"],
            await events.UntilAsync("destroy"));
    }

    [Fact]
    public async Task Run_AutoRemove_IsGoneAfterItsEnd()
    {
        var id = await Host.CreateContainerAsync(new DockerContainerRequest(Hosts.Unique("c"), "busybox")
        {
            Command = ["true"],
            Network = "none",
            AutoRemove = true
        }, Cancelled);
        await using var events = await EventRecorder.StartAsync(Host, e => e.ActorId == id);
        await Host.StartAsync(id, Cancelled);
        await events.UntilAsync("destroy");
        Assert.Null(await Host.ContainerAsync(id, Cancelled));
    }

    [Fact]
    public async Task Details_TellTheRunAndTheRestartPolicy()
    {
        var id = await Host.CreateContainerAsync(new DockerContainerRequest(Hosts.Unique("c"), "busybox")
        {
            Command = ["sh", "-c", "exit 3"],
            Network = "none"
        }, Cancelled);
        var always = await Host.CreateContainerAsync(new DockerContainerRequest(Hosts.Unique("c"), "busybox")
        {
            Command = ["sleep", "600"],
            Network = "none",
            RestartAlways = true
        }, Cancelled);
        Assert.Equal(new ContainerDetails(null, null, 0, "", "no"), await Host.DetailsAsync(id, Cancelled));
        await Host.StartAsync(always, Cancelled);

        var running = (await Host.DetailsAsync(always, Cancelled))!;
        Assert.Equal(("always", ""), (running.RestartPolicy, running.Error));
        Assert.True(running.Started > running.Finished.GetValueOrDefault());
        Assert.Null(await Host.DetailsAsync("no-such-container", Cancelled));
        await Host.RemoveAsync(id, force: true, Cancelled);
        await Host.RemoveAsync(always, force: true, Cancelled);
    }

    [Fact]
    public async Task Places_OfAStoppedContainer_AreChanged()
    {
        var (net, name) = (Hosts.Unique("net"), Hosts.Unique("place"));
        var network = await Host.CreateNetworkAsync(new DockerNetworkRequest(net, "bridge", "default", ["10.93.9.0/24"]), Cancelled);
        var id = await Host.CreateContainerAsync(new DockerContainerRequest(name, "busybox")
        {
            Command = ["sleep", "600"],
            Network = network,
            IPv4 = "10.93.9.5"
        }, Cancelled);

        await Host.RenameAsync(id, $"{name}.other", Cancelled);
        Assert.Null(await Host.ContainerAsync(name, Cancelled));
        Assert.Equal(id, (await Host.ContainerAsync($"{name}.other", Cancelled))!.Id);
        await Host.RenameAsync(id, name, Cancelled);
        await Host.DisconnectAsync(network, name, force: true, Cancelled);
        Assert.Empty((await Host.ContainerAsync(id, Cancelled))!.Networks);
        await Host.ConnectAsync(network, id, "10.93.9.6", Cancelled);
        // Again, as it stands: nothing changes.
        await Host.ConnectAsync(network, id, "10.93.9.6", Cancelled);
        await Host.StartAsync(id, Cancelled);

        Assert.Equal("10.93.9.6", Assert.Single((await Host.ContainerAsync(id, Cancelled))!.Networks).IPv4);
        Assert.Equal((404, "No such container: nobody"), await RefusedAsync(() => Host.DisconnectAsync(network, "nobody", force: false, Cancelled)));
        Assert.Equal((404, "endpoint nobody not found"), await RefusedAsync(() => Host.DisconnectAsync(network, "nobody", force: true, Cancelled)));
        await Host.RemoveAsync(id, force: true, Cancelled);
        await Host.RemoveNetworkAsync(network, Cancelled);
    }

    [Fact]
    public async Task Logs_GiveWhatWasWritten()
    {
        var id = await Host.CreateContainerAsync(new DockerContainerRequest(Hosts.Unique("c"), "busybox")
        {
            Command = ["echo", "one", "two"],
            Network = "none"
        }, Cancelled);
        await Host.StartAsync(id, Cancelled);
        var followed = await Host.LogsAsync(id, follow: true, tail: null, Cancelled).ToArrayAsync(Cancelled);
        await Host.WaitAsync(id, Cancelled);

        Assert.Equal([new DockerOutputLine(false, "one two")], followed);
        Assert.Equal([new DockerOutputLine(false, "one two")], await Host.LogsAsync(id, follow: false, tail: 1, Cancelled).ToArrayAsync(Cancelled));
        Assert.Empty(await Host.LogsAsync(id, follow: false, tail: 0, Cancelled).ToArrayAsync(Cancelled));
        await Host.RemoveAsync(id, force: true, Cancelled);
    }

    [Fact]
    public async Task Exec_AnswersWithLinesAndExitCode()
    {
        var name = Hosts.Unique("c");
        var id = await Host.CreateContainerAsync(new DockerContainerRequest(name, "busybox") { Command = ["sleep", "600"], Network = "none" }, Cancelled);
        Assert.Equal((409, $"Container {id} is not running"),
            await RefusedAsync(async () => await Host.ExecAsync(id, ["true"], Cancelled).ToArrayAsync(Cancelled)));
        await Host.StartAsync(id, Cancelled);
        await using var events = await EventRecorder.StartAsync(Host, e => e.ActorId == id);

        Assert.Equal([new DockerExecOutput(new DockerOutputLine(false, "a b"), null), new DockerExecOutput(null, 0)],
            await Host.ExecAsync(name, ["echo", "a", "b"], Cancelled).ToArrayAsync(Cancelled));
        Assert.Equal([new DockerExecOutput(null, 1)], await Host.ExecAsync(id, ["false"], Cancelled).ToArrayAsync(Cancelled));
        Assert.Equal(id[..12], (await Host.ExecAsync(id, ["hostname"], Cancelled).ToArrayAsync(Cancelled))[0].Line?.Text);
        var missing = await Host.ExecAsync(id, ["no-such-program"], Cancelled).ToArrayAsync(Cancelled);
        Assert.True(missing[^1].ExitCode is 126 or 127, $"exit code {missing[^1].ExitCode}");
        await Host.RemoveAsync(id, force: true, Cancelled);

        var seen = await events.UntilAsync("destroy");
        Assert.Equal(["container exec_create: echo a b execID,image,name", "container exec_start: echo a b execID,image,name",
            "container exec_die execID,exitCode=0,image,name"], seen.Take(3));
    }

    [Fact]
    public async Task Ping_OnABridge_IsAnsweredByThoseWhoAreThere()
    {
        var net = Hosts.Unique("net");
        var network = await Host.CreateNetworkAsync(new DockerNetworkRequest(net, "bridge", "default", ["10.93.5.0/24"]), Cancelled);
        var request = new DockerContainerRequest(Hosts.Unique("a"), "busybox") { Command = ["sleep", "600"], Network = network, IPv4 = "10.93.5.11" };
        var one = await Host.CreateContainerAsync(request, Cancelled);
        var other = await Host.CreateContainerAsync(request with { Name = Hosts.Unique("b"), IPv4 = "10.93.5.12" }, Cancelled);
        await Host.StartAsync(one, Cancelled);
        await Host.StartAsync(other, Cancelled);

        var answered = await Host.ExecAsync(one, ["ping", "-c", "2", "-W", "1", "10.93.5.12"], Cancelled).ToArrayAsync(Cancelled);
        var nobody = await Host.ExecAsync(one, ["ping", "-c", "1", "-W", "1", "10.93.5.200"], Cancelled).ToArrayAsync(Cancelled);
        var bad = await Host.ExecAsync(one, ["ping", "-c", "1", "no-such-name.invalid"], Cancelled).ToArrayAsync(Cancelled);

        Assert.Equal("PING 10.93.5.12 (10.93.5.12): 56 data bytes", answered[0].Line?.Text);
        Assert.Matches(@"^64 bytes from 10\.93\.5\.12: seq=0 ttl=64 time=\d+\.\d{3} ms$", answered[1].Line!.Text);
        Assert.Contains(answered, o => o.Line?.Text == "2 packets transmitted, 2 packets received, 0% packet loss");
        Assert.Matches(@"^round-trip min/avg/max = \d+\.\d{3}/\d+\.\d{3}/\d+\.\d{3} ms$", answered[^2].Line!.Text);
        Assert.Equal(0, answered[^1].ExitCode);
        Assert.Equal(
            ["PING 10.93.5.200 (10.93.5.200): 56 data bytes", "", "--- 10.93.5.200 ping statistics ---",
                "1 packets transmitted, 0 packets received, 100% packet loss", null],
            nobody.Select(o => o.Line?.Text));
        Assert.Equal(1, nobody[^1].ExitCode);
        Assert.Equal([new DockerExecOutput(new DockerOutputLine(true, "ping: bad address 'no-such-name.invalid'"), null), new DockerExecOutput(null, 1)], bad);
        await Host.RemoveAsync(one, force: true, Cancelled);
        await Host.RemoveAsync(other, force: true, Cancelled);
        await Host.RemoveNetworkAsync(network, Cancelled);
    }

    [Fact]
    public async Task RestartPolicy_StartsAgainUntilStopped()
    {
        var id = await Host.CreateContainerAsync(new DockerContainerRequest(Hosts.Unique("c"), "busybox")
        {
            Command = ["false"],
            Network = "none",
            RestartAlways = true
        }, Cancelled);
        await using var events = await EventRecorder.StartAsync(Host, e => e.ActorId == id);
        await Host.StartAsync(id, Cancelled);

        await events.UntilAsync("start", 3);
        // Whoever follows the log is left at the end of a run.
        await Host.LogsAsync(id, follow: true, tail: null, Cancelled).ToArrayAsync(Cancelled).AsTask().WaitAsync(Bound, Cancelled);
        await Host.StopAsync(id, TimeSpan.Zero, Cancelled);
        Assert.Equal("exited", (await Host.ContainerAsync(id, Cancelled))!.State);
        await Host.RemoveAsync(id, force: true, Cancelled);
    }

    private static async Task<(int Status, string Words)> RefusedAsync(Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<DockerHostException>(call);
        Assert.Equal("docker01", refused.Host);
        return (refused.Status, refused.Message);
    }

    /// <summary>Follows a host's events and tells those that matter, in one line each: names of attributes, values where they say something.</summary>
    private sealed class EventRecorder : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly List<string> _seen = [];
        private Task _following = Task.CompletedTask;

        public static async Task<EventRecorder> StartAsync(IDockerHost host, Func<DockerEvent, bool> matters)
        {
            var recorder = new EventRecorder();
            var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            recorder._following = recorder.FollowAsync(host, matters, () => opened.TrySetResult());
            await opened.Task.WaitAsync(Bound, Cancelled);
            return recorder;
        }

        public async Task<string[]> UntilAsync(string action, int times = 1)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
            limit.CancelAfter(Bound);
            while (true)
            {
                lock (_seen)
                {
                    if (_seen.Count(s => s.Split(' ')[1] == action) >= times)
                    {
                        return [.. _seen];
                    }
                }

                try
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
                }
                catch (OperationCanceledException) when (!Cancelled.IsCancellationRequested)
                {
                    Assert.Fail($"no {action} within {Bound}: {string.Join("; ", _seen)}");
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _following.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            _stop.Dispose();
        }

        private static string Words(DockerEvent e) =>
            $"{e.Type} {e.Action} {string.Join(',', e.Attributes.Select(a => a.Key is "exitCode" or "signal" ? $"{a.Key}={a.Value}" : a.Key))}";

        private async Task FollowAsync(IDockerHost host, Func<DockerEvent, bool> matters, Action opened)
        {
            await foreach (var happened in host.EventsAsync(opened, _stop.Token))
            {
                if (matters(happened))
                {
                    lock (_seen)
                    {
                        _seen.Add(Words(happened));
                    }
                }
            }
        }
    }
}
