using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Reachability.Endpoints;

/// <summary>What gives an endpoint its labels. Endpoints of one key are the same for every selector.</summary>
internal sealed class LabelKey : IEquatable<LabelKey>
{
    private readonly int _hash;

    public LabelKey(ImmutableSortedDictionary<string, string> labels, ImmutableArray<string> profiles)
    {
        Labels = labels;
        Profiles = profiles.IsDefault ? [] : profiles;
        var hash = new HashCode();
        foreach (var profile in Profiles)
        {
            hash.Add(profile, StringComparer.Ordinal);
        }

        if (labels.Count > 0)
        {
            foreach (var (key, value) in labels)
            {
                hash.Add(key, StringComparer.Ordinal);
                hash.Add(value, StringComparer.Ordinal);
            }
        }

        _hash = hash.ToHashCode();
    }

    public ImmutableSortedDictionary<string, string> Labels { get; }

    public ImmutableArray<string> Profiles { get; }

    public bool Equals(LabelKey? other) => other is not null && _hash == other._hash && Labels.Count == other.Labels.Count
        && Profiles.AsSpan().SequenceEqual(other.Profiles.AsSpan()) && (Labels.Count == 0 || Labels.SequenceEqual(other.Labels));

    public override bool Equals(object? obj) => obj is LabelKey other && Equals(other);

    public override int GetHashCode() => _hash;
}

/// <summary>A workload endpoint with its label class.</summary>
internal sealed record EndpointEntry(WorkloadEndpoint Endpoint, int LabelClass)
{
    public bool IsActive => Endpoint.State == "active";

    /// <summary>Its addresses of a version, in the stored order; an endpoint may have several, as VMs do.</summary>
    public ImmutableArray<Cidr> Nets(bool ipv6) => (ipv6 ? Endpoint.IPv6Nets : Endpoint.IPv4Nets) is { IsDefault: false } nets ? nets : [];
}

/// <summary>A host endpoint with its label class.</summary>
internal sealed record HostEntry(HostEndpoint Endpoint, int LabelClass);

/// <summary>Endpoints, their addresses and label classes. Immutable; a change shares what it does not touch.</summary>
internal sealed class EndpointTable
{
    private readonly Lazy<EndpointEntry[]> _entries;

    private readonly Lazy<IReadOnlyList<(int, int, string)>> _use;

    private EndpointTable()
    {
        _entries = new(() => [.. Endpoints.Values]);
        _use = new(() =>
        [
            .. Entries.Select(e => (e.LabelClass, Workload: (WorkloadEndpoint?)e.Endpoint, Host: (HostEndpoint?)null))
                .Concat(Hosts.Values.SelectMany(h => h).Select(h => (h.LabelClass, Workload: (WorkloadEndpoint?)null, Host: (HostEndpoint?)h.Endpoint)))
                .GroupBy(e => e.LabelClass)
                .Select(g => (g.Key, g.Count(), g.First() is { Host: { } host } ? $"{host.Node}/{host.Name}" : Said(g.First().Workload!))),
        ]);
    }

    public static EndpointTable Empty { get; } = new();

    // Docker's names of endpoints are 64 digits, which nobody knows one by.
    private static string Said(WorkloadEndpoint endpoint) =>
        (endpoint.IPv4Nets.IsDefaultOrEmpty ? endpoint.IPv6Nets : endpoint.IPv4Nets) is { IsDefaultOrEmpty: false } nets
            ? $"{nets[0].Address} on {endpoint.Id.Node}" : endpoint.Id.Label;

    /// <summary>The label classes in use, each with how many endpoints have it and what people know one by.</summary>
    public IReadOnlyList<(int LabelClass, int Count, string Example)> LabelClassUse => _use.Value;

    /// <summary>All workload endpoints in one order; the same array every time.</summary>
    public EndpointEntry[] Entries => _entries.Value;

    public ImmutableDictionary<WorkloadEndpointId, EndpointEntry> Endpoints { get; private init; } =
        ImmutableDictionary<WorkloadEndpointId, EndpointEntry>.Empty;

    /// <summary>Host endpoints by node, sorted by name. Those that Felix treats as missing are left out.</summary>
    public ImmutableDictionary<string, ImmutableArray<HostEntry>> Hosts { get; private init; } =
        ImmutableDictionary.Create<string, ImmutableArray<HostEntry>>(StringComparer.Ordinal);

    public ImmutableArray<LabelKey> LabelKeys { get; private init; } = [];

    private ImmutableDictionary<LabelKey, int> LabelIds { get; init; } = ImmutableDictionary<LabelKey, int>.Empty;

    private ImmutableDictionary<Ip, ResolvedAddress> Addresses { get; init; } = ImmutableDictionary<Ip, ResolvedAddress>.Empty;

    // Endpoints with networks of more than one address: calicoctl refuses them, raw etcd values may have them.
    private ImmutableArray<(Cidr Net, int LabelClass)> Wide { get; init; } = [];

    /// <summary>The endpoints that have an address.</summary>
    public ResolvedAddress Resolve(Ip ip)
    {
        var found = Addresses.TryGetValue(ip, out var known) ? known : new ResolvedAddress(ip, -1, default);
        foreach (var (net, labelClass) in Wide)
        {
            if (net.Contains(ip))
            {
                found = With(found, labelClass);
            }
        }

        return found;
    }

