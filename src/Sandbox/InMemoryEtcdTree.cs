using CalicoConsole.Core.Ports;

namespace CalicoConsole.Sandbox;

/// <summary>
/// The tree of <see cref="InMemoryEtcdKeys"/> with the rules of etcd's v2 store: indexes, conditions and errors (observed on
/// etcd 3.4; the contract tests run against both). Guarded by its owner's lock.
/// </summary>
internal sealed class InMemoryEtcdTree(TimeProvider time, string clusterId, InMemoryEtcdEvents events)
{
    private readonly InMemoryEtcdNode _root = new("/", null, true, 0);
    private readonly SortedSet<(DateTimeOffset At, string Key)> _expiries = [];

    // A fresh etcd of one member has used the first indexes for itself.
    public ulong Index { get; private set; } = 3;

    public string ClusterId { get; } = clusterId;

    /// <summary>When the next key expires; null when none has a TTL.</summary>
    public DateTimeOffset? NextExpiry => _expiries.Count > 0 ? _expiries.Min.At : null;

    private DateTimeOffset Now => time.GetUtcNow();

    public EtcdAnswer Get(string key, bool recursive) =>
        new("get", Find(key).Show(Now, recursive ? int.MaxValue : 1), null, Index, ClusterId);

    public EtcdAnswer Put(string key, byte[] value, EtcdCondition condition, TimeSpan? timeToLive)
    {
        RefuseRoot(key);
        var wanted = condition.MustHaveIndex is > 0 ? condition.MustHaveIndex : null;
        return condition.MustExist switch
        {
            false => Create(key, value, timeToLive),
            _ when wanted is { } index => CompareAndSwap(key, value, index, timeToLive),
            true => Change("update", key, Find(key), value, timeToLive),
            null => Set(key, value, timeToLive),
        };
    }

    public EtcdAnswer MakeDirectory(string key)
    {
        RefuseRoot(key);
        return Create(key, null, null);
    }

    public EtcdAnswer Delete(string key, EtcdDeletion how, EtcdCondition condition)
    {
        RefuseRoot(key);
        var node = Find(key);
        var compare = condition.MustHaveIndex is > 0;
        if (node.IsDirectory && (compare || how == EtcdDeletion.Key))
        {
            throw Error(EtcdException.NotFile, key);
        }

        if (compare)
        {
            Compare(node, condition.MustHaveIndex!.Value);
        }

        if (node.Children.Count > 0 && how != EtcdDeletion.Recursive)
        {
            throw Error(EtcdException.DirectoryNotEmpty, key);
        }

        return Remove(node, compare ? "compareAndDelete" : "delete");
    }

    /// <summary>Removes what has expired by now, in order, each with an event.</summary>
    public void Expire()
    {
        while (_expiries.Count > 0 && _expiries.Min.At <= Now)
        {
            var due = _expiries.Min;
            _expiries.Remove(due);
            Remove(Find(due.Key), "expire");
        }
    }

    public EtcdException Error(int code, string cause)
    {
        var (status, message) = code switch
        {
            EtcdException.KeyNotFound => (404, "Key not found"),
            EtcdException.CompareFailed => (412, "Compare failed"),
            EtcdException.NotFile => (403, "Not a file"),
            EtcdException.NotDirectory => (400, "Not a directory"),
            EtcdException.NodeExists => (412, "Key already exists"),
            EtcdException.RootReadOnly => (400, "Root is read only"),
            EtcdException.DirectoryNotEmpty => (403, "Directory not empty"),
            _ => (400, "Error"),
        };
        return new EtcdException(code, status, message, cause, Index) { ClusterId = ClusterId };
    }

    private EtcdAnswer Set(string key, byte[] value, TimeSpan? timeToLive)
    {
        var existing = TryFind(key);
        if (existing is { IsDirectory: true })
        {
            throw Error(EtcdException.NotFile, key);
        }

        var previous = existing?.Show(Now, 0);
        if (existing is not null)
        {
            Detach(existing);
        }

        return Done("set", Insert(key, value, timeToLive), previous);
    }

