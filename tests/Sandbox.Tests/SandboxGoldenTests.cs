using System.Text;
using System.Text.RegularExpressions;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.NodeEmulation.Tests;
using CalicoConsole.Tests;

namespace CalicoConsole.Sandbox.Tests;

/// <summary>What the walk-through leaves in etcd is what the real tools left there, but for ids, times and the host's name and address.</summary>
public sealed partial class SandboxGoldenTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WalkThrough_KeysAreThoseOfTheRealTools()
    {
        await using var stage = await SandboxStage.StartAsync();
        await stage.RunAsync(new WriteResource(WriteVerb.Create, new IPPool { Cidr = Cidr.Parse("192.0.2.0/24") }));
        var network = (await stage.RunAsync(new CreateNetwork("docker01", "my_net", "calico", "calico-ipam", "192.0.2.0/24")))
            .Answer is OperationAnswer.CreatedNetwork made ? made.Id : "";
        Assert.Equal(Golden("007-network-create", "/network/v1.0/network/"), await ReadAsync(stage, $"/docker/network/v1.0/network/{network}"));
        Assert.Equal(Golden("007-network-create", "/endpoint_count/"), await ReadAsync(stage, $"/docker/network/v1.0/endpoint_count/{network}"));
        await stage.RunAsync(new CreateContainer("docker01", "my_workload2", "busybox") { Network = "my_net", Ip = "192.0.2.2" });
        var endpoint = (await stage.Host("docker01").ContainerAsync("my_workload2", Cancelled))!.Networks[0].EndpointId;

        foreach (var (key, of) in new[]
        {
            ("/calico/v1/ipam/v4/pool/192.0.2.0-24", "005-create-ippool"),
            ("/calico/v1/policy/profile/my_net/tags", "009-run-workload2"),
            ("/calico/v1/policy/profile/my_net/labels", "009-run-workload2"),
            ("/calico/v1/policy/profile/my_net/rules", "009-run-workload2"),
            ("/calico/ipam/v2/assignment/ipv4/block/192.0.2.0-26", "009-run-workload2"),
        })
        {
            Assert.Equal(Golden(of, key), await ReadAsync(stage, key));
        }

        Assert.Equal(Golden("009-run-workload2", "/host/vm/ipv4/block/192.0.2.0-26"),
            await ReadAsync(stage, "/calico/ipam/v2/host/docker01/ipv4/block/192.0.2.0-26"));
        Assert.Equal(Golden("009-run-workload2", "/workload/libnetwork/"),
            await ReadAsync(stage, $"/calico/v1/host/docker01/workload/libnetwork/libnetwork/endpoint/{endpoint}"));
        Assert.Equal(Golden("009-run-workload2", "/network/v1.0/endpoint/"), await ReadAsync(stage, $"/docker/network/v1.0/endpoint/{network}/{endpoint}"));
        Assert.Equal(Golden("009-run-workload2", "/endpoint_count/"), await ReadAsync(stage, $"/docker/network/v1.0/endpoint_count/{network}"));

        await stage.RunAsync(new CreateContainer("docker01", "my_workload3", "busybox") { Network = "my_net", Ip = "192.0.2.3" });
        Assert.Equal(Golden("013-run-workload3", "/assignment/ipv4/block/192.0.2.0-26"),
            await ReadAsync(stage, "/calico/ipam/v2/assignment/ipv4/block/192.0.2.0-26"));
        Assert.Equal(Golden("013-run-workload3", "/endpoint_count/"), await ReadAsync(stage, $"/docker/network/v1.0/endpoint_count/{network}"));
        await stage.RunAsync(new ChangeContainer("docker01", "my_workload3", ContainerAction.Stop));
        Assert.Equal(Golden("009-run-workload2", "/endpoint_count/"), await ReadAsync(stage, $"/docker/network/v1.0/endpoint_count/{network}"));
    }

    [Theory]
    [InlineData("017-run-duplicate-ip", "192.0.2.2")]
    [InlineData("019-run-ip-outside-pool", "198.51.100.9")]
    public async Task Start_Refused_InTheEnginesWords(string step, string address)
    {
        await using var stage = await SandboxStage.StartAsync();
        await stage.RunAsync(new WriteResource(WriteVerb.Create, new IPPool { Cidr = Cidr.Parse("192.0.2.0/24") }));
        await stage.RunAsync(new CreateNetwork("docker01", "my_net", "calico", "calico-ipam", "192.0.2.0/24"));
        await stage.RunAsync(new CreateContainer("docker01", "my_workload2", "busybox") { Network = "my_net", Ip = "192.0.2.2" });
        var host = stage.Host("docker01");
        var id = await host.CreateContainerAsync(new("dup", "busybox") { Network = "my_net", IPv4 = address }, Cancelled);

        var refused = await Assert.ThrowsAsync<DockerHostException>(() => host.StartAsync(id, Cancelled));

        Assert.Contains(refused.Message.Replace("docker01", "vm", StringComparison.Ordinal),
            File.ReadAllText(Repository.Golden("docker", step + ".json")).Replace("\\u003c", "<", StringComparison.Ordinal)
            .Replace("\\u003e", ">", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("created", (await host.ContainerAsync(id, Cancelled))!.State);
    }

    [Theory]
    [InlineData("004-network-create-subnet-without-pool", "calico-ipam", "203.0.113.0/24", false, "")]
    [InlineData("049-bad-internal", "calico-ipam", "10.10.0.0/16", true, "")]
    [InlineData("050-bad-opt", "calico-ipam", "10.10.0.0/16", false, "foo=bar")]
    [InlineData("051-bad-opts2", "calico-ipam", "10.10.0.0/16", false, "foo=bar,baz=1")]
    [InlineData("055-bad-default-ipam", "default", "10.10.0.0/16", false, "")]
    public async Task CreateNetwork_Refused_InTheEnginesWords(string step, string ipam, string subnet, bool isInternal, string options)
    {
        await using var stage = await SandboxStage.StartAsync();
        var request = new DockerNetworkRequest("bad", "calico", ipam, [subnet])
        {
            Internal = isInternal,
            Options = options.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(o => o.Split('='))
                .ToImmutableSortedDictionary(o => o[0], o => o[1], StringComparer.Ordinal),
        };

        var refused = await Assert.ThrowsAsync<DockerHostException>(() => stage.Host("docker01").CreateNetworkAsync(request, Cancelled));

        Assert.Contains(refused.Message, File.ReadAllText(Repository.Golden("docker", step + ".json")), StringComparison.Ordinal);
        Assert.DoesNotContain(await stage.Host("docker01").NetworksAsync(Cancelled), n => n.Name == "bad");
    }

    private static string Golden(string step, string part) =>
        Plain(Assert.Single(GoldenStep.Read("docker", step).Set, k => k.Key.Contains(part, StringComparison.Ordinal)).Value);

    private static async Task<string> ReadAsync(SandboxStage stage, string key) =>
        Plain(Encoding.UTF8.GetString((await stage.Cluster.Keys.GetAsync(key, recursive: false, quorum: true, Cancelled)).Node.Value.Span));

    private static string Plain(string value) => Times().Replace(Ids().Replace(Interfaces().Replace(value, "$1#"), "#"), "time")
        .Replace("\"host:vm\"", "\"host:docker01\"", StringComparison.Ordinal)
        .Replace("\"locator\":\"127.0.0.1\"", "\"locator\":\"192.168.122.45\"", StringComparison.Ordinal);

    [GeneratedRegex("(cali|temp)[0-9a-f]{11}")]
    private static partial Regex Interfaces();

    [GeneratedRegex("(?<![0-9a-f])([0-9a-f]{64}|[0-9a-f]{12})(?![0-9a-f])")]
    private static partial Regex Ids();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[0-9:.]+Z")]
    private static partial Regex Times();
}
