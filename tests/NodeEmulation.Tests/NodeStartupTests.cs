using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.NodeEmulation.Startup;
using CalicoConsole.Sandbox;

namespace CalicoConsole.NodeEmulation.Tests;

public sealed class NodeStartupTests : IDisposable
{
    private readonly InMemoryEtcdKeys _keys = new(TimeProvider.System);
    private readonly ListLog _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "192.168.122.45/24")]
    [InlineData("first-found", "192.168.122.45/24")]
    [InlineData("interface=eth.*", "10.0.0.7/8")]
    [InlineData("can-reach=8.8.8.8", "10.0.0.7/8")]
    public async Task Startup_DetectionMethod_ChoosesTheAddress(string method, string expected)
    {
        Assert.Equal(0, (await RunAsync(("IP_AUTODETECTION_METHOD", method))).ExitCode);

        var keys = await DumpAsync();
        Assert.Equal(expected.Split('/')[0], keys["/calico/bgp/v1/host/n1/ip_addr_v4"]);
        Assert.Equal(Cidr.Parse(expected).Masked().ToString(), keys["/calico/bgp/v1/host/n1/network_v4"]);
    }

    [Theory]
    [InlineData("IP_AUTODETECTION_METHOD", "interface=wlan0", "Couldn't autodetect an IPv4 address")]
    [InlineData("IP_AUTODETECTION_METHOD", "interface=(", "Invalid regular expression")]
    [InlineData("IP_AUTODETECTION_METHOD", "dice", "Invalid IP autodetection method: dice")]
    [InlineData("AS", "many", "AS=many")]
    [InlineData("IP6", "10.0.0.1", "valid IPv6 address: IP6=10.0.0.1")]
    [InlineData("CALICO_IPV4POOL_CIDR", "10.0.0.0", "CALICO_IPV4POOL_CIDR '10.0.0.0'")]
    [InlineData("CALICO_IPV4POOL_IPIP", "sometimes", "CALICO_IPV4POOL_IPIP 'sometimes'")]
    public async Task Startup_BadVariable_EndsWithItsReason(string name, string value, string reason)
    {
        Assert.Equal(1, (await RunAsync((name, value))).ExitCode);
        Assert.Contains(_log.Lines, l => l.Level == "WARNING" && l.Text.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Startup_NoDefaultPoolsWithACidr_Ends() =>
        Assert.Equal(1, (await RunAsync(("NO_DEFAULT_POOLS", "true"), ("CALICO_IPV4POOL_CIDR", "10.0.0.0/16"))).ExitCode);

    [Fact]
    public async Task Startup_PoolWithTunnel_GetsATunnelAddressThatFollowsThePools()
    {
        await RunAsync(("CALICO_IPV4POOL_CIDR", "10.5.0.0/16"), ("CALICO_IPV4POOL_IPIP", "cross-subnet"), ("CALICO_IPV4POOL_NAT_OUTGOING", "no"));
        var keys = await DumpAsync();
        Assert.Equal("""{"cidr":"10.5.0.0/16","ipip":"tunl0","ipip_mode":"cross-subnet","masquerade":false,"ipam":true,"disabled":false}""", keys["/calico/v1/ipam/v4/pool/10.5.0.0-16"]);
        Assert.Equal("true", keys["/calico/v1/config/IpInIpEnabled"]);
        Assert.True(Cidr.Parse("10.5.0.0/16").Contains(Ip.Parse(keys["/calico/v1/host/n1/config/IpInIpTunnelAddr"])));

        var pool = new IPPool { Cidr = Cidr.Parse("10.6.0.0/16"), IpipEnabled = true };
        await PutAsync(V1Keys.Pool(pool.Cidr), IPPoolCodec.Encode(pool));
        await _keys.DeleteAsync("/calico/v1/ipam/v4/pool/10.5.0.0-16", EtcdDeletion.Key, EtcdCondition.None, Cancellation);
        var moved = await new TunnelAddress(_keys).EnsureAsync("n1", Cancellation);
        Assert.True(pool.Cidr.Contains(moved!.Value));

        await PutAsync(V1Keys.Pool(pool.Cidr), IPPoolCodec.Encode(pool with { IpipEnabled = false }));
        Assert.Null(await new TunnelAddress(_keys).EnsureAsync("n1", Cancellation));
        keys = await DumpAsync();
        Assert.DoesNotContain("/calico/v1/host/n1/config/IpInIpTunnelAddr", keys.Keys);
        Assert.All(keys.Where(k => V1Key.Parse(k.Key) is V1Key.IpamBlock),
            k => Assert.Equal(0, IpamBlockCodec.Decode(PluginReplay.Bytes(k.Value)).Value!.Used));
    }

    [Fact]
    public async Task Startup_ClusterTypeAndNodeReference_AreMergedAndKept()
    {
        await PutAsync("/calico/v1/config/ClusterType", PluginReplay.Bytes("openstack,k8s"));

        await RunAsync(("CLUSTER_TYPE", "k8s,bgp"), ("CALICO_K8S_NODE_REF", "worker-1"));

        var keys = await DumpAsync();
        Assert.Equal("openstack,k8s,bgp", keys["/calico/v1/config/ClusterType"]);
        Assert.Equal("""[{"orchestrator":"k8s","nodeName":"worker-1"}]""", keys["/calico/v1/host/n1/orchestrator_refs"]);
    }

    [Fact]
    public async Task Startup_WithoutNodeName_UsesHostNameThenTheSystems()
    {
        Assert.Equal("from-env", (await RunAsync(("NODENAME", ""), ("HOSTNAME", "from-env"))).NodeName);
        Assert.Equal("os-name", (await RunAsync(("NODENAME", ""))).NodeName);
    }

    [Fact]
    public async Task Startup_DirectoriesThatBirdAndIpamExpect_Exist()
    {
        await RunAsync();

        foreach (var directory in new[] { "/calico/bgp/v1/global/custom_filters/v4", "/calico/bgp/v1/global/custom_filters/v6",
            "/calico/ipam/v2/host/n1/ipv4/block", "/calico/ipam/v2/host/n1/ipv6/block" })
        {
            Assert.True((await _keys.GetAsync(directory, false, true, Cancellation)).Node.IsDirectory, directory);
        }
    }

    [Theory]
    [InlineData("5s", 5)]
    [InlineData("1m30.5s", 90.5)]
    [InlineData("-1.5h", -5400)]
    [InlineData("0", 0)]
    [InlineData("100ms", 0.1)]
    [InlineData(".5s", 0.5)]
    public void GoDuration_ValidText_IsParsed(string text, double seconds)
    {
        Assert.True(GoDuration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("5 s")]
    [InlineData("1x")]
    [InlineData("1.2.3s")]
    [InlineData("-")]
    [InlineData("99999999999999999999h")]
    public void GoDuration_InvalidText_IsRefused(string text) => Assert.False(GoDuration.TryParse(text, out _));

    public void Dispose() => _keys.Dispose();

    private Task<StartupResult> RunAsync(params (string Name, string Value)[] variables)
    {
        var environment = new Dictionary<string, string> { ["NODENAME"] = "n1" };
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        return new NodeStartup(_keys, new TwoInterfaces(), _log, TimeProvider.System, true).RunAsync(environment, "os-name", Cancellation);
    }

    private Task<EtcdAnswer> PutAsync(string key, byte[] value) => _keys.PutAsync(key, value, EtcdCondition.None, null, Cancellation);

    private Task<SortedDictionary<string, string>> DumpAsync() => GoldenStep.DumpAsync(_keys, Cancellation);

    private sealed class TwoInterfaces : IHostInterfaces
    {
        public Task<ImmutableArray<HostInterface>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<ImmutableArray<HostInterface>>(
        [
            new("lo", [Cidr.Parse("127.0.0.1/8")]),
            new("eth0", [Cidr.Parse("fe80::1/64"), Cidr.Parse("10.0.0.7/8")]),
            new("ens3", [Cidr.Parse("169.254.7.7/16"), Cidr.Parse("192.168.122.45/24")]),
            new("docker0", [Cidr.Parse("172.17.0.1/16")]),
            new("cali0123", [Cidr.Parse("10.9.9.9/32")]),
        ]);

        public Task<Ip?> SourceTowardsAsync(string destination, CancellationToken cancellationToken) => Task.FromResult<Ip?>(Ip.Parse("10.0.0.7"));
    }
}
