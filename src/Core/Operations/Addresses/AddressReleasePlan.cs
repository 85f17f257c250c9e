using System.Globalization;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Addresses;

/// <summary>
/// Plans the release of addresses. Blocks are written before handles: when something fails in between, a handle counts too many, which
/// harms nobody, and never too few, which ends whoever releases next (docs/calico-v1.md#ipam).
/// </summary>
internal sealed class AddressReleasePlan(PlanBuilder plan, ClusterSnapshot snapshot)
{
    private const int Single = 3;

    private readonly SortedDictionary<string, IpamHandle> _handles = new(StringComparer.Ordinal);
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    private readonly List<string> _byHand = [];

    public void Add(ImmutableArray<Ip> addresses)
    {
        if (addresses.IsDefaultOrEmpty)
        {
            plan.Error("addresses", "at least one address is needed");
            return;
        }

        var users = Users(addresses.ToHashSet());
        for (var i = 0; i < addresses.Length; i++)
        {
            if (Refusal(addresses[i], users) is { } reason)
            {
                plan.Error(string.Create(CultureInfo.InvariantCulture, $"addresses[{i}]"), reason);
            }
        }

        if (plan.HasErrors)
        {
            return;
        }

        plan.Step("release addresses");
        foreach (var group in addresses.Distinct().GroupBy(BlockArithmetic.BlockOf).OrderBy(g => g.Key))
        {
            Block(snapshot.Calico.Blocks[group.Key], [.. group]);
        }

        foreach (var (id, handle) in _handles)
        {
            var key = snapshot.Calico.Keys.Find(V1Keys.IpamHandle(id))!;
            plan.Write(key.Key, key, handle.Blocks.IsEmpty ? (ReadOnlyMemory<byte>?)null : IpamHandleCodec.Encode(handle));
        }

        Commands([.. addresses.Distinct().Order()]);
        Say([.. addresses.Distinct()]);
    }

    private static string Many(int count) => count == 1 ? "It is moved" : "They are moved";

    private Dictionary<Ip, string> Users(HashSet<Ip> wanted)
    {
        var users = new Dictionary<Ip, string>();
        foreach (var endpoint in snapshot.Calico.WorkloadEndpoints.Values.Select(e => e.Value))
        {
            foreach (var address in endpoint.IPv4Nets.Concat(endpoint.IPv6Nets).Select(n => n.Address).Where(wanted.Contains))
            {
                users[address] = $"{AddressProposal.Names(snapshot, [endpoint.Id])[endpoint.Id]} has it: stop the workload, and its address is released";
            }
        }

        foreach (var (node, scope) in snapshot.Calico.NodeConfiguration)
        {
            if (scope.Felix.TryGetValue(AddressUser.TunnelParameter, out var tunnel) && Ip.TryParse(tunnel.Text, out var address) && wanted.Contains(address))
            {
                users[address] = $"it is the address of the IPIP tunnel of node {node}";
            }
        }

        foreach (var host in snapshot.Hosts.Values)
        {
            foreach (var container in host.Containers.Values.Where(c => c.State is "running" or "paused" or "restarting"))
            {
                foreach (var text in container.Networks.SelectMany(n => new[] { n.IPv4, n.IPv6 }))
                {
                    if (Ip.TryParse(text, out var address) && wanted.Contains(address))
                    {
                        users.TryAdd(address,
                            $"the running container {host.Name}/{container.Name} has it, though its workload endpoint is missing: restart the container");
                    }
                }
            }
        }

        return users;
    }

    private string? Refusal(Ip address, Dictionary<Ip, string> users)
    {
        var cidr = BlockArithmetic.BlockOf(address);
        if (snapshot.Calico.Unparsable.TryGetValue(V1Keys.IpamBlock(cidr), out var bad))
        {
            return $"the block {cidr} cannot be read: {bad.Reason}";
        }

        if (snapshot.Calico.Blocks.GetValueOrDefault(cidr)?.Value is not { } block || BlockArithmetic.OrdinalOf(block, address) is not { } ordinal
            || block.Allocations[ordinal] is null)
        {
            return $"IP address {address} is not assigned";
        }

        return users.TryGetValue(address, out var user) ? $"{address}: {user}" : null;
    }

