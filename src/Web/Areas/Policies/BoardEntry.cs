using System.Collections.Immutable;
using CalicoConsole.Core.Operations.Policies;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Areas.Policies;

/// <summary>A line of the policy board: a policy in force, or a disabled one in the place that its order gives it.</summary>
/// <param name="Name">The policy's name.</param>
/// <param name="Row">The policy in force; null when it is disabled.</param>
/// <param name="Disabled">The disabled policy; null when it is in force.</param>
public sealed record BoardEntry(string Name, PolicyRow? Row, DisabledPolicy? Disabled)
{
    /// <summary>The policies of a sequence with the disabled ones between them.</summary>
    /// <param name="sequence">Names of the policies in force.</param>
    /// <param name="rows">The policies in force.</param>
    /// <param name="disabled">The disabled ones.</param>
    public static ImmutableArray<BoardEntry> AllIn(IEnumerable<string> sequence, IReadOnlyDictionary<string, PolicyRow> rows,
        ImmutableArray<DisabledPolicy> disabled)
    {
        var entries = sequence.Where(rows.ContainsKey).Select(n => new BoardEntry(n, rows[n], null)).ToList();
        foreach (var policy in disabled)
        {
            var order = policy.Policy?.Order ?? double.PositiveInfinity;
            bool IsAfter(string name, double other) => other > order || (other == order && string.CompareOrdinal(name, policy.Name) > 0);
            var place = entries.FindIndex(e => e.Row is { } row && IsAfter(e.Name, row.View.Policy.Order ?? double.PositiveInfinity));
            entries.Insert(place < 0 ? entries.Count : place, new BoardEntry(policy.Name, null, policy));
        }

        return [.. entries];
    }

    /// <summary>A sequence with one of its names moved by some places, as far as there are.</summary>
    public static ImmutableArray<string> Move(ImmutableArray<string> sequence, string name, int by)
    {
        var from = sequence.IndexOf(name);
        return from < 0 ? sequence : sequence.RemoveAt(from).Insert(Math.Clamp(from + by, 0, sequence.Length - 1), name);
    }

    /// <summary>What a new sequence does to reachability: the policies that get another order.</summary>
    public static ReachabilityProposal Proposal(ImmutableArray<string> sequence, CalicoState calico)
    {
        ArgumentNullException.ThrowIfNull(calico);
        ImmutableArray<PolicyOrder> known = [.. sequence.Where(calico.Policies.ContainsKey).Select(n => new PolicyOrder(n, calico.Policies[n].Value.Order))];
        return ReachabilityProposal.From(PolicyRenumbering.Changes(known).Select(c => calico.Policies[c.Name].Value with { Order = c.Order }));
    }
}
