namespace CalicoConsole.Core.Problems.Checks;

/// <summary>Policies of other tiers, which Felix enforces and calicoctl does not show.</summary>
public sealed class PoliciesOfOtherTiers : IProblemCheck
{
    private const string OtherTier = "policy.other-tier";

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [OtherTier];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return FewOf.Name(
            input.Snapshot.Calico.TierPolicies.Select(p => p.Key),
            key => new(
                OtherTier, ProblemSeverity.Attention, new(SubjectKind.OtherKey, key), $"Felix enforces a policy of another tier: {key}",
                "Calico v2.6 has one tier. calicoctl and the policy board do not show this policy, but Felix does not look at the tier. "
                    + "Delete its key with etcdctl if nobody needs it."),
            n => $"Felix enforces {n} more policies of other tiers");
    }
}
