using System.Text;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Resources;

/// <summary>Plans ipPools as calicoctl 1.6.3 writes them (docs/calico-v1.md#ippool, #ipam; golden <c>calicoctl/*ippool*</c>, <c>ipam/020</c>).</summary>
internal static class IPPoolPlanner
{
    private const int Listed = 10;

    /// <summary>Plans a pool that is not there yet.</summary>
    public static PlannedOperation Create(IPPool pool, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        var key = snapshot.Calico.KeyOf(V1Keys.Pool(pool.Cidr));
        Validate(plan, pool);
        plan.CheckDatastore(snapshot);
        if (snapshot.Calico.Keys.Find(key) is not null || snapshot.Calico.IPPools.ContainsKey(pool.Cidr))
        {
            plan.Error("metadata.cidr", $"resource already exists: IPPool(cidr={pool.Cidr}){Unparsable(snapshot, key)}");
        }

        WarnOfOverlaps(plan, snapshot, pool.Cidr);
        EnableIpip(plan, snapshot, pool);
        plan.Step("write ipPool");
        plan.Write(key, null, IPPoolCodec.Encode(pool));
        plan.Command(ShellCommand.WithInput(["calicoctl", "create", "-f", "-"], ResourceDocument.ToYaml(pool)));
        plan.Consequence(pool.Disabled
            ? "The pool is disabled: Calico assigns no address from it, but counts its addresses as inside when it masquerades."
            : $"Calico may assign addresses of {pool.Cidr} to containers, and BIRD exports routes to them between the nodes.");
        if (pool.NatOutgoing)
        {
            plan.Consequence("Traffic from its addresses to a destination outside every pool leaves with the host's address (nat-outgoing).");
        }

        return plan.Build();
    }

    /// <summary>Plans another specification of a pool; unknown stored members are kept.</summary>
    /// <param name="specified">What it shall be.</param>
    /// <param name="expectedRevision">The revision the person saw; null takes the snapshot's.</param>
    /// <param name="snapshot">What is there.</param>
    public static PlannedOperation Replace(IPPool specified, ulong? expectedRevision, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        Validate(plan, specified);
        plan.CheckDatastore(snapshot);
        var key = snapshot.Calico.KeyOf(V1Keys.Pool(specified.Cidr));
        if (!snapshot.Calico.IPPools.TryGetValue(specified.Cidr, out var stored) || snapshot.Calico.Keys.Find(key) is not { } before)
        {
            plan.Error("metadata.cidr", $"resource does not exist: IPPool(cidr={specified.Cidr}){Unparsable(snapshot, key)}");
            return plan.Build();
        }

        var pool = IPPoolCodec.Merge(specified, stored.Value);
        var same = IPPoolCodec.Encode(pool).AsSpan().SequenceEqual(IPPoolCodec.Encode(stored.Value));
        EnableIpip(plan, snapshot, pool);
        plan.Step("write ipPool");
        var seen = expectedRevision is { } revision && revision != before.Revision;
        if (seen)
        {
            plan.Warn("The pool was changed since this edit began: the write will be refused.");
            before = before with { Revision = expectedRevision!.Value };
        }

        // A pool that says the same keeps the bytes it has, also where somebody else's program spelled them.
        plan.Write(key, before, same ? before.Value : IPPoolCodec.Encode(pool));
        plan.Command(ShellCommand.WithInput(["calicoctl", "replace", "-f", "-"], ResourceDocument.ToYaml(pool)));
        if (!pool.Unknown.Members.IsEmpty)
        {
            plan.Consequence("Stored members that calicoctl does not know are kept; the calicoctl command shown would lose them.");
        }

        Differences(plan, snapshot, stored.Value, pool);
        return plan.Build();
    }

