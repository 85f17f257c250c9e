using System.Collections.Immutable;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Live;

/// <summary>What BIRD said on every Docker host, all asked at once.</summary>
/// <param name="Readings">What each said, or why it said nothing.</param>
/// <param name="At">When (UTC).</param>
internal sealed record BgpTaken(ImmutableArray<BgpReading> Readings, DateTimeOffset At)
{
    /// <summary>The sessions of each family that there is: IPv6 only where some BIRD has sessions of it; none where there is no Docker host to ask.</summary>
    public ImmutableArray<(string Family, BgpMatrix Matrix)> Matrices(ClusterSnapshot snapshot) => Readings.IsEmpty ? []
        : Readings.Any(r => r.Status?.IPv6 is { IsRunning: true, Sessions.Length: > 0 })
            ? [("IPv4", BgpMatrix.From(snapshot, Readings, ipv6: false)), ("IPv6", BgpMatrix.From(snapshot, Readings, ipv6: true))]
            : [("IPv4", BgpMatrix.From(snapshot, Readings, ipv6: false))];
}

/// <summary>
/// Asks BIRD on every Docker host when somebody wants to know, and keeps the newest answer for whoever draws it beside other things. Thread-safe; one for the
/// process.
/// </summary>
internal sealed class BgpReadings(IBgpSessions bgp, IClusterState state, TimeProvider time)
{
    private BgpTaken? _latest;

    /// <summary>The newest answer; null until somebody asked.</summary>
    public BgpTaken? Latest => Volatile.Read(ref _latest);

    /// <summary>Asks all of them; a host that does not answer is in there with the reason.</summary>
    public async Task<BgpTaken> ReadAsync(CancellationToken cancellationToken)
    {
        var readings = await Task.WhenAll(state.Current.Hosts.Values.Select(h => ReadAsync(h, cancellationToken)));
        var taken = new BgpTaken([.. readings], time.GetUtcNow());
        Volatile.Write(ref _latest, taken);
        return taken;
    }

    private async Task<BgpReading> ReadAsync(DockerHostState host, CancellationToken cancellationToken)
    {
        try
        {
            return new(host.Name, host.NodeName, await bgp.ReadAsync(host.Name, cancellationToken), null);
        }
        catch (DockerHostException e)
        {
            return new(host.Name, host.NodeName, null, e.Message);
        }
    }
}
