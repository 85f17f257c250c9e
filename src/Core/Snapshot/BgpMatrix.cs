using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Snapshot;

/// <summary>What one Docker host's BIRD said, or why it said nothing.</summary>
/// <param name="Host">Configured name of the Docker host.</param>
/// <param name="Node">Its node's name.</param>
/// <param name="Status">What was read; null when nothing could be.</param>
/// <param name="Failure">Why not.</param>
public sealed record BgpReading(string Host, string Node, BgpStatus? Status, string? Failure);

/// <summary>How a node sees its session to another one.</summary>
/// <param name="Session">The session; null when there is none.</param>
/// <param name="Expected">Whether the node-to-node mesh asks for one.</param>
/// <param name="Why">Why nothing can be said; null when the node's BIRD answered.</param>
public sealed record BgpCell(BgpSession? Session, bool Expected, string? Why)
{
    /// <summary>Whether something is wrong: a session that is not established, or none where the mesh asks for one.</summary>
    public bool IsWrong => Why is null && (Session is { IsEstablished: false } || (Session is null && Expected));
}

/// <summary>A session that leads to no node of the cluster, such as one to a route reflector.</summary>
/// <param name="Node">The node that has it.</param>
/// <param name="Session">The session.</param>
public sealed record BgpOutside(string Node, BgpSession Session);

/// <summary>BGP sessions of one family, each with both of its ends. Immutable; made by <see cref="From"/>.</summary>
/// <param name="Nodes">The nodes, by name: those of the cluster with an address of the family, and those that were asked.</param>
/// <param name="Cells">Row by row how each node sees its session to each other one; the cells of a node to itself are null.</param>
/// <param name="Outside">Sessions to peers that are no nodes.</param>
/// <param name="Silent">Nodes whose BIRD said nothing, with the reason.</param>
public sealed record BgpMatrix(ImmutableArray<string> Nodes, ImmutableArray<ImmutableArray<BgpCell?>> Cells, ImmutableArray<BgpOutside> Outside,
    ImmutableArray<(string Node, string Reason)> Silent)
{
    /// <summary>How many pairs of nodes have a session that both ends call established.</summary>
    public int Established => Pairs().Count(p => p.There.Session?.IsEstablished == true && p.Back.Session?.IsEstablished == true);

    /// <summary>How many pairs have one end or both that is wrong.</summary>
    public int Wrong => Pairs().Count(p => p.There.IsWrong || p.Back.IsWrong);

    /// <summary>Joins what the hosts said with the nodes of the datastore. Pure.</summary>
    public static BgpMatrix From(ClusterSnapshot snapshot, IReadOnlyList<BgpReading> readings, bool ipv6)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(readings);
        var speakers = snapshot.Calico.Nodes.Values.Where(n => (ipv6 ? n.Value.IPv6 : n.Value.IPv4) is not null).Select(n => n.Value.Name)
            .ToHashSet(StringComparer.Ordinal);
        var read = readings.ToLookup(r => r.Node, StringComparer.Ordinal);
        string[] names = [.. speakers.Union(ipv6 ? [] : readings.Select(r => r.Node), StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var mesh = snapshot.Calico.Configuration.NodeToNodeMesh ?? true;
        var cells = names.Select(from => names.Select(to => from == to ? null : Cell(from, to)).ToImmutableArray()).ToImmutableArray();
        return new BgpMatrix(
            [.. names],
            cells,
            [.. readings.SelectMany(r => Sessions(r).Where(s => BgpNodes.NodeOf(snapshot, s) is null).Select(s => new BgpOutside(r.Node, s)))],
            [.. names.Select(n => (n, Reason: WhyNot(n))).Where(n => n.Reason is not null).Select(n => (n.n, n.Reason!))]);

        BgpCell Cell(string from, string to) => new(
            read[from].Where(r => r.Status is not null).Select(r => BgpNodes.Towards(snapshot, to, r.Status!, ipv6)).FirstOrDefault(s => s is not null),
            mesh && speakers.Contains(from) && speakers.Contains(to),
            WhyNot(from));

        string? WhyNot(string node) => read[node].FirstOrDefault() switch
        {
            null => "its Docker host is not configured",
            { Status: null } failed => failed.Failure ?? "it did not answer",
            { Status: { } status } => (ipv6 ? status.IPv6 : status.IPv4) is { IsRunning: false } daemon ? daemon.Problem ?? "BIRD does not run" : null,
        };

        IEnumerable<BgpSession> Sessions(BgpReading reading) => reading.Status is not { } status ? [] : (ipv6 ? status.IPv6 : status.IPv4).Sessions;
    }

    private IEnumerable<(BgpCell There, BgpCell Back)> Pairs()
    {
        for (var i = 0; i < Nodes.Length; i++)
        {
            for (var j = i + 1; j < Nodes.Length; j++)
            {
                yield return (Cells[i][j]!, Cells[j][i]!);
            }
        }
    }
}
