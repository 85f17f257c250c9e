using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Snapshot;

public sealed class BgpMatrixTests
{
    private static readonly string[] Addresses = ["192.0.2.1", "192.0.2.2", "192.0.2.3"];

    [Fact]
    public void Of_EachCellIsWhatItsRowSees()
    {
        var matrix = BgpMatrix.From(
            Three(),
            [Read("a", Up("192.0.2.2"), Down("192.0.2.3"), Up("198.51.100.1")), Read("b", Up("192.0.2.1")), new BgpReading("hc", "c", null, "no answer")],
            ipv6: false);

        Assert.Equal(["a", "b", "c"], matrix.Nodes);
        Assert.Null(matrix.Cells[0][0]);
        Assert.Equal("Established", matrix.Cells[0][1]!.Session!.Info);
        Assert.True(matrix.Cells[0][2]!.IsWrong);
        Assert.True(matrix.Cells[1][2] is { Session: null, Expected: true, IsWrong: true });
        Assert.True(matrix.Cells[2][0] is { Session: null, Why: "no answer", IsWrong: false });
        Assert.Equal((1, 2), (matrix.Established, matrix.Wrong));
        Assert.Equal("198.51.100.1", Assert.Single(matrix.Outside).Session.Peer);
        Assert.Equal([("c", "no answer")], matrix.Silent);
    }

    [Fact]
    public void Of_MeshOff_AsksForNoSession()
    {
        var off = new StoredKey("/calico/bgp/v1/global/node_mesh", """{"enabled":false}"""u8.ToArray(), 1);
        var configuration = ConfigurationScope.Unset with { Bgp = ConfigurationScope.Unset.Bgp.Add("node_mesh", off) };
        var snapshot = Three() with { Calico = Three().Calico with { Configuration = configuration } };

        Assert.Equal(0, BgpMatrix.From(snapshot, [Read("a"), Read("b"), Read("c")], ipv6: false).Wrong);
        Assert.Equal(3, BgpMatrix.From(Three(), [Read("a"), Read("b"), Read("c")], ipv6: false).Wrong);
    }

    [Fact]
    public void Of_HostThatIsNotConfigured_SaysSo() =>
        Assert.Equal("its Docker host is not configured", BgpMatrix.From(Three(), [Read("a"), Read("b")], ipv6: false).Silent.Single().Reason);

    private static ClusterSnapshot Three() => new()
    {
        Calico = CalicoState.Empty with
        {
            Nodes = Addresses
                .Select((a, i) => new Node { Name = "abc"[i].ToString(), HasMetadata = true, IPv4 = Cidr.Parse($"{a}/24") })
                .ToImmutableSortedDictionary(n => n.Name, n => new Stored<Node>(n, []), StringComparer.Ordinal),
        },
    };

    private static BgpReading Read(string node, params BgpSession[] sessions) =>
        new(
            $"h{node}", node,
            new BgpStatus($"h{node}", new BgpDaemon(true, null, [.. sessions]), BgpDaemon.NotRunning("no bird6"), DateTimeOffset.UnixEpoch),
            null);

    private static BgpSession Up(string peer) => new(peer, BgpPeerType.NodeToNodeMesh, "up", "02:39:24", "Established");

    private static BgpSession Down(string peer) => new(peer, BgpPeerType.NodeToNodeMesh, "start", "02:39:24", "Active Socket: Connection refused");
}
