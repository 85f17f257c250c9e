using CalicoConsole.Core.Ports;

namespace CalicoConsole.Sandbox;

/// <summary>A key or directory of <see cref="InMemoryEtcdKeys"/>. Guarded by its owner's lock.</summary>
internal sealed class InMemoryEtcdNode(string key, InMemoryEtcdNode? parent, bool isDirectory, ulong created)
{
    public string Key { get; } = key;

    public InMemoryEtcdNode? Parent { get; } = parent;

    public bool IsDirectory { get; } = isDirectory;

    public ulong Created { get; } = created;

    public ulong Modified { get; set; } = created;

    /// <summary>Never changed in place: answers share it.</summary>
    public byte[] Value { get; set; } = [];

    public DateTimeOffset? Expires { get; set; }

    public SortedDictionary<string, InMemoryEtcdNode> Children { get; } = new(StringComparer.Ordinal);

    public string Name => Key[(Key.LastIndexOf('/') + 1)..];

    /// <summary>The node as etcd shows it: hidden children (names that begin with an underscore) left out.</summary>
    public EtcdNode Show(DateTimeOffset now, int depth) => new(
        Key,
        IsDirectory,
        IsDirectory ? default : Value,
        Created,
        Modified,
        Expires is { } at ? TimeSpan.FromSeconds(Math.Ceiling((at - now).TotalSeconds)) : null,
        depth == 0 || !IsDirectory ? [] : [.. Children.Values.Where(c => !c.Name.StartsWith('_')).Select(c => c.Show(now, depth - 1))]);

    /// <summary>The node as an event names it once it is gone.</summary>
    public EtcdNode ShowRemoved(ulong index) => new(Key, IsDirectory, default, Created, index, null, []);

    /// <summary>This node and all below it.</summary>
    public IEnumerable<InMemoryEtcdNode> Subtree()
    {
        yield return this;
        foreach (var node in Children.Values.SelectMany(c => c.Subtree()))
        {
            yield return node;
        }
    }
}
