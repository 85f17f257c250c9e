using System.Text.Json;

namespace CalicoConsole.Integration.Tests.Lab;

/// <summary>The lab node under the docker CLI alone: what the console is later measured against must itself be right.</summary>
[Collection(LabCollection.Name)]
public sealed class LabNodeTests(LabFixture lab)
{
    private const string OpenRules =
        """{"inbound_rules":[{"action":"allow","src_tag":"my_net"},{"action":"allow","src_tag":"other"}],"outbound_rules":[{"action":"allow"}]}""";

    [Fact]
    public async Task WalkThrough_TwoNetworks_PingsAsTheProfilesSay()
    {
        await lab.ResetAsync();
        await lab.DeployNodeAsync("NO_DEFAULT_POOLS=true");
        await NetworkAsync("my_net", "192.0.2.0/24");
        await NetworkAsync("other", "198.51.100.0/24");
        await ContainerAsync("workload2", "my_net", "192.0.2.2");
        await ContainerAsync("workload3", "my_net", "192.0.2.3");
        await ContainerAsync("stranger", "other", "198.51.100.2");

        await PingsAsync("workload2", "192.0.2.3");
        await RefusedAsync("stranger", "192.0.2.2");
        (await lab.Etcdctl("set", "/calico/v1/policy/profile/my_net/rules", OpenRules)).Demand();
        await PingsAsync("stranger", "192.0.2.2");
        await RefusedAsync("workload2", "198.51.100.2");
    }

    [Fact]
    public async Task Host_WithAnEndpoint_HasTheRouteNeighbourAndProxyArpOfFelix()
    {
        await lab.ResetAsync();
        await lab.DeployNodeAsync("NO_DEFAULT_POOLS=true");
        await NetworkAsync("my_net", "192.0.2.0/24");
        await ContainerAsync("workload2", "my_net", "192.0.2.2");
        await PingsAsync("workload2", "192.168.122.45");

        var link = "cali" + (await EndpointsAsync()).Single()[..11];
        var routes = (await lab.Run("ip", "route")).Demand().Output;
        var neighbours = (await lab.Run("ip", "neigh", "show", "dev", link)).Demand().Output;
        var proxyArp = (await lab.Run("cat", $"/proc/sys/net/ipv4/conf/{link}/proxy_arp")).Demand().Output;

        Assert.Contains($"192.0.2.2 dev {link} scope link", routes, StringComparison.Ordinal);
        Assert.Contains("192.0.2.2 lladdr ee:ee:ee:ee:ee:ee PERMANENT", neighbours, StringComparison.Ordinal);
        Assert.Equal("1", proxyArp.Trim());
    }

    [Fact]
    public async Task AutomaticAddress_OnANetworkWithSubnet_FailsWithPlugin112AndWorksWith113()
    {
        await lab.ResetAsync();
        await lab.DeployNodeAsync("NO_DEFAULT_POOLS=true");
        await NetworkAsync("my_net", "192.0.2.0/24");

        var refused = await lab.Docker("run", "--net", "my_net", "--name", "auto", "-tid", "busybox");
        await lab.Docker("rm", "-f", "auto");
        try
        {
            (await lab.LabAsync("plugin", "1.1.3")).Demand();
            (await lab.Docker("run", "--net", "my_net", "--name", "auto", "-tid", "busybox")).Demand();
        }
        finally
        {
            (await lab.LabAsync("plugin", "1.1.2")).Demand();
        }

        Assert.Contains("Unexpected number of assigned IP addresses. A single address should be assigned. Got []", refused.Error, StringComparison.Ordinal);
        var address = (await lab.Docker("exec", "auto", "ip", "-4", "address", "show", "cali0")).Demand().Output;
        Assert.Contains("inet 192.0.2.", address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_OfAContainer_LeavesNoEndpointAddressOrRoute()
    {
        await lab.ResetAsync();
        await lab.DeployNodeAsync("NO_DEFAULT_POOLS=true");
        await NetworkAsync("my_net", "192.0.2.0/24");
        await ContainerAsync("workload2", "my_net", "192.0.2.2");
        Assert.Single(await EndpointsAsync());

        (await lab.Docker("stop", "-t", "0", "workload2")).Demand();

        Assert.Empty(await EndpointsAsync());
        using var block = JsonDocument.Parse((await lab.Etcdctl("get", "/calico/ipam/v2/assignment/ipv4/block/192.0.2.0-26")).Demand().Output);
        Assert.All(block.RootElement.GetProperty("allocations").EnumerateArray(), a => Assert.Equal(JsonValueKind.Null, a.ValueKind));
        await LabFixture.UntilAsync(
            async () => (await lab.Run("ip", "route")).Demand().Output,
            routes => !routes.Contains("192.0.2.2", StringComparison.Ordinal));
        await LabFixture.UntilAsync(
            async () => (await lab.Run("iptables-legacy-save", "-t", "filter")).Demand().Output,
            rules => !rules.Contains("cali-fw-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Engine_StoppedAndStarted_BringsTheWorkloadsBack()
    {
        await lab.ResetAsync();
        await lab.DeployNodeAsync("NO_DEFAULT_POOLS=true");
        await NetworkAsync("my_net", "192.0.2.0/24");
        await ContainerAsync("workload2", "my_net", "192.0.2.2");
        await ContainerAsync("workload3", "my_net", "192.0.2.3");

        (await lab.LabAsync("stop", "docker01")).Demand();
        Assert.Empty(await EndpointsAsync());
        (await lab.LabAsync("start", "docker01")).Demand();

        await PingsAsync("workload2", "192.0.2.3");
        Assert.Equal(2, (await EndpointsAsync()).Length);
    }

    private async Task NetworkAsync(string name, string subnet)
    {
        var pool = $$"""{"cidr":"{{subnet}}","ipip":"","ipip_mode":"","masquerade":false,"ipam":true,"disabled":false}""";
        (await lab.Etcdctl("set", $"/calico/v1/ipam/v4/pool/{subnet.Replace('/', '-')}", pool)).Demand();
        (await lab.Docker("network", "create", "--driver", "calico", "--ipam-driver", "calico-ipam", "--subnet", subnet, name)).Demand();
    }

    private async Task ContainerAsync(string name, string network, string address) =>
        (await lab.Docker("run", "--net", network, "--name", name, "--ip", address, "-tid", "busybox")).Demand();

    private Task<string> PingsAsync(string from, string to) => LabFixture.UntilAsync(
        async () => (await lab.Docker("exec", from, "ping", "-c", "1", "-W", "1", to)).Output,
        output => output.Contains("1 packets received", StringComparison.Ordinal));

    // Refused by the data plane, not merely too early: the packet's way is there, because others take it.
    private async Task RefusedAsync(string from, string to)
    {
        var answer = await lab.Docker("exec", from, "ping", "-c", "2", "-W", "1", to);
        Assert.Contains("2 packets transmitted, 0 packets received", answer.Output, StringComparison.Ordinal);
    }

    private async Task<string[]> EndpointsAsync()
    {
        var answer = await lab.Etcdctl("ls", "/calico/v1/host/docker01/workload/libnetwork/libnetwork/endpoint");
        return [.. answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim()[(line.LastIndexOf('/') + 1)..])];
    }
}
