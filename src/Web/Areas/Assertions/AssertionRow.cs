using System.Collections.Immutable;
using CalicoConsole.Core.Reachability.Assertions;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Areas.Assertions;

/// <summary>An assertion as the list shows it.</summary>
public sealed record AssertionRow(AssertionResult Result)
{
    /// <summary>Its name.</summary>
    public string Name => Result.Name;

    /// <summary>What it says.</summary>
    public string Sentence => Result.Assertion?.Sentence ?? "";

    /// <summary>How many pairs it was looked at for.</summary>
    public string Pairs => Result.Pairs.Grouped();

    /// <summary>Rows, broken ones first.</summary>
    public static ImmutableArray<AssertionRow> AllIn(ImmutableArray<AssertionResult> results) =>
        [.. results.OrderBy(r => r.State switch { AssertionState.Broken => 0, AssertionState.Unreadable => 1, AssertionState.NothingToCheck => 2, _ => 3 })
            .ThenBy(r => r.Name, StringComparer.Ordinal).Select(r => new AssertionRow(r))];
}
