using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace CalicoConsole.Integration.Tests.Lab;

[Collection(LabCollection.Name)]
public sealed class LabTests(LabFixture lab)
{
    [Fact]
    public async Task Engine_AsConfigured_NamesItselfAndItsClusterStore()
    {
        await lab.RequireAsync();

        // Newer docker CLIs no longer print the cluster store: ask the engine itself.
        using var client = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { BaseAddress = new Uri("http://docker01") };
        var info = await client.GetFromJsonAsync<JsonElement>("/v1.41/info", TestContext.Current.CancellationToken);

        Assert.Equal("docker01", info.GetProperty("Name").GetString());
        Assert.Equal("etcd://192.168.122.1:2379", info.GetProperty("ClusterStore").GetString());
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(lab.Docker01.AbsolutePath), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    [Fact]
    public async Task Etcd_ThroughTheForward_ServesTheV2KeysOfTheHosts()
    {
        await lab.RequireAsync();

        (await lab.Etcdctl("set", "/lab/written", "inside")).Demand();
        using var client = new HttpClient { BaseAddress = lab.Etcd };
        var answer = await client.GetFromJsonAsync<JsonElement>("/v2/keys/lab/written", TestContext.Current.CancellationToken);

        Assert.Equal("inside", answer.GetProperty("node").GetProperty("value").GetString());
    }

    [Fact]
    public async Task Container_Privileged_RunsInTheHostsNetwork()
    {
        await lab.RequireAsync();

        var run = await lab.Docker("run", "--rm", "--privileged", "--net=host", "busybox", "ip", "address", "show", "eth0");

        Assert.Contains("192.168.122.45/24", run.Demand().Output, StringComparison.Ordinal);
    }
}
