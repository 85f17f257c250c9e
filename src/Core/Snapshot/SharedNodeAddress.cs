using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Snapshot;

/// <summary>A BGP address that several nodes have: a host that was renamed, a copied file, a machine that was cloned.</summary>
/// <param name="Address">The address.</param>
/// <param name="Nodes">Their names, in order; at least two.</param>
/// <param name="Mesh">Whether the node-to-node mesh is on.</param>
public sealed record SharedNodeAddress(Ip Address, ImmutableArray<string> Nodes, bool Mesh)
{
    /// <summary>What comes of it.</summary>
    public string Why => Mesh
        ? $"From them two BGP protocols Mesh_{Address.ToString().Replace('.', '_').Replace(':', '_')} are generated on every other host. BIRD there "
            + "refuses the whole configuration and keeps its old one: no new node, peer or pool reaches it."
        : "The node-to-node mesh is off, so BIRD does not refuse its configuration; "
            + "but peers take both for one router, and traffic for one of them reaches the other.";

    /// <summary>What to do about it.</summary>
    public const string Remedy = "Delete the node that is left over, or give one of them its own address.";

    /// <summary>Every address that several nodes have, in order. Pure.</summary>
    public static ImmutableArray<SharedNodeAddress> AllIn(CalicoState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var mesh = state.Configuration.NodeToNodeMesh ?? true;
        return
        [
            .. state.Nodes.Values.SelectMany(n => AddressesOf(n.Value).Select(a => (Address: a, n.Value.Name)))
                .GroupBy(p => p.Address, p => p.Name)
                .Select(g => new SharedNodeAddress(g.Key, [.. g.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], mesh))
                .Where(s => s.Nodes.Length > 1).OrderBy(s => s.Address),
        ];
    }

    private static IEnumerable<Ip> AddressesOf(Node node) => new[] { node.IPv4?.Address, node.IPv6?.Address }.OfType<Ip>();
}
