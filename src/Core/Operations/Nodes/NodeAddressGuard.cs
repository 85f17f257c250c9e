using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Nodes;

/// <summary>Warns in every plan, whatever its form, after which two nodes have one BGP address (see <see cref="SharedNodeAddress"/>).</summary>
internal static class NodeAddressGuard
{
    /// <summary>The plan with a warning for each address that it writes for one node and another one has too.</summary>
    public static PlannedOperation Check(PlannedOperation planned, ClusterSnapshot snapshot)
    {
        if (!planned.Plan.Errors.IsEmpty)
        {
            return planned;
        }

        var writes = planned.Writes.Concat(planned.DocumentWrites.IsDefault ? [] : planned.DocumentWrites.SelectMany(w => w)).Where(w => !w.EmptyDirectory);
        var written = new Dictionary<string, KeyWrite>(StringComparer.Ordinal);
        foreach (var write in writes.Where(w => V1Key.Parse(w.Key) is V1Key.NodeKey or V1Key.BgpConfig { Node: null, Name: "node_mesh" }))
        {
            written[write.Key] = write;
        }

        if (!written.Values.Any(w => w.Value is not null && V1Key.Parse(w.Key) is V1Key.NodeKey { Part: NodePart.IPv4 or NodePart.IPv6 }))
        {
            return planned;
        }

        var after = written.Values.Aggregate(snapshot.Calico, static (state, w) =>
            CalicoStateUpdate.Apply(state,
                new DatastoreUpdate.Change(w.Key, w.Value is { } value ? new StoredKey(w.Key, value, state.Revision) : null, false, state.Revision)).State);
        var warnings = SharedNodeAddress.AllIn(after).Where(s => Touches(s, written)).Select(s => Warning(s, written)).ToArray();
        return warnings.Length == 0 ? planned : planned with { Plan = planned.Plan with { Warnings = [.. planned.Plan.Warnings, .. warnings] } };
    }

    /// <summary>What is said of a host whose address is found by itself, when a node of another name seems to be the same machine.</summary>
    public static IEnumerable<string> OfSameMachine(ClusterSnapshot snapshot, DockerHostState host, string node) =>
        snapshot.Calico.Nodes.Values.Select(n => n.Value)
        .Where(n => n.Name != node && n.IPv4 is { } address && (n.Name == host.NodeName || Short(n.Name) == Short(node) || IsAt(host, address.Address)))
        .Select(n =>
            $"The node {n.Name} ({n.IPv4!.Value.Address}) seems to be this same machine under another name. calico/node refuses to start with the address "
            + "of another node; with DISABLE_NODE_IP_CHECK both would have it, and BIRD on the other hosts would refuse its configuration. "
            + $"Delete {n.Name} first.");

    private static bool Touches(SharedNodeAddress shared, Dictionary<string, KeyWrite> written) =>
        shared.Nodes.Any(n => written.TryGetValue(V1Keys.Node(n, shared.Address.IsIPv6 ? NodePart.IPv6 : NodePart.IPv4), out var write)
            && write.Value is { } value
            && Ip.TryParse(Encoding.UTF8.GetString(value.Span), out var address) && address == shared.Address);

    private static string Warning(SharedNodeAddress shared, Dictionary<string, KeyWrite> written)
    {
        var own = shared.Nodes.Where(n => written.ContainsKey(V1Keys.Node(n, shared.Address.IsIPv6 ? NodePart.IPv6 : NodePart.IPv4))).ToArray();
        var others = shared.Nodes.Except(own, StringComparer.Ordinal).ToArray();
        return others.Length == 0
            ? $"{string.Join(" and ", own)} get one BGP address, {shared.Address}. {shared.Why}"
            : $"{string.Join(" and ", own)} gets the BGP address {shared.Address}, which {string.Join(" and ", others)} "
                + $"{(others.Length == 1 ? "has" : "have")} already. {shared.Why} {SharedNodeAddress.Remedy}";
    }

    private static string Short(string name) => name.Split('.')[0];

    private static bool IsAt(DockerHostState host, Ip address) => Uri.TryCreate(host.Address, UriKind.Absolute, out var uri)
        && Ip.TryParse(uri.Host.Trim('[', ']'), out var at) && at == address;
}