    /// <summary>The table after some endpoints were written or deleted.</summary>
    public EndpointTable With(
        IEnumerable<KeyValuePair<WorkloadEndpointId, WorkloadEndpoint?>> workloads, IEnumerable<KeyValuePair<(string Node, string Name), HostEndpoint?>> hosts)
    {
        var edit = new Edit(this);
        foreach (var (id, endpoint) in workloads)
        {
            edit.Put(id, endpoint);
        }

        foreach (var ((node, name), endpoint) in hosts)
        {
            edit.Put(node, name, endpoint);
        }

        return edit.ToTable();
    }

    private static ResolvedAddress With(ResolvedAddress address, int labelClass) => address.Owner < 0
        ? new ResolvedAddress(address.Ip, labelClass, default)
        : new ResolvedAddress(address.Ip, address.Owner, address.Others.IsDefault ? [labelClass] : address.Others.Add(labelClass));

    private sealed class Edit(EndpointTable start)
    {
        private readonly ImmutableDictionary<WorkloadEndpointId, EndpointEntry>.Builder _endpoints = start.Endpoints.ToBuilder();
        private readonly ImmutableDictionary<string, ImmutableArray<HostEntry>>.Builder _hosts = start.Hosts.ToBuilder();
        private readonly ImmutableDictionary<Ip, ResolvedAddress>.Builder _addresses = start.Addresses.ToBuilder();
        private readonly Dictionary<LabelKey, int> _newIds = [];
        private readonly List<LabelKey> _newKeys = [];
        private readonly List<(Cidr, int)> _wide = [.. start.Wide];

        public void Put(WorkloadEndpointId id, WorkloadEndpoint? endpoint)
        {
            if (_endpoints.TryGetValue(id, out var old))
            {
                Remove(old.Endpoint.IPv4Nets, old.LabelClass);
                Remove(old.Endpoint.IPv6Nets, old.LabelClass);
                _endpoints.Remove(id);
            }

            if (endpoint is not null)
            {
                var entry = new EndpointEntry(endpoint, LabelClass(endpoint.Labels, endpoint.ProfileIds));
                _endpoints[id] = entry;
                Add(endpoint.IPv4Nets, entry.LabelClass);
                Add(endpoint.IPv6Nets, entry.LabelClass);
            }
        }

        public void Put(string node, string name, HostEndpoint? endpoint)
        {
            var others = _hosts.GetValueOrDefault(node, []);
            if (others.FirstOrDefault(h => h.Endpoint.Name == name) is { } old)
            {
                Remove(Nets(old.Endpoint), old.LabelClass);
                others = others.Remove(old);
            }

            // Felix treats one that it refuses as missing (docs/calico-v1.md#hostendpoint).
            if (endpoint is not null && FelixEndpointCheck.Problem(endpoint) is null)
            {
                var entry = new HostEntry(endpoint, LabelClass(endpoint.Labels, endpoint.ProfileIds));
                Add(Nets(endpoint), entry.LabelClass);
                others = [.. others.Append(entry).OrderBy(h => h.Endpoint.Name, StringComparer.Ordinal)];
            }

            if (others.IsEmpty)
            {
                _hosts.Remove(node);
            }
            else
            {
                _hosts[node] = others;
            }
        }

        public EndpointTable ToTable() => new()
        {
            Endpoints = _endpoints.ToImmutable(),
            Hosts = _hosts.ToImmutable(),
            Addresses = _addresses.ToImmutable(),
            Wide = [.. _wide],
            LabelKeys = _newKeys.Count == 0 ? start.LabelKeys : start.LabelKeys.AddRange(_newKeys),
            LabelIds = _newIds.Count == 0 ? start.LabelIds : start.LabelIds.AddRange(_newIds),
        };

        private static ImmutableArray<Cidr> Nets(HostEndpoint endpoint) =>
            [.. endpoint.ExpectedIPv4.Concat(endpoint.ExpectedIPv6).Select(ip => new Cidr(ip, ip.Width))];

        private int LabelClass(ImmutableSortedDictionary<string, string> labels, ImmutableArray<string> profiles)
        {
            var key = new LabelKey(labels, profiles);
            if (_newIds.TryGetValue(key, out var id) || start.LabelIds.TryGetValue(key, out id))
            {
                return id;
            }

            id = start.LabelKeys.Length + _newKeys.Count;
            _newKeys.Add(key);
            return _newIds[key] = id;
        }

        private void Add(ImmutableArray<Cidr> nets, int labelClass)
        {
            foreach (var net in nets)
            {
                if (net.IsSingle)
                {
                    _addresses[net.Address] = With(_addresses.TryGetValue(net.Address, out var known)
                        ? known : new ResolvedAddress(net.Address, -1, default), labelClass);
                }
                else
                {
                    _wide.Add((net, labelClass));
                }
            }
        }

        private void Remove(ImmutableArray<Cidr> nets, int labelClass)
        {
            foreach (var net in nets)
            {
                if (!net.IsSingle)
                {
                    _wide.Remove((net, labelClass));
                }
                else if (_addresses.TryGetValue(net.Address, out var known))
                {
                    ImmutableArray<int> owners = known.Others.IsDefault ? [known.Owner] : [known.Owner, .. known.Others];
                    owners = owners.Remove(labelClass);
                    if (owners.IsEmpty)
                    {
                        _addresses.Remove(net.Address);
                    }
                    else
                    {
                        _addresses[net.Address] = new ResolvedAddress(net.Address, owners[0], owners.Length == 1 ? default : owners.RemoveAt(0));
                    }
                }
            }
        }
    }
}
