using CalicoConsole.Adapters.Docker;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Tests.Docker;

[Collection(EngineTests.Name)]
public sealed class DockerHostTests(SharedEngine shared)
{
    private readonly DockerHost _host = shared.Host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Info_EngineWithClusterStore_SaysWhoItIs()
    {
        var info = await _host.InfoAsync(Cancelled);

        Assert.Equal("docker01", info.Name);
        Assert.Equal("1.41", info.ApiVersion);
        Assert.StartsWith("20.10.", info.ServerVersion, StringComparison.Ordinal);
        Assert.Equal("etcd://127.0.0.1:1", info.ClusterStore);
        Assert.Equal("inactive", info.SwarmState);
        Assert.Equal("", info.ClusterAdvertise);
        Assert.Contains("bridge", info.NetworkPlugins);
        Assert.DoesNotContain("calico", info.NetworkPlugins);
        Assert.NotEmpty(info.Id);
        Assert.NotEmpty(info.KernelVersion);
    }

    [Fact]
    public async Task Images_ImportedBusybox_IsListed()
    {
        var image = Assert.Single(await _host.ImagesAsync(Cancelled), i => i.Tags.Contains("busybox:latest"));

        Assert.StartsWith("sha256:", image.Id, StringComparison.Ordinal);
        Assert.True(image.Bytes > 500_000);
    }

    [Fact]
    public async Task CreateNetwork_WithOptions_IsListedAndRemoved()
    {
        var name = Hosts.Unique("net");
        var id = await _host.CreateNetworkAsync(
            new DockerNetworkRequest(name, "bridge", "default", ["10.90.1.0/24"])
            {
                Labels = ImmutableSortedDictionary<string, string>.Empty.Add("team", "web"),
                Options = ImmutableSortedDictionary<string, string>.Empty.Add("com.docker.network.bridge.name", "br-" + name[^8..]),
                Internal = true,
            },
            Cancelled);

        var network = Assert.Single(await _host.NetworksAsync(Cancelled), n => n.Id == id);
        Assert.Equal((name, "bridge", "local", "default", true, false),
            (network.Name, network.Driver, network.Scope, network.IpamDriver, network.Internal, network.EnableIPv6));
        Assert.Equal(["10.90.1.0/24"], network.Subnets);
        Assert.Equal("web", network.Labels["team"]);
        Assert.Equal("br-" + name[^8..], network.Options["com.docker.network.bridge.name"]);

        await _host.RemoveNetworkAsync(id, Cancelled);
        Assert.DoesNotContain(await _host.NetworksAsync(Cancelled), n => n.Id == id);
    }

    [Fact]
    public async Task CreateNetwork_NameTaken_IsRefusedInTheEnginesWords()
    {
        var request = new DockerNetworkRequest(Hosts.Unique("twice"), "bridge", "default", ["10.90.2.0/24"]);
        var id = await _host.CreateNetworkAsync(request, Cancelled);

        var refused = await Assert.ThrowsAsync<DockerHostException>(
            () => _host.CreateNetworkAsync(request with { Subnets = ["10.90.3.0/24"] }, Cancelled));

        Assert.Equal(409, refused.Status);
        Assert.Equal("docker01", refused.Host);
        Assert.Equal($"network with name {request.Name} already exists", refused.Message);
        Assert.Single(await _host.NetworksAsync(Cancelled), n => n.Name == request.Name);
        await _host.RemoveNetworkAsync(id, Cancelled);
    }

