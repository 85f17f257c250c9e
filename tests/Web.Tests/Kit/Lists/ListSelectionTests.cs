using CalicoConsole.Web.Kit.Lists;

namespace CalicoConsole.Web.Tests.Kit.Lists;

public sealed class ListSelectionTests
{
    private static readonly string[] Rows = ["a", "b", "c", "d", "e"];

    [Fact]
    public void Toggle_SelectsAndTakesOut()
    {
        var selection = ListSelection.None.Toggle("b").Toggle("d");
        Assert.Equal("bd", Among(selection));
        Assert.Equal("d", Among(selection.Toggle("b")));
        Assert.True(selection.Toggle("b").Toggle("d").IsEmpty);
    }

    [Theory]
    [InlineData("b", "d", "bcd")]
    [InlineData("d", "b", "bcd")]
    [InlineData("b", "b", "b")]
    public void Extend_SelectsUpToTheRow_InBothDirections(string from, string to, string selected)
    {
        var extended = ListSelection.None.Toggle(from).Extend(Rows, to);
        Assert.Equal(selected, Among(extended));
        Assert.Equal(from, extended.Anchor);
    }

    [Fact]
    public void Extend_FromARowThatWasTakenOut_TakesOutUpToTheRow() =>
        Assert.Equal("ae", Among(ListSelection.All().Toggle("b").Extend(Rows, "d")));

    [Fact]
    public void Extend_WhereTheAnchorIsNotAmongTheRows_IsATick()
    {
        Assert.Equal("c", Among(ListSelection.None.Extend(Rows, "c")));
        Assert.Equal("c", Among(ListSelection.None.Toggle("hidden").Extend(Rows, "c")));
    }

    [Fact]
    public void All_IsKeptAsAllBut_SoThatRowsWhichComeInAreAmongThem()
    {
        var selection = ListSelection.All().Toggle("c");
        Assert.Equal("abde", Among(selection));
        Assert.Equal(["c"], selection.Keys);
        Assert.True(selection.Holds("new"));
        Assert.Equal(4, selection.CountAmong(Rows, r => r));
    }

    [Fact]
    public void AnotherFilter_ForgetsAll_AndKeepsWhatWasSelectedOneByOne()
    {
        Assert.True(ListSelection.All().Toggle("c").ForAnotherFilter().IsEmpty);
        Assert.Equal("b", Among(ListSelection.None.Toggle("b").ForAnotherFilter()));
    }

    private static string Among(ListSelection selection) => string.Concat(selection.Among(Rows, r => r));
}
