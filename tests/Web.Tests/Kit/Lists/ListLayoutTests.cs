using System.Text.Json;
using CalicoConsole.Web.Kit.Lists;

namespace CalicoConsole.Web.Tests.Kit.Lists;

public sealed class ListLayoutTests
{
    private static readonly ListColumn<string>[] Columns =
        [new("name", "Name", r => r), new("state", "State", r => r), new("size", "Size", r => r) { Width = 90 }, new("mac", "MAC", r => r) { Hidden = true }];

    [Fact]
    public void Declared_DrawsWhatIsNotHidden_WithWidthsOfItsColumns()
    {
        var placed = ListLayout.Declared.Place(Columns);
        Assert.Equal("name state size -mac", Words(ListLayout.Declared));
        Assert.Equal(90, placed[2].Width);
        Assert.True(placed[0].Width > placed[1].Width, "the name has most of the width");
    }

    [Fact]
    public void Show_HidesAndShows_ButNeverTheFirst()
    {
        var layout = ListLayout.Declared.Show(Columns, "state", false).Show(Columns, "mac", true).Show(Columns, "name", false);
        Assert.Equal("name -state size mac", Words(layout));
        Assert.Equal("name state size mac", Words(layout.Show(Columns, "state", true)));
    }

    [Theory]
    [InlineData("size", -1, "name size state -mac")]
    [InlineData("size", -9, "name size state -mac")]
    [InlineData("state", 1, "name size state -mac")]
    [InlineData("state", -1, "name state size -mac")]
    [InlineData("name", 1, "name state size -mac")]
    [InlineData("unknown", 1, "name state size -mac")]
    public void Move_GoesOverItsNeighbours_NeverBeforeTheFirst(string key, int by, string order) =>
        Assert.Equal(order, Words(ListLayout.Declared.Move(Columns, key, by)));

    [Fact]
    public void Move_OverAHiddenNeighbour_IsOneStepThatIsSeen()
    {
        var layout = ListLayout.Declared.Show(Columns, "state", false);
        Assert.Equal("name -state size -mac", Words(layout.Move(Columns, "size", -1)));
        Assert.Equal("name -state mac size", Words(layout.Show(Columns, "mac", true).Move(Columns, "mac", -1).Move(Columns, "mac", -1)));
    }

    [Fact]
    public void Resize_IsBounded_AndIsTheOnlyThingThatMakesAListWide()
    {
        var layout = ListLayout.Declared.Resize(Columns, new Dictionary<string, int> { ["state"] = 3, ["size"] = 99999, ["gone"] = 100 });
        Assert.Equal([ListLayout.Narrowest, ListLayout.Widest], layout.Place(Columns).Skip(1).Take(2).Select(p => p.Width));
        Assert.True(layout.IsResized);
        Assert.False(ListLayout.Declared.Show(Columns, "state", false).IsResized);
        Assert.False(ListLayout.Declared.IsResized);
    }

    [Fact]
    public void Kept_OfAnotherVersion_PassesOverWhatIsGoneAndPlacesWhatIsNew()
    {
        var layout = new ListLayout([new("gone", true), new("size", true, 200), new("name", false), new("size", false), new("state", false)]);
        Assert.Equal("name size -mac -state", Words(layout));
        Assert.Equal(200, layout.Place(Columns)[1].Width);
    }

    [Fact]
    public void Json_ThereAndBack_IsTheSame()
    {
        var layout = ListLayout.Declared.Move(Columns, "size", -1).Resize(Columns, new Dictionary<string, int> { ["size"] = 120 });
        var back = JsonSerializer.Deserialize<ListLayout>(JsonSerializer.Serialize(layout));
        Assert.Equal(layout.Choices, back!.Choices);
    }

    private static string Words(ListLayout layout) => string.Join(' ', layout.Place(Columns).Select(p => p.Shown ? p.Column.Key : $"-{p.Column.Key}"));
}
