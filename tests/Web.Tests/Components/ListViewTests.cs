using System.Collections.Immutable;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Lists;

namespace CalicoConsole.Web.Tests.Components;

public sealed class ListViewTests
{
    private static readonly ListColumn<Row>[] Columns =
    [
        new("name", "Name", r => r.Name),
        new("state", "State", r => r.State) { Facet = true },
        new("size", "Size", r => $"{r.Size}") { Order = ListOrder.By<Row, int>(r => r.Size) },
    ];

    private static readonly ImmutableArray<Row> Rows = [new("beta", "running", 10), new("alpha", "running, old", 9), new("gamma", "exited", 100)];

    [Theory]
    [InlineData("", "beta alpha gamma")]
    [InlineData("?q=RUN", "beta alpha")]
    [InlineData("?q=run%20alp", "alpha")]
    [InlineData("?q=nothing", "")]
    [InlineData("?state=running", "beta alpha")]
    [InlineData("?state=old", "alpha")]
    [InlineData("?state=run", "")]
    [InlineData("?sort=name", "alpha beta gamma")]
    [InlineData("?sort=-size", "gamma beta alpha")]
    [InlineData("?sort=size", "alpha beta gamma")]
    [InlineData("?sort=unknown&tab=x", "beta alpha gamma")]
    [InlineData("?q=a&state=running&sort=-name", "beta alpha")]
    public void Apply_Address_LeavesAndOrdersRows(string address, string names)
    {
        var query = Of(address);
        Assert.Equal(names, string.Join(' ', ListView.Apply(Rows, Columns, query).Select(r => r.Name)));
    }

    [Fact]
    public void Apply_EqualRows_KeepTheirOrder()
    {
        ImmutableArray<Row> rows = [.. Enumerable.Range(0, 50).Select(i => new Row($"r{i}", "same", i % 2))];
        var sorted = ListView.Apply(rows, Columns, Of("?sort=state"));
        Assert.Equal(rows, sorted);
    }

    [Theory]
    [InlineData("?q=a%20b&state=running&sort=-name")]
    [InlineData("?sort=size")]
    [InlineData("")]
    public void Query_ToParametersAndBack_IsTheSame(string address)
    {
        var query = Of(address);
        var parameters = query.ToParameters(["state"]).Where(p => p.Value is not null).Select(p => $"{p.Key}={Uri.EscapeDataString((string)p.Value!)}");
        var back = Of("?" + string.Join('&', parameters));
        Assert.Equal((query.Text, query.Sort, query.Descending), (back.Text, back.Sort, back.Descending));
        Assert.Equal(query.Facets, back.Facets);
    }

    [Fact]
    public void Query_Sorted_GoesUpDownAndBack()
    {
        var up = new ListQuery().Sorted("name");
        var down = up.Sorted("name");
        Assert.Equal(("name", false), (up.Sort, up.Descending));
        Assert.Equal(("name", true), (down.Sort, down.Descending));
        Assert.Null(down.Sorted("name").Sort);
        Assert.Equal(("size", false), (down.Sorted("size").Sort, down.Sorted("size").Descending));
    }

    [Fact]
    public void Facet_CountsEachValueMostFrequentFirst() =>
        Assert.Equal([new FacetValue("running", 2), new FacetValue("exited", 1), new FacetValue("old", 1)], ListView.Facet(Rows, Columns[1]));

    [Fact]
    public void HeldRows_NewestRows_ChangeInPlaceAndWait()
    {
        ImmutableArray<Row> newest = [new("new", "running", 1), new("gamma", "running", 100), new("beta", "running", 11)];
        var held = HeldRows.From(Rows).With(newest, r => r.Name);
        Assert.Equal(["beta", "alpha", "gamma"], held.Rows.Select(r => r.Name));
        Assert.Equal([11, 9, 100], held.Rows.Select(r => r.Size));
        Assert.Equal(["alpha"], held.Gone);
        Assert.Equal((1, 2), (held.Added, held.Waiting));

        var back = held.With(Rows, r => r.Name);
        Assert.Equal(0, back.Waiting);
    }

    private static ListQuery Of(string address) => ListQuery.From(new Uri("http://localhost/x" + address), Columns.Select(c => c.Key), ["state"]);

    private sealed record Row(string Name, string State, int Size);
}
