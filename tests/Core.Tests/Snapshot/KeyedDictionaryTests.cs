using System.Globalization;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Snapshot;

/// <summary>The set against the framework's own sorted dictionary.</summary>
public sealed class KeyedDictionaryTests
{
    private static readonly KeyedDictionary<Item> None = KeyedDictionary.Empty<Item>(i => i.Key);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(5000)]
    public void RandomChanges_LeaveWhatADictionaryHas(int start)
    {
        var random = new Random(start);
        var model = new SortedDictionary<string, Item>(StringComparer.Ordinal);
        for (var i = 0; i < start; i++)
        {
            var item = new Item(Key(random), i);
            model[item.Key] = item;
        }

        var set = None.Holding(model.Values);
        AssertSame(model, set);
        for (var i = 0; i < 6000; i++)
        {
            var before = set;
            var count = set.Count;
            var key = Key(random);
            // Grows for a while and then shrinks, so that runs are cut and joined.
            if (random.Next(100) < (i < 3000 ? 70 : 15))
            {
                model[key] = new Item(key, i);
                set = set.With(model[key]);
            }
            else
            {
                var gone = model.Count == 0 || random.Next(4) == 0 ? key : model.Keys.ElementAt(random.Next(model.Count));
                model.Remove(gone);
                set = set.Without(gone);
            }

            Assert.Equal(count, before.Count);
            if (i % 500 == 0)
            {
                AssertSame(model, set);
            }
        }

        AssertSame(model, set);
        set = model.Keys.ToArray().Aggregate(set, (s, key) => s.Without(key));
        Assert.True(set.IsEmpty);
        AssertSame([], set);
    }

    [Fact]
    public void Of_UnorderedWithRepeats_KeepsTheLastOfEach()
    {
        var set = None.Holding([new("b", 1), new("a", 2), new("b", 3), new("a-b", 4), new("a/b", 5), new("a", 6), new("B", 7)]);

        Assert.Equal([new("B", 7), new("a", 6), new("a-b", 4), new("a/b", 5), new("b", 3)], set.Values);
        Assert.Equal(5, set.Count);
        Assert.Equal(6, set["a"].Value);
        Assert.Throws<KeyNotFoundException>(() => set["c"]);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 20)]
    [InlineData(3000, 0)]
    [InlineData(3000, 1)]
    [InlineData(3000, 2000)]
    public void ChangesSince_AppliedToTheEarlierSet_MakeTheLaterOne(int start, int changes)
    {
        var random = new Random(start + changes);
        var earlier = None.Holding(Enumerable.Range(0, start).Select(i => new Item(Key(random), i)));
        var later = earlier;
        for (var i = 0; i < changes; i++)
        {
            later = random.Next(2) == 0 ? later.Without(Key(random)) : later.With(new Item(Key(random), -i));
        }

        foreach (var (from, to) in (IEnumerable<(KeyedDictionary<Item>, KeyedDictionary<Item>)>)[(earlier, later), (later, earlier), (later, later)])
        {
            var found = to.ChangesSince(from).ToArray();
            Assert.Equal(found.Select(c => (c.After ?? c.Before)!.Key).Order(StringComparer.Ordinal), found.Select(c => (c.After ?? c.Before)!.Key));
            Assert.All(found, c => Assert.False(ReferenceEquals(c.Before, c.After)));
            Assert.All(found, c => Assert.Same(c.Before, from.GetValueOrDefault((c.After ?? c.Before)!.Key)));
            var applied = found.Aggregate(from, (set, c) => c.After is { } item ? set.With(item) : set.Without(c.Before!.Key));
            Assert.Equal(to.Values, applied.Values);
        }

        Assert.True(later.ChangesSince(earlier).Count() <= changes);
    }

    private static void AssertSame(SortedDictionary<string, Item> expected, KeyedDictionary<Item> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.Equal(expected.Values, actual.Values);
        Assert.Equal(expected.AsEnumerable(), actual.AsEnumerable());
        var random = new Random(1);
        for (var i = 0; i < 50; i++)
        {
            var key = Key(random);
            Assert.Equal(expected.TryGetValue(key, out var known), actual.TryGetValue(key, out var found));
            Assert.Equal(known, found);
            Assert.Equal(expected.Values.Where(v => string.CompareOrdinal(v.Key, key) >= 0), actual.From(key));
        }
    }

    private static string Key(Random random) => random.Next(9000).ToString("x", CultureInfo.InvariantCulture);

    private sealed record Item(string Key, int Value);
}
