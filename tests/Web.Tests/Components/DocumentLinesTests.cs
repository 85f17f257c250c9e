using CalicoConsole.Web.Kit;
using CsCheck;
using DiffPlex.DiffBuilder.Model;

namespace CalicoConsole.Web.Tests.Components;

public sealed class DocumentLinesTests
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

    /// <summary>Whatever changed, the unchanged lines with the removed ones are the text before, and with the added ones the text after.</summary>
    [Fact]
    public void Between_AnyTexts_GivesBothBack() =>
        Gen.Select(Text, Text).Sample((before, after) =>
        {
            var lines = DocumentLines.Between(before, after);

            Assert.Equal(before, string.Join('\n', lines.Where(l => l.Change != ChangeType.Inserted).Select(l => l.Text)));
            Assert.Equal(after, string.Join('\n', lines.Where(l => l.Change != ChangeType.Deleted).Select(l => l.Text)));
            Assert.All(lines, l => Assert.Equal(l.Text, (l.Change == ChangeType.Deleted ? before : after).Split('\n')[l.Number - 1]));
        });

    [Fact]
    public void Between_LongTexts_FindsTheOneLine()
    {
        var before = string.Join('\n', Enumerable.Range(0, 4000));
        var after = before.Replace("\n2000\n", "\nother\n", StringComparison.Ordinal);

        Assert.Equal([new(ChangeType.Deleted, 2001, "2000"), new(ChangeType.Inserted, 2001, "other")],
            DocumentLines.Between(before, after).Where(l => l.Change != ChangeType.Unchanged));
    }

    // A text without an end of line at its end, which is not told.
    private static Gen<string> Text => Gen.OneOfConst("a", "b", "", "  c", "\r", "d\r").Array[0, 12].Select(lines => string.Join('\n', [.. lines, "end"]));

    private static string Drawn(string? before, string? after) =>
        string.Join('|',
            DocumentLines.Between(before, after)
                .Select(l => $"{(l.Change switch { ChangeType.Inserted => '+', ChangeType.Deleted => '-', _ => ' ' })}{l.Text}"));
}
