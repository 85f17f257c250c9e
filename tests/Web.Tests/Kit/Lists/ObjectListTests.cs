using System.Collections.Immutable;
using Bunit;
using CalicoConsole.Web.Kit.Lists;

namespace CalicoConsole.Web.Tests.Kit.Lists;

/// <summary>What a list says of itself to assistive programs, its columns and its groups.</summary>
public sealed class ObjectListTests : IAsyncDisposable
{
    private static readonly ImmutableArray<Thing> Things = [new("web1", "running", 3), new("db1", "exited", 20), new("web2", "running", 100)];

    private readonly KeptPreferences _kept = new();
    private readonly ListStage _stage;

    public ObjectListTests() => _stage = new ListStage(_kept);

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public void Rows_SayWhereTheyStandAmongAll_AlsoWhereFewAreDrawn()
    {
        var list = _stage.Show("things", [.. Enumerable.Range(0, 5000).Select(i => new Thing($"t{i}", "running"))]);
        Assert.Equal("5001", list.Find("table").GetAttribute("aria-rowcount"));
        Assert.Equal("1", list.Find("thead tr").GetAttribute("aria-rowindex"));
        var rows = list.FindAll("tr[data-row]");
        Assert.InRange(rows.Count, 1, 1000);
        Assert.All(rows, r => Assert.Equal($"t{int.Parse(r.GetAttribute("aria-rowindex")!, null) - 2}", r.GetAttribute("data-thing")));
    }

    [Fact]
    public void Columns_HaveFixedWidths_WhateverStandsInTheRows()
    {
        var few = _stage.Show("things", Things);
        var widths = few.FindAll("col").Select(c => (c.GetAttribute("data-column"), c.GetAttribute("style"))).ToArray();
        Assert.Contains("--all:", few.Find("table").GetAttribute("style"), StringComparison.Ordinal);
        Assert.All(widths.Where(w => w.Item1 is not null), w => Assert.Matches(@"^--w: \d+(; --n: \d+)?$", w.Item2));

        var wide = _stage.Show("things", [new(new string('x', 300), new string('y', 300))]);
        Assert.Equal(widths, wide.FindAll("col").Select(c => (c.GetAttribute("data-column"), c.GetAttribute("style"))));
    }

    [Fact]
    public void ChangedRow_IsTheSameComponent_SoThatTheFocusStaysInIt()
    {
        var list = _stage.Show("things", Things);
        var before = list.FindComponents<ListRow<Thing>>().Single(r => r.Instance.Item.Name == "db1");
        list.Find("div.rows").FocusIn();
        list.Render(p => p.Add(l => l.Items, [Things[2], Things[1] with { State = "running" }, Things[0], new("new", "running")]));

        var after = list.FindComponents<ListRow<Thing>>().Single(r => r.Instance.Item.Name == "db1");
        Assert.Same(before.Instance, after.Instance);
        Assert.Equal(["web1", "db1", "web2"], ListStage.Names(list));
        Assert.Contains("running", list.Find("[data-thing=db1]").TextContent, StringComparison.Ordinal);
        Assert.Equal("1 new", list.Find("button.waiting").TextContent);
    }

    [Fact]
    public void RowThatCannotBeShown_SaysSo_BesideTheOthers_AndIsTriedAgainWhenItIsAnother()
    {
        var list = _stage.Show("things", Things);
        ListColumn<Thing>[] columns =
        [
            ListStage.Columns[0], new("state", "State", t => t.State == "exited" ? throw new InvalidOperationException("no words") : t.State),
        ];
        list.Render(p => p.Add(l => l.Columns, columns));
        Assert.Contains("db1 no words", System.Text.RegularExpressions.Regex.Replace(list.Find("tr[data-failed-row]").TextContent, @"\s+", " "),
            StringComparison.Ordinal);
        Assert.Equal(["web1", "web2"], ListStage.Names(list));

        list.Render(p => p.Add(l => l.Items, [Things[0], Things[1] with { State = "running" }, Things[2]]));
        Assert.Equal(["web1", "db1", "web2"], ListStage.Names(list));
        Assert.Empty(list.FindAll("tr[data-failed-row]"));
    }

    [Fact]
    public async Task ColumnsMenu_ShowsMovesAndResets_AndIsKeptForTheNextVisit()
    {
        var list = _stage.Show("things", Things);
        Assert.Equal(["name", "state", "size"], ListStage.Heads(list));
        await ChangeAsync(list, "[data-column-choice=mac] input", true);
        await ChangeAsync(list, "[data-column-choice=state] input", false);
        await ClickAsync(list, "[data-column-choice=mac] button[aria-label='Move MAC up']");
        Assert.Equal(["name", "mac", "size"], ListStage.Heads(list));
        Assert.Equal("MAC is column 2 of 3", list.Find("section > [role=status]").TextContent);
        Assert.True(list.Find("[data-column-choice=name] input").HasAttribute("disabled"));

        await using var next = new ListStage(_kept);
        var again = next.Show("things", Things);
        Assert.Equal(["name", "mac", "size"], ListStage.Heads(again));
        await again.InvokeAsync(() => again.Find("[data-reset-columns]").Click());
        Assert.Equal(["name", "state", "size"], ListStage.Heads(again));
        await using var last = new ListStage(_kept);
        Assert.Equal(["name", "state", "size"], ListStage.Heads(last.Show("things", Things)));
    }

