using System.Globalization;
using System.Text;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Addresses;

/// <summary>
/// Plans changes of IPAM's own data as libcalico makes them, without what ends libcalico (docs/calico-v1.md#ipam; golden <c>ipam/010</c>, <c>ipam/012</c>).
/// </summary>
internal static class IpamPlanner
{
    public static PlannedOperation Plan(IpamOperation operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        plan.CheckDatastore(snapshot);
        switch (operation)
        {
            case ReleaseAddresses o:
                new AddressReleasePlan(plan, snapshot).Add(o.Addresses);
                break;
            case ReleaseAffinity o:
                Plan(plan, o, snapshot);
                break;
            case RebuildHandle o:
                Plan(plan, o, snapshot.Calico);
                break;
            case SetIpamConfig o:
                Plan(plan, o, snapshot.Calico);
                break;
        }

        return plan.Build();
    }

    /// <summary>A block as libcalico would write it: the old member hostAffinity is read as affinity and never written.</summary>
    internal static byte[] Encode(IpamBlock block) => IpamBlockCodec.Encode(block.HostAffinity is { } node
        ? block with { Affinity = block.Affinity ?? $"host:{node}", HostAffinity = null }
        : block);

    /// <summary>Adds a write with the command that makes it by hand, guarded by the revision as the console's own write is.</summary>
    internal static void Write(PlanBuilder plan, string key, StoredKey? before, byte[]? after)
    {
        plan.Write(key, before, after is null ? (ReadOnlyMemory<byte>?)null : after);
        string[] guard = before is null ? [] : [after is null ? "--with-index" : "--swap-with-index", before.Revision.ToString(CultureInfo.InvariantCulture)];
        plan.Command(after is null
            ? ShellCommand.Etcdctl(["rm", .. guard, key])
            : ShellCommand.Etcdctl([before is null ? "mk" : "set", .. guard, key, Encoding.UTF8.GetString(after)]));
    }

    private static void Plan(PlanBuilder plan, ReleaseAffinity operation, ClusterSnapshot snapshot)
    {
        var (node, cidr, state) = (operation.Node, operation.Block, snapshot.Calico);
        var key = V1Keys.IpamBlock(cidr);
        if (node.Length == 0 || node.Contains('/', StringComparison.Ordinal))
        {
            plan.Error("node", $"'{node}' is not the name of a node");
            return;
        }

        if (state.Unparsable.TryGetValue(key, out var bad))
        {
            plan.Error("block", $"the stored block cannot be read, so it is not known whether it is empty: {bad.Reason}");
            return;
        }

        var affinity = state.Keys.Find(V1Keys.IpamAffinity(node, cidr));
        var block = state.Blocks.GetValueOrDefault(cidr);
        if (affinity is null && block?.Value.AffineNode != node)
        {
            plan.Error("block", $"{node} has no affinity to {cidr}{(block?.Value.AffineNode is { } other ? $"; it belongs to {other}" : "")}");
            return;
        }

        plan.Step("release affinity");
        if (block is null)
        {
            plan.Consequence("There is no such block: only the claim is removed.");
        }
        else if (block.Value.AffineNode is { } owner && owner != node)
        {
            plan.Consequence($"The block belongs to {owner} and stays as it is: only {node}'s wrong claim is removed.");
        }
        else
        {
            ReleaseBlock(plan, block, node);
        }

        if (affinity is not null)
        {
            Write(plan, affinity.Key, affinity, null);
        }

        plan.Consequence($"BIRD on {node} no longer announces {cidr}, and {node} takes another block when it needs one.");
        if (!state.Nodes.ContainsKey(node))
        {
            plan.Consequence($"There is no node {node}: nothing there notices.");
        }
    }

    private static void ReleaseBlock(PlanBuilder plan, Stored<IpamBlock> stored, string node)
    {
        var (key, block) = (stored.Keys[0], stored.Value);
        if (block.Used == 0)
        {
            Write(plan, key.Key, key, null);
            plan.Consequence("The block is empty and is deleted: any node may claim it again.");
            return;
        }

        if (block.AffineNode is not null)
        {
            Write(plan, key.Key, key, IpamBlockCodec.Encode(block with { Affinity = null, HostAffinity = null }));
        }

        plan.Consequence($"{block.Used} of its addresses are in use and stay so. The block has no owner then: "
            + $"other nodes may borrow from it, and it is deleted with its last address.");
        plan.Consequence($"Endpoints on {node} keep their addresses; each gets a route of its own, so connections from other hosts may break for a moment.");
    }

