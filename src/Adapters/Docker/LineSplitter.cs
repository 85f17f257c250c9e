using System.Text;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Docker;

/// <summary>Bytes of one output stream to lines: UTF-8 and lines may be cut anywhere. Not safe for concurrent use.</summary>
internal sealed class LineSplitter(bool isError)
{
    /// <summary>Longer lines are cut into pieces, so that a program that never ends its line cannot fill the memory.</summary>
    public const int LongestLine = 64 * 1024;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _rest = new();

    /// <summary>What came after the last line end.</summary>
    public DockerOutputLine Unfinished => new(isError, _rest.ToString());

    /// <summary>Takes bytes and answers the lines that they end.</summary>
    public List<DockerOutputLine> Add(ReadOnlySpan<byte> bytes) => Add(bytes, flush: false);

    /// <summary>The last line, if it had no line end.</summary>
    public List<DockerOutputLine> End()
    {
        var lines = Add([], flush: true);
        if (_rest.Length > 0)
        {
            lines.Add(Take());
        }

        return lines;
    }

    private List<DockerOutputLine> Add(ReadOnlySpan<byte> bytes, bool flush)
    {
        var characters = new char[_decoder.GetCharCount(bytes, flush)];
        _decoder.GetChars(bytes, characters, flush);
        var lines = new List<DockerOutputLine>();
        ReadOnlySpan<char> left = characters;
        while (left.Length > 0)
        {
            var end = left.IndexOf('\n');
            var piece = left[..Math.Min(end < 0 ? left.Length : end, LongestLine - _rest.Length)];
            _rest.Append(piece);
            left = left[piece.Length..];
            if (left.Length > 0 && left[0] == '\n')
            {
                left = left[1..];
                lines.Add(Take());
            }
            else if (_rest.Length == LongestLine)
            {
                lines.Add(Take());
            }
        }

        return lines;
    }

    private DockerOutputLine Take()
    {
        // A terminal ends lines with CR LF.
        var length = _rest.Length > 0 && _rest[^1] == '\r' ? _rest.Length - 1 : _rest.Length;
        var text = _rest.ToString(0, length);
        _rest.Clear();
        return new DockerOutputLine(isError, text);
    }
}
