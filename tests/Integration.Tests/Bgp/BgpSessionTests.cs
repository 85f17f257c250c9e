using System.Diagnostics;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Integration.Tests.Bgp;

/// <summary>Sessions as <c>calicoctl node status</c> lists them, and BIRD following the keys.</summary>
[Collection(LabCollection.Name)]
public sealed class BgpSessionTests(LabFixture lab) : BgpStage(lab)
{
    private const string MeshOfFirst = "192.168.122.46 node-to-node mesh up Established";
    private const string MeshOfSecond = "192.168.122.45 node-to-node mesh up Established";

    [Fact]
    public async Task Mesh_IsEstablishedAtBothEnds()
    {
        await DeployAsync();

        await SessionsAsync(First, MeshOfFirst);
        await SessionsAsync(Second, MeshOfSecond);

        var status = await Sessions.ReadAsync(First, Cancel);
        Assert.All(status.IPv4.Sessions, s => Assert.Matches(@"^\d\d:\d\d:\d\d$", s.Since));
        Assert.False(status.IPv6.IsRunning);
        Assert.Contains("/var/run/calico/bird6.ctl", status.IPv6.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_Changed_AreFollowed()
    {
        await DeployAsync();
        await SessionsAsync(First, MeshOfFirst);

        await TimedAsync("mesh off to no session", async () =>
        {
            await SetAsync("/calico/bgp/v1/global/node_mesh", """{"enabled":false}""");
            await SessionsAsync(First);
        });

        // Autonomous systems of their own and a peer each: eBGP.
        await SetAsync("/calico/bgp/v1/host/docker01/as_num", "64513");
        await SetAsync("/calico/bgp/v1/host/docker02/as_num", "64514");
        await SetAsync("/calico/bgp/v1/host/docker01/peer_v4/192.168.122.46", """{"ip":"192.168.122.46","as_num":"64514"}""");
        await SetAsync("/calico/bgp/v1/host/docker02/peer_v4/192.168.122.45", """{"ip":"192.168.122.45","as_num":"64513"}""");
        await SessionsAsync(First, "192.168.122.46 node specific up Established");
        await SessionsAsync(Second, "192.168.122.45 node specific up Established");
        await ContainerAsync(First, "workload2", "my_net", "192.0.2.2");
        await ContainerAsync(Second, "workload3", "my_net", "192.0.2.66");
        await PingsAsync(First, "workload2", "192.0.2.66");

        // Nobody speaks BGP at the lab's gateway.
        await SetAsync("/calico/bgp/v1/global/peer_v4/192.168.122.1", """{"ip":"192.168.122.1","as_num":"64600"}""");
        await SessionsAsync(First, "192.168.122.1 global start Active Socket: Connection refused", "192.168.122.46 node specific up Established");
    }

    [Fact]
    public async Task OddPeer_LeavesBirdWithItsConfiguration()
    {
        await DeployAsync();
        await SessionsAsync(First, MeshOfFirst);

        await SetAsync("/calico/bgp/v1/global/peer_v4/10.0.0.9", """{"ip":"10.0.0.9","as_num":"0"}""");
        await SetAsync("/calico/bgp/v1/global/node_mesh", """{"enabled":false}""");
        await LabFixture.UntilAsync(
            async () => (await Lab.Docker("logs", "calico-node")).Demand().Output,
            log => log.Contains("confd: /calico/bgp/v1/global/peer_v4/10.0.0.9 is no BGP peer that BIRD takes", StringComparison.Ordinal));

        await SessionsAsync(First, MeshOfFirst);
        (await Lab.Etcdctl("rm", "/calico/bgp/v1/global/peer_v4/10.0.0.9")).Demand();
        await SessionsAsync(First);
    }

    [Fact]
    public async Task NodeThatIsNotThere_IsSaidSo()
    {
        await Lab.ResetAsync();

        var status = await Sessions.ReadAsync(First, Cancel);

        Assert.False(status.IPv4.IsRunning);
        Assert.Contains("calico-node", status.IPv4.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EngineThatNeverAnswers_IsGivenUp()
    {
        await Lab.ResetAsync();
        (await Lab.LabAsync("pause", First)).Demand();
        try
        {
            var watch = Stopwatch.StartNew();
            var e = await Assert.ThrowsAsync<DockerHostException>(() => Sessions.ReadAsync(First, Cancel));
            Assert.Equal(0, e.Status);
            Assert.Contains("no answer within 5 s", e.Message, StringComparison.Ordinal);
            Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(20));
        }
        finally
        {
            (await Lab.LabAsync("resume", First)).Demand();
        }
    }

    private async Task SetAsync(string key, string value) => (await Lab.Etcdctl("set", key, value)).Demand();
}
