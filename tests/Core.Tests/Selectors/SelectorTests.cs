using System.Text.RegularExpressions;
using CalicoConsole.Core.Selectors;
using CalicoConsole.Core.Tests.Golden;
using CsCheck;

namespace CalicoConsole.Core.Tests.Selectors;

public sealed class SelectorTests
{
    private static readonly Gen<SelectorNode> Nodes = Gen.Recursive<SelectorNode>((depth, self) =>
    {
        var label = Gen.OneOfConst("a", "b/c", "in_x", "all", "has", "0.1-x");
        var value = Gen.OneOfConst("", "x", "y z", "it's", "say \"hi\"", "é");
        var leaf = Gen.OneOf<SelectorNode>(
            Gen.Const<SelectorNode>(new SelectorNode.All()),
            label.Select<string, SelectorNode>(l => new SelectorNode.Has(l)),
            Gen.Select(label, value, Gen.Bool).Select<(string, string, bool), SelectorNode>(t => new SelectorNode.Compare(t.Item1, t.Item2, t.Item3)),
            Gen.Select(label, value.HashSet[0, 3], Gen.Bool).Select<(string, HashSet<string>, bool), SelectorNode>(t =>
                new SelectorNode.InSet(t.Item1, [.. t.Item2.Order(StringComparer.Ordinal)], t.Item3)));
        return depth > 3 ? leaf : Gen.OneOf<SelectorNode>(
            leaf,
            self.Where(n => n is not SelectorNode.Not).Select<SelectorNode, SelectorNode>(n => new SelectorNode.Not(n)),
            self.Where(n => n is not SelectorNode.And).Array[2, 3].Select<SelectorNode[], SelectorNode>(n => new SelectorNode.And([.. n])),
            self.Where(n => n is not SelectorNode.Or).Array[2, 3].Select<SelectorNode[], SelectorNode>(n => new SelectorNode.Or([.. n])));
    });

    [Theory]
    [InlineData("", "all()")]
    [InlineData(" \t", "all()")]
    [InlineData("a=='b'", "a == \"b\"")]
    [InlineData("a == 'x\"y'", "a == 'x\"y'")]
    [InlineData("has(a)&&!has(b)", "(has(a) && !has(b))")]
    [InlineData("has(x) && has(y) || has(z)", "((has(x) && has(y)) || has(z))")]
    [InlineData("a in {'z','a','z',}", "a in {\"a\", \"z\"}")]
    [InlineData("a notin {}", "a not in {}")]
    [InlineData("!!!a == 'b'", "!a == \"b\"")]
    [InlineData("! (a == 'b')", "!a == \"b\"")]
    [InlineData("ingress == 'x' && not == 'y'", "(ingress == \"x\" && not == \"y\")")]
    [InlineData("has( a )", "has(a)")]
    public void TryParse_Valid_CanonicalText(string text, string canonical)
    {
        Assert.True(Selector.TryParse(text, out var selector, out var error), error?.Reason);
        Assert.Equal(canonical, selector.Canonical);
    }

    [Theory]
    [InlineData("all()", false)]
    [InlineData("has(a)", true)]
    [InlineData("has(b)", false)]
    [InlineData("a != 'x'", true)]
    [InlineData("b == 'a'", false)]
    [InlineData("a in {'x'}", true)]
    [InlineData("b not in {'a'}", false)]
    [InlineData("!(has(b) || !has(a))", true)]
    [InlineData("has(b) && (has(c) || a == '')", true)]
    [InlineData("has(b) && has(aa)", false)]
    public void Names_IsWhetherTheLabelStandsAnywhere(string text, bool names)
    {
        Assert.True(Selector.TryParse(text, out var selector, out _));
        Assert.Equal(names, selector.Names("a"));
    }

    [Theory]
    [InlineData("a == b", 5)]
    [InlineData("has()", 3)]
    [InlineData("has('x')", 3)]
    [InlineData("has (x)", 4)]
    [InlineData("all", 3)]
    [InlineData("all ()", 4)]
    [InlineData("a == 'b", 5)]
    [InlineData("a == \"b\" c", 9)]
    [InlineData("&& a", 0)]
    [InlineData("()", 1)]
    [InlineData("!has(a", 4)]
    [InlineData("((a == 'b')", 11)]
    [InlineData("in-house == 'x'", 0)]
    [InlineData("role == ", 8)]
    [InlineData("a == 'b'\n", 8)]
    [InlineData("a = 'b'", 2)]
    [InlineData("a in {'b'", 9)]
    [InlineData("a starts with 'b'", 2)]
    public void TryParse_Invalid_Position(string text, int position)
    {
        Assert.False(Selector.TryParse(text, out _, out var error));
        Assert.Equal(position, error.Position);
    }

    [Theory]
    [InlineData("a == 'b'", false, true, false)]
    [InlineData("a != 'b'", true, false, true)]
    [InlineData("a in {'b'}", false, true, false)]
    [InlineData("a not in {'b'}", true, false, true)]
    [InlineData("has(a)", false, true, true)]
    [InlineData("a == ''", false, false, true)]
    [InlineData("a in {}", false, false, false)]
    [InlineData("a not in {}", true, true, true)]
    [InlineData("!has(a) || a == 'b' && all()", true, true, false)]
    public void Matches_MissingEqualEmpty(string text, bool missing, bool equal, bool empty)
    {
        Assert.True(Selector.TryParse(text, out var selector, out _));
        Assert.Equal(missing, selector.Matches(new Dictionary<string, string>()));
        Assert.Equal(equal, selector.Matches(new Dictionary<string, string> { ["a"] = "b" }));
        Assert.Equal(empty, selector.Matches(new Dictionary<string, string> { ["a"] = "" }));
    }

    [Fact]
    public void TryParse_Golden_AcceptedAndRefusedAsCalicoctl()
    {
        var (valid, bad) = (0, 0);
        foreach (var step in GoldenStep.Read("misc").Where(s => s.Name.Contains("selector", StringComparison.Ordinal)))
        {
            foreach (Match match in Regex.Matches(step.Input!, "selector: \"((?:[^\"\\\\]|\\\\.)*)\""))
            {
                var text = match.Groups[1].Value.Replace("\\\"", "\"", StringComparison.Ordinal);
                Assert.Equal(step.ExitCode == 0, Selector.TryParse(text, out _, out _));
                (valid, bad) = step.ExitCode == 0 ? (valid + 1, bad) : (valid, bad + 1);
            }
        }

        Assert.Equal((5, 8), (valid, bad));
    }

    [Fact]
    public void Canonical_AnyTree_ParsesToItself() => Nodes.Sample(node =>
    {
        Assert.True(Selector.TryParse(node.Canonical, out var selector, out var error), $"{node.Canonical}: {error}");
        Assert.Equal(node.Canonical, selector.Canonical);
    });

    [Fact]
    public void TryParse_AnyText_NeverThrows() => Gen.OneOf(Gen.String, Gen.String[Gen.OneOfConst("ab!=&|(){},'\" inhas\t\n".ToCharArray()), 0, 30])
        .Sample(text => Selector.TryParse(text, out _, out var error) == error is null && error is not { Position: < 0 });

    [Fact]
    public void TryParse_DeepNesting_IsRefusedWithoutOverflow() =>
        Assert.False(Selector.TryParse(new string('(', 100_000), out _, out _));
}
