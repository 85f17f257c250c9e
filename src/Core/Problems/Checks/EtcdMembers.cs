using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Problems.Checks;

/// <summary>Members of etcd that are not healthy, or serve no v2 keys.</summary>
public sealed class EtcdMembers : IProblemCheck
{
    private const string Unhealthy = "etcd.member-unhealthy";
    private const string NoV2Keys = "etcd.no-v2-keys";

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [Unhealthy, NoV2Keys];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ImmutableArray<EtcdMember> members = input.Snapshot.Etcd?.Members ?? [];
        return FewOf.Name(
            members.Where(m => !m.Healthy),
            m => new(Unhealthy, ProblemSeverity.Broken, new(SubjectKind.EtcdMember, m.Id), $"etcd member {NameOf(m)} is not healthy", m.Problem),
            n => $"{n} more etcd members are not healthy")
            .Concat(FewOf.Name(
                members.Where(m => m is { Healthy: true, ServesV2Keys: false }),
                m => new(
                    NoV2Keys, ProblemSeverity.Broken, new(SubjectKind.EtcdMember, m.Id), $"etcd member {NameOf(m)} does not serve the v2 keys API",
                    "Start it with --enable-v2=true: Calico v2.6 keeps everything there."),
                n => $"{n} more etcd members do not serve the v2 keys API"));
    }

    /// <summary>The problem of the first member where none is healthy: it explains why nothing is heard of etcd.</summary>
    internal static ProblemKey? NoneHealthy(ClusterSnapshot snapshot) =>
        snapshot.Etcd is { Members: [var first, ..] members } && members.All(m => !m.Healthy) ? new(Unhealthy, first.Id) : null;

    private static string NameOf(EtcdMember member) => member.Name.Length > 0 ? member.Name : member.ClientUrls.FirstOrDefault() ?? member.Id;
}