    [Fact]
    public async Task ColumnsThatCannotBeKept_AreShownAllTheSame_AndItIsSaid()
    {
        var list = _stage.Show("things", Things);
        _kept.Fails = new Adapters.Audit.ConsoleDatabaseException("the disk is full", isTransient: false);
        await ChangeAsync(list, "[data-column-choice=state] input", false);
        Assert.Equal(["name", "size"], ListStage.Heads(list));
        list.WaitForAssertion(() => Assert.Contains("the disk is full", list.Find("[data-columns-menu] [role=alert]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task DraggedEdge_GivesTheWidthsOfAll_AndTheListMayGrow()
    {
        var list = _stage.Show("things", Things);
        Assert.DoesNotContain("min-width: 1000px", list.Find("table").GetAttribute("style"), StringComparison.Ordinal);
        var gestures = Assert.IsType<ListGestures>(list.Instance.Gestures);
        await list.InvokeAsync(() => gestures.OnResized(new() { ["name"] = 400, ["state"] = 300, ["size"] = 260 }));
        Assert.Equal("400", list.Find("[data-resize=name]").GetAttribute("aria-valuenow"));
        Assert.Contains("min-width: 1000px", list.Find("table").GetAttribute("style"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Group_StandsInTheAddress_AndItsHeadsOpenAndClose()
    {
        var list = _stage.Show("things?sort=-size", Things);
        await ChangeAsync(list, "[data-group-by]", "state");
        Assert.Equal("things?sort=-size&group=state", _stage.Address);
        list.WaitForAssertion(() => Assert.Equal(["exited", "running"], list.FindAll("tr[data-group]").Select(g => g.GetAttribute("data-group"))));
        Assert.Equal(["db1", "web2", "web1"], ListStage.Names(list));
        Assert.Equal("6", list.Find("table").GetAttribute("aria-rowcount"));
        Assert.Equal("4", list.Find("[data-group=running]").GetAttribute("aria-rowindex"));

        await ClickAsync(list, "[data-group=running] button");
        Assert.Equal(["db1"], ListStage.Names(list));
        Assert.Equal("false", list.Find("[data-group=running] button").GetAttribute("aria-expanded"));
        Assert.Equal("2", list.Find("[data-group=running] .muted").TextContent);
        Assert.Equal("4", list.Find("table").GetAttribute("aria-rowcount"));
    }

    [Fact]
    public void Group_ThatIsNoFacet_IsPassedOver() =>
        Assert.Empty(_stage.Show("things?group=size", Things).FindAll("tr[data-group]"));

    [Fact]
    public void HeldRows_StayInTheirGroup_UntilNobodyPointsAtThem()
    {
        var list = _stage.Show("things?group=state", Things);
        list.Find("div.rows").TriggerEvent("onpointerenter", new Microsoft.AspNetCore.Components.Web.PointerEventArgs());
        list.Render(p => p.Add(l => l.Items, [Things[0], Things[1] with { State = "running" }, Things[2], new("new", "exited")]));
        Assert.Equal(["db1", "web1", "web2"], ListStage.Names(list));
        list.Find("div.rows").TriggerEvent("onpointerleave", new Microsoft.AspNetCore.Components.Web.PointerEventArgs());
        Assert.Equal(["new", "web1", "db1", "web2"], ListStage.Names(list));
    }

    [Fact]
    public async Task View_IsSavedUnderAName_OpenedByItsAddress_AndDeleted()
    {
        var list = _stage.Show("things?state=running&sort=-size&tab=x", Things);
        await ChangeAsync(list, "[data-column-choice=size] input", false);
        list.Find("[data-view-name]").Input("  Big ones ");
        await ClickAsync(list, "[data-save-view]");
        Assert.Equal("things?state=running&sort=-size&tab=x&view=Big%20ones", _stage.Address);

        await using var next = new ListStage(_kept);
        var again = next.Show("things?view=Big%20ones", Things);
        again.WaitForAssertion(() => Assert.Equal(["web2", "web1"], ListStage.Names(again)));
        Assert.Equal(["name", "state"], ListStage.Heads(again));
        Assert.Contains("state=running", next.Address, StringComparison.Ordinal);
        Assert.Contains("sort=-size", next.Address, StringComparison.Ordinal);
        Assert.Equal("View: Big ones", again.Find("[data-views-menu] summary").TextContent);

        await ClickAsync(again, "button[aria-label='Delete view Big ones']");
        Assert.DoesNotContain("view=", next.Address, StringComparison.Ordinal);
        await using var last = new ListStage(_kept);
        Assert.Equal(3, ListStage.Names(last.Show("things?view=Big%20ones", Things)).Count());
    }

    [Theory]
    [InlineData("", "Give the view a name.")]
    [InlineData("  ", "Give the view a name.")]
    public async Task View_WithoutAName_IsNotSaved(string name, string said)
    {
        var list = _stage.Show("things", Things);
        list.Find("[data-view-name]").Input(name);
        await ClickAsync(list, "[data-save-view]");
        Assert.Equal(said, list.Find("[data-views-menu] [role=alert]").TextContent);
        Assert.Empty(list.FindAll("[data-view]"));
    }

    [Fact]
    public async Task RowMenu_HasTheActionsOfItsRow()
    {
        var list = _stage.Show("things", Things);
        Assert.Empty(list.FindAll("[data-row-actions] a"));
        await ClickAsync(list, "[data-thing=db1] .act button");
        Assert.Equal("do/edit?name=db1", list.Find("[data-row-actions] a").GetAttribute("href"));
        Assert.Equal("Actions of db1", list.Find("[data-thing=db1] .act button").GetAttribute("aria-label"));
    }

    private static Task ClickAsync(IRenderedComponent<ObjectList<Thing>> list, string selector) => list.InvokeAsync(() => list.Find(selector).Click());

    private static Task ChangeAsync(IRenderedComponent<ObjectList<Thing>> list, string selector, object value) =>
        list.InvokeAsync(() => list.Find(selector).Change(value));
}
