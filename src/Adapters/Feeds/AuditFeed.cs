using CalicoConsole.Adapters.Audit;
using CalicoConsole.Adapters.Execution.Intents;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Feeds;

/// <summary>Shows whether the audit log takes entries, without which nothing can be changed, and works off what it could not take.</summary>
/// <param name="backlog">What is left to be recorded.</param>
/// <param name="resolver">Finds out how operations ended.</param>
/// <param name="database">The console's database.</param>
/// <param name="state">Where to post.</param>
public sealed class AuditFeed(AuditBacklog backlog, OpenIntentResolver resolver, ConsoleDatabase database, ClusterState state) : IFeed
{
    /// <summary>Name of this feed.</summary>
    public const string FeedName = "audit";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public string Name => FeedName;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await backlog.WorkAsync(resolver, database.ProbeAsync, cancellationToken);
            var waiting = backlog.Unrecorded is > 0 and var outcomes ? $" {Count(outcomes)} that came to an end could not be recorded yet." : "";
            if (backlog.Failure is { } failure)
            {
                await state.PostFeedAsync(Name, FeedStatus.Stale, failure + waiting, cancellationToken);
            }
            else
            {
                var unknown = backlog.Unknown is > 0 and var lost
                    ? $"{Count(lost)} whose end is not known yet: the console checks as soon as the other side answers." : null;
                await state.PostFeedAsync(Name, FeedStatus.Live, unknown, cancellationToken);
            }

            await backlog.NewsAsync(Pause, cancellationToken);
        }
    }

    private static string Count(int operations) => operations == 1 ? "1 operation" : $"{operations} operations";
}
