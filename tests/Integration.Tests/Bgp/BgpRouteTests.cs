namespace CalicoConsole.Integration.Tests.Bgp;

/// <summary>Containers of two hosts over BIRD's routes.</summary>
[Collection(LabCollection.Name)]
public sealed class BgpRouteTests(LabFixture lab) : BgpStage(lab)
{
    private const string OpenRules =
        """{"inbound_rules":[{"action":"allow","src_tag":"my_net"},{"action":"allow","src_tag":"other"}],"outbound_rules":[{"action":"allow"}]}""";

    [Fact]
    public async Task TwoHosts_ContainersPingAsTheProfilesSay()
    {
        await Lab.ResetAsync();
        await TimedAsync("deploy of both nodes to cross-host ping", async () =>
        {
            await Task.WhenAll(Lab.DeployNodeOnAsync(First, "NO_DEFAULT_POOLS=true"), Lab.DeployNodeOnAsync(Second, "NO_DEFAULT_POOLS=true"));
            await NetworkAsync("my_net", "192.0.2.0/24");
            await ContainerAsync(First, "workload2", "my_net", "192.0.2.2");
            await ContainerAsync(Second, "workload3", "my_net", "192.0.2.66");
            await PingsAsync(First, "workload2", "192.0.2.66");
        });

        await PingsAsync(Second, "workload3", "192.0.2.2");
        await RouteAsync(First, "blackhole 192.0.2.0/26 proto bird");
        await RouteAsync(First, "192.0.2.64/26 via 192.168.122.46 dev eth0 proto bird");
        await RouteAsync(Second, "192.0.2.0/26 via 192.168.122.45 dev eth0 proto bird");

        await NetworkAsync("other", "198.51.100.0/24");
        await ContainerAsync(Second, "stranger", "other", "198.51.100.2");
        await RouteAsync(First, "198.51.100.0/26 via 192.168.122.46 dev eth0 proto bird");
        await RefusedAsync(Second, "stranger", "192.0.2.2");
        (await Lab.Etcdctl("set", "/calico/v1/policy/profile/my_net/rules", OpenRules)).Demand();
        await TimedAsync("profile change to cross-host ping", () => PingsAsync(Second, "stranger", "192.0.2.2"));
        await RefusedAsync(First, "workload2", "198.51.100.2");
    }

    [Fact]
    public async Task BorrowedAddress_IsAnnouncedAlone()
    {
        await DeployAsync();
        await ContainerAsync(First, "workload2", "my_net", "192.0.2.2");
        await ContainerAsync(Second, "borrower", "my_net", "192.0.2.5");

        await PingsAsync(First, "workload2", "192.0.2.5");
        await PingsAsync(Second, "borrower", "192.0.2.2");

        await RouteAsync(First, "192.0.2.5 via 192.168.122.46 dev eth0 proto bird");
        var routes = (await Lab.RunOn(Second, "ip", "route")).Demand().Output;
        Assert.DoesNotContain("192.0.2.2 via", routes, StringComparison.Ordinal);

        (await Lab.DockerOn(Second, "rm", "-f", "borrower")).Demand();
        await NoRouteAsync(First, "192.0.2.5 via");
    }

    /// <summary>Without the mesh: docker01 knows docker02 as a peer of all nodes, docker02 knows docker01 as a peer of its own.</summary>
    [Fact]
    public async Task GlobalAndNodePeer_CarryBlocksAndBorrowedAddresses()
    {
        await DeployAsync();
        (await Lab.Etcdctl("set", "/calico/bgp/v1/global/node_mesh", """{"enabled":false}""")).Demand();
        await SessionsAsync(First);
        (await Lab.Etcdctl("set", "/calico/bgp/v1/global/peer_v4/192.168.122.46", """{"ip":"192.168.122.46","as_num":"64512"}""")).Demand();
        (await Lab.Etcdctl("set", "/calico/bgp/v1/host/docker02/peer_v4/192.168.122.45", """{"ip":"192.168.122.45","as_num":"64512"}""")).Demand();
        await SessionsAsync(First, "192.168.122.46 global up Established");

        await ContainerAsync(First, "workload2", "my_net", "192.0.2.2");
        await ContainerAsync(Second, "workload3", "my_net", "192.0.2.66");
        await ContainerAsync(Second, "borrower", "my_net", "192.0.2.5");
        await RouteAsync(First, "192.0.2.64/26 via 192.168.122.46 dev eth0 proto bird");
        await RouteAsync(First, "192.0.2.5 via 192.168.122.46 dev eth0 proto bird");
        await RouteAsync(Second, "192.0.2.0/26 via 192.168.122.45 dev eth0 proto bird");
        await PingsAsync(First, "workload2", "192.0.2.66");
        await PingsAsync(First, "workload2", "192.0.2.5");
        await PingsAsync(Second, "borrower", "192.0.2.2");
    }

    [Fact]
    public async Task CutHost_LosesItsRoutesAndGetsThemBackAfterHeal()
    {
        await DeployAsync();
        (await Lab.LabAsync("timers", "quick")).Demand();
        try
        {
            await ContainerAsync(First, "workload2", "my_net", "192.0.2.2");
            await ContainerAsync(Second, "workload3", "my_net", "192.0.2.66");
            await PingsAsync(First, "workload2", "192.0.2.66");

            (await Lab.LabAsync("cut", Second)).Demand();
            try
            {
                await TimedAsync("cut to withdrawn routes (hold time 9 s)", () => NoRouteAsync(First, "192.0.2.64/26 via"));
                await RefusedAsync(First, "workload2", "192.0.2.66");
                Assert.Contains("docker02               cut", (await Lab.LabAsync("status")).Output, StringComparison.Ordinal);
            }
            finally
            {
                (await Lab.LabAsync("heal", Second)).Demand();
            }

            await TimedAsync("heal to cross-host ping (quick timers)", () => PingsAsync(First, "workload2", "192.0.2.66"));
        }
        finally
        {
            (await Lab.LabAsync("timers", "calico")).Demand();
        }
    }

    [Fact]
    public async Task BackendNone_RunsNoBird()
    {
        await Lab.ResetAsync();
        await Task.WhenAll(
            Lab.DeployNodeOnAsync(First, "NO_DEFAULT_POOLS=true", "CALICO_NETWORKING_BACKEND=none"), Lab.DeployNodeOnAsync(Second, "NO_DEFAULT_POOLS=true"));
        await NetworkAsync("my_net", "192.0.2.0/24");
        await ContainerAsync(First, "workload2", "my_net", "192.0.2.2");
        await ContainerAsync(Second, "workload3", "my_net", "192.0.2.66");

        var processes = (await Lab.Docker("top", "calico-node", "-eo", "pid,comm")).Demand().Output;
        Assert.DoesNotContain("bird", processes, StringComparison.Ordinal);
        Assert.Contains("bird", (await Lab.DockerOn(Second, "top", "calico-node", "-eo", "pid,comm")).Demand().Output, StringComparison.Ordinal);
        var status = await Sessions.ReadAsync(First, Cancel);
        Assert.False(status.IPv4.IsRunning);
        Assert.Contains("/var/run/calico/bird.ctl", status.IPv4.Problem, StringComparison.Ordinal);
        await RefusedAsync(Second, "workload3", "192.0.2.2");
    }
}
