using System.Runtime.InteropServices;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Snapshot;

/// <summary>Re-reads the resources of touched keys from the key tree; resources of several keys are read once.</summary>
internal sealed class CalicoStateBuilder
{
    private readonly CalicoState _start;
    private readonly KeyTree _keys;
    private readonly ImmutableSortedDictionary<Cidr, Stored<IPPool>>.Builder _pools;
    private readonly ImmutableSortedDictionary<string, Stored<Profile>>.Builder _profiles;
    private readonly ImmutableSortedDictionary<string, Stored<Node>>.Builder _nodes;
    private KeyedDictionary<Stored<WorkloadEndpoint>> _endpoints;
    private readonly ImmutableSortedDictionary<string, Stored<Policy>>.Builder _policies;
    private readonly ImmutableSortedDictionary<string, Stored<Policy>>.Builder _tierPolicies;
    private readonly ImmutableSortedDictionary<string, StoredKey>.Builder _others;
    private readonly ImmutableSortedDictionary<string, Stored<HostEndpoint>>.Builder _hostEndpoints;
    private readonly ImmutableSortedDictionary<string, Stored<BgpPeer>>.Builder _peers;
    private readonly ImmutableSortedDictionary<Cidr, Stored<IpamBlock>>.Builder _blocks;
    private readonly ImmutableSortedDictionary<string, Unparsable>.Builder _unparsable;
    private readonly ImmutableSortedSet<string>.Builder _bareHosts;
    private readonly KeySpellings _spellings;
    private readonly HashSet<string> _touchedProfiles = new(StringComparer.Ordinal);
    private readonly HashSet<string> _touchedNodes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _touchedNodeConfiguration = new(StringComparer.Ordinal);
    private bool _touchedConfiguration;

    public CalicoStateBuilder(CalicoState start)
    {
        _start = start;
        _keys = start.Keys;
        _pools = start.IPPools.ToBuilder();
        _profiles = start.Profiles.ToBuilder();
        _nodes = start.Nodes.ToBuilder();
        _endpoints = start.WorkloadEndpoints;
        _policies = start.Policies.ToBuilder();
        _tierPolicies = start.TierPolicies.ToBuilder();
        _others = start.OtherKeys.ToBuilder();
        _hostEndpoints = start.HostEndpoints.ToBuilder();
        _peers = start.BgpPeers.ToBuilder();
        _blocks = start.Blocks.ToBuilder();
        _unparsable = start.Unparsable.ToBuilder();
        _bareHosts = start.BareHosts.ToBuilder();
        _spellings = new(start);
    }

    /// <summary>A host's directory stands, whatever is in it, or is gone.</summary>
    public void Directory(string host, bool stands)
    {
        _ = stands ? _bareHosts.Add(host) : _bareHosts.Remove(host);
        _touchedNodes.Add(host);
    }

    /// <summary>Begins a new state with endpoints that were read before, in the order of their keys. Each makes a node of its host.</summary>
    public void Begin(List<Stored<WorkloadEndpoint>> endpoints)
    {
        _endpoints = _endpoints.OfOrdered(CollectionsMarshal.AsSpan(endpoints));
        string? last = null;
        foreach (var endpoint in endpoints)
        {
            // Those of a host stand together and share its name.
            if (!ReferenceEquals(endpoint.Value.Id.Node, last))
            {
                last = endpoint.Value.Id.Node;
                _touchedNodes.Add(last);
            }
        }
    }

    /// <summary>A key changed to what is stored now; to nothing when null.</summary>
    public void Touch(string key, StoredKey? stored)
    {
        _unparsable.Remove(key);
        var parsed = V1Key.Parse(key);
        if (V1KeySpelling.For(parsed) is not { } spelling || !_spellings.Concerns(key, spelling))
        {
            Read(key, parsed, stored);
            return;
        }

        // One identity under several keys: one of them counts, and the others are not kept from sight.
        _spellings.Note(key, spelling, stored is not null);
        var standing = _spellings.Standing(spelling);
        foreach (var other in standing.Skip(1))
        {
            Read(other, V1Key.Parse(other), null);
            _unparsable[other] = new Unparsable(_keys.Find(other)!, parsed.KindName, KeySpellings.Reason(standing[0], spelling));
        }

        if (stored is null)
        {
            Read(key, parsed, null);
        }

        if (standing is [var first, ..])
        {
            _unparsable.Remove(first);
            Read(first, V1Key.Parse(first), _keys.Find(first));
        }
    }

