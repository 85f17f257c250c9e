using System.Collections.Concurrent;
using System.Collections.Immutable;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Web.Tests;

/// <summary>An audit log that notes the question and answers one entry.</summary>
internal sealed class RecordingAudit : IAuditLog
{
    private readonly ConcurrentQueue<(AuditIntent Intent, AuditOutcome Outcome)> _recorded = new();

    public AuditQuery? Asked { get; private set; }

    /// <summary>What has no recorded end, or why that cannot be read.</summary>
    public Func<ImmutableArray<AuditIntent>> Open { get; set; } = () => [];

    /// <summary>What was recorded as having happened, oldest first.</summary>
    public IReadOnlyCollection<(AuditIntent Intent, AuditOutcome Outcome)> Recorded => _recorded;

    public Task IntentAsync(AuditIntent intent, CancellationToken cancellationToken) => throw new InvalidOperationException("nothing is changed here");

    public Task OutcomeAsync(AuditOutcome outcome, CancellationToken cancellationToken) => throw new InvalidOperationException("nothing is changed here");

    public Task RecordAsync(AuditIntent intent, AuditOutcome outcome, CancellationToken cancellationToken)
    {
        _recorded.Enqueue((intent, outcome));
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<AuditIntent>> OpenIntentsAsync(CancellationToken cancellationToken) => Task.FromResult(Open());

    public Task<AuditPage> QueryAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        Asked = query;
        var intent = new AuditIntent(
            Guid.Parse("00000000-0000-0000-0000-000000000001"), DateTimeOffset.UnixEpoch, "api-token", "api", "ipPool.create", "ipPool", "192.0.2.0/24", "[]",
                "[]", ["calicoctl create -f -"]);
        return Task.FromResult(new AuditPage([new AuditEntry(7, intent, null)], 1));
    }
}
