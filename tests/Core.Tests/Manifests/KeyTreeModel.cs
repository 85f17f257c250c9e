using System.Collections.Immutable;
using System.Text;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Tests.Manifests;

/// <summary>Keys and directories as etcd's v2 keys have them: a key makes the directories above it, which stay when it goes.</summary>
internal sealed class KeyTreeModel
{
    private readonly SortedDictionary<string, string> _keys = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _directories = new(StringComparer.Ordinal);

    public KeyTreeModel(IEnumerable<KeyValuePair<string, string>> keys)
    {
        foreach (var (key, value) in keys)
        {
            Put(key, value);
        }
    }

    public ImmutableSortedDictionary<string, string> Keys => _keys.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public ImmutableSortedSet<string> EmptyDirectories => [.. _directories.Where(d => !Below(d).Any())];

    public void Apply(KeyWrite write)
    {
        if (write.Value is { } value)
        {
            Put(write.Key, Encoding.UTF8.GetString(value.Span));
        }
        else if (!write.EmptyDirectory)
        {
            _keys.Remove(write.Key);
        }
        else if (write.EmptyDirectory && !_keys.Keys.Any(k => k.StartsWith(write.Key + "/", StringComparison.Ordinal)))
        {
            _directories.RemoveWhere(d => d == write.Key || d.StartsWith(write.Key + "/", StringComparison.Ordinal));
        }
    }

    public bool HasDirectory(string directory) => _directories.Contains(directory);

    /// <summary>As etcd does what a watch then tells.</summary>
    public void Take(DatastoreUpdate.Change change)
    {
        if (change.Value is { } value)
        {
            Put(change.Key, value.Text);
        }
        else if (change.Directory)
        {
            Put(change.Key + "/made", "");
            _keys.Remove(change.Key + "/made");
        }
        else
        {
            _keys.Remove(change.Key);
            foreach (var below in change.Subtree ? Below(change.Key).Append(change.Key).ToArray() : [])
            {
                _keys.Remove(below);
                _directories.Remove(below);
            }
        }
    }

    private IEnumerable<string> Below(string directory) => _keys.Keys.Concat(_directories).Where(k => k.StartsWith(directory + "/", StringComparison.Ordinal));

    private void Put(string key, string value)
    {
        _keys[key] = value;
        for (var at = key.LastIndexOf('/'); at > "/calico".Length; at = key.LastIndexOf('/', at - 1))
        {
            _directories.Add(key[..at]);
        }
    }
}
