using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Operations.Policies;
using CsCheck;

namespace CalicoConsole.Core.Tests.Operations.Policies;

public sealed class PolicyRenumberingTests
{
    private static readonly string[] Names = ["a", "b", "c", "d", "e", "f", "g"];

    private static readonly Gen<double?> Orders = Gen.OneOf(
        Gen.Int[-2, 4].Select(i => (double?)i),
        Gen.Const((double?)null),
        Gen.Int[0, 300].Select(i => (double?)(i / 100.0)));

    private static readonly Gen<ImmutableArray<PolicyOrder>> Wanted =
        from count in Gen.Int[1, 7]
        from orders in Orders.Array[count]
        from names in Gen.Shuffle(Names[..count])
        select (ImmutableArray<PolicyOrder>)[.. names.Select((n, i) => new PolicyOrder(n, orders[i]))];

    [Fact]
    public void Changes_BringTheWantedSequence_AndNoFewerWould() => Wanted.Sample(
        wanted =>
        {
            var changes = PolicyRenumbering.Changes(wanted).ToDictionary(c => c.Name, c => c.Order, StringComparer.Ordinal);
            var after = wanted.Select(w => changes.TryGetValue(w.Name, out var order) ? w with { Order = order } : w);
            Assert.Equal(wanted.Select(w => w.Name), PolicyRenumbering.Sorted(after).Select(p => p.Name));
            Assert.Equal(wanted.Length - MostKept(wanted), changes.Count);
        },
        iter: 5000);

    [Theory]
    [InlineData("a:10 b:20 c:30", "c a b", "c:5")]
    [InlineData("a:10 b:20 c:30", "a c b", "b:40")]
    [InlineData("a:10 b:20 c:30", "b a c", "a:25")]
    [InlineData("a:10 b:11", "c b", "")]
    [InlineData("a:10 b:10", "b a", "a:20")]
    [InlineData("a: b: c:", "c a b", "c:10")]
    [InlineData("a:1 b:2 c:", "a c b", "c:1.5")]
    [InlineData("a:1 b:2 c:3", "a c b", "b:10")]
    [InlineData("a:0 b:5", "b a", "a:10")]
    public void Gaps_AreUsedFirst_WithShortNumbers(string policies, string wanted, string changed)
    {
        static double? Order(string text) => text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);
        var all = policies.Split(' ').Select(p => p.Split(':')).ToDictionary(p => p[0], p => Order(p[1]), StringComparer.Ordinal);
        var changes = PolicyRenumbering.Changes([.. wanted.Split(' ').Where(all.ContainsKey).Select(n => new PolicyOrder(n, all[n]))]);
        Assert.Equal(changed, string.Join(' ', changes.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Name}:{c.Order}"))));
    }

    [Fact]
    public void Gap_ThatIsTooNarrowForNumbers_IsNotUsed()
    {
        const double low = 1.0;
        var wanted = ImmutableArray.Create(
            new PolicyOrder("a", low),
            new PolicyOrder("x", 50),
            new PolicyOrder("b", Math.BitIncrement(low)),
            new PolicyOrder("c", 40));
        var changes = PolicyRenumbering.Changes(wanted).ToDictionary(c => c.Name, c => c.Order, StringComparer.Ordinal);
        Assert.Equal(
            ["a", "x", "b", "c"],
            PolicyRenumbering.Sorted(wanted.Select(w => changes.TryGetValue(w.Name, out var order) ? w with { Order = order } : w)).Select(p => p.Name));
        Assert.Equal(2, changes.Count);
    }

    // The longest subsequence whose orders can stay, by trying all of them: numbers between two different orders are taken to be without end.
    private static int MostKept(ImmutableArray<PolicyOrder> wanted) =>
        Enumerable.Range(0, 1 << wanted.Length).Where(set => CanStay(wanted, set)).Max(set => int.PopCount(set));

    private static bool CanStay(ImmutableArray<PolicyOrder> wanted, int set)
    {
        var kept = Enumerable.Range(0, wanted.Length).Where(i => (set >> i & 1) != 0).ToArray();
        for (var k = 0; k < kept.Length; k++)
        {
            var low = wanted[kept[k]].Order ?? double.PositiveInfinity;
            var next = k + 1 < kept.Length ? kept[k + 1] : wanted.Length;
            var high = next == wanted.Length ? double.PositiveInfinity : wanted[next].Order ?? double.PositiveInfinity;
            var bound = next == wanted.Length ? next - 1 : next;
            var between = Enumerable.Range(kept[k], bound - kept[k]);
            if (low > high || (low == high && between.Any(i => string.CompareOrdinal(wanted[i].Name, wanted[i + 1].Name) >= 0)))
            {
                return false;
            }
        }

        return true;
    }
}
