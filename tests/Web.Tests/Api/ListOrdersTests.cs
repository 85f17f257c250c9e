using CalicoConsole.Web.Api;

namespace CalicoConsole.Web.Tests.Api;

public sealed class ListOrdersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void GivenOrder_WhileItemsComeAndGoAndChangePlaces_GivesEachThatStaysOnce(int seed)
    {
        var random = new Random(seed);
        // Every name twice, so that equal ones are told apart by how often they came.
        string[] staying = [.. Enumerable.Range(0, 15).SelectMany(i => new[] { $"stays {i}", $"stays {i}" })];
        var seen = new List<string>();
        string? told = null;
        while (true)
        {
            string[] now = [.. staying.Concat(Enumerable.Range(0, random.Next(10)).Select(i => $"goes {i}"))];
            random.Shuffle(now);
            var order = new GivenOrder<string>(now, i => i);
            var page = (told is null ? order.All : order.After(told)!).Take(random.Next(1, 5)).ToArray();
            if (page.Length == 0)
            {
                break;
            }

            seen.AddRange(page);
            Assert.True(seen.Count < 1000);
            told = order.Told(told, page);
        }

        Assert.Equal(staying.Order(StringComparer.Ordinal), seen.Where(s => s.StartsWith("stays", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void PlaceOrder_HalfAPairAndALongPlace_GoOnWhereTheyStood()
    {
        // Ordinal order, with halves of pairs, which no cursor can hold, and places that are alike for longer than a cursor is.
        string[] all = [.. new[] { "a", "b\ud800", "b\ud800x", "b\udc00", new string('l', 2000) + "1", new string('l', 2000) + "2", new string('l', 2001) }
            .Order(StringComparer.Ordinal)];
        var order = new PlaceOrder<string>(all, i => i, StringComparer.Ordinal, _ => all);
        for (var i = 0; i < all.Length; i++)
        {
            var cursor = ListCursor.Read("list", ListCursor.Write("list", order.Told(null, [all[i]])));
            Assert.NotNull(cursor);
            Assert.Equal(all[(i + 1)..], order.After(cursor)!);
        }

        // Whoever stood there is gone: those that begin alike come again, none is lost.
        var told = order.Told(null, [new string('l', 2000) + "2"]);
        string[] left = [.. all.Where(i => i != new string('l', 2000) + "2")];
        Assert.Equal(left.Where(i => i[0] == 'l'), new PlaceOrder<string>(left, i => i, StringComparer.Ordinal, _ => left).After(told)!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("~")]
    [InlineData("~short")]
    public void WhatNoPageEverTold_IsNoPlace(string told)
    {
        Assert.Null(new PlaceOrder<string>([], i => i, StringComparer.Ordinal, _ => []).After(told));
        Assert.Null(new GivenOrder<string>([], i => i).After(told));
    }

    [Fact]
    public void GivenOrder_OfTheMostItems_FitsIntoACursor()
    {
        string[] all = [.. Enumerable.Range(0, GivenOrder<string>.Most).Select(i => $"item {i}")];
        var cursor = ListCursor.Write("list", new GivenOrder<string>(all, i => i).Told(null, all));
        Assert.InRange(cursor.Length, 1, ListCursor.MostCharacters);
        // At most six of a code are listed, five by name.
        Assert.True(6 * Core.Problems.ProblemChecks.All.Sum(c => c.Codes.Length) <= GivenOrder<string>.Most);
    }
}
