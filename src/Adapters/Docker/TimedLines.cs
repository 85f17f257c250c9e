using System.Globalization;
using System.Text;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Docker;

/// <summary>A line of a log with the engine's time of its first piece; null when it gave none.</summary>
/// <param name="Line">The line.</param>
/// <param name="At">The engine's time, as it wrote it: text of one form, which sorts as the time does.</param>
internal sealed record TimedLine(DockerOutputLine Line, string? At)
{
    /// <summary>Whether these are the engine's own words and not the container's, such as that it cannot read the log.</summary>
    public bool FromEngine { get; init; }
}

/// <summary>
/// One output stream of a log that was asked for with timestamps, as lines. The engine puts the time before each message it keeps: a line, or a piece of
/// 16 KiB of a longer one, so that a long line has it in its middle too (measured on 20.10.24). Not safe for concurrent use.
/// </summary>
internal sealed class TimedLines(bool isError)
{
    private const int Piece = 16 * 1024;
    private const int LongestTime = 36;

    private readonly LineSplitter _splitter = new(isError);
    private readonly StringBuilder _head = new();
    private bool _inHead = true;
    private int _taken;
    private bool _lineBegun;
    private string? _at;

    /// <summary>Takes bytes and answers the lines that they end.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="begins">Whether they are known to begin a message.</param>
    public List<TimedLine> Add(ReadOnlySpan<byte> bytes, bool begins)
    {
        var lines = new List<TimedLine>();
        if (begins && !_inHead)
        {
            (_inHead, _taken) = (true, 0);
        }

        while (bytes.Length > 0)
        {
            bytes = _inHead ? Head(bytes, lines) : Content(bytes, lines);
        }

        return lines;
    }

    /// <summary>The last line, if it had no line end.</summary>
    public List<TimedLine> End()
    {
        var lines = new List<TimedLine>();
        NoTime(lines);
        lines.AddRange(_splitter.End().Select(l => new TimedLine(l, _at)));
        return lines;
    }

    private ReadOnlySpan<byte> Head(ReadOnlySpan<byte> bytes, List<TimedLine> lines)
    {
        var blank = bytes.IndexOf((byte)' ');
        var part = blank < 0 ? bytes : bytes[..blank];
        if (part.Contains((byte)'\n') || _head.Length + part.Length > LongestTime)
        {
            // No time stands here: it is content.
            NoTime(lines);
            return bytes;
        }

        _head.Append(Encoding.ASCII.GetString(part));
        if (blank < 0)
        {
            return [];
        }

        var text = _head.ToString();
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _) || !text.EndsWith('Z'))
        {
            NoTime(lines);
            return bytes[blank..];
        }

        _head.Clear();
        (_inHead, _taken) = (false, 0);
        if (!_lineBegun)
        {
            _at = text;
        }

        return bytes[(blank + 1)..];
    }

    private ReadOnlySpan<byte> Content(ReadOnlySpan<byte> bytes, List<TimedLine> lines)
    {
        var end = bytes.IndexOf((byte)'\n');
        var length = Math.Min(end < 0 ? bytes.Length : end + 1, Piece - _taken);
        Take(bytes[..length], lines);
        _taken += length;
        var ended = end >= 0 && length == end + 1;
        _lineBegun = !ended;
        if (ended || _taken == Piece)
        {
            (_inHead, _taken) = (true, 0);
        }

        return bytes[length..];
    }

    private void NoTime(List<TimedLine> lines)
    {
        if (!_inHead)
        {
            return;
        }

        _inHead = false;
        if (_head.Length > 0)
        {
            var kept = Encoding.ASCII.GetBytes(_head.ToString());
            _head.Clear();
            Take(kept, lines);
            _taken += kept.Length;
            _lineBegun = true;
        }
    }

    private void Take(ReadOnlySpan<byte> bytes, List<TimedLine> lines) => lines.AddRange(_splitter.Add(bytes).Select(l => new TimedLine(l, _at)));
}
