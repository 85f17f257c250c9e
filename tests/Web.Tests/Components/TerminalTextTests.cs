using CalicoConsole.Web.Areas.Containers;
using CalicoConsole.Web.Kit;


namespace CalicoConsole.Web.Tests.Components;

/// <summary>Output as a terminal shows it.</summary>
public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData(" 10%\r 20%\r100%", "100%")]
    [InlineData("abcdef\rxy", "xycdef")]
    [InlineData("abcdef\r\u001b[Kxy", "xy")]
    [InlineData("abc\b\bX", "aXc")]
    [InlineData("a\tb", "a       b")]
    [InlineData("\u001b]0;title\aword", "word")]
    [InlineData("\u001b]8;;http://x\u001b\\link", "link")]
    [InlineData("a\u001b[2Jb\u001b[?25lc", "abc")]
    [InlineData("a\u001b[3Cb", "a   b")]
    [InlineData("ab\u001b[1GX", "Xb")]
    [InlineData("bell\a\0", "bell")]
    [InlineData("cut\u001b[3", "cut")]
    [InlineData("cut\u001b", "cut")]
    [InlineData("grün 🐄", "grün 🐄")]
    [InlineData("<b>&", "<b>&")]
    public void Line_Text_IsWhatATerminalShows(string output, string shown) =>
        Assert.Equal(shown, string.Concat(new TerminalText().Line(output).Select(p => p.Text)));

    [Theory]
    [InlineData("31", "ansi-f-1", null)]
    [InlineData("1;32", "ansi-bold ansi-f-2", null)]
    [InlineData("97;44", "ansi-f-15 ansi-b-4", null)]
    [InlineData("7", "ansi-f-inverse ansi-b-inverse", null)]
    [InlineData("4;9", "ansi-both", null)]
    [InlineData("38;5;9", "ansi-f-9", null)]
    [InlineData("38;5;196", null, "color:#ff0000;")]
    [InlineData("48;5;232", null, "background:#080808;")]
    [InlineData("38;2;1;2;300;1", "ansi-bold", "color:#0102ff;")]
    [InlineData("38:2::1:2:3", null, "color:#010203;")]
    [InlineData("38;5", null, null)]
    [InlineData("31;0", null, null)]
    [InlineData("", null, null)]
    [InlineData("999", null, null)]
    public void Line_Look_IsAsAsked(string parameters, string? classes, string? style)
    {
        var piece = Assert.Single(new TerminalText().Line($"\u001b[{parameters}mx"));

        Assert.Equal(("x", classes, style), (piece.Text, piece.Class, piece.Style));
    }

    [Fact]
    public void Line_LookLeftOn_HoldsOnTheNextLine()
    {
        var terminal = new TerminalText();

        Assert.Equal("ansi-f-1", Assert.Single(terminal.Line("\u001b[31mred")).Class);
        Assert.Equal(["ansi-f-1", null], terminal.Line("still\u001b[m not").Select(p => p.Class));
    }

    [Fact]
    public void Line_ColumnFarAway_DoesNotFillTheMemory() =>
        Assert.True(new TerminalText().Line("\u001b[999999999Cx\u001b[2147483647Cy").Sum(p => p.Text.Length) <= 64 * 1024);
}
