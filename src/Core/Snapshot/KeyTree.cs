using System.Diagnostics.CodeAnalysis;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Snapshot;

/// <summary>An immutable ordered set of stored keys with lookup by key and by directory. A change shares all that it does not touch.</summary>
public sealed class KeyTree
{
    private readonly KeyedDictionary<StoredKey> _keys;

    private KeyTree(KeyedDictionary<StoredKey> keys) => _keys = keys;

    /// <summary>No keys.</summary>
    public static KeyTree Empty { get; } = new(KeyedDictionary.Empty<StoredKey>(static k => k.Key));

    /// <summary>How many keys there are.</summary>
    public int Count => _keys.Count;

    /// <summary>All keys in the order of their UTF-16 units, which for the ASCII that Calico writes is bytewise.</summary>
    public IEnumerable<StoredKey> All => _keys.Values;

    /// <summary>A tree of these keys; of several with one name the last one counts.</summary>
    public static KeyTree From(IEnumerable<StoredKey> keys) => new(Empty._keys.Holding(keys));

    /// <summary>Finds a key.</summary>
    public bool TryGet(string key, [NotNullWhen(true)] out StoredKey? stored) => _keys.TryGetValue(key, out stored);

    /// <summary>The key, or null.</summary>
    public StoredKey? Find(string key) => TryGet(key, out var stored) ? stored : null;

    /// <summary>Everything below a directory (given without a trailing slash), in order; not the key of that name itself.</summary>
    public IEnumerable<StoredKey> Below(string directory)
    {
        var prefix = directory + "/";
        return _keys.From(prefix).TakeWhile(k => k.Key.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>With this key added or replaced.</summary>
    public KeyTree With(StoredKey key) => new(_keys.With(key));

    /// <summary>Without this key.</summary>
    public KeyTree Without(string key) => new(_keys.Without(key));
}
