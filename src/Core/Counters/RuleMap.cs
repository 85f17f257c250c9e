using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Counters;

/// <summary>A list of rules of a document.</summary>
/// <param name="IsPolicy">Whether it is a policy's; else a profile's.</param>
/// <param name="Name">The policy or profile.</param>
/// <param name="Egress">Its outbound rules; else the inbound ones.</param>
public sealed record RuleListKey(bool IsPolicy, string Name, bool Egress)
{
    /// <summary>Its chain.</summary>
    public string Chain => IsPolicy ? FelixChains.Policy(Name, Egress) : FelixChains.Profile(Name, Egress);
}

/// <summary>What one host's kernel counted for a list of rules.</summary>
/// <param name="Rules">For each rule; null for a rule that means nothing for IPv4.</param>
/// <param name="Missing">Why nothing can be said, as a clause; empty when it can.</param>
/// <param name="InUse">Whether the host has the chain: it has it while one of its endpoints uses the document.</param>
public sealed record ListCounts(ImmutableArray<Hits?> Rules, string Missing, bool InUse)
{
    /// <summary>Whether there are counts.</summary>
    public bool IsKnown => InUse && Missing.Length == 0;
}

/// <summary>Maps the chains of a kernel back to the rules of documents. What does not fit in number and shape says nothing.</summary>
public static class RuleMap
{
    private static readonly ListCounts NotInUse = new([], "", false);

    /// <summary>The table that a policy's chains stand in.</summary>
    public static string Table(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.DoNotTrack ? "raw" : policy.PreDnat ? "mangle" : "filter";
    }

    /// <summary>What the kernel counted for the rules of a list.</summary>
    /// <param name="counts">What was read.</param>
    /// <param name="table">The table.</param>
    /// <param name="list">The list.</param>
    /// <param name="rules">Its rules, as they are stored.</param>
    public static ListCounts Map(ChainCounts counts, string table, RuleListKey list, ImmutableArray<Rule> rules)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(list);
        if (counts.Rules(table, list.Chain) is not { } kernel)
        {
            return NotInUse;
        }

        var found = ImmutableArray.CreateBuilder<Hits?>(rules.Length);
        var at = 0;
        foreach (var rule in rules)
        {
            Hits? sum = null;
            foreach (var (shape, counting) in RuleShapes.For(rule))
            {
                if (at >= kernel.Length || (counting ? kernel[at].Shape != shape : kernel[at].Shape.Target != shape.Target))
                {
                    return Misfit(kernel.Length, rules);
                }

                sum = counting ? (sum ?? default) + kernel[at].Hits : sum;
                at++;
            }

            found.Add(sum);
        }

        return at == kernel.Length ? new ListCounts(found.ToImmutable(), "", true) : Misfit(kernel.Length, rules);
    }

    private static ListCounts Misfit(int kernel, ImmutableArray<Rule> rules)
    {
        var expected = rules.Sum(r => RuleShapes.For(r).Length);
        return new ListCounts([], kernel == expected ? "the kernel's rules do not fit the stored ones"
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the kernel has {kernel} rules where the stored ones make {expected}"), true);
    }
}
