using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Snapshot;

/// <summary>A resource of any of calicoctl's kinds with the keys it was read from.</summary>
/// <param name="Value">The parsed resource.</param>
/// <param name="Keys">Its keys.</param>
public sealed record StoredResource(object Value, ImmutableArray<StoredKey> Keys)
{
    /// <summary>The highest revision of its keys.</summary>
    public ulong Revision => Keys.IsDefaultOrEmpty ? 0 : Keys.Max(k => k.Revision);
}

/// <summary>Finds resources of a state by kind and identity. Pure.</summary>
public static class StoredResources
{
    /// <summary>The kinds in the order in which a whole datastore is exported.</summary>
    public static ImmutableArray<string> AllKinds { get; } =
        [Kinds.IPPool, Kinds.Profile, Kinds.Policy, Kinds.Node, Kinds.BgpPeer, Kinds.HostEndpoint, Kinds.WorkloadEndpoint];

    /// <summary>The resource of that identity; null when there is none or its value cannot be read.</summary>
    public static StoredResource? FindResource(this CalicoState state, ResourceId id)
    {
        var keys = ResourceCodec.Keys(id);
        return keys.IsEmpty ? null : id.Kind switch
        {
            Kinds.IPPool => Cidr.TryParse(id.Name, out var cidr) ? Of(state.IPPools.GetValueOrDefault(cidr)) : null,
            Kinds.Profile => Of(state.Profiles.GetValueOrDefault(id.Name)),
            Kinds.Policy => Of(state.Policies.GetValueOrDefault(id.Name)),
            Kinds.Node => Of(state.Nodes.GetValueOrDefault(id.Name)),
            Kinds.BgpPeer => Of(state.BgpPeers.GetValueOrDefault(state.KeyOf(keys[0]))),
            Kinds.HostEndpoint => Of(state.HostEndpoints.GetValueOrDefault(state.KeyOf(keys[0]))),
            _ => Of(state.WorkloadEndpoints.GetValueOrDefault(state.KeyOf(keys[0]))),
        };
    }

    /// <summary>
    /// Every resource of a kind that can be read, in the order in which calicoctl lists it: as etcd sorts their directories, profiles by their names.
    /// </summary>
    public static IEnumerable<StoredResource> ResourcesOf(this CalicoState state, string kind) => kind switch
    {
        Kinds.IPPool => InOrder(Of(state.IPPools.Values), KeyOf),
        Kinds.Profile => InOrder(Of(state.Profiles.Values), static r => ((Profile)r.Value).Name, GoJson.ByteOrder),
        Kinds.Policy => InOrder(Of(state.Policies.Values), KeyOf),
        Kinds.Node => InOrder(Of(state.Nodes.Values), static r => ((Node)r.Value).Name),
        Kinds.BgpPeer => InOrder(Of(state.BgpPeers.Values), KeyOf),
        Kinds.HostEndpoint => InOrder(Of(state.HostEndpoints.Values), KeyOf),
        Kinds.WorkloadEndpoint => InOrder(Of(state.WorkloadEndpoints.Values), KeyOf),
        _ => [],
    };

    private static string KeyOf(StoredResource resource) => resource.Keys[0].Key;

    // Most are in order already, as they are kept by their keys.
    private static IEnumerable<StoredResource> InOrder(IEnumerable<StoredResource> resources, Func<StoredResource, string> key, IComparer<string>? order = null)
    {
        order ??= TreeOrder.Instance;
        StoredResource[] all = [.. resources];
        for (var i = 1; i < all.Length; i++)
        {
            if (order.Compare(key(all[i - 1]), key(all[i])) > 0)
            {
                return all.OrderBy(key, order);
            }
        }

        return all;
    }

    private static StoredResource? Of<T>(Stored<T>? stored)
        where T : class => stored is null ? null : new StoredResource(stored.Value, stored.Keys);

    private static IEnumerable<StoredResource> Of<T>(IEnumerable<Stored<T>> stored)
        where T : class => stored.Select(s => new StoredResource(s.Value, s.Keys));
}
