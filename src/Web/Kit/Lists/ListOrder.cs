using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>Orders the rows of a list by a value that each row is asked for once. Pure; rows that are equal in it keep the given order.</summary>
public abstract class ListOrder<T>
{
    /// <summary>The rows in order.</summary>
    public abstract ImmutableArray<T> Sort(ImmutableArray<T> rows, bool descending);
}

/// <summary>Orders for columns.</summary>
public static class ListOrder
{
    /// <summary>By a value of the row.</summary>
    public static ListOrder<T> By<T, TKey>(Func<T, TKey> key) => By(key, Comparer<TKey>.Default);

    /// <summary>By a value of the row, compared as told.</summary>
    public static ListOrder<T> By<T, TKey>(Func<T, TKey> key, IComparer<TKey> comparer) => new KeyOrder<T, TKey>(key, comparer);

    // A row's key may cost more than a comparison, and a sort compares each row some twenty times.
    private sealed class KeyOrder<T, TKey>(Func<T, TKey> key, IComparer<TKey> comparer) : ListOrder<T>
    {
        public override ImmutableArray<T> Sort(ImmutableArray<T> rows, bool descending)
        {
            var places = new (TKey Key, int At)[rows.Length];
            for (var i = 0; i < places.Length; i++)
            {
                places[i] = (key(rows[i]), i);
            }

            var sign = descending ? -1 : 1;
            Array.Sort(places, (a, b) => comparer.Compare(a.Key, b.Key) is var by && by != 0 ? Math.Sign(by) * sign : a.At.CompareTo(b.At));
            var sorted = new T[places.Length];
            for (var i = 0; i < places.Length; i++)
            {
                sorted[i] = rows[places[i].At];
            }

            return ImmutableCollectionsMarshal.AsImmutableArray(sorted);
        }
    }
}
