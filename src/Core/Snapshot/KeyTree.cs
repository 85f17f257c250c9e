using System.Diagnostics.CodeAnalysis;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Snapshot;

/// <summary>An immutable ordered set of stored keys with lookup by key and by directory. A change shares all that it does not touch.</summary>
public sealed class KeyTree
{
    private static readonly ByKey Comparer = new();
    private readonly ImmutableSortedSet<StoredKey> _keys;

    private KeyTree(ImmutableSortedSet<StoredKey> keys) => _keys = keys;

    /// <summary>No keys.</summary>
    public static KeyTree Empty { get; } = new(ImmutableSortedSet<StoredKey>.Empty.WithComparer(Comparer));

    /// <summary>How many keys there are.</summary>
    public int Count => _keys.Count;

    /// <summary>All keys in bytewise order.</summary>
    public IEnumerable<StoredKey> All => _keys;

    /// <summary>A tree of these keys; of several with one name the last one counts.</summary>
    public static KeyTree Of(IEnumerable<StoredKey> keys)
    {
        var builder = ImmutableSortedSet.CreateBuilder<StoredKey>(Comparer);
        foreach (var key in keys)
        {
            if (!builder.Add(key))
            {
                builder.Remove(key);
                builder.Add(key);
            }
        }

        return new KeyTree(builder.ToImmutable());
    }

    /// <summary>Finds a key.</summary>
    public bool TryGet(string key, [NotNullWhen(true)] out StoredKey? stored) => _keys.TryGetValue(new StoredKey(key, default, 0), out stored);

    /// <summary>The key, or null.</summary>
    public StoredKey? Find(string key) => TryGet(key, out var stored) ? stored : null;

    /// <summary>Everything below a directory (given without a trailing slash), in order; not the key of that name itself.</summary>
    public IEnumerable<StoredKey> Below(string directory)
    {
        var prefix = directory + "/";
        var index = _keys.IndexOf(new StoredKey(prefix, default, 0));
        for (var i = index < 0 ? ~index : index; i < _keys.Count && _keys[i].Key.StartsWith(prefix, StringComparison.Ordinal); i++)
        {
            yield return _keys[i];
        }
    }

    /// <summary>With this key added or replaced.</summary>
    public KeyTree With(StoredKey key) => new(_keys.Remove(key).Add(key));

    /// <summary>Without this key.</summary>
    public KeyTree Without(string key) => new(_keys.Remove(new StoredKey(key, default, 0)));

    private sealed class ByKey : IComparer<StoredKey>
    {
        public int Compare(StoredKey? x, StoredKey? y) => string.CompareOrdinal(x?.Key, y?.Key);
    }
}