    private void Block(Stored<IpamBlock> stored, Ip[] addresses)
    {
        var key = stored.Keys[0];
        var released = BlockArithmetic.Release(stored.Value, addresses);
        var gone = released.Block.Used == 0 && released.Block.AffineNode is null;
        plan.Write(key.Key, key, gone ? (ReadOnlyMemory<byte>?)null : IpamPlanner.Encode(released.Block));
        _byHand.Add(gone
            ? ShellCommand.Etcdctl("rm", "--with-index", Index(key), key.Key)
            : ShellCommand.Etcdctl("set", "--swap-with-index", Index(key), key.Key, System.Text.Encoding.UTF8.GetString(IpamPlanner.Encode(released.Block))));
        if (gone)
        {
            plan.Consequence($"The block {stored.Value.Cidr} has no other address and no owner: it is deleted.");
        }

        foreach (var (id, count) in released.Handles)
        {
            Decrement(id, stored.Value.Cidr, count);
        }
    }

    private void Decrement(string id, Cidr block, int count)
    {
        if (!_handles.TryGetValue(id, out var handle))
        {
            var key = snapshot.Calico.Keys.Find(V1Keys.IpamHandle(id));
            if (key is null || IpamHandleCodec.Decode(key.Value.Span).Value is not { } read)
            {
                if (_missing.Add(id))
                {
                    plan.Warn(key is null
                        ? $"The handle {id} has no key. The console leaves it so; "
                            + "calicoctl ipam release would exit silently here, after it has changed the block."
                        : $"The handle {id} cannot be read and stays as it is: rebuild it afterwards.");
                }

                return;
            }

            handle = read;
        }

        if (handle.Minus(block, count) is null)
        {
            _missing.Add(id);
            plan.Warn($"The handle {id} counts fewer addresses in {block} than the block holds for it: its count there ends at zero.");
        }

        _handles[id] = handle.Minus(block, count) ?? new IpamHandle(handle.Blocks.Remove(block.ToString()));
    }

    private void Commands(Ip[] addresses)
    {
        // calicoctl takes the part of one address off a handle for each call, and ends where the handle is missing.
        if (_missing.Count > 0)
        {
            foreach (var command in _byHand)
            {
                plan.Command(command);
            }

            return;
        }

        if (addresses.Length <= Single)
        {
            foreach (var address in addresses)
            {
                plan.Command(ShellCommand.Join("calicoctl", "ipam", "release", $"--ip={address}"));
            }

            return;
        }

        plan.Command($"for ip in {string.Join(' ', addresses)}; do calicoctl ipam release --ip=$ip; done");
    }

    private void Say(Ip[] addresses)
    {
        plan.Consequence($"{Many(addresses.Length)} to the end of the list of free addresses of {(addresses.Length == 1 ? "its block" : "the block")} and "
            + "can be assigned again, to any workload.");
        plan.Consequence("No workload endpoint, tunnel or running container that is known has " + (addresses.Length == 1 ? "it" : "one of them")
            + ": nobody loses a connection.");
        plan.Warn("A container that is being attached has its address before it has its endpoint: release only what was seen without an endpoint for a while.");
        var nodes = addresses.Select(a => snapshot.Calico.Blocks[BlockArithmetic.BlockOf(a)].Value.AffineNode).OfType<string>().Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal).ToArray();
        var unknown = nodes.Where(n => !snapshot.Hosts.Values.Any(h => h.NodeName == n && h.Info is not null)).ToList();
        if (unknown.Count > 0)
        {
            plan.Warn($"Docker on {Counted.Few(unknown)} is not known to the console, so its containers could not be looked at.");
        }

        foreach (var host in snapshot.Hosts.Values.Where(h => nodes.Contains(h.NodeName) && snapshot.Feed($"docker/{h.Name}")?.Status == FeedStatus.Stale))
        {
            plan.Warn($"What is known of the containers on {host.Name} is stale: one of them may have the address.");
        }
    }

    private static string Index(StoredKey key) => key.Revision.ToString(CultureInfo.InvariantCulture);
}
