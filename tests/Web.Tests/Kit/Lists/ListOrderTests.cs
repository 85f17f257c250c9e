using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Web.Areas.Endpoints;
using CalicoConsole.Web.Kit.Lists;

namespace CalicoConsole.Web.Tests.Kit.Lists;

public sealed class ListOrderTests
{
    [Theory]
    [InlineData(false, "a2 b2 c1 d1", "c1 d1 a2 b2")]
    [InlineData(true, "a2 b2 c1 d1", "a2 b2 c1 d1")]
    public void Sort_EqualRows_KeepTheGivenOrderInBothDirections(bool descending, string rows, string sorted)
    {
        var order = ListOrder.By<string, char>(r => r[1]);
        Assert.Equal(sorted, string.Join(' ', order.Sort([.. rows.Split(' ')], descending)));
    }

    [Fact]
    public void Sort_AsksEachRowForItsKeyOnce()
    {
        var asked = 0;
        var order = ListOrder.By<int, int>(r => Interlocked.Increment(ref asked) * 0 + (r * 7919 % 1009));
        var sorted = order.Sort([.. Enumerable.Range(0, 1000)], descending: false);
        Assert.Equal(1000, asked);
        Assert.Equal(sorted.Select(r => r * 7919 % 1009).Order(), sorted.Select(r => r * 7919 % 1009));
    }

    [Fact]
    public void Sort_EndpointsByAddress_CountsTheirNumbersNotTheirLetters()
    {
        ImmutableArray<EndpointRow> rows = [.. new[] { "192.0.2.10/32", null, "192.0.2.9/32" }.Select((net, i) => new EndpointRow($"k{i}",
            new WorkloadEndpoint { Id = new("n", "o", "w", $"e{i}"), IPv4Nets = net is null ? [] : [Cidr.Parse(net)] }, null, false))];
        var query = new ListQuery { Sort = "address" };
        Assert.Equal(["k1", "k2", "k0"], ListView.Apply(rows, EndpointRow.Columns, query).Select(r => r.Key));
        Assert.Equal(["k0", "k2", "k1"], ListView.Apply(rows, EndpointRow.Columns, query with { Descending = true }).Select(r => r.Key));
    }
}