    private static void Plan(PlanBuilder plan, RebuildHandle operation, CalicoState state)
    {
        var id = operation.Handle;
        if (id.Length == 0 || id.Contains('/', StringComparison.Ordinal))
        {
            plan.Error("handle", $"'{id}' cannot be a key: an id must not be empty and must not hold '/'");
            return;
        }

        var unreadable = state.Unparsable.Values.Where(u => u.Kind == KindNames.IpamBlock).Select(u => u.Stored.Key).ToArray();
        if (unreadable.Length > 0)
        {
            plan.Error("handle", $"the addresses of a handle cannot be counted while a block cannot be read: {string.Join(", ", unreadable)}");
            return;
        }

        var holding = state.Blocks.Values.Select(b => (Stored: b, Count: BlockArithmetic.HeldBy(b.Value, id).Length)).Where(b => b.Count > 0).ToArray();
        var before = state.Keys.Find(V1Keys.IpamHandle(id));
        if (before is null && holding.Length == 0)
        {
            plan.Error("handle", $"resource does not exist: IPAMHandleKey(id={id})");
            return;
        }

        plan.Step("write handle");
        var handle = holding.Aggregate(IpamHandle.None, static (h, b) => h.Plus(b.Stored.Value.Cidr, b.Count));

        // Guards: a block that was changed since makes this a conflict before anything is written.
        foreach (var key in holding.Select(b => b.Stored.Keys[0]))
        {
            plan.WriteQuietly(new KeyWrite(key.Key, key.Value, Expectation.At(key.Revision)));
        }

        if (holding.Length == 0)
        {
            Write(plan, V1Keys.IpamHandle(id), before, null);
            plan.Consequence("No block holds an address for this handle: its key is deleted.");
            return;
        }

        var bytes = IpamHandleCodec.Encode(handle);
        if (before is null || !before.Value.Span.SequenceEqual(bytes))
        {
            Write(plan, V1Keys.IpamHandle(id), before, bytes);
        }

        plan.Consequence($"The handle counts {handle.Blocks.Values.Sum()} {(handle.Blocks.Values.Sum() == 1 ? "address" : "addresses")} in "
            + $"{Counted.Format(handle.Blocks.Count, "block")}, as the blocks have it. No address is assigned or released.");
        if (before is null)
        {
            plan.Consequence("calicoctl and the plugins can release its addresses again: without the key they exit silently.");
        }
    }

    private static void Plan(PlanBuilder plan, SetIpamConfig operation, CalicoState state)
    {
        var config = operation.Config;
        var before = state.Keys.Find(V1Keys.IpamConfig);
        var decoded = before is null ? null : IpamConfigCodec.Decode(before.Value.Span).Value;
        plan.Step("write IPAM configuration");
        if ((before is null ? IpamConfig.Default : decoded) == config)
        {
            return;
        }

        // libcalico-go client/ipam.go, SetIPAMConfig, in this order.
        if (config is { StrictAffinity: false, AutoAllocateBlocks: false })
        {
            plan.Error("autoAllocateBlocks", "Cannot disable 'StrictAffinity' and 'AutoAllocateBlocks' at the same time");
            return;
        }

        var blocks = state.Keys.Below(V1Keys.IpamBlocks(false)).Count() + state.Keys.Below(V1Keys.IpamBlocks(true)).Count();
        if (blocks > 0)
        {
            plan.Error("", $"Cannot change IPAM config while allocations exist ({blocks} block(s))");
            return;
        }

        Write(plan, V1Keys.IpamConfig, before.AsSeen(V1Keys.IpamConfig, operation.ExpectedRevision, before?.Revision ?? 0), IpamConfigCodec.Encode(config));
        plan.Consequence(config.StrictAffinity
            ? "A node takes addresses from its own blocks only." : "A node whose blocks are full borrows addresses from blocks of other nodes.");
        plan.Consequence(config.AutoAllocateBlocks
            ? "Nodes claim new blocks when theirs are full." : "Nodes claim no blocks by themselves: a node without a block gets no address.");
    }
}
