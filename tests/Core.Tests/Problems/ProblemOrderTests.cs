using CalicoConsole.Core.Problems;

namespace CalicoConsole.Core.Tests.Problems;

/// <summary>Worst first, and what is explained beneath what explains it.</summary>
public sealed class ProblemOrderTests
{
    private static readonly Problem Mild = New("a", ProblemSeverity.Attention);
    private static readonly Problem Bad = New("b", ProblemSeverity.Broken);
    private static readonly Problem Old = New("c", ProblemSeverity.Stale);

    [Fact]
    public void Arrange_WorstFirst_ElseAsFound() =>
        Assert.Equal("b c a d", Codes([Mild, Old, New("d", ProblemSeverity.Attention), Bad]));

    [Fact]
    public void Arrange_Effect_FollowsItsCauseAndLiftsIt()
    {
        var effect = New("x", ProblemSeverity.Broken) with { CausedBy = Mild.Key };
        var further = New("y", ProblemSeverity.Stale) with { CausedBy = effect.Key };

        var arranged = ProblemOrder.Arrange([Old, further, effect, Mild]);

        Assert.Equal("a x y c", Codes(arranged));
        Assert.Equal([false, true, true, false], arranged.Select(p => ProblemOrder.IsEffect(p, arranged)));
    }

    [Fact]
    public void Arrange_CauseThatWasNotFound_LeavesTheEffectByItself()
    {
        var arranged = ProblemOrder.Arrange([Mild, Old with { CausedBy = new("gone", "") }]);

        Assert.Equal("c a", Codes(arranged));
        Assert.DoesNotContain(arranged, p => ProblemOrder.IsEffect(p, arranged));
    }

    [Fact]
    public void Arrange_Circle_LosesNothing()
    {
        Problem[] circle =
        [
            Mild with { CausedBy = Bad.Key },
            Bad with { CausedBy = Old.Key },
            Old with { CausedBy = Mild.Key },
            New("d", ProblemSeverity.Broken) with { CausedBy = Mild.Key },
        ];

        Assert.Equal("a b c d", string.Join(' ', ProblemOrder.Arrange(circle).Select(p => p.Code).Order(StringComparer.Ordinal)));
    }

    private static string Codes(IEnumerable<Problem> problems) => string.Join(' ', ProblemOrder.Arrange(problems).Select(p => p.Code));

    private static Problem New(string code, ProblemSeverity severity) => new(code, severity, new(SubjectKind.Node, "n"), "title", null);
}