    /// <summary>Plans the deletion of a pool as calicoctl 1.6.3 carries it out: disable, release affinities, delete (docs/calico-v1.md#ippool).</summary>
    public static PlannedOperation Delete(Cidr cidr, DeleteResource operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        plan.CheckDatastore(snapshot);
        var key = snapshot.Calico.KeyOf(V1Keys.Pool(cidr));
        if (!snapshot.Calico.IPPools.TryGetValue(cidr, out var stored) || snapshot.Calico.Keys.Find(key) is not { } before)
        {
            plan.Error("metadata.cidr", $"resource does not exist: IPPool(cidr={cidr}){Unparsable(snapshot, key)}");
            return plan.Build();
        }

        if (operation.ExpectedRevision is { } seen && seen != before.Revision)
        {
            plan.Warn("The pool was changed since it was looked at: the deletion will be refused.");
            before = before with { Revision = seen };
        }

        var blocks = snapshot.Calico.Blocks.Values.Where(b => cidr.Contains(b.Value.Cidr)).ToList();
        InUse(plan, cidr, operation.EvenIfInUse, snapshot, blocks);
        plan.Step("delete ipPool");
        if (!stored.Value.Disabled)
        {
            plan.Write(key, before, IPPoolCodec.Encode(stored.Value with { Disabled = true }));
        }

        ReleaseAffinities(plan, snapshot, cidr, blocks);
        var disabled = stored.Value.Disabled ? before.Text : Encoding.UTF8.GetString(IPPoolCodec.Encode(stored.Value with { Disabled = true }));
        plan.WriteQuietly(new KeyWrite(key, null, Expectation.At(before.Revision)));
        plan.Change("etcd", key, disabled, null);
        ResourceDeletionPlanner.SecondKeys(plan, snapshot, V1Keys.Pool(cidr));
        plan.Command(ShellCommand.Join("calicoctl", "delete", "ipPool", cidr.ToString()));
        plan.Consequence("The pool is disabled first, then each node's hold on its blocks is released, then the pool is deleted, as calicoctl does. Empty "
            + "blocks are deleted; blocks with addresses stay without an owner until the last address is released.");
        var networks = snapshot.Hosts.Values.SelectMany(h => h.Networks.Values)
            .Where(n => n.Driver == CalicoNetworks.Driver && CalicoNetworks.Subnets(n).Any(s => s.Masked() == cidr)).Select(n => n.Name).Distinct()
            .ToList();
        if (networks.Count > 0)
        {
            plan.Warn($"Docker networks reference this pool ({Counted.Few(networks)}): "
                + "no container can start on them until a pool with the same CIDR exists again.");
        }

        return plan.Build();
    }

    private static void Validate(PlanBuilder plan, IPPool pool)
    {
        var result = ResourceValidator.Validate(pool);
        plan.Errors(result.Errors);
        foreach (var warning in result.Warnings)
        {
            plan.Warn(warning);
        }
    }

    // calicoctl sets it before it writes the pool, and nothing ever turns it off again (docs/calico-v1.md#ippool).
    internal static void EnableIpip(PlanBuilder plan, ClusterSnapshot snapshot, IPPool pool)
    {
        var key = V1Keys.FelixConfig("IpInIpEnabled");
        var standing = snapshot.Calico.Keys.Find(key);
        if (pool.IpipEnabled && standing?.Text != "true")
        {
            plan.Write(key, standing, "true"u8.ToArray());
            plan.Consequence("Felix's global IpInIpEnabled becomes true, which restarts Felix on every node (traffic goes on); "
                + "deleting the pool does not turn it off.");
        }
    }

    private static void WarnOfOverlaps(PlanBuilder plan, ClusterSnapshot snapshot, Cidr cidr)
    {
        foreach (var other in snapshot.Calico.IPPools.Keys.Where(c => c != cidr && c.Overlaps(cidr)))
        {
            plan.Warn($"{cidr} overlaps the ipPool {other}: which of the two settings an address gets is not defined.");
        }

        foreach (var node in snapshot.Calico.Nodes.Values.Where(n => (n.Value.IPv4 is { } v4 && cidr.Contains(v4.Address))
            || (n.Value.IPv6 is { } v6 && cidr.Contains(v6.Address))))
        {
            plan.Warn($"{cidr} covers the address of node {node.Value.Name}: containers may be given addresses of the hosts' own network, and NAT skips it.");
        }
    }