    private void Read(string key, V1Key parsed, StoredKey? stored)
    {
        switch (parsed)
        {
            case V1Key.Pool pool:
                Put(_pools, pool.Cidr, stored, KindNames.IPPool, s => OfItsKey(pool.Cidr, IPPoolCodec.Decode(s.Value.Span)));
                break;
            case V1Key.MalformedPool when stored is not null:
                _unparsable[key] = new Unparsable(stored, KindNames.IPPool, "the key is not a CIDR: Felix and calicoctl crash on it");
                break;
            case V1Key.WorkloadEndpoint endpoint:
                Put(key, stored, endpoint.Id);
                _touchedNodes.Add(endpoint.Id.Node);
                break;
            case V1Key.Other:
                Note(key, stored);
                break;
            case V1Key.IpamBlock block:
                Put(_blocks, block.Block, stored, KindNames.IpamBlock, s => OfItsKey(block.Block, IpamBlockCodec.Decode(s.Value.Span)));
                break;
            case V1Key.ProfileKey profile:
                _touchedProfiles.Add(profile.Name);
                break;
            // calicoctl lists the tier default alone; Felix does not look at the tier (docs/calico-v1.md#policy).
            case V1Key.Policy { Tier: not V1Keys.DefaultTier } policy:
                Put(_tierPolicies, key, stored, "policy of another tier", s => PolicyCodec.Decode(policy.Name, s.Value.Span));
                break;
            case V1Key.Policy policy:
                Put(_policies, policy.Name, stored, KindNames.Policy, s => PolicyCodec.Decode(policy.Name, s.Value.Span));
                break;
            case V1Key.BgpPeer peer:
                Put(_peers, key, stored, KindNames.BgpPeer, s => BgpPeerCodec.Decode(peer.Node, peer.Peer, s.Value.Span));
                break;
            case V1Key.NodeKey node:
                _touchedNodes.Add(node.Node);
                _touchedNodeConfiguration.Add(node.Node);
                break;
            case V1Key.FelixConfig { Node: { } host }:
                _touchedNodes.Add(host);
                _touchedNodeConfiguration.Add(host);
                break;
            case V1Key.BgpConfig { Node: { } host }:
                _touchedNodeConfiguration.Add(host);
                break;
            case V1Key.FelixConfig:
                _touchedConfiguration = true;
                break;
            case V1Key.BgpConfig config:
                _touchedConfiguration = true;
                NoteConfiguration(config.Name, stored);
                break;
            case V1Key.HostEndpoint endpoint:
                Put(_hostEndpoints, key, stored, KindNames.HostEndpoint, s => HostEndpointCodec.Decode(endpoint.Node, endpoint.Name, s.Value.Span));
                _touchedNodes.Add(endpoint.Node);
                break;
        }
    }

    public CalicoState Build()
    {
        foreach (var name in _touchedProfiles)
        {
            BuildProfile(name);
        }

        foreach (var name in _touchedNodes)
        {
            BuildNode(name);
        }

        return _start with
        {
            Policies = _policies.ToImmutable(),
            TierPolicies = _tierPolicies.ToImmutable(),
            OtherKeys = _others.ToImmutable(),
            HostEndpoints = _hostEndpoints.ToImmutable(),
            BgpPeers = _peers.ToImmutable(),
            Configuration = _touchedConfiguration ? ConfigurationScope.Read(_keys, null) : _start.Configuration,
            NodeConfiguration = BuildNodeConfiguration(),
            OtherSpellings = _spellings.ToImmutable(),
            IPPools = _pools.ToImmutable(),
            Profiles = _profiles.ToImmutable(),
            Nodes = _nodes.ToImmutable(),
            BareHosts = _bareHosts.ToImmutable(),
            WorkloadEndpoints = _endpoints,
            Blocks = _blocks.ToImmutable(),
            Unparsable = _unparsable.ToImmutable(),
        };
    }

    // calicoctl lists a host as a node for whatever lies below its directory.
    private void Note(string key, StoredKey? stored)
    {
        if (stored is null)
        {
            _others.Remove(key);
        }
        else
        {
            _others[key] = stored;
        }

        if (key.StartsWith($"{V1Keys.HostDirectory}/", StringComparison.Ordinal) && key.Split('/') is [_, _, _, _, { Length: > 0 } host, _, ..])
        {
            _touchedNodes.Add(host);
        }
    }

