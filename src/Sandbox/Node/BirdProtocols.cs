using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.NodeEmulation.Bgp;

namespace CalicoConsole.Sandbox.Node;

/// <summary>What a node's BIRD would say of its protocols. A session is established when both ends run and each has the other as neighbour.</summary>
internal static class BirdProtocols
{
    /// <summary>The reply to <c>show protocols</c> of BIRD 1.6, with the codes that <c>birdcl -v</c> leaves in it.</summary>
    public static IEnumerable<string> Reply(CalicoState state, RunningNodes nodes, RunningNode node, bool ipv6)
    {
        yield return "0001 BIRD 1.6.3 ready.";
        yield return "2002-name     proto    table    state  since       info";
        yield return Row("1002-", "static1", "Static", "up", node.Since, "");
        yield return Row(" ", "kernel1", "Kernel", "up", node.Since, "");
        yield return Row(" ", "device1", "Device", "up", node.Since, "");
        yield return Row(" ", "direct1", "Direct", "up", node.Since, "");
        foreach (var neighbour in ipv6 ? [] : Neighbours(state, node.Name))
        {
            var (word, info, since) = Session(state, nodes, node, neighbour);
            yield return Row(" ", neighbour.Protocol, "BGP", word, since, info);
        }

        yield return "0000 ";
    }

    /// <summary>Whether two nodes exchange routes.</summary>
    public static bool AreEstablished(CalicoState state, RunningNode one, RunningNode other) =>
        one.Bird && other.Bird && Knows(state, one, other) && Knows(state, other, one);

    private static bool Knows(CalicoState state, RunningNode node, RunningNode other) =>
        Neighbours(state, node.Name).Any(n => n.Address == AddressOf(state, other));

    private static (string State, string Info, DateTimeOffset Since) Session(CalicoState state, RunningNodes nodes, RunningNode node, BgpNeighbour neighbour)
    {
        var other = nodes.All.FirstOrDefault(n => AddressOf(state, n) == neighbour.Address);
        if (other is not null && AreEstablished(state, node, other))
        {
            return ("up", "Established", node.Since > other.Since ? node.Since : other.Since);
        }

        var isHost = Machine.DockerHosts.Any(m => m.Address == neighbour.Address);
        return ("start", isHost ? "Active        Socket: Connection refused" : "Connect", node.Since);
    }

    private static Ip? AddressOf(CalicoState state, RunningNode node) =>
        Ip.TryParse(state.Keys.Find(V1Keys.Node(node.Name, NodePart.IPv4))?.Text, out var address) ? address : null;

    private static IEnumerable<BgpNeighbour> Neighbours(CalicoState state, string node)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        Ip? own = Ip.TryParse(state.Keys.Find(V1Keys.Node(node, NodePart.IPv4))?.Text, out var address) ? address : null;
        return BgpPeers.Mesh(state.Keys, node, own, problems)
            .Concat(BgpPeers.Configured(state.Keys, "Global", V1Keys.BgpGlobalDirectory + "/peer_v4", problems))
            .Concat(BgpPeers.Configured(state.Keys, "Node", V1Keys.BgpHost(node) + "/peer_v4", problems));
    }

    private static string Row(string code, string name, string protocol, string state, DateTimeOffset since, string info) => string.Create(
        CultureInfo.InvariantCulture, $"{code}{name,-8} {protocol,-8} master   {state,-6} {since.UtcDateTime,-11:HH:mm:ss} {info,-13}");
}
