using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Ipam;

/// <summary>Makes the next <see cref="IpamIndex"/>: first who uses what, then the findings of whatever that touched. Lives for one call.</summary>
internal sealed partial class IpamIndexBuilder
{
    private readonly IpamIndex _start;
    private readonly ClusterSnapshot _next;
    private readonly CalicoState _calico;
    private readonly ImmutableArray<IPPool> _pools;
    private readonly ImmutableDictionary<Ip, AddressUsers>.Builder _users;
    private readonly ImmutableDictionary<Cidr, ImmutableSortedSet<string>>.Builder _affinities;
    private readonly ImmutableDictionary<string, ImmutableDictionary<Cidr, int>>.Builder _handleUse;
    private readonly ImmutableSortedDictionary<string, ImmutableDictionary<Ip, string>>.Builder _running;
    private readonly ImmutableSortedDictionary<Ip, DateTimeOffset> _suspects;
    private readonly bool _everything;
    private readonly HashSet<Cidr> _blocks = [];
    private readonly HashSet<Ip> _addresses = [];
    private readonly HashSet<string> _handles = new(StringComparer.Ordinal);

    public IpamIndexBuilder(IpamIndex start, ClusterSnapshot next, ImmutableArray<string> keys, ImmutableArray<string> hosts)
    {
        // When everything may have changed, only how long addresses were suspect is carried over.
        _everything = keys.IsDefault;
        _start = _everything ? new IpamIndex(new ClusterSnapshot()) { ObservedAt = start.ObservedAt } : start;
        _suspects = start.Suspects;
        _next = next;
        _calico = next.Calico;
        _pools = [.. _calico.IPPools.Values.Select(p => p.Value)];
        _users = _start.Users.ToBuilder();
        _affinities = _start.Affinities.ToBuilder();
        _handleUse = _start.HandleUse.ToBuilder();
        _running = _start.Running.ToBuilder();
        foreach (var host in _everything ? [.. next.Hosts.Keys] : hosts)
        {
            TouchHost(host);
        }

        if (_everything)
        {
            TouchAll();
        }
        else
        {
            foreach (var key in keys)
            {
                Touch(key);
            }
        }
    }

    public IpamIndex Build(DateTimeOffset now)
    {
        var ofBlocks = _start.OfBlocks.ToBuilder();
        var suspects = _suspects.ToBuilder();
        foreach (var block in _blocks)
        {
            var findings = new IpamBlockCheck(_calico, _pools, block, _affinities.GetValueOrDefault(block, []), ip => _users.TryGetValue(ip, out var u)
                ? u : null, RunningContainer).Findings();
            if (findings.IsEmpty)
            {
                ofBlocks.Remove(block);
            }
            else
            {
                ofBlocks[block] = findings;
            }

            Suspect(suspects, block, findings, now);
        }

        if (_everything)
        {
            // What is in no block any more is suspect no more.
            suspects.RemoveRange([.. suspects.Keys.Where(ip => !_blocks.Contains(BlockArithmetic.BlockOf(ip)))]);
        }

        var ofAddresses = _start.OfAddresses.ToBuilder();
        foreach (var address in _addresses)
        {
            Put(ofAddresses, address, OfAddress(address));
        }

        var ofHandles = _start.OfHandles.ToBuilder();
        foreach (var handle in _handles)
        {
            Put(ofHandles, handle, OfHandle(handle));
        }

        return new IpamIndex(_next)
        {
            Users = _users.ToImmutable(),
            Affinities = _affinities.ToImmutable(),
            HandleUse = _handleUse.ToImmutable(),
            Running = _running.ToImmutable(),
            OfBlocks = ofBlocks.ToImmutable(),
            OfAddresses = ofAddresses.ToImmutable(),
            OfHandles = ofHandles.ToImmutable(),
            Suspects = suspects.ToImmutable(),
            ObservedAt = _next.Feeds.Any(f => f is { Name: "etcd", Status: FeedStatus.Live }) ? now : _start.ObservedAt,
        }.After(_start);
    }

    private static void Put<TKey>(ImmutableSortedDictionary<TKey, IpamFinding>.Builder map, TKey key, IpamFinding? finding)
        where TKey : notnull
    {
        if (finding is null)
        {
            map.Remove(key);
        }
        else
        {
            map[key] = finding;
        }
    }

