namespace CalicoConsole.Core.Snapshot;

/// <summary>
/// The order of a sorted listing of etcd v2: directory by directory, names by their UTF-8 bytes, so that a name stands before those that begin with it.
/// </summary>
public sealed class TreeOrder : IComparer<string>
{
    private TreeOrder()
    {
    }

    /// <summary>The one instance.</summary>
    public static TreeOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        }

        var length = Math.Min(x.Length, y.Length);
        for (var i = 0; i < length; i++)
        {
            if (x[i] != y[i])
            {
                return Rank(x[i]) - Rank(y[i]);
            }
        }

        return x.Length - y.Length;
    }

    // In UTF-8 what takes two units in UTF-16 comes last.
    private static int Rank(char c) => c switch
    {
        '/' => 0,
        >= '\ud800' and <= '\udfff' => c + 0x10000,
        _ => c,
    };
}
