using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace CalicoConsole.Core.Snapshot;

/// <summary>Makes <see cref="KeyedDictionary{T}"/>.</summary>
public static class KeyedDictionary
{
    /// <summary>Without items; they will be found by <paramref name="key"/>, which must answer the same text for one item always.</summary>
    public static KeyedDictionary<T> Empty<T>(Func<T, string> key)
        where T : class => new(key, [], 0);
}

/// <summary>
/// An immutable set of items that carry their own key, in ordinal order of the keys. Made from ordered items in one pass; a change copies one
/// small run of items and shares all others. Thread-safe.
/// </summary>
/// <remarks>
/// The collections of System.Collections.Immutable keep a tree node for every item and insert one after the other: with 100,000 endpoints that
/// alone takes longer than reading them from etcd (docs/decisions.md, "First sync").
/// </remarks>
public sealed class KeyedDictionary<T> : IReadOnlyDictionary<string, T>
    where T : class
{
    // Runs are made this long and cut in two when they reach twice that; neighbours that fit into half of it are joined.
    private const int Run = 256;

    private readonly Func<T, string> _key;
    private readonly T[][] _runs;

    internal KeyedDictionary(Func<T, string> key, T[][] runs, int count) => (_key, _runs, Count) = (key, runs, count);

    /// <inheritdoc/>
    public int Count { get; }

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => Count == 0;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => Values.Select(_key);

    /// <inheritdoc/>
    public IEnumerable<T> Values => _runs.SelectMany(r => r);

    /// <inheritdoc/>
    public T this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"'{key}' is not there");

    /// <summary>A set of other items; of several with one key the last one counts. Quick when they are in order already.</summary>
    public KeyedDictionary<T> Holding(IEnumerable<T> items)
    {
        var all = items as T[] ?? [.. items];
        if (!IsOrdered(all))
        {
            // Stable, so that the last of equals stays last.
            all = [.. all.OrderBy(_key, StringComparer.Ordinal)];
            all = [.. all.Where((item, i) => i + 1 == all.Length || _key(item) != _key(all[i + 1]))];
        }

        return OfOrdered(all);
    }

    /// <summary>The same of items that are in order and each there once.</summary>
    internal KeyedDictionary<T> OfOrdered(ReadOnlySpan<T> items)
    {
        var runs = new T[(items.Length + Run - 1) / Run][];
        for (var i = 0; i < runs.Length; i++)
        {
            runs[i] = items[(i * Run)..Math.Min((i + 1) * Run, items.Length)].ToArray();
        }

        return new(_key, runs, items.Length);
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value)
    {
        if (_runs.Length > 0)
        {
            var run = _runs[RunOf(key)];
            var at = Find(run, key);
            value = at >= 0 ? run[at] : null;
            return at >= 0;
        }

        value = null;
        return false;
    }

    /// <summary>The items from a key on, in order; the key itself need not be there.</summary>
    public IEnumerable<T> From(string key)
    {
        for (var i = _runs.Length == 0 ? 0 : RunOf(key); i < _runs.Length; i++)
        {
            var run = _runs[i];
            var at = string.CompareOrdinal(_key(run[0]), key) >= 0 ? 0 : Find(run, key);
            for (at = at < 0 ? ~at : at; at < run.Length; at++)
            {
                yield return run[at];
            }
        }
    }

    /// <summary>With an item added, or put in the place of the one that has its key.</summary>
    public KeyedDictionary<T> With(T item)
    {
        if (_runs.Length == 0)
        {
            return new(_key, [[item]], 1);
        }

        var key = _key(item);
        var index = RunOf(key);
        var run = _runs[index];
        var at = Find(run, key);
        if (at >= 0)
        {
            T[] replaced = [.. run];
            replaced[at] = item;
            return new(_key, [.. _runs[..index], replaced, .. _runs[(index + 1)..]], Count);
        }

        T[] longer = [.. run[..~at], item, .. run[~at..]];
        T[][] instead = longer.Length < 2 * Run ? [longer] : [longer[..Run], longer[Run..]];
        return new(_key, [.. _runs[..index], .. instead, .. _runs[(index + 1)..]], Count + 1);
    }

    /// <summary>Without the item of this key, which need not be there.</summary>
    public KeyedDictionary<T> Without(string key)
    {
        if (_runs.Length == 0)
        {
            return this;
        }

        var index = RunOf(key);
        var run = _runs[index];
        var at = Find(run, key);
        if (at < 0)
        {
            return this;
        }

        T[] shorter = [.. run[..at], .. run[(at + 1)..]];
        var (first, last) = (index, index);
        if (index + 1 < _runs.Length && shorter.Length + _runs[index + 1].Length <= Run / 2)
        {
            shorter = [.. shorter, .. _runs[++last]];
        }
        else if (index > 0 && shorter.Length + _runs[index - 1].Length <= Run / 2)
        {
            shorter = [.. _runs[--first], .. shorter];
        }

        T[][] instead = shorter.Length == 0 ? [] : [shorter];
        return new(_key, [.. _runs[..first], .. instead, .. _runs[(last + 1)..]], Count - 1);
    }

    /// <summary>
    /// The items that are others than in an earlier set, in the order of their keys: what was there and what is, null where nothing was or is. Sets that came
    /// from one another by a few changes share their runs, and shared runs are not looked into.
    /// </summary>
    public IEnumerable<(T? Before, T? After)> ChangesSince(KeyedDictionary<T> earlier)
    {
        HashSet<T[]> mine = [.. _runs], theirs = [.. earlier._runs];
        using var old = earlier._runs.Where(r => !mine.Contains(r)).SelectMany(r => r).GetEnumerator();
        using var now = _runs.Where(r => !theirs.Contains(r)).SelectMany(r => r).GetEnumerator();
        var (hasOld, hasNow) = (old.MoveNext(), now.MoveNext());
        while (hasOld || hasNow)
        {
            var order = !hasOld ? 1 : !hasNow ? -1 : string.CompareOrdinal(_key(old.Current), _key(now.Current));
            if (order != 0 || !ReferenceEquals(old.Current, now.Current))
            {
                yield return (order <= 0 ? old.Current : null, order >= 0 ? now.Current : null);
            }

            (hasOld, hasNow) = (order <= 0 ? old.MoveNext() : hasOld, order >= 0 ? now.MoveNext() : hasNow);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => Values.Select(v => KeyValuePair.Create(_key(v), v)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool IsOrdered(T[] items)
    {
        for (var i = 1; i < items.Length; i++)
        {
            if (string.CompareOrdinal(_key(items[i - 1]), _key(items[i])) >= 0)
            {
                return false;
            }
        }

        return true;
    }

    // The last run that begins at or before the key; the first when none does.
    private int RunOf(string key)
    {
        var (low, high) = (0, _runs.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = string.CompareOrdinal(_key(_runs[middle][0]), key) <= 0 ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    // Where the key is, or the complement of where it would be.
    private int Find(T[] run, string key)
    {
        var (low, high) = (0, run.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(_key(run[middle]), key);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }
}
