using System.Text;
using CalicoConsole.Adapters.Docker;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Tests.Docker;

/// <summary>Logs with the engine's times: taken off wherever they stand, and each line let through once.</summary>
public sealed class TimedLinesTests
{
    private const string One = "2026-11-29T15:00:01.000000001Z";
    private const string Two = "2026-11-29T15:00:02.5Z";

    [Fact]
    public void Lines_EachWithItsTime_LoseIt()
    {
        var lines = Whole($"{One} first\n{Two} second 1 2\n{Two} \n");

        Assert.Equal([("first", One), ("second 1 2", Two), ("", Two)], lines.Select(l => (l.Line.Text, l.At!)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16384)]
    public void LongLine_TimeInItsMiddle_IsOneLine(int chunk)
    {
        var text = new string('x', 40_000);
        var stream = Encoding.UTF8.GetBytes($"{One} {text[..16384]}{One} {text[16384..32768]}{One} {text[32768..]}\n{Two} next\n");

        var lines = Chunks(stream, chunk);

        Assert.Equal([text, "next"], lines.Select(l => l.Line.Text));
        Assert.Equal([One, Two], lines.Select(l => l.At));
    }

    [Fact]
    public void Frame_AfterALineWithoutEnd_BeginsWithItsOwnTime()
    {
        var splitter = new TimedLines(isError: false);
        List<TimedLine> lines = [.. splitter.Add(Encoding.UTF8.GetBytes($"{One} no end"), begins: true),
            .. splitter.Add(Encoding.UTF8.GetBytes($"{Two} next\n"), begins: true), .. splitter.End()];

        Assert.Equal(["no endnext"], lines.Select(l => l.Line.Text));
    }

    [Fact]
    public void Text_WithoutATime_StaysWhole()
    {
        Assert.Equal(["no time here", "x", " y", "last"], Whole("no time here\nx\n y\nlast").Select(l => l.Line.Text));
        Assert.All(Whole("no time here\n"), l => Assert.Null(l.At));
    }

    [Fact]
    public void Newer_RepetitionsAndStepsBack_AreDropped()
    {
        var newer = new NewerLines();

        Assert.True(Take(One, "a"));
        Assert.True(Take(Two, "b"));
        Assert.False(Take(One, "a"));
        Assert.False(Take(Two, "b"));
        Assert.True(Take(Two, "c"));
        Assert.True(newer.Take(new TimedLine(new DockerOutputLine(true, "a"), One)), "the other stream has an order of its own");
        Assert.True(newer.Take(new TimedLine(new DockerOutputLine(false, "?"), null)));
        Assert.Equal((Two, One), (newer.Newest, newer.From));

        bool Take(string at, string text) => newer.Take(new TimedLine(new DockerOutputLine(false, text), at));
    }

    private static List<TimedLine> Whole(string text) => Chunks(Encoding.UTF8.GetBytes(text), 16384);

    private static List<TimedLine> Chunks(byte[] stream, int chunk)
    {
        var splitter = new TimedLines(isError: false);
        return [.. stream.Chunk(chunk).SelectMany(c => splitter.Add(c, begins: false)), .. splitter.End()];
    }
}
