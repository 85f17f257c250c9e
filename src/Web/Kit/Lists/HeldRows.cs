using System.Collections.Immutable;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>Rows that stay where they are while somebody points at them: known rows change in place, gone ones stay, new ones wait. Pure.</summary>
/// <param name="Rows">What is drawn.</param>
/// <param name="Added">How many rows wait to come in.</param>
/// <param name="Gone">Keys of rows that are drawn but are not there any more.</param>
public sealed record HeldRows<T>(ImmutableArray<T> Rows, int Added, ImmutableHashSet<string> Gone)
{
    /// <summary>How many changes of the order wait.</summary>
    public int Waiting => Added + Gone.Count;

    /// <summary>The drawn rows with the newest content, in the drawn order.</summary>
    public HeldRows<T> With(ImmutableArray<T> newest, Func<T, string> key)
    {
        var byKey = new Dictionary<string, T>(newest.Length, StringComparer.Ordinal);
        foreach (var row in newest)
        {
            byKey[key(row)] = row;
        }

        var gone = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        var rows = ImmutableArray.CreateBuilder<T>(Rows.Length);
        foreach (var row in Rows)
        {
            var name = key(row);
            if (byKey.TryGetValue(name, out var now))
            {
                rows.Add(now);
            }
            else
            {
                rows.Add(row);
                gone.Add(name);
            }
        }

        return new HeldRows<T>(rows.ToImmutable(), byKey.Count - (Rows.Length - gone.Count), gone.ToImmutable());
    }
}

/// <summary>Makes <see cref="HeldRows{T}"/>.</summary>
public static class HeldRows
{
    /// <summary>Nothing is held back.</summary>
    public static HeldRows<T> From<T>(ImmutableArray<T> rows) => new(rows, 0, []);
}
