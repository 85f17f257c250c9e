using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace CalicoConsole.Core.Selectors;

/// <summary>Parses tokens by recursive descent: or, and, operation. For one text only.</summary>
internal sealed class SelectorParser(string text)
{
    // Far deeper than anybody writes, far less than the stack holds: stored text may be anything.
    private const int MaxDepth = 200;

    private readonly List<Token> _tokens = [];
    private int _at;
    private int _depth;

    public SelectorError? Error { get; private set; }

    private Token Current => _tokens[_at];

    public bool TryParse([NotNullWhen(true)] out SelectorNode? root)
    {
        root = null;
        if (!SelectorTokenizer.TryTokenize(text, _tokens, out var error))
        {
            Error = error;
            return false;
        }

        if (Current.Kind == TokenKind.End)
        {
            root = new SelectorNode.All();
            return true;
        }

        var node = Or();
        if (node is not null && Current.Kind != TokenKind.End)
        {
            node = Fail("unexpected content at end of selector");
        }

        root = node;
        return node is not null;
    }

    private SelectorNode? Or() => Joined(TokenKind.Or, And, static nodes => new SelectorNode.Or(nodes));

    private SelectorNode? And() => Joined(TokenKind.And, Operation, static nodes => new SelectorNode.And(nodes));

    private SelectorNode? Joined(TokenKind by, Func<SelectorNode?> operand, Func<ImmutableArray<SelectorNode>, SelectorNode> join)
    {
        var nodes = ImmutableArray.CreateBuilder<SelectorNode>();
        while (operand() is { } node)
        {
            nodes.Add(node);
            if (Current.Kind != by)
            {
                return nodes.Count == 1 ? node : join(nodes.ToImmutable());
            }

            _at++;
        }

        return null;
    }

    private SelectorNode? Operation()
    {
        var negated = false;
        while (Current.Kind == TokenKind.Not)
        {
            negated = !negated;
            _at++;
        }

        var token = Current;
        var node = token.Kind switch
        {
            TokenKind.Has => Take(new SelectorNode.Has(token.Value)),
            TokenKind.All => Take(new SelectorNode.All()),
            TokenKind.Label => Comparison(Take(token.Value)),
            TokenKind.Open => Parenthesized(),
            TokenKind.End => Fail("expected an expression"),
            _ => Fail("unexpected token"),
        };
        return node is not null && negated ? new SelectorNode.Not(node) : node;
    }

    private SelectorNode? Parenthesized()
    {
        if (_depth == MaxDepth)
        {
            return Fail("parentheses are nested too deeply");
        }

        _at++;
        _depth++;
        var node = Or();
        _depth--;
        return node is null ? null : Current.Kind == TokenKind.Close ? Take(node) : Fail("expected )");
    }

    private SelectorNode? Comparison(string label)
    {
        var kind = Current.Kind;
        switch (kind)
        {
            case TokenKind.Equal or TokenKind.NotEqual:
                _at++;
                return Current.Kind == TokenKind.Text
                    ? new SelectorNode.Compare(label, Take(Current.Value), kind == TokenKind.NotEqual) : Fail("expected a string");
            case TokenKind.In or TokenKind.NotIn:
                _at++;
                return Values() is { } values ? new SelectorNode.InSet(label, values, kind == TokenKind.NotIn) : null;
            default:
                return Fail("expected ==, !=, in or not in");
        }
    }

    private ImmutableArray<string>? Values()
    {
        if (Current.Kind != TokenKind.OpenSet)
        {
            Fail("expected a set such as {\"a\", \"b\"}");
            return null;
        }

        _at++;
        var values = new SortedSet<string>(
            Comparer<string>.Create(static (a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b))));
        while (Current.Kind == TokenKind.Text)
        {
            values.Add(Take(Current.Value));
            if (Current.Kind != TokenKind.Comma)
            {
                break;
            }

            _at++;
        }

        if (Current.Kind != TokenKind.CloseSet)
        {
            Fail("expected }");
            return null;
        }

        _at++;
        return [.. values];
    }

    private T Take<T>(T value)
    {
        _at++;
        return value;
    }

    private SelectorNode? Fail(string reason)
    {
        Error = new SelectorError(Current.Position, reason);
        return null;
    }
}
