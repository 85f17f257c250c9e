using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Kinds;

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
        [KindNames.IPPool, KindNames.Profile, KindNames.Policy, KindNames.Node, KindNames.BgpPeer, KindNames.HostEndpoint, KindNames.WorkloadEndpoint];

    /// <summary>The resource of that identity; null when there is none or its value cannot be read.</summary>
    public static StoredResource? FindResource(this CalicoState state, ResourceId id)
    {
        var keys = ResourceCodec.Keys(id);
        return keys.IsEmpty ? null : id.Kind switch
        {
            KindNames.IPPool => Cidr.TryParse(id.Name, out var cidr) ? Of(state.IPPools.GetValueOrDefault(cidr)) : null,
            KindNames.Profile => Of(state.Profiles.GetValueOrDefault(id.Name)),
            KindNames.Policy => Of(state.Policies.GetValueOrDefault(id.Name)),
            KindNames.Node => Of(state.Nodes.GetValueOrDefault(id.Name)),
            KindNames.BgpPeer => Of(state.BgpPeers.GetValueOrDefault(state.KeyOf(keys[0]))),
            KindNames.HostEndpoint => Of(state.HostEndpoints.GetValueOrDefault(state.KeyOf(keys[0]))),
            _ => Of(state.WorkloadEndpoints.GetValueOrDefault(state.KeyOf(keys[0]))),
        };
    }

    /// <summary>
    /// Every resource of a kind that can be read, in the order in which calicoctl lists it: as etcd sorts their directories, profiles by their names.
    /// </summary>
    public static IEnumerable<StoredResource> ResourcesOf(this CalicoState state, string kind) => kind switch
    {
        KindNames.IPPool => InOrder(Of(state.IPPools.Values), KeyOf),
        KindNames.Profile => InOrder(Of(state.Profiles.Values), static r => ((Profile)r.Value).Name, GoJson.ByteOrder),
        KindNames.Policy => InOrder(Of(state.Policies.Values), KeyOf),
        KindNames.Node => InOrder(Of(state.Nodes.Values), static r => ((Node)r.Value).Name),
        KindNames.BgpPeer => InOrder(Of(state.BgpPeers.Values), KeyOf),
        KindNames.HostEndpoint => InOrder(Of(state.HostEndpoints.Values), KeyOf),
        KindNames.WorkloadEndpoint => InOrder(Of(state.WorkloadEndpoints.Values), KeyOf),
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
