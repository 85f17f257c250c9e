using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Kinds;

/// <summary>The stored form of any calicoctl v1 kind: its keys in the order in which calicoctl writes them. Thread-safe.</summary>
public static class ResourceCodec
{
    /// <summary>The keys that a resource may have, the one that says whether it exists first; empty when the identity makes no key.</summary>
    public static ImmutableArray<string> Keys(ResourceId id) => Kind.Find(id.Kind)?.Keys(id) ?? [];

    /// <summary>The bytes that calicoctl 1.6.3 writes, key by key; a value of null deletes the key if it is there.</summary>
    /// <exception cref="ArgumentException">It is none of the seven kinds.</exception>
    public static ImmutableArray<KeyValueWrite> Encode(object resource) => Kind.OfResource(resource).Encode(resource);

    /// <summary>The desired resource with what the stored one of its kind has and no document can say.</summary>
    /// <exception cref="ArgumentException">They are not of one kind.</exception>
    public static object Merge(object desired, object stored) => Kind.OfResource(desired).Merge(desired, stored);
}
