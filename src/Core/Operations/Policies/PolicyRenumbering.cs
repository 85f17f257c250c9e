namespace CalicoConsole.Core.Operations.Policies;

/// <summary>A policy's name with its order; null is last.</summary>
public readonly record struct PolicyOrder(string Name, double? Order);

/// <summary>
/// Gives policies the orders that bring them into a wanted sequence, and changes as few of them as can be: what stands right already keeps its
/// order, what moves gets a number from a gap. Felix goes by order, those without one last, then by name bytewise (docs/calico-v1.md#how-felix-decides). Pure.
/// </summary>
public static class PolicyRenumbering
{
    private const decimal Step = 10;
    private const decimal Finest = 0.000001m;
    private const double MostExact = 1e12;

    /// <summary>The sequence in which Felix goes through policies.</summary>
    public static ImmutableArray<PolicyOrder> Sorted(IEnumerable<PolicyOrder> policies) =>
        [.. policies.OrderBy(p => p.Order ?? double.PositiveInfinity).ThenBy(p => p.Name, StringComparer.Ordinal)];

    /// <summary>What to change so that the policies come in the order in which they are given; empty when they do already.</summary>
    /// <param name="wanted">Every policy with its order at present, in the wanted sequence.</param>
    public static ImmutableArray<PolicyOrder> Changes(ImmutableArray<PolicyOrder> wanted)
    {
        var count = wanted.Length;
        // The longest chain of policies that can keep their orders: at[j] is the longest that ends with j.
        var (at, before) = (new int[count], new int[count]);
        for (var j = 0; j < count; j++)
        {
            (at[j], before[j]) = Fill(wanted, -1, j) is null ? (int.MinValue, -1) : (1, -1);
            for (var i = 0; i < j; i++)
            {
                if (at[i] > 0 && at[i] + 1 > at[j] && Fill(wanted, i, j) is not null)
                {
                    (at[j], before[j]) = (at[i] + 1, i);
                }
            }
        }

        var last = -1;
        for (var j = 0; j < count; j++)
        {
            if (at[j] > 0 && (last < 0 || at[j] > at[last]) && Fill(wanted, j, count) is not null)
            {
                last = j;
            }
        }

        var changes = new List<PolicyOrder>();
        for (var to = count; ;)
        {
            changes.InsertRange(0, Fill(wanted, last, to)!.Select((order, i) => new PolicyOrder(wanted[last + 1 + i].Name, order)));
            if (last < 0)
            {
                return [.. changes];
            }

            (to, last) = (last, before[last]);
        }
    }

    /// <summary>Orders for all that stand between two that keep theirs (-1 and the count stand for the ends); null when there are none.</summary>
    private static double?[]? Fill(ImmutableArray<PolicyOrder> wanted, int from, int to)
    {
        var between = to - from - 1;
        var (low, high) = (from < 0 ? double.NegativeInfinity : For(wanted[from]), to == wanted.Length ? double.PositiveInfinity : For(wanted[to]));
        if (low > high)
        {
            return null;
        }

        if (low == high && from >= 0 && to < wanted.Length)
        {
            // Of one order, names decide.
            for (var i = from; i < to; i++)
            {
                if (string.CompareOrdinal(wanted[i].Name, wanted[i + 1].Name) >= 0)
                {
                    return null;
                }
            }

            return [.. Enumerable.Repeat(wanted[from].Order, between)];
        }

        if (between == 0)
        {
            return [];
        }

        if (double.IsPositiveInfinity(low))
        {
            // Behind one without an order there are only others without one.
            for (var i = from; i < to - 1; i++)
            {
                if (string.CompareOrdinal(wanted[i].Name, wanted[i + 1].Name) >= 0)
                {
                    return null;
                }
            }

            return new double?[between];
        }

        return Numbers(low, high, between);
    }

    private static double For(PolicyOrder policy) => policy.Order ?? double.PositiveInfinity;

    /// <summary>Increasing numbers strictly between two, short ones where there is room; null when there is none.</summary>
    private static double?[]? Numbers(double low, double high, int count)
    {
        if ((double.IsFinite(low) && Math.Abs(low) > MostExact) || (double.IsFinite(high) && Math.Abs(high) > MostExact))
        {
            return Checked(low, high, [.. Enumerable.Range(1, count).Select(i => Halved(low, high, i, count))]);
        }

        if (!double.IsFinite(high))
        {
            var first = double.IsFinite(low) ? (Math.Floor((decimal)low / Step) * Step) + Step : Step;
            return Checked(low, high, [.. Enumerable.Range(0, count).Select(i => (double)(first + (Step * i)))]);
        }

        var bottom = double.IsFinite(low) ? (decimal)low : (decimal)high > 0 ? 0 : (Math.Ceiling((decimal)high / Step) - count - 1) * Step;
        for (var step = 1_000_000m; step >= Finest; step /= 10)
        {
            // Multiples of the step strictly between.
            var (least, most) = (Math.Floor(bottom / step) + 1, Math.Ceiling((decimal)high / step) - 1);
            var room = most - least + 1;
            if (room >= count && Checked(low, high,
                [.. Enumerable.Range(1, count).Select(i => (double)((least + Math.Floor((room + 1) * i / (count + 1)) - 1) * step))]) is { } numbers)
            {
                return numbers;
            }
        }

        return null;
    }

    private static double Halved(double low, double high, int i, int count)
    {
        var (from, to) = (double.IsFinite(low) ? low : high - Math.Abs(high), double.IsFinite(high) ? high : low + Math.Abs(low));
        return from + ((to - from) * ((double)i / (count + 1)));
    }

    // What counts is how the numbers compare as Felix reads them.
    private static double?[]? Checked(double low, double high, double[] numbers)
    {
        var last = low;
        foreach (var number in numbers)
        {
            if (!double.IsFinite(number) || number <= last || number >= high)
            {
                return null;
            }

            last = number;
        }

        return [.. numbers.Select(n => (double?)n)];
    }
}
