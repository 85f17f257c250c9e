using CalicoConsole.Core.Ipam;

namespace CalicoConsole.Core.Problems.Checks;

/// <summary>What IPAM's own findings say is wrong. Many leaks are one problem; broken references are named, since each breaks in its own way.</summary>
public sealed class IpamProblems : IProblemCheck
{
    private const string Leak = "ipam.leak";

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [.. Enum.GetValues<IpamFindingKind>().Select(CodeOf).OfType<string>()];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Ipam is not { } ipam)
        {
            return [];
        }

        return ipam.Findings.Where(ipam.IsProblem).GroupBy(f => CodeOf(f.Kind)).Where(g => g.Key is not null).SelectMany(g => g.Key == Leak
            ? Leaks([.. g], ipam)
            : FewOf.Name(g, f => NameOf(f, ipam), n => $"{n} more IPAM findings like these"));
    }

    private static IEnumerable<Problem> Leaks(IpamFinding[] leaks, IpamIndex ipam) => leaks is [var only]
        ? [NameOf(only, ipam) with { Title = $"The address {only.Address} leaked" }]
        : [FewOf.Counted(
            Leak, ProblemSeverity.Attention, SubjectKind.IpamFinding, leaks.Length, n => $"{n} addresses leaked", "They are allocated, but nobody has them.")];

    private static Problem NameOf(IpamFinding finding, IpamIndex ipam)
    {
        var calico = ipam.Snapshot.Calico;
        var (pool, block) = IpamPlaces.Find(finding, calico);
        var name = finding.Id[(finding.Id.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        return new(
            CodeOf(finding.Kind)!, finding.Severity == IpamSeverity.Broken ? ProblemSeverity.Broken : ProblemSeverity.Attention,
            new(SubjectKind.IpamFinding, name) { Pool = pool, Block = block }, finding.Text, finding.Why)
        {
            CausedBy = finding is { Kind: IpamFindingKind.OutsidePools, Block: { } outside } ? UnreadableKeys.PoolAround(outside, calico) : null,
        };
    }

    // Null: a note, or named otherwise, as blocks that cannot be read are with their keys.
    private static string? CodeOf(IpamFindingKind kind) => kind switch
    {
        IpamFindingKind.Leak => Leak,
        IpamFindingKind.EndpointLost => "ipam.endpoint-lost",
        IpamFindingKind.SharedAddress => "ipam.shared-address",
        IpamFindingKind.NotAllocated => "ipam.not-allocated",
        IpamFindingKind.OutsidePools => "ipam.outside-pools",
        IpamFindingKind.AffinityWithoutBlock => "ipam.affinity-without-block",
        IpamFindingKind.BlockWithoutAffinity => "ipam.block-without-affinity",
        IpamFindingKind.AffinityOfOther => "ipam.affinity-of-other",
        IpamFindingKind.AffinityOfMissingNode => "ipam.affinity-of-missing-node",
        IpamFindingKind.BlockUnsound => "ipam.block-unsound",
        IpamFindingKind.HandleMissing => "ipam.handle-missing",
        IpamFindingKind.HandleCountWrong => "ipam.handle-count-wrong",
        IpamFindingKind.HandleUnused => "ipam.handle-unused",
        IpamFindingKind.HandleUnreadable => "ipam.handle-unreadable",
        IpamFindingKind.InDisabledPool or IpamFindingKind.Borrowed or IpamFindingKind.BlockUnreadable => null,
    };
}
