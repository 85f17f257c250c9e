using CalicoConsole.Web.Components.Shared;

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
    public void Of_NearlyJson_IsComparedAsItIs() => Assert.Equal("-{x|+{y", Drawn("{x", "{y"));

    private static string Drawn(string? before, string? after) =>
        string.Join('|', LineDiff.Of(before, after).Select(l => $"{(l.Change switch { LineChange.Added => '+', LineChange.Removed => '-', _ => ' ' })}{l.Text}"));
}
