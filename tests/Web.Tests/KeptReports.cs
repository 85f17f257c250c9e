using System.Collections.Immutable;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Web.Tests;

/// <summary>Reports of diagnoses in memory.</summary>
internal sealed class KeptReports : IDiagnosisReports
{
    private ImmutableDictionary<Guid, KeptReport> _all = ImmutableDictionary<Guid, KeptReport>.Empty;

    public Task KeepAsync(KeptReport report, CancellationToken cancellationToken)
    {
        ImmutableInterlocked.TryAdd(ref _all, report.Id, report);
        return Task.CompletedTask;
    }

    public Task<KeptReport?> FindAsync(Guid id, CancellationToken cancellationToken) => Task.FromResult(_all.GetValueOrDefault(id));

    public Task<ImmutableArray<KeptReport>> NewestAsync(int most, CancellationToken cancellationToken) =>
        Task.FromResult(_all.Values.OrderByDescending(r => r.At).Take(most).ToImmutableArray());
}
