using System.Collections.Immutable;
using Bunit;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Web.Kit.Lists;
using Microsoft.AspNetCore.Components.Web;

namespace CalicoConsole.Web.Tests.Kit.Lists;

/// <summary>Rows are selected, and something is done to all of them.</summary>
public sealed class ObjectListSelectionTests : IAsyncDisposable
{
    private static readonly ImmutableArray<Thing> Things = [.. Enumerable.Range(1, 6).Select(i => new Thing($"t{i}", i % 2 == 0 ? "running" : "exited"))];

    private static readonly ListAction<Thing> Stop = new("stop", "Stop", t => new ChangeContainer("h", t.Name, ContainerAction.Stop))
    {
        Skip = t => t.State == "running" ? null : $"it is {t.State}",
    };

    private static readonly ListAction<Thing> Remove = new("remove", "Remove", t => new ChangeContainer("h", t.Name, ContainerAction.Remove))
    {
        Destructive = true,
    };

    private readonly ListStage _stage = new();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public void Lists_WithoutBulkActions_HaveNoCheckBoxes() => Assert.Empty(_stage.Show("things", Things).FindAll("input[type=checkbox][aria-label^=Select]"));

    [Fact]
    public async Task ShiftClick_SelectsTheRange_AsTheRowsStand()
    {
        var list = _stage.Show("things?sort=-name", Things, Stop);
        await PickAsync(list, "t5");
        await PickAsync(list, "t2", shift: true);
        Assert.Equal(["t5", "t4", "t3", "t2"], Picked(list));
        Assert.Equal("4 things selected", list.Find("section > [role=status]").TextContent);
        Assert.Contains("4 things selected", list.Find("[data-bulk]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SelectAll_TakesAllThatTheFilterLeaves_ButWhatIsTakenOut_AndWhatComesIn()
    {
        var list = _stage.Show("things?state=running", Things, Stop);
        await list.InvokeAsync(() => list.Find("thead .pick input").Click());
        await PickAsync(list, "t4");
        Assert.Equal(["t2", "t6"], Picked(list));
        list.Render(p => p.Add(l => l.Items, Things.Add(new("t7", "running")).Add(new("t8", "exited"))));
        Assert.Contains("3 things selected", list.Find("[data-bulk]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherFilter_ForgetsAll_AndSaysHowManyItHides()
    {
        var list = _stage.Show("things?state=running", Things, Stop);
        await list.InvokeAsync(() => list.Find("thead .pick input").Click());
        await list.InvokeAsync(() => _stage.Navigation.NavigateTo("things"));
        list.WaitForAssertion(() => Assert.Equal(6, ListStage.Names(list).Count()));
        Assert.Empty(list.FindAll("[data-bulk]"));

        await PickAsync(list, "t1");
        await PickAsync(list, "t2");
        await list.InvokeAsync(() => _stage.Navigation.NavigateTo("things?state=running"));
        list.WaitForAssertion(() => Assert.Equal(["t2"], Picked(list)));
        Assert.Equal("2 things selected", list.Find("[data-bulk] strong").TextContent);
        Assert.Equal("1 of them filtered out", list.Find("[data-bulk] .muted").TextContent);
        await list.InvokeAsync(() => list.Find("[data-clear-picks]").Click());
        Assert.Empty(list.FindAll("[data-bulk]"));
    }

    [Fact]
    public async Task Action_TellsTheConsequencesFirst_AndThenOfEachHowItEnded()
    {
        _stage.Runner.PlanOf = o => new Plan { Consequences = [$"{((ChangeContainer)o).Container} ends."] };
        _stage.Runner.ResultOf = o => RecordingRunner.Result(((ChangeContainer)o).Container == "t2" ? OperationOutcome.Failed : OperationOutcome.Succeeded) with
        {
            Message = ((ChangeContainer)o).Container == "t2" ? "the engine said no" : null,
        };
        var list = _stage.Show("things", Things, Stop);
        await list.InvokeAsync(() => list.Find("thead .pick input").Click());
        await list.InvokeAsync(() => list.Find("[data-bulk-action=stop]").Click());
        list.WaitForAssertion(() => Assert.Equal("weighed", list.Find("[data-bulk-run]").GetAttribute("data-bulk-run")));
        Assert.Equal("3 will be done, 3 skipped", list.Find("[data-bulk-run] [role=status]").TextContent);
        Assert.Equal(["t2 ends.", "t4 ends.", "t6 ends."], list.FindAll(".bulk-consequences li").Select(l => l.TextContent));
        Assert.Contains("it is exited", list.Find("[data-bulk-item=skipped]").TextContent, StringComparison.Ordinal);
        Assert.Empty(_stage.Runner.Ran);

        await list.InvokeAsync(() => list.Find("[data-bulk-begin]").Click());
        list.WaitForAssertion(() => Assert.Equal("ended", list.Find("[data-bulk-run]").GetAttribute("data-bulk-run")));
        Assert.Equal(["t2", "t4", "t6"], _stage.Runner.Ran.Select(r => ((ChangeContainer)r.Operation).Container));
        Assert.All(_stage.Runner.Ran, r => Assert.Equal("admin", r.Context.Actor));
        Assert.Equal("2 done, 1 not done, 3 skipped", list.Find("[data-bulk-run] [role=status]").TextContent);
        Assert.Contains("the engine said no", Flat(list.FindAll("[data-bulk-item=ended]")[0].TextContent), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotBeTakenBack_AsksForTheNumber()
    {
        var list = _stage.Show("things", Things, Stop, Remove);
        await PickAsync(list, "t1");
        await PickAsync(list, "t3");
        await list.InvokeAsync(() => list.Find("[data-bulk-action=remove]").Click());
        list.WaitForElement("[data-bulk-begin]");
        Assert.True(list.Find("[data-bulk-begin]").HasAttribute("disabled"));
        await list.InvokeAsync(() => list.Find("[data-bulk-confirm]").Input("3"));
        Assert.True(list.Find("[data-bulk-begin]").HasAttribute("disabled"));
        await list.InvokeAsync(() => list.Find("[data-bulk-confirm]").Input("2"));
        Assert.False(list.Find("[data-bulk-begin]").HasAttribute("disabled"));
        Assert.Equal("Remove 2 things", list.Find("[data-bulk-begin]").TextContent);
    }

    private static IEnumerable<string> Picked(IRenderedComponent<ObjectList<Thing>> list) =>
        list.FindAll("tr[data-row]").Where(r => r.QuerySelector(".pick input")!.HasAttribute("checked")).Select(r => r.GetAttribute("data-thing")!);

    private static Task PickAsync(IRenderedComponent<ObjectList<Thing>> list, string name, bool shift = false) =>
        list.InvokeAsync(() => list.Find($"[data-thing={name}] .pick input").Click(new MouseEventArgs { ShiftKey = shift }));

    private static string Flat(string text) => string.Join(' ', text.Split((char[])['\n', ' ', '\r'], StringSplitOptions.RemoveEmptyEntries));
}
