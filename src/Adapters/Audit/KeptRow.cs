namespace CalicoConsole.Adapters.Audit;

/// <summary>A row of something that the console keeps; every write of a key makes a new row and removes the one before.</summary>
public sealed class KeptRow
{
    /// <summary>The revision: counts up over all keys and is never used twice, not even after a deletion.</summary>
    public long Id { get; set; }

    /// <summary>The key, see <c>KeptKeys</c>.</summary>
    public required string Key { get; set; }

    /// <summary>The document as UTF-8.</summary>
    public required byte[] Value { get; set; }
}
