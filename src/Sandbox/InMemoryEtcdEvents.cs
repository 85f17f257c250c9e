using CalicoConsole.Core.Ports;

namespace CalicoConsole.Sandbox;

/// <summary>
/// The last 1000 events and the open long-polls, with etcd's own rules about who hears what (observed on etcd 3.4). Guarded by
/// its owner's lock.
/// </summary>
internal sealed class InMemoryEtcdEvents
{
    private const int Capacity = 1000;

    private readonly LinkedList<Poll> _polls = new();
    private readonly Queue<Event> _history = new();

    /// <summary>Registers a poll, or answers it from history; null when it must wait.</summary>
    /// <exception cref="EtcdException">401: the events since that index are gone.</exception>
    public EtcdAnswer? Find(string key, ulong waitIndex, ulong storeIndex, string clusterId)
    {
        if (_history.TryPeek(out var oldest) && waitIndex < oldest.Index)
        {
            throw new EtcdException(
                EtcdException.EventIndexCleared, 400, "The event in requested index is outdated and cleared",
                FormattableString.Invariant($"the requested history has been cleared [{oldest.Index}/{waitIndex}]"), storeIndex);
        }

        var found = _history.FirstOrDefault(e => e.Index >= waitIndex && Concerns(e, key));
        return found is null ? null : new EtcdAnswer(found.Action, found.Node, found.Previous, storeIndex, clusterId);
    }

    public LinkedListNode<Poll> Open(string key, ulong waitIndex, ulong storeIndex, string clusterId) =>
        _polls.AddLast(new Poll(key, waitIndex, storeIndex, clusterId, new(TaskCreationOptions.RunContinuationsAsynchronously)));

    public void Close(LinkedListNode<Poll> poll)
    {
        if (poll.List is not null)
        {
            _polls.Remove(poll);
        }
    }

    /// <summary>Keeps an event and answers every poll that hears it.</summary>
    public void Add(string action, EtcdNode node, EtcdNode? previous, ImmutableArray<string> removedBelow)
    {
        var happened = new Event(action, node, previous, node.ModifiedIndex);
        _history.Enqueue(happened);
        if (_history.Count > Capacity)
        {
            _history.Dequeue();
        }

        for (var at = _polls.First; at is not null;)
        {
            var next = at.Next;
            var poll = at.Value;
            if (happened.Index >= poll.WaitIndex && Hears(poll.Key, node.Key, removedBelow))
            {
                _polls.Remove(at);
                poll.Answer.TrySetResult(new EtcdAnswer(action, node, previous, poll.StoreIndex, poll.ClusterId));
            }

            at = next;
        }
    }

    /// <summary>Ends every poll without an answer and forgets history: the store begins anew.</summary>
    public void Reset()
    {
        _history.Clear();
        foreach (var poll in _polls)
        {
            poll.Answer.TrySetResult(null);
        }

        _polls.Clear();
    }

    private static bool Hears(string watched, string key, ImmutableArray<string> removedBelow) =>
        key == watched || removedBelow.Contains(watched) || (IsBelow(key, watched) && !IsHidden(watched, key));

    // Looking back, etcd does not leave hidden keys out, and takes any removed directory whose name begins the watched key.
    private static bool Concerns(Event e, string watched) =>
        e.Node.Key == watched || IsBelow(e.Node.Key, watched)
        || (e.Action is "delete" or "expire" && e.Previous is { IsDirectory: true } gone && watched.StartsWith(gone.Key, StringComparison.Ordinal));

    private static bool IsBelow(string key, string directory) =>
        directory == "/" || (key.Length > directory.Length && key[directory.Length] == '/' && key.StartsWith(directory, StringComparison.Ordinal));

    private static bool IsHidden(string watched, string key) =>
        (watched == "/" ? key : key[watched.Length..]).Contains("/_", StringComparison.Ordinal);

    internal sealed record Poll(string Key, ulong WaitIndex, ulong StoreIndex, string ClusterId, TaskCompletionSource<EtcdAnswer?> Answer);

    private sealed record Event(string Action, EtcdNode Node, EtcdNode? Previous, ulong Index);
}
