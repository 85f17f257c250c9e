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
    /// <summary>The resource of that identity; null when there is none or its value cannot be read.</summary>
    public static StoredResource? FindResource(this CalicoState state, ResourceId id) => Kind.Find(id.Kind)?.Find(state, id);

    /// <summary>
    /// Every resource of a kind that can be read, in the order in which calicoctl lists it: as etcd sorts their directories, profiles by their names.
    /// </summary>
    public static IEnumerable<StoredResource> ResourcesOf(this CalicoState state, string kind) => Kind.Find(kind)?.In(state) ?? [];

    /// <summary>
    /// The place of a resource in <see cref="ResourcesOf"/>, which is ordered by it as <see cref="OrderOf"/> says; no other of its kind has it.
    /// </summary>
    public static string PlaceOf(string kind, StoredResource resource) => Kind.Find(kind)?.PlaceOf(resource) ?? "";

    /// <summary>The order of the places of a kind.</summary>
    public static IComparer<string> OrderOf(string kind) => Kind.Find(kind)?.PlaceOrder ?? StringComparer.Ordinal;
}
