using CalicoConsole.Core.Operations;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>Something that can be done to many rows at once: an operation for each of them, run one after the other.</summary>
/// <param name="Key">Its name in the page.</param>
/// <param name="Label">The verb on its button: <c>Stop</c>.</param>
/// <param name="Operation">What is done to a row.</param>
/// <remarks>Everything else that people read of it are the operation's own words.</remarks>
public sealed record ListAction<T>(string Key, string Label, Func<T, Operation> Operation)
{
    /// <summary>Why there is nothing to do for a row, which is then passed over; null when there is.</summary>
    public Func<T, string?> Skip { get; init; } = static _ => null;

    /// <summary>What stands before the number of objects, where that is more than the verb: <c>Remove calico-node from</c>; null for the label.</summary>
    public string? BeforeNumber { get; init; }

    /// <summary>Whether it cannot be taken back, so that it asks for the number of objects.</summary>
    public bool Destructive { get; init; }
}
