using System.Collections.Immutable;
using CalicoConsole.E2E.Tests.WalkThrough;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(CalicoConsole.E2E.Tests.LongestFirst))]

namespace CalicoConsole.E2E.Tests;

/// <summary>
/// As many classes run at once as there are processors, so what takes longest begins first, and nothing long is left alone at the end. All of the lab's classes
/// count as one; the others follow in an order of their own.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly ImmutableArray<string> Long = [LabBrowsing.Name, nameof(FabricPagesTests), nameof(HostilePagesTests), nameof(PagesTests)];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(c => PlaceOf(c.TestCollectionDisplayName)).ThenBy(c => c.TestCollectionDisplayName, StringComparer.Ordinal)];

    private static int PlaceOf(string name)
    {
        var place = Long.IndexOf(Long.FirstOrDefault(name.Contains) ?? "");
        return place < 0 ? Long.Length : place;
    }
}
