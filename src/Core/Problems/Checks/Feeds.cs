using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Problems.Checks;

/// <summary>Feeds that are lost, and the audit log, without which nothing is changed.</summary>
public sealed class Feeds : IProblemCheck
{
    private const string Lost = "feed.lost";
    private const string NeverLive = "feed.never-live";
    private const string NotWritable = "audit.not-writable";

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [Lost, NeverLive, NotWritable];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Snapshot.Feeds.Where(f => f.Status == FeedStatus.Stale).Select(f => NameOf(f, input.Snapshot)).GroupBy(p => p.Code, StringComparer.Ordinal)
            .SelectMany(g => FewOf.Name(g, p => p, n => $"{n} more feeds are lost"));
    }

    private static Problem NameOf(FeedState feed, ClusterSnapshot snapshot)
    {
        var subject = new ProblemSubject(SubjectKind.Feed, feed.Name);
        var problem = feed switch
        {
            { Name: FeedNames.Audit } => new Problem(
                NotWritable, ProblemSeverity.Broken, subject, "The audit log cannot be written, so nothing can be changed", feed.Detail),
            { LastLive: null } => new Problem(NeverLive, ProblemSeverity.Broken, subject, $"The feed {feed.Name} has never been live", feed.Detail),
            _ => new Problem(Lost, ProblemSeverity.Stale, subject, $"The feed {feed.Name} is lost: what is shown of it is old", feed.Detail),
        };
        return feed.Name == FeedNames.Etcd ? problem with { CausedBy = EtcdMembers.NoneHealthy(snapshot) } : problem;
    }
}
