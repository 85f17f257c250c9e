namespace CalicoConsole.Core.Manifests;

/// <summary>
/// Scans a YAML 1.1 text into tokens by the rules of calicoctl 1.6.3's go-yaml (of 2017), which differ from YAML 1.2 and from what libraries of
/// today take: where a list in brackets may go on, what ends a plain scalar, which escapes and tags there are. For one text; the tokens come as
/// they are asked for.
/// </summary>
internal sealed class YamlScanner(string text)
{
    // A key without ? stands on one line and is not longer than this.
    private const int LongestKey = 1024;

    private const string Indicators = "-?:,[]{}#&*!|>'\"%@`";

    private readonly YamlCursor _cursor = new(text);
    private readonly List<YamlToken> _tokens = [];
    private readonly Stack<int> _indents = new();
    private readonly List<SimpleKey> _keys = [default];
    private int _taken;
    private int _indent = -1;
    private bool _keyAllowed = true;
    private bool _ended;

    private bool InFlow => _keys.Count > 1;

    /// <summary>The next token, which stays.</summary>
    public YamlToken Peek()
    {
        while (NeedsMore())
        {
            Fetch();
        }

        return _tokens[0];
    }

    /// <summary>The next token.</summary>
    public YamlToken Take()
    {
        var token = Peek();
        if (token.Kind != YamlTokenKind.End)
        {
            _tokens.RemoveAt(0);
            _taken++;
        }

        return token;
    }

    // Whether the first token may still turn out to be a key, whose token belongs before it.
    private bool NeedsMore()
    {
        if (_tokens.Count == 0)
        {
            return true;
        }

        if (_ended)
        {
            return false;
        }

        Stale();
        return _keys.Exists(k => k.Possible && k.Token == _taken);
    }

    private void Fetch()
    {
        ToNextToken();
        Stale();
        Unroll(_cursor.Column);
        switch (_cursor.Now)
        {
            case '\0':
                End();
                break;
            case '%' when _cursor.Column == 0:
                Unindented();
                _tokens.Add(YamlProperties.Directive(_cursor));
                break;
            case '-' when _cursor.IsIndicator('-'):
                Indicator(YamlTokenKind.DocumentStart);
                break;
            case '.' when _cursor.IsIndicator('.'):
                Indicator(YamlTokenKind.DocumentEnd);
                break;
            case '[':
                FlowStart(YamlTokenKind.FlowSequenceStart);
                break;
            case '{':
                FlowStart(YamlTokenKind.FlowMappingStart);
                break;
            case ']':
                FlowEnd(YamlTokenKind.FlowSequenceEnd);
                break;
            case '}':
                FlowEnd(YamlTokenKind.FlowMappingEnd);
                break;
            case ',':
                RemoveKey();
                One(YamlTokenKind.FlowEntry, keyAllowed: true);
                break;
            case '-' when _cursor.IsBlankOrEnd(1):
                BlockStart(YamlTokenKind.BlockSequenceStart, "block sequence entries are not allowed in this context");
                RemoveKey();
                One(YamlTokenKind.BlockEntry, keyAllowed: true);
                break;
            case '?' when InFlow || _cursor.IsBlankOrEnd(1):
                BlockStart(YamlTokenKind.BlockMappingStart, "mapping keys are not allowed in this context");
                RemoveKey();
                One(YamlTokenKind.Key, keyAllowed: !InFlow);
                break;
            case ':' when InFlow || _cursor.IsBlankOrEnd(1):
                Value();
                break;
            case '*' or '&':
                SaveKey();
                _keyAllowed = false;
                _tokens.Add(YamlProperties.Anchor(_cursor));
                break;
            case '!':
                SaveKey();
                _keyAllowed = false;
                _tokens.Add(YamlProperties.Tag(_cursor));
                break;
            case '|' or '>' when !InFlow:
                RemoveKey();
                _keyAllowed = true;
                _tokens.Add(YamlBlockScalar.Scan(_cursor, _indent));
                break;
            case '\'' or '"':
                SaveKey();
                _keyAllowed = false;
                _tokens.Add(YamlScalars.Quoted(_cursor));
                break;
            default:
                Plain();
                break;
        }
    }

    private void Plain()
    {
        var indicator = _cursor.IsBlankOrEnd() || Indicators.Contains(_cursor.Now, StringComparison.Ordinal);
        if (indicator && !(_cursor.Now == '-' && !_cursor.IsBlank(1)) && !(!InFlow && _cursor.Now is '?' or ':' && !_cursor.IsBlankOrEnd(1)))
        {
            throw _cursor.Error($"found character that cannot start any token{(_cursor.Now == '\t' ? " (a tab: YAML is indented by blanks)" : "")}");
        }

        SaveKey();
        _keyAllowed = false;
        _tokens.Add(YamlScalars.Plain(_cursor, _indent, InFlow, out var endedLines));
        _keyAllowed |= endedLines;
    }

