using System.Collections.Immutable;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Series;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Live;

/// <summary>When each pool will be full, worked out once for all browsers and kept for a minute. Thread-safe; one for the process.</summary>
internal sealed class PoolForecasts(ISeriesStore store, IClusterState state, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private (DateTimeOffset At, ImmutableDictionary<string, PoolForecast> ByPool)? _made;

    /// <summary>Forecasts by CIDR of the pools that there are.</summary>
    /// <exception cref="Adapters.Audit.ConsoleDatabaseException">What was measured cannot be read.</exception>
    public async Task<ImmutableDictionary<string, PoolForecast>> ReadAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            if (_made is { } made && now - made.At < Kept && now >= made.At)
            {
                return made.ByPool;
            }

            var measured = await store.ReadAllAsync(SeriesMetrics.PoolUsed, now - PoolForecast.Window, cancellationToken);
            var calico = state.Current.Calico;
            var use = Utilisation.ByPool(calico.IPPools.Keys, [.. calico.Blocks.Values.Select(b => b.Value)]);
            var byPool = use.ToImmutableDictionary(u => u.Pool.ToString(),
                u => PoolForecast.From(measured.GetValueOrDefault(u.Pool.ToString(), []), u.Size - (UInt128)u.Used), StringComparer.Ordinal);
            _made = (now, byPool);
            return byPool;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();
}
