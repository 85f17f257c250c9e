using System.Collections.Immutable;
using CalicoConsole.Web.Kit.Lists;

namespace CalicoConsole.Web.Tests.Kit.Lists;

public sealed class ListGroupsTests
{
    private static readonly ListColumn<string> ByLetter = new("letter", "Letter", r => r[..^1]);

    [Fact]
    public void Make_PutsRowsTogether_InTheirOrder_AndThoseWithoutAValueLast()
    {
        var (rows, groups) = ListGroups.Make(["b2", "1", "a1", "b1", "2"], ByLetter);
        Assert.Equal(["a1", "b2", "b1", "1", "2"], rows);
        Assert.Equal([new("a", 0, 1), new("b", 1, 2), new("", 3, 2)], groups);
    }

    [Theory]
    [InlineData("", "[a] a1 [b] b2 b1 [] 1 2")]
    [InlineData("b", "[a] a1 [b] [] 1 2")]
    [InlineData("a b", "[a] [b] [] 1 2")]
    public void Lines_AreHeadsAndTheRowsOfOpenGroups(string closed, string said)
    {
        var lines = Lines(closed.Split(' '));
        Assert.Equal(said, string.Join(' ', lines.Select(Words)));
        Assert.Equal(Enumerable.Range(0, lines.Count), lines.Select(l => l.Index));
        Assert.Equal(said.Split(' ').Where(w => w[0] != '['), lines.Rows);
    }

    [Fact]
    public void Lines_WithEveryGroupClosed_AreItsHeads() => Assert.Equal("[a] [b] []", string.Join(' ', Lines("a", "b", "").Select(Words)));

    // Virtualize takes a window of the list by its indexer.
    [Theory]
    [InlineData(0, 3)]
    [InlineData(2, 4)]
    [InlineData(5, 9)]
    public void Lines_AnyWindow_IsThatPartOfAll(int skip, int take)
    {
        var lines = Lines();
        Assert.Equal(lines.ToArray().Skip(skip).Take(take), lines.Skip(skip).Take(take));
    }

    [Fact]
    public void Lines_WithoutGroups_AreTheRows()
    {
        var lines = new ListLines<string>(["x", "y"], [], ImmutableHashSet<string>.Empty);
        Assert.Equal(["x", "y"], lines.Rows);
        Assert.Equal(2, lines.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => lines[2]);
    }

    private static ListLines<string> Lines(params string[] closed)
    {
        var (rows, groups) = ListGroups.Make(["b2", "1", "a1", "b1", "2"], ByLetter);
        return new(rows, groups, closed is [""] ? ImmutableHashSet<string>.Empty : [.. closed]);
    }

    private static string Words(ListLine<string> line) => line.Group is { } group ? $"[{group.Value}]" : line.Row;
}
