using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Resources;

/// <summary>
/// Plans <c>calicoctl delete node</c> (docs/calico-v1.md#node, #ipam; golden <c>multi/011</c>): addresses of its workload endpoints are
/// released, then its hold on blocks, then everything of it goes, key by key so that each can be reviewed and is guarded.
/// </summary>
internal static class NodeDeletionPlanner
{
    public static PlannedOperation Plan(DeleteResource operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        plan.CheckDatastore(snapshot);
        var node = operation.Id.Name;
        var state = snapshot.Calico;
        if (node.Length == 0 || node.Contains('/', StringComparison.Ordinal) || !state.Nodes.TryGetValue(node, out var own))
        {
            return plan.Error("metadata.name", $"resource does not exist: {operation.Id}").Build();
        }

        var endpoints = state.WorkloadEndpoints.Values.Where(e => e.Value.Id.Node == node).Select(e => e.Value).ToList();
        InUse(plan, operation, snapshot, endpoints);
        plan.Step("delete node");
        if (operation.ExpectedRevision is { } seen && seen != own.Revision)
        {
            plan.Warn("The node was changed since it was looked at: the deletion will be refused.");
            if (own.Keys.IsEmpty)
            {
                // No key is left at which its write could fail.
                return plan.Error("", $"what was seen of {node} is gone meanwhile: look at it again").Build();
            }
        }

        var affinities = state.Keys.Below(V1Keys.IpamHost(node)).ToList();
        ReleaseBlocks(plan, state, node, endpoints, affinities);
        ImmutableArray<string> roots = [V1Keys.IpamHost(node), V1Keys.BgpHost(node), V1Keys.Host(node)];
        foreach (var root in roots)
        {
            // Directories must go too: calicoctl lists every directory below /calico/v1/host as a node.
            var keys = state.Keys.Below(root).ToList();
            foreach (var key in keys)
            {
                plan.Write(key.Key, Expected(key, operation, state, node), null);
            }

            foreach (var directory in Directories(root, keys))
            {
                plan.WriteQuietly(new KeyWrite(directory, null, Expectation.Any) { EmptyDirectory = true });
            }
        }

        plan.Command(ResourceDeletionPlanner.Command(operation.Id));
        if (state.BareHosts.Contains(node))
        {
            plan.Change("etcd", V1Keys.Host(node), "", null);
            plan.Consequence($"Nothing is left of {node} but directories without a key below {V1Keys.Host(node)}, "
                + "because of which calicoctl lists it as a node: they are removed.");
        }

        Said(plan, state, node);
        return plan.Build();
    }

    private static StoredKey Expected(StoredKey key, DeleteResource operation, CalicoState state, string node) =>
        state.Nodes[node] is { } own && own.Keys.Any(k => k.Key == key.Key) ? key.AsSeen(operation.ExpectedRevision, own.Revision) : key;

    private static void InUse(PlanBuilder plan, DeleteResource operation, ClusterSnapshot snapshot, List<WorkloadEndpoint> endpoints)
    {
        var node = operation.Id.Name;
        var running = snapshot.Hosts.Values.FirstOrDefault(h => h.NodeName == node)?.CalicoNode() is { State: "running" };
        if (running)
        {
            plan.Warn($"calico-node still runs on {node}: it writes the node again. Remove it first.");
        }

        if (endpoints.Count == 0)
        {
            return;
        }

        var names = AddressProposal.Names(snapshot, endpoints.Take(10).Select(e => e.Id));
        var said =
            $"{Counted.Format(endpoints.Count, "workload endpoint", "is", "are")} on {node}: {string.Join(", ", names.Values)}"
            + $"{(endpoints.Count > 10 ? ", …" : "")}";
        if (operation.EvenIfInUse)
        {
            plan.Warn($"{said}. They are deleted with the node and their addresses are released: the workloads lose their network at once.");
        }
        else
        {
            plan.Error("metadata.name", $"{said}. Stop them first, or confirm the deletion with evenIfInUse");
        }
    }

