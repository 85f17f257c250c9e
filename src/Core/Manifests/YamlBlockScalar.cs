using System.Text;

namespace CalicoConsole.Core.Manifests;

/// <summary>Scans literal (<c>|</c>) and folded (<c>&gt;</c>) scalars, as calicoctl's go-yaml does. For one scalar.</summary>
internal sealed class YamlBlockScalar(YamlCursor cursor, int parent)
{
    private readonly StringBuilder _value = new();
    private readonly StringBuilder _break = new();
    private readonly StringBuilder _further = new();
    private int _indent;

    public static YamlToken Scan(YamlCursor cursor, int indent) => new YamlBlockScalar(cursor, indent).Scan();

    private YamlToken Scan()
    {
        var start = cursor.Mark;
        var literal = cursor.Read() == '|';
        var (chomping, increment) = Header();
        cursor.SkipBlanksAndComment();
        if (!cursor.IsBreakOrEnd())
        {
            throw cursor.Error("did not find expected comment or line break");
        }

        cursor.ReadBreak(null);
        _indent = increment == 0 ? 0 : Math.Max(parent, 0) + increment;
        Breaks();
        var before = false;
        while (cursor.Column == _indent && !cursor.IsEnd)
        {
            var blank = cursor.IsBlank();
            if (literal || before || blank || _break.Length == 0 || _break[0] != '\n')
            {
                _value.Append(_break);
            }
            else if (_further.Length == 0)
            {
                _value.Append(' ');
            }

            _break.Clear();
            _value.Append(_further);
            _further.Clear();
            before = blank;
            while (!cursor.IsBreakOrEnd())
            {
                _value.Append(cursor.Read());
            }

            cursor.ReadBreak(_break);
            Breaks();
        }

        _value.Append(chomping == '-' ? "" : _break.ToString()).Append(chomping == '+' ? _further.ToString() : "");
        return new YamlToken(YamlTokenKind.Scalar, start, _value.ToString());
    }

    // A sign that says what becomes of the last ends of lines, and a digit of indentation, in either order.
    private (char Chomping, int Increment) Header()
    {
        var (chomping, increment) = (' ', 0);
        for (var i = 0; i < 2; i++)
        {
            if (cursor.Now is '+' or '-' && chomping == ' ')
            {
                chomping = cursor.Read();
            }
            else if (char.IsAsciiDigit(cursor.Now) && increment == 0)
            {
                increment = cursor.Now == '0' ? throw cursor.Error("found an indentation indicator equal to 0") : cursor.Read() - '0';
            }
        }

        return (chomping, increment);
    }

    // Empty lines, and the indentation of the line behind them, which the first one that is not empty decides.
    private void Breaks()
    {
        var most = 0;
        while (true)
        {
            while ((_indent == 0 || cursor.Column < _indent) && cursor.Now == ' ')
            {
                cursor.Skip();
            }

            most = Math.Max(most, cursor.Column);
            if ((_indent == 0 || cursor.Column < _indent) && cursor.Now == '\t')
            {
                throw cursor.Error("found a tab character where an indentation space is expected");
            }

            if (!cursor.IsBreak())
            {
                break;
            }

            cursor.ReadBreak(_further);
        }

        _indent = _indent == 0 ? Math.Max(1, Math.Max(most, parent + 1)) : _indent;
    }
}