    [Fact]
    public async Task CreateNetwork_PluginMissing_IsRefusedInTheEnginesWords()
    {
        // The engine looks for the plugin for 15 s: the default limit must leave it that time.
        var refused = await Assert.ThrowsAsync<DockerHostException>(
            () => _host.CreateNetworkAsync(new DockerNetworkRequest(Hosts.Unique("net"), "calico", "calico-ipam", ["192.0.2.0/24"]), Cancelled));

        Assert.Equal(404, refused.Status);
        Assert.Contains("plugin \"calico\" not found", refused.Message.Replace("calico-ipam", "calico", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain('{', refused.Message);
    }

    [Fact]
    public async Task RemoveNetwork_Unknown_Is404()
    {
        var refused = await Assert.ThrowsAsync<DockerHostException>(() => _host.RemoveNetworkAsync("nothing-here", Cancelled));

        Assert.Equal(404, refused.Status);
        Assert.Equal("network nothing-here not found", refused.Message);
    }

    [Fact]
    public async Task CreateContainer_ImageMissing_IsRefusedInTheEnginesWords()
    {
        var refused = await Assert.ThrowsAsync<DockerHostException>(
            () => _host.CreateContainerAsync(new DockerContainerRequest(Hosts.Unique("c"), "no-such-image:1"), Cancelled));

        Assert.Equal(404, refused.Status);
        Assert.Equal("No such image: no-such-image:1", refused.Message);
    }

    [Fact]
    public async Task Container_OnANetworkWithFixedAddress_HasItsAttachmentThroughItsLife()
    {
        var network = Hosts.Unique("net");
        var networkId = await _host.CreateNetworkAsync(new DockerNetworkRequest(network, "bridge", "default", ["10.90.4.0/24"]), Cancelled);
        var name = Hosts.Unique("fixed");
        var id = await _host.CreateContainerAsync(
            new DockerContainerRequest(name, "busybox")
            {
                Command = ["sleep", "600"],
                Network = networkId,
                IPv4 = "10.90.4.77",
                Interactive = true,
                Labels = ImmutableSortedDictionary<string, string>.Empty.Add("app", "web"),
            },
            Cancelled);

        var created = (await _host.ContainerAsync(name, Cancelled))!;
        Assert.Equal((id, name, "busybox", "sleep 600", "created"), (created.Id, created.Name, created.Image, created.Command, created.State));
        Assert.Equal("web", created.Labels["app"]);
        var planned = Assert.Single(created.Networks);
        Assert.Equal((network, "10.90.4.77", "", ""), (planned.NetworkName, planned.RequestedIPv4, planned.IPv4, planned.EndpointId));

        await _host.StartAsync(id, Cancelled);
        await _host.StartAsync(id, Cancelled);
        var running = Assert.Single(await _host.ContainersAsync(Cancelled), c => c.Id == id);
        var attached = Assert.Single(running.Networks);
        Assert.Equal("running", running.State);
        Assert.StartsWith("Up ", running.Status, StringComparison.Ordinal);
        Assert.Equal((network, networkId, "10.90.4.77", "10.90.4.77"), (attached.NetworkName, attached.NetworkId, attached.IPv4, attached.RequestedIPv4));
        Assert.Matches("^[0-9a-f]{64}$", attached.EndpointId);
        Assert.Matches("^([0-9a-f]{2}:){5}[0-9a-f]{2}$", attached.MacAddress);

        await _host.RestartAsync(id, TimeSpan.Zero, Cancelled);
        Assert.NotEqual(attached.EndpointId, Assert.Single((await _host.ContainerAsync(id, Cancelled))!.Networks).EndpointId);

        await _host.StopAsync(id, TimeSpan.Zero, Cancelled);
        await _host.StopAsync(id, TimeSpan.Zero, Cancelled);
        var stopped = (await _host.ContainerAsync(id[..12], Cancelled))!;
        Assert.Equal("exited", stopped.State);
        Assert.Equal(("", "", "10.90.4.77"), (stopped.Networks[0].EndpointId, stopped.Networks[0].IPv4, stopped.Networks[0].RequestedIPv4));

        await _host.RemoveAsync(id, force: true, Cancelled);
        Assert.Null(await _host.ContainerAsync(id, Cancelled));
        await _host.RemoveNetworkAsync(networkId, Cancelled);
    }

    [Fact]
    public async Task Container_PrivilegedOnTheHost_SeesTheHost()
    {
        var outside = Directory.CreateDirectory(Path.Combine(shared.Engine.RunDirectory, Hosts.Unique("bind"))).FullName;
        var id = await _host.CreateContainerAsync(
            new DockerContainerRequest(Hosts.Unique("node"), "busybox")
            {
                Entrypoint = ["/bin/sh", "-c"],
                Command = ["hostname; echo $CALICO; ls /proc/1/task >/dev/null && cat /proc/1/comm; echo done >/out/file; grep CapEff /proc/self/status"],
                Environment = ["CALICO=v2.6"],
                Binds = [$"/run/{Path.GetFileName(outside)}:/out:rw"],
                Network = "host",
                Privileged = true,
                HostPid = true,
            },
            Cancelled);
        await _host.StartAsync(id, Cancelled);

        Assert.Equal(0, await _host.WaitAsync(id, Cancelled));
        var lines = await LinesAsync(_host.LogsAsync(id, follow: false, tail: null, Cancelled));
        Assert.Equal(["docker01", "v2.6", "cat"], lines.Take(3));
        // More than the 14 capabilities of an ordinary container (a80425fb).
        Assert.NotEqual("00000000a80425fb", lines[3].Split('\t')[^1]);
        Assert.Equal("done\n", await File.ReadAllTextAsync(Path.Combine(outside, "file"), Cancelled));
        await _host.RemoveAsync(id, force: false, Cancelled);
    }

    [Fact]
    public async Task Create_RestartAlwaysWithAutoRemove_IsRefusedInTheEnginesWords()
    {
        var refused = await Assert.ThrowsAsync<DockerHostException>(() => _host.CreateContainerAsync(
            new DockerContainerRequest(Hosts.Unique("c"), "busybox") { RestartAlways = true, AutoRemove = true }, Cancelled));

        Assert.Equal(400, refused.Status);
        Assert.Contains("can't create 'AutoRemove' container with restart policy", refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Pull_NoRegistry_FailsInTheEnginesWords()
    {
        var failed = await Assert.ThrowsAsync<DockerHostException>(async () =>
        {
            await foreach (var progress in _host.PullAsync("registry.invalid:5000/calico/node:v2.6.9", Cancelled))
            {
                Assert.NotNull(progress.Status);
            }
        });

        Assert.Contains("registry.invalid", failed.Message, StringComparison.Ordinal);
        Assert.NotEqual(0, failed.Status);
    }

    private static async Task<string[]> LinesAsync(IAsyncEnumerable<DockerOutputLine> output) =>
        await output.Select(l => l.Text).ToArrayAsync(Cancelled);
}