    private static void ReleaseBlocks(PlanBuilder plan, CalicoState state, string node, List<WorkloadEndpoint> endpoints, List<StoredKey> affinities)
    {
        var addresses = IpamFindings.AddressesOf(endpoints).ToHashSet();
        var held = affinities.Select(a => (V1Key.Parse(a.Key) as V1Key.IpamAffinity)?.Block).OfType<Cidr>().ToHashSet();
        var handles = new SortedDictionary<string, IpamHandle>(StringComparer.Ordinal);
        foreach (var (cidr, stored) in state.Blocks)
        {
            var released = BlockArithmetic.Release(stored.Value, [.. addresses.Where(cidr.Contains)]);
            var block = released.Block;
            foreach (var (handle, count) in released.Handles)
            {
                Decrement(plan, state, handles, handle, cidr, count);
            }

            if (held.Contains(cidr) && (block.AffineNode == node || (block.Affinity is null && block.HostAffinity is null)))
            {
                block = block with { Affinity = null, HostAffinity = null };
            }

            if (!ReferenceEquals(block, stored.Value) && block != stored.Value)
            {
                var gone = block.Used == 0 && block.AffineNode is null;
                plan.Write(stored.Keys[0].Key, stored.Keys[0], gone ? (ReadOnlyMemory<byte>?)null : IpamBlockCodec.Encode(block));
            }
        }

        foreach (var (id, handle) in handles)
        {
            var key = state.Keys.Find(V1Keys.IpamHandle(id))!;
            plan.Write(key.Key, key, handle.Blocks.IsEmpty ? (ReadOnlyMemory<byte>?)null : IpamHandleCodec.Encode(handle));
        }
    }

    private static void Decrement(PlanBuilder plan, CalicoState state, SortedDictionary<string, IpamHandle> handles, string id, Cidr block, int count)
    {
        if (!handles.TryGetValue(id, out var handle))
        {
            if (state.Keys.Find(V1Keys.IpamHandle(id)) is not { } key || IpamHandleCodec.Decode(key.Value.Span) is not { IsOk: true, Value: { } read })
            {
                plan.Warn($"The IPAM handle {id} is missing or cannot be read; calicoctl itself would exit silently here.");
                return;
            }

            handle = read;
        }

        handles[id] = handle.Minus(block, count) ?? new IpamHandle(handle.Blocks.Remove(block.ToString()));
    }

    private static IEnumerable<string> Directories(string root, List<StoredKey> keys) => keys
        .SelectMany(k => Parents(root, k.Key)).Append(root).Distinct(StringComparer.Ordinal)
        .OrderByDescending(d => d.Count(c => c == '/')).ThenBy(d => d, StringComparer.Ordinal);

    private static IEnumerable<string> Parents(string root, string key)
    {
        for (var at = key.LastIndexOf('/'); at > root.Length; at = key.LastIndexOf('/', at - 1))
        {
            yield return key[..at];
        }
    }

    private static void Said(PlanBuilder plan, CalicoState state, string node)
    {
        var peers = state.BgpPeers.Values.Count(p => p.Value.Node == node);
        var hostEndpoints = state.HostEndpoints.Values.Count(e => e.Value.Node == node);
        plan.Consequence($"Deleted with the node are its host endpoints ({hostEndpoints}), its own BGP peers ({peers}), its log level and its "
            + "Felix configuration; its blocks lose their owner, and empty ones are deleted.");
        if (state.NodeConfiguration.GetValueOrDefault(node)?.Felix.GetValueOrDefault("IpInIpTunnelAddr") is { } tunnel)
        {
            plan.Warn($"Its IPIP tunnel address {tunnel.Text} stays assigned in IPAM, as calicoctl leaves it: release it afterwards.");
        }

        if (state.Keys.Below($"{V1Keys.FelixHostDirectory}/{node}").Any())
        {
            plan.Consequence($"What Felix reported ({V1Keys.FelixHostDirectory}/{node}) stays, as calicoctl leaves it.");
        }
    }
}