    private EtcdAnswer Create(string key, byte[]? value, TimeSpan? timeToLive)
    {
        if (TryFind(key) is not null)
        {
            throw Error(EtcdException.NodeExists, key);
        }

        return Done("create", Insert(key, value, timeToLive), null);
    }

    private EtcdAnswer CompareAndSwap(string key, byte[] value, ulong index, TimeSpan? timeToLive)
    {
        var node = Find(key);
        if (node.IsDirectory)
        {
            throw Error(EtcdException.NotFile, key);
        }

        Compare(node, index);
        return Change("compareAndSwap", key, node, value, timeToLive);
    }

    private EtcdAnswer Change(string action, string key, InMemoryEtcdNode node, byte[] value, TimeSpan? timeToLive)
    {
        if (node.IsDirectory && value.Length > 0)
        {
            throw Error(EtcdException.NotFile, key);
        }

        var previous = node.Show(Now, 0);
        node.Modified = ++Index;
        node.Value = value;
        SetExpiry(node, timeToLive);
        return Done(action, node, previous);
    }

    private void Compare(InMemoryEtcdNode node, ulong index)
    {
        if (node.Modified != index)
        {
            throw Error(EtcdException.CompareFailed, FormattableString.Invariant($"[{index} != {node.Modified}]"));
        }
    }

    private InMemoryEtcdNode Insert(string key, byte[]? value, TimeSpan? timeToLive)
    {
        var names = key[1..].Split('/');
        var parent = _root;
        var index = Index + 1;
        foreach (var name in names[..^1])
        {
            if (!parent.Children.TryGetValue(name, out var next))
            {
                next = new InMemoryEtcdNode(Join(parent, name), parent, true, index);
                parent.Children.Add(name, next);
            }

            parent = next;
        }

        var node = new InMemoryEtcdNode(key, parent, value is null, index) { Value = value ?? [] };
        parent.Children.Add(names[^1], node);
        Index = index;
        SetExpiry(node, timeToLive);
        return node;
    }

    private EtcdAnswer Remove(InMemoryEtcdNode node, string action)
    {
        var previous = node.Show(Now, 0);
        var removed = node.Subtree().Select(n => n.Key).ToImmutableArray();
        Detach(node);
        var gone = node.ShowRemoved(++Index);
        events.Add(action, gone, previous, removed);
        return new EtcdAnswer(action, gone, previous, Index, ClusterId);
    }

    private EtcdAnswer Done(string action, InMemoryEtcdNode node, EtcdNode? previous)
    {
        var shown = node.Show(Now, 0);
        events.Add(action, shown, previous, []);
        return new EtcdAnswer(action, shown, previous, Index, ClusterId);
    }

    private void Detach(InMemoryEtcdNode node)
    {
        foreach (var below in node.Subtree())
        {
            SetExpiry(below, null);
        }

        node.Parent!.Children.Remove(node.Name);
    }

    private void SetExpiry(InMemoryEtcdNode node, TimeSpan? timeToLive)
    {
        if (node.Expires is { } old)
        {
            _expiries.Remove((old, node.Key));
        }

        node.Expires = timeToLive is { } ttl ? Now + TimeSpan.FromSeconds(Math.Ceiling(ttl.TotalSeconds)) : null;
        if (node.Expires is { } at)
        {
            _expiries.Add((at, node.Key));
        }
    }

    private InMemoryEtcdNode Find(string key)
    {
        var node = _root;
        foreach (var name in key == "/" ? [] : key[1..].Split('/'))
        {
            if (!node.IsDirectory)
            {
                throw Error(EtcdException.NotDirectory, node.Key);
            }

            node = node.Children.TryGetValue(name, out var next) ? next : throw Error(EtcdException.KeyNotFound, Join(node, name));
        }

        return node;
    }

    private InMemoryEtcdNode? TryFind(string key)
    {
        try
        {
            return Find(key);
        }
        catch (EtcdException e) when (e.ErrorCode == EtcdException.KeyNotFound)
        {
            return null;
        }
    }

    private void RefuseRoot(string key)
    {
        if (key == "/")
        {
            throw Error(EtcdException.RootReadOnly, "/");
        }
    }

    private static string Join(InMemoryEtcdNode parent, string name) => parent.Parent is null ? $"/{name}" : $"{parent.Key}/{name}";
}