    private static void Differences(PlanBuilder plan, ClusterSnapshot snapshot, IPPool before, IPPool after)
    {
        if (before.Disabled != after.Disabled)
        {
            var owners = snapshot.Calico.Blocks.Values.Where(b => after.Cidr.Contains(b.Value.Cidr) && b.Value.AffineNode is not null)
                .Select(b => b.Value.AffineNode!).Distinct().ToList();
            plan.Consequence(after.Disabled
                ? $"No new block is taken from it and a fixed address in it is "
                    + $"refused{(owners.Count == 0 ? "" : $"; from the blocks held already, {Counted.Few(owners)} may still assign")}. "
                    + "Endpoints keep their addresses."
                : "Calico assigns addresses from it again.");
        }

        if (before.NatOutgoing != after.NatOutgoing)
        {
            plan.Consequence(after.NatOutgoing
                ? "Traffic to destinations outside every pool leaves with the host's address from now on."
                : "Traffic to destinations outside every pool keeps the container's address from now on: answers need a route back.");
        }

        if (before.IpipEnabled != after.IpipEnabled || before.IpipMode != after.IpipMode)
        {
            plan.Consequence("The routes between nodes change over to the new IPIP setting on every node: connections between hosts may break for a moment.");
        }
    }

    private static void InUse(PlanBuilder plan, Cidr cidr, bool evenIfInUse, ClusterSnapshot snapshot, List<Stored<IpamBlock>> blocks)
    {
        var used = blocks.Sum(b => b.Value.Used);
        var endpoints = snapshot.Calico.WorkloadEndpoints.Values
            .SelectMany(e => e.Value.IPv4Nets.Concat(e.Value.IPv6Nets).Where(n => cidr.Contains(n.Address))
                .Select(n => (Endpoint: e.Value, n.Address)))
            .OrderBy(e => e.Address).ToList();
        if (used == 0 && endpoints.Count == 0)
        {
            return;
        }

        var names = AddressProposal.Names(snapshot, endpoints.Take(Listed).Select(e => e.Endpoint.Id));
        var list = string.Join(", ", endpoints.Take(Listed).Select(e => $"{e.Address} {names[e.Endpoint.Id]}"));
        var more = endpoints.Count > Listed ? $" and {endpoints.Count - Listed} more" : "";
        var said =
            $"{used} address(es) of {cidr} are in use{(endpoints.Count == 0 ? ", none of them by an endpoint that is known" : $": {list}{more}")}";
        if (!evenIfInUse)
        {
            plan.Error("metadata.cidr", $"{said}. Stop what uses them, or confirm the deletion with evenIfInUse");
            return;
        }

        plan.Warn($"{said}. They keep working on their host, but BIRD no longer exports their routes, so other hosts lose them, and nat-outgoing stops.");
    }

    private static void ReleaseAffinities(PlanBuilder plan, ClusterSnapshot snapshot, Cidr pool, List<Stored<IpamBlock>> blocks)
    {
        var byCidr = blocks.ToDictionary(b => b.Value.Cidr);
        foreach (var affinity in snapshot.Calico.Keys.Below(V1Keys.IpamHostDirectory))
        {
            // /calico/ipam/v2/host/<node>/<family>/block/<cidr>
            if (affinity.Key[(V1Keys.IpamHostDirectory.Length + 1)..].Split('/') is not [var node, _, "block", var part]
                || !Cidr.TryParseKeyPart(part, out var cidr) || !pool.Contains(cidr))
            {
                continue;
            }

            if (byCidr.TryGetValue(cidr, out var block)
                && (block.Value.AffineNode == node || (block.Value.Affinity is null && block.Value.HostAffinity is null)))
            {
                var key = block.Keys[0];
                if (block.Value.Used == 0)
                {
                    plan.Write(key.Key, key, null);
                }
                else if (block.Value.AffineNode is not null)
                {
                    plan.Write(key.Key, key, IpamBlockCodec.Encode(block.Value with { Affinity = null, HostAffinity = null }));
                }
            }

            plan.Write(affinity.Key, affinity, null);
        }
    }

    private static string Unparsable(ClusterSnapshot snapshot, string key) =>
        snapshot.Calico.Unparsable.TryGetValue(key, out var bad) ? $" (its stored value cannot be read: {bad.Reason})" : "";
}