    private ImmutableSortedDictionary<string, ConfigurationScope> BuildNodeConfiguration()
    {
        var scopes = _start.NodeConfiguration.ToBuilder();
        foreach (var node in _touchedNodeConfiguration)
        {
            var scope = ConfigurationScope.Read(_keys, node);
            if (scope.Felix.IsEmpty && scope.Bgp.IsEmpty)
            {
                scopes.Remove(node);
            }
            else
            {
                scopes[node] = scope;
            }
        }

        return scopes.ToImmutable();
    }

    private void NoteConfiguration(string name, StoredKey? stored)
    {
        var reason = (name, stored) switch
        {
            (_, null) => null,
            ("as_num", _) => AsNumbers.TryParse(stored.Text, out _) ? null : $"not an AS number: {stored.Text}",
            ("node_mesh", _) => NodeMeshCodec.Decode(stored.Value.Span).Reason,
            _ => null,
        };
        if (reason is not null)
        {
            _unparsable[stored!.Key] = new Unparsable(stored, "configuration", reason);
        }
    }

    private void BuildProfile(string name)
    {
        var keys = Present([.. new[] { V1Keys.ProfileTags(name), V1Keys.ProfileLabels(name), V1Keys.ProfileRules(name) }.Select(_spellings.KeyOf)]);
        if (keys.IsEmpty)
        {
            _profiles.Remove(name);
            return;
        }

        var decoded = ProfileCodec.Decode(name, keys);
        Note(decoded.Problems, KindNames.Profile);
        _profiles[name] = new Stored<Profile>(decoded.Value, keys);
    }

    private void BuildNode(string name)
    {
        // calicoctl lists every directory below /calico/v1/host as a node, with or without metadata.
        if (_keys.Below(V1Keys.Host(name)).Any())
        {
            _bareHosts.Remove(name);
        }
        else if (!_bareHosts.Contains(name))
        {
            _nodes.Remove(name);
            return;
        }

        var keys = Present([.. Enum.GetValues<NodePart>().Select(part => V1Keys.Node(name, part))]);
        if (_nodes.TryGetValue(name, out var known) && known.Keys.SequenceEqual(keys))
        {
            return;
        }

        var decoded = NodeCodec.Decode(name, keys);
        Note(decoded.Problems, KindNames.Node);
        _nodes[name] = new Stored<Node>(decoded.Value, keys);
    }

    // Calico's readers know a pool by its key and use what its value says: which of two it is then depends on who looks.
    private static Decoded<IPPool> OfItsKey(Cidr key, Decoded<IPPool> decoded) =>
        decoded.IsOk && decoded.Value.Cidr.Masked() != key ? new(null, $"its cidr is {decoded.Value.Cidr}, but its key says {key}") : decoded;

    // Whoever finds a block by an address counts its addresses from the key on.
    private static Decoded<IpamBlock> OfItsKey(Cidr key, Decoded<IpamBlock> decoded) =>
        decoded.IsOk && decoded.Value.Cidr != key ? new(null, $"its cidr is {decoded.Value.Cidr}, but its key says {key}") : decoded;

    private void Note(ImmutableArray<KeyProblem> problems, string kind)
    {
        foreach (var problem in problems)
        {
            _unparsable[problem.Key] = new Unparsable(_keys.Find(problem.Key)!, kind, problem.Reason);
        }
    }

    private ImmutableArray<StoredKey> Present(params ReadOnlySpan<string> keys)
    {
        var present = ImmutableArray.CreateBuilder<StoredKey>(keys.Length);
        foreach (var key in keys)
        {
            if (_keys.TryGet(key, out var stored))
            {
                present.Add(stored);
            }
        }

        return present.ToImmutable();
    }

    private void Put(string key, StoredKey? stored, WorkloadEndpointId id)
    {
        if (stored is not null && WorkloadEndpointCodec.Decode(id, stored.Value.Span) is var decoded)
        {
            if (decoded.IsOk)
            {
                _endpoints = _endpoints.With(new(decoded.Value, [stored]));
                return;
            }

            _unparsable[key] = new Unparsable(stored, KindNames.WorkloadEndpoint, decoded.Reason);
        }

        _endpoints = _endpoints.Without(key);
    }

    private void Put<TId, T>(ImmutableSortedDictionary<TId, Stored<T>>.Builder map, TId id, StoredKey? stored, string kind, Func<StoredKey, Decoded<T>> decode)
        where TId : notnull
        where T : class
    {
        if (stored is null)
        {
            map.Remove(id);
            return;
        }

        var decoded = decode(stored);
        if (decoded.IsOk)
        {
            map[id] = new Stored<T>(decoded.Value, [stored]);
            return;
        }

        map.Remove(id);
        _unparsable[stored.Key] = new Unparsable(stored, kind, decoded.Reason);
    }
}
