using System.Text.RegularExpressions;

namespace CalicoConsole.Core.Selectors;

internal enum TokenKind
{
    Label,
    Text,
    Has,
    All,
    In,
    NotIn,
    Equal,
    NotEqual,
    Not,
    And,
    Or,
    Open,
    Close,
    OpenSet,
    CloseSet,
    Comma,
    End,
}

internal readonly record struct Token(TokenKind Kind, string Value, int Position);

/// <summary>Cuts a selector into tokens, trying the forms in libcalico-go's order: that is why a label cannot begin with <c>in-</c>.</summary>
internal static partial class SelectorTokenizer
{
    public static bool TryTokenize(string text, List<Token> tokens, out SelectorError? error)
    {
        error = null;
        var at = 0;
        while (true)
        {
            while (at < text.Length && text[at] is ' ' or '\t')
            {
                at++;
            }

            if (at == text.Length)
            {
                tokens.Add(new Token(TokenKind.End, "", at));
                return true;
            }

            if (!TryNext(text, at, out var token, out var length, out var reason))
            {
                error = new SelectorError(at, reason);
                return false;
            }

            tokens.Add(token);
            at += length;
        }
    }

    private static bool TryNext(string text, int at, out Token token, out int length, out string reason)
    {
        (token, length, reason) = (default, 0, "");
        var c = text[at];
        if (c is '"' or '\'')
        {
            var end = text.IndexOf(c, at + 1);
            if (end < 0)
            {
                reason = "unterminated string";
                return false;
            }

            (token, length) = (new Token(TokenKind.Text, text[(at + 1)..end], at), end + 1 - at);
            return true;
        }

        var next = at + 1 < text.Length ? text[at + 1] : '\0';
        TokenKind? kind = (c, next) switch
        {
            ('(', _) => TokenKind.Open,
            (')', _) => TokenKind.Close,
            ('{', _) => TokenKind.OpenSet,
            ('}', _) => TokenKind.CloseSet,
            (',', _) => TokenKind.Comma,
            ('=', '=') => TokenKind.Equal,
            ('!', '=') => TokenKind.NotEqual,
            ('!', _) => TokenKind.Not,
            ('&', '&') => TokenKind.And,
            ('|', '|') => TokenKind.Or,
            _ => null,
        };
        if (kind is { } symbol)
        {
            (token, length) = (new Token(symbol, "", at), symbol is TokenKind.Equal or TokenKind.NotEqual or TokenKind.And or TokenKind.Or ? 2 : 1);
            return true;
        }

        if (c is '=' or '&' or '|')
        {
            reason = $"expected {c}{c}";
            return false;
        }

        return TryWord(text, at, out token, out length, out reason);
    }

    private static bool TryWord(string text, int at, out Token token, out int length, out string reason)
    {
        reason = "";
        foreach (var (kind, regex) in new[] { (TokenKind.Has, HasForm()), (TokenKind.NotIn, NotInForm()), (TokenKind.In, InForm()), (TokenKind.All, AllForm()),
            (TokenKind.Label, LabelForm()) })
        {
            var match = regex.Match(text, at);
            if (match.Success)
            {
                token = new Token(kind, kind == TokenKind.Has ? match.Groups[1].Value : match.Value, at);
                length = match.Length;
                return true;
            }
        }

        (token, length, reason) = (default, 0, "unexpected characters");
        return false;
    }

    [GeneratedRegex(@"\Ghas\([\t\n\f\r ]*([a-zA-Z0-9_./-]{1,512})[\t\n\f\r ]*\)", RegexOptions.CultureInvariant)]
    private static partial Regex HasForm();

    [GeneratedRegex(@"\Gnot[\t\n\f\r ]*in(?![0-9A-Za-z_])", RegexOptions.CultureInvariant)]
    private static partial Regex NotInForm();

    [GeneratedRegex(@"\Gin(?![0-9A-Za-z_])", RegexOptions.CultureInvariant)]
    private static partial Regex InForm();

    [GeneratedRegex(@"\Gall\([\t\n\f\r ]*\)", RegexOptions.CultureInvariant)]
    private static partial Regex AllForm();

    [GeneratedRegex(@"\G[a-zA-Z0-9_./-]{1,512}", RegexOptions.CultureInvariant)]
    private static partial Regex LabelForm();
}