    private void ToNextToken()
    {
        while (true)
        {
            while (_cursor.Now == ' ' || (_cursor.Now == '\t' && (InFlow || !_keyAllowed)))
            {
                _cursor.Skip();
            }

            _cursor.SkipComment();
            if (!_cursor.IsBreak())
            {
                return;
            }

            _cursor.ReadBreak(null);
            _keyAllowed |= !InFlow;
        }
    }

    // Keys that can be none any more, because their line ended or they are too long.
    private void Stale()
    {
        for (var i = 0; i < _keys.Count; i++)
        {
            if (_keys[i].Possible && (_keys[i].Mark.Line < _cursor.Mark.Line || _keys[i].Mark.Index + LongestKey < _cursor.Mark.Index))
            {
                _keys[i] = _keys[i].Required ? throw Unfinished(_keys[i]) : default(SimpleKey);
            }
        }
    }

    private void SaveKey()
    {
        var required = !InFlow && _indent == _cursor.Column;
        if (required && !_keyAllowed)
        {
            throw _cursor.Error("did not find expected key");
        }

        if (_keyAllowed)
        {
            RemoveKey();
            _keys[^1] = new SimpleKey(true, required, _taken + _tokens.Count, _cursor.Mark);
        }
    }

    private void RemoveKey() => _keys[^1] = _keys[^1] is { Possible: true, Required: true } key ? throw Unfinished(key) : default(SimpleKey);

    private static YamlFormatException Unfinished(SimpleKey key) => YamlFormatException.At(key.Mark, "could not find expected ':'");

    private void Roll(int column, int? token, YamlTokenKind kind, YamlMark mark)
    {
        if (InFlow || _indent >= column)
        {
            return;
        }

        _indents.Push(_indent);
        _indent = column;
        _tokens.Insert(token is { } number ? number - _taken : _tokens.Count, new YamlToken(kind, mark));
    }

    private void Unroll(int column)
    {
        while (!InFlow && _indent > column)
        {
            _tokens.Add(new YamlToken(YamlTokenKind.BlockEnd, _cursor.Mark));
            _indent = _indents.Pop();
        }
    }

    private void End()
    {
        _cursor.EndLine();
        Unindented();
        _tokens.Add(new YamlToken(YamlTokenKind.End, _cursor.Mark));
        _ended = true;
    }

    private void Unindented()
    {
        Unroll(-1);
        RemoveKey();
        _keyAllowed = false;
    }

    private void Indicator(YamlTokenKind kind)
    {
        Unindented();
        _tokens.Add(new YamlToken(kind, _cursor.Mark));
        _cursor.Skip(3);
    }

    private void FlowStart(YamlTokenKind kind)
    {
        SaveKey();
        _keys.Add(default);
        One(kind, keyAllowed: true);
    }

    private void FlowEnd(YamlTokenKind kind)
    {
        RemoveKey();
        if (InFlow)
        {
            _keys.RemoveAt(_keys.Count - 1);
        }

        One(kind, keyAllowed: false);
    }

    private void BlockStart(YamlTokenKind kind, string reason)
    {
        if (!InFlow && !_keyAllowed)
        {
            throw _cursor.Error(reason);
        }

        Roll(_cursor.Column, null, kind, _cursor.Mark);
    }

    private void Value()
    {
        var key = _keys[^1];
        if (key.Possible)
        {
            _tokens.Insert(key.Token - _taken, new YamlToken(YamlTokenKind.Key, key.Mark));
            Roll(key.Mark.Column, key.Token, YamlTokenKind.BlockMappingStart, key.Mark);
            _keys[^1] = default;
            One(YamlTokenKind.Value, keyAllowed: false);
            return;
        }

        BlockStart(YamlTokenKind.BlockMappingStart, "mapping values are not allowed in this context (a text that holds ': ' needs quotes)");
        One(YamlTokenKind.Value, keyAllowed: !InFlow);
    }

    private void One(YamlTokenKind kind, bool keyAllowed)
    {
        _keyAllowed = keyAllowed;
        _tokens.Add(new YamlToken(kind, _cursor.Mark));
        _cursor.Skip();
    }

    /// <summary>What may become a key once a colon follows.</summary>
    private readonly record struct SimpleKey(bool Possible, bool Required, int Token, YamlMark Mark);
}
