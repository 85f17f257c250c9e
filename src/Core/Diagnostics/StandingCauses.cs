using CalicoConsole.Core.Diagnostics.Causes;
using CalicoConsole.Core.Problems;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics;

/// <summary>Causes that the snapshot alone shows, as problems that are always looked at. Those that a check of their own names already are not among
/// them.</summary>
public sealed class StandingCauses : IProblemCheck
{
    private const string Prefix = "cause.";

    // Members of etcd have their own check, with each member's page.
    private static readonly ImmutableArray<Cause> Asked =
    [
        .. AllCauses.InOrder.Where(c => c is MacMismatch or InterfacePrefix or EngineTooNew or NoClusterStore or StoreDiffers or NodeImage
            or NetworkOptions or NoPeers),
    ];

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [.. Asked.Select(c => Prefix + c.Code)];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Asked.SelectMany(c => FewOf.Name(
            c.Standing(input.Snapshot),
            f => new Problem(Prefix + f.Cause.Code, Severity(f), Subject(input.Snapshot, f), f.Headline.TrimEnd('.'), Why(f)),
            n => $"{n} more of the same: {c.Title.ToLowerInvariant()}"));
    }

    private static ProblemSeverity Severity(CauseFinding finding) =>
        finding is { Proof: Proof.Proven, Cause.Impact: CauseImpact.Outage } ? ProblemSeverity.Broken : ProblemSeverity.Attention;

    private static ProblemSubject Subject(ClusterSnapshot snapshot, CauseFinding finding) => finding.Cause is NetworkOptions
        && snapshot.Views.Networks.FirstOrDefault(n => n.Network.Name == finding.Subject) is { } network
            ? new ProblemSubject(SubjectKind.Network, finding.Subject) { Id = network.Network.Id }
            : new ProblemSubject(SubjectKind.Node, finding.Subject);

    private static string Why(CauseFinding finding) =>
        string.Join(' ', new[] { finding.Cause.Why, finding.FixNow, finding.FixForGood }.Where(t => t.Length > 0));
}
