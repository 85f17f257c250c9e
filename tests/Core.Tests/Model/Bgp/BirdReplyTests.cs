using CalicoConsole.Core.Model.Bgp;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Tests.Model.Bgp;

public sealed class BirdReplyTests
{
    // As Debian's birdc 1.6.8 -v prints it.
    private const string Reply = """
        0001 BIRD 1.6.8 ready.
        2002-name     proto    table    state  since       info
        1002-static1  Static   master   up     02:39:20    
             kernel1  Kernel   master   up     02:39:20    
             Mesh_192_168_122_46 BGP      master   up     02:39:24    Established   
             Global_10_0_20_20 BGP      master   start  2026-11-23  Active        Socket: Connection refused
             Node_10_0_20_21 BGP      master   start  02:39:20    Connect       
             Global_10_0_20_22 BGP      master   down   02:39:20    
             bgp1     BGP      master   up     02:39:20    Established   

        """;

    [Fact]
    public void Reply_OfAMesh_ListsWhatCalicoctlLists()
    {
        var daemon = BirdReply.Parse(Reply, ipv6: false);

        Assert.True(daemon.IsRunning);
        Assert.Null(daemon.Problem);
        Assert.Equal(
            [
                new BgpSession("192.168.122.46", BgpPeerType.NodeToNodeMesh, "up", "02:39:24", "Established"),
                new BgpSession("10.0.20.20", BgpPeerType.Global, "start", "2026-11-23", "Active Socket: Connection refused"),
                new BgpSession("10.0.20.21", BgpPeerType.NodeSpecific, "start", "02:39:20", "Connect"),
            ],
            daemon.Sessions);
        Assert.Equal([true, false, false], daemon.Sessions.Select(s => s.IsEstablished));
    }

    [Fact]
    public void FirstRow_MayBeASession()
    {
        const string Text = "0001 BIRD 1.6.3 ready.\r\n2002-name proto table state since info\r\n"
            + "1002-Mesh_fd80_24e2__1 BGP master up 2016-11-21 Established\r\n0000 \r\n";

        var session = Assert.Single(BirdReply.Parse(Text, ipv6: true).Sessions);

        Assert.Equal("fd80:24e2::1", session.Peer);
    }

    [Fact]
    public void AfterTheEndOfTheReply_NothingIsRead()
    {
        var reply = Reply.TrimEnd() + "\n0000 \n     Mesh_1_1_1_1 BGP master up 02:39:24 Established\n";

        Assert.Equal(3, BirdReply.Parse(reply, ipv6: false).Sessions.Length);
    }

    [Fact]
    public void Reply_WithoutProtocols_IsRunningWithoutSessions()
    {
        var daemon = BirdReply.Parse("0001 BIRD 1.6.8 ready.\n2002-name     proto    table    state  since       info\n", ipv6: false);

        Assert.True(daemon.IsRunning);
        Assert.Empty(daemon.Sessions);
    }

    [Theory]
    [InlineData("", "BIRD answered nothing to 'show protocols'")]
    [InlineData("0001 BIRD 1.6.8 ready.\n", "BIRD's reply to 'show protocols' has no table")]
    [InlineData(
        "0001 BIRD 2.0.12 ready.\n2002-Name       Proto      Table      State  Since         Info\n",
        "BIRD's reply to 'show protocols' cannot be read at '2002-Name       Proto      Table      State  Since         Info'")]
    [InlineData("0001 BIRD 1.6.8 ready.\n9001 syntax error\n", "BIRD refused 'show protocols': syntax error")]
    [InlineData("nonsense\n", "BIRD's reply to 'show protocols' cannot be read at 'nonsense'")]
    public void Reply_ThatIsNoTable_SaysWhy(string reply, string problem)
    {
        var daemon = BirdReply.Parse(reply, ipv6: false);

        Assert.False(daemon.IsRunning);
        Assert.Equal(problem, daemon.Problem);
        Assert.Empty(daemon.Sessions);
    }

    [Theory]
    [InlineData(BgpPeerType.NodeToNodeMesh, "node-to-node mesh")]
    [InlineData(BgpPeerType.NodeSpecific, "node specific")]
    [InlineData(BgpPeerType.Global, "global")]
    public void Words_AreCalicoctls(BgpPeerType type, string words) => Assert.Equal(words, type.Words());
}
