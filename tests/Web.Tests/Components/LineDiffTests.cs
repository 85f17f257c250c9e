using CalicoConsole.Web.Kit;


namespace CalicoConsole.Web.Tests.Components;

public sealed class LineDiffTests
{
    [Theory]
    [InlineData("a\nb\nc", "a\nc", " a|-b| c")]
    [InlineData("a", "a\nb", " a|+b")]
    [InlineData(null, "a\nb\n", "+a|+b")]
    [InlineData("a", null, "-a")]
    [InlineData("a", "b", "-a|+b")]
    [InlineData("same", "same", " same")]
    [InlineData(null, null, "")]
    public void Of_Texts_IsAShortestDifference(string? before, string? after, string expected) => Assert.Equal(expected, Drawn(before, after));

    [Fact]
    public void Of_Json_IsComparedMemberByMember() =>
        Assert.Equal(" {|-  \"disabled\": false,|+  \"disabled\": true,|   \"cidr\": \"192.0.2.0/24\"| }", Drawn("""{"disabled":false,"cidr":"192.0.2.0/24"}""", """{"disabled":true,"cidr":"192.0.2.0/24"}"""));

    [Fact]
    public void Of_LongListsOfNumbers_StandSixteenInALine()
    {
        var before = $"[{string.Join(',', Enumerable.Range(0, 18))}]";
        Assert.Equal(
            " [|-  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,|+  null, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,|   16, 17| ]",
            Drawn(before, before.Replace("[0,", "[null,", StringComparison.Ordinal)));
        Assert.Equal(" [|   1,|   2| ]", Drawn("[1,2]", "[1,2]"));
    }

    [Fact]
    public void Of_NearlyJson_IsComparedAsItIs() => Assert.Equal("-{x|+{y", Drawn("{x", "{y"));

    private static string Drawn(string? before, string? after) =>
        string.Join('|',
            LineDiff.Between(before, after).Select(l => $"{(l.Change switch { LineChange.Added => '+', LineChange.Removed => '-', _ => ' ' })}{l.Text}"));
}