    private static void Suspect(ImmutableSortedDictionary<Ip, DateTimeOffset>.Builder suspects, Cidr block, ImmutableArray<IpamFinding> findings,
        DateTimeOffset now)
    {
        var leaks = findings.Where(f => f.Kind == IpamFindingKind.Leak).Select(f => f.Address!.Value).ToHashSet();
        if (leaks.Count == 0 && suspects.Count == 0)
        {
            return;
        }

        for (var ordinal = 0; ordinal < IpamBlock.Size; ordinal++)
        {
            var address = block.First.Plus((UInt128)ordinal);
            if (!leaks.Contains(address))
            {
                suspects.Remove(address);
            }
            else if (!suspects.ContainsKey(address))
            {
                suspects[address] = now;
            }
        }
    }

    private string? RunningContainer(Ip address)
    {
        foreach (var (host, addresses) in _running)
        {
            if (addresses.TryGetValue(address, out var id))
            {
                return $"{host}/{_next.Hosts.GetValueOrDefault(host)?.Containers.GetValueOrDefault(id)?.Name ?? id}";
            }
        }

        return null;
    }

    private IpamFinding? OfAddress(Ip address)
    {
        if (!_users.TryGetValue(address, out var users))
        {
            return null;
        }

        var block = _calico.Blocks.GetValueOrDefault(BlockArithmetic.BlockOf(address))?.Value;
        if (users.Count > 1)
        {
            return new IpamFinding(IpamFindingKind.SharedAddress)
            {
                Address = address,
                Block = block?.Cidr,
                Node = users.First.Node,
                Count = users.Count,
                Detail = string.Join(", ", users.All.Take(3)) + (users.Count > 3 ? ", …" : ""),
            };
        }

        var allocated = block is not null && block.Allocations[BlockArithmetic.OrdinalOf(block, address)!.Value] is not null;
        return allocated || !_pools.Any(p => !p.Disabled && p.Cidr.Contains(address)) ? null : new IpamFinding(IpamFindingKind.NotAllocated)
        {
            Address = address,
            Block = block?.Cidr,
            Node = users.First.Node,
            Managed = users.First.Endpoint?.Id.Orchestrator != "openstack",
            Detail = users.First.ToString(),
        };
    }

    private IpamFinding? OfHandle(string id)
    {
        var use = _handleUse.GetValueOrDefault(id, ImmutableDictionary<Cidr, int>.Empty);
        var total = use.Values.Sum();
        if (_calico.Keys.Find(V1Keys.IpamHandle(id)) is not { } key)
        {
            return total == 0 ? null : new IpamFinding(IpamFindingKind.HandleMissing) { Handle = id, Count = total };
        }

        var decoded = IpamHandleCodec.Decode(key.Value.Span);
        if (decoded.Value is not { } handle)
        {
            return new IpamFinding(IpamFindingKind.HandleUnreadable) { Handle = id, Count = total, Detail = decoded.Reason?.TrimEnd('.') ?? "" };
        }

        if (total == 0)
        {
            return new IpamFinding(IpamFindingKind.HandleUnused) { Handle = id };
        }

        var held = use.ToImmutableSortedDictionary(u => u.Key.ToString(), u => u.Value, StringComparer.Ordinal);
        var wrong = held.Keys.Union(handle.Blocks.Keys).Order(StringComparer.Ordinal)
            .Where(b => held.GetValueOrDefault(b) != handle.Blocks.GetValueOrDefault(b)).ToArray();
        string Counts(string block) =>
            string.Create(CultureInfo.InvariantCulture, $"{handle.Blocks.GetValueOrDefault(block)} in {block}, where it holds {held.GetValueOrDefault(block)}");
        return wrong.Length == 0 ? null : new IpamFinding(IpamFindingKind.HandleCountWrong)
        {
            Handle = id,
            Count = total,
            Detail = string.Join(", ", wrong.Take(3).Select(Counts)) + (wrong.Length > 3 ? ", …" : ""),
        };
    }

    private static IEnumerable<Ip> AddressesOf(WorkloadEndpoint endpoint) => endpoint.IPv4Nets.Concat(endpoint.IPv6Nets).Select(n => n.Address).Distinct();

    private static IEnumerable<Ip> Tunnel(ConfigurationScope? scope) =>
        scope is not null && scope.Felix.TryGetValue(AddressUser.TunnelParameter, out var stored) && Ip.TryParse(stored.Text, out var ip) ? [ip] : [];

    private static Dictionary<string, int> HandlesOf(IpamBlock? block)
    {
        var handles = new Dictionary<string, int>(StringComparer.Ordinal);
        if (block is { Attributes.IsDefaultOrEmpty: false })
        {
            foreach (var (_, owner) in BlockArithmetic.Allocated(block))
            {
                if (owner.HandleId is { } handle)
                {
                    handles[handle] = handles.GetValueOrDefault(handle) + 1;
                }
            }
        }

        return handles;
    }
}
