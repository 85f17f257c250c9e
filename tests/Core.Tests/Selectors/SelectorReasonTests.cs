using CalicoConsole.Core.Selectors;

namespace CalicoConsole.Core.Tests.Selectors;

/// <summary>What people are told of a text that is no selector, and what only looks like too much of one.</summary>
public sealed class SelectorReasonTests
{
    [Theory]
    [InlineData("a == 'b' has(c)", 9, "unexpected content at end of selector")]
    [InlineData("tier == 'web' &&", 16, "expected an expression")]
    [InlineData("!", 1, "expected an expression")]
    [InlineData("tier == 'web' || 'db'", 17, "unexpected token")]
    [InlineData("(tier == 'web'", 14, "expected )")]
    [InlineData("(tier ==)", 8, "expected a string")]
    [InlineData("tier != web", 8, "expected a string")]
    [InlineData("tier", 4, "expected ==, !=, in or not in")]
    [InlineData("tier in 'web'", 8, "expected a set such as {\"a\", \"b\"}")]
    [InlineData("tier not in web", 12, "expected a set such as {\"a\", \"b\"}")]
    [InlineData("tier in {'web' 'db'}", 15, "expected }")]
    [InlineData("tier in {'web', db}", 16, "expected }")]
    [InlineData("tier == 'web", 8, "unterminated string")]
    [InlineData("'", 0, "unterminated string")]
    [InlineData("tier = 'web'", 5, "expected ==")]
    [InlineData("has(a) & has(b)", 7, "expected &&")]
    [InlineData("has(a) | has(b)", 7, "expected ||")]
    [InlineData("tier == §", 8, "unexpected characters")]
    public void TryParse_Invalid_SaysWhereAndWhatWasExpected(string text, int position, string reason)
    {
        Assert.False(Selector.TryParse(text, out _, out var error));
        Assert.Equal(new SelectorError(position, reason), error);
    }

    [Fact]
    public void TryParse_ParenthesesInsideOfEachOther_AreCountedAndRefusedFromA201stOn()
    {
        Assert.True(Selector.TryParse(Nested(200), out _, out _));
        Assert.False(Selector.TryParse(Nested(201), out _, out var error));
        Assert.Equal(new SelectorError(200, "parentheses are nested too deeply"), error);

        static string Nested(int depth) => new string('(', depth) + "has(a)" + new string(')', depth);
    }

    [Fact]
    public void TryParse_ParenthesesBesideEachOther_AreNotCounted() =>
        Assert.True(Selector.TryParse(string.Join(" || ", Enumerable.Range(0, 500).Select(i => $"(a{i} == 'x')")), out _, out var error), error?.Reason);

    [Theory]
    [InlineData("a!='b'", "a != \"b\"")]
    [InlineData("a not in {'c','b'}", "a not in {\"b\", \"c\"}")]
    public void Canonical_Negated_StaysNegated(string text, string canonical)
    {
        Assert.True(Selector.TryParse(text, out var selector, out _));
        Assert.Equal(canonical, selector.Canonical);
    }
}
