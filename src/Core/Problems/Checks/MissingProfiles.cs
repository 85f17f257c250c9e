namespace CalicoConsole.Core.Problems.Checks;

/// <summary>Profiles that endpoints name and that are not there.</summary>
public sealed class MissingProfiles : IProblemCheck
{
    private const string Missing = "profile.missing";

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [Missing];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var calico = input.Snapshot.Calico;
        var missing = calico.WorkloadEndpoints.Values.SelectMany(e => e.Value.ProfileIds)
            .Concat(calico.HostEndpoints.Values.SelectMany(e => e.Value.ProfileIds))
            .Where(p => !calico.Profiles.ContainsKey(p)).CountBy(p => p, StringComparer.Ordinal).OrderBy(p => p.Key, StringComparer.Ordinal);
        return FewOf.Name(
            missing,
            p => new(
                Missing, ProblemSeverity.Attention, new(SubjectKind.Profile, p.Key), $"The profile {p.Key} does not exist but endpoints name it",
                p.Value == 1 ? "One endpoint gets nothing from it." : $"{FewOf.InWords(p.Value)} endpoints get nothing from it."),
            n => $"{n} more profiles do not exist but endpoints name them");
    }
}
