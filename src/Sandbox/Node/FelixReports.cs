using System.Globalization;
using System.Text;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Sandbox.Kernel;

namespace CalicoConsole.Sandbox.Node;

/// <summary>
/// What Felix 2.6 reports of a node: its status every <c>ReportingIntervalSecs</c>, and the state of its endpoints if
/// <c>EndpointReportingEnabled</c> (docs/calico-v1.md#reports-of-felix). With an interval of 0 it reports nothing.
/// </summary>
internal sealed class FelixReports(World world, RunningNode node)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private bool _reported;

    /// <summary>Reports until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken) =>
        await RunAsync(await ReportAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <summary>Reports until cancelled, after a pause.</summary>
    public async Task RunAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(pause, world.Time, cancellationToken).ConfigureAwait(false);
            pause = await ReportAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reports once, if that is wanted, and answers how long to wait until the next time.</summary>
    public async Task<TimeSpan> ReportAsync(CancellationToken cancellationToken)
    {
        var state = await ClusterKeys.ReadAsync(world.Keys, cancellationToken).ConfigureAwait(false);
        // A Felix restarts over a changed setting, so it is read anew each time.
        var interval = Seconds(state.Felix(node.Name, "ReportingIntervalSecs"), 30);
        if (interval <= TimeSpan.Zero)
        {
            return First;
        }

        if (world.Kernels.GetValueOrDefault(node.Machine.Name)?.Felix is FelixState.Stopped or FelixState.Frozen)
        {
            return First;
        }

        var now = world.Time.GetUtcNow();
        var status = Encoding.UTF8.GetBytes(new GoJsonWriter().BeginObject()
            .Name("time").String(now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))
            .Name("uptime").Float(Math.Round((now - node.Since).TotalSeconds, 3))
            .Name("first_update").Bool(!_reported)
            .EndObject().ToString());
        _reported = true;
        var limit = Seconds(state.Felix(node.Name, "ReportingTTLSecs"), 90);
        await world.Keys.PutAsync(V1Keys.FelixStatus(node.Name), status, EtcdCondition.None, limit > TimeSpan.Zero ? limit : null, cancellationToken)
            .ConfigureAwait(false);
        await PutAsync(V1Keys.FelixLastStatus(node.Name), status, cancellationToken).ConfigureAwait(false);
        if (state.Felix(node.Name, "EndpointReportingEnabled") is "true")
        {
            await EndpointsAsync(state, cancellationToken).ConfigureAwait(false);
        }

        return interval;
    }

    private async Task EndpointsAsync(CalicoState state, CancellationToken cancellationToken)
    {
        var root = $"{V1Keys.FelixHostDirectory}/{node.Name}";
        var wanted = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var endpoint in state.WorkloadEndpoints.Where(e => e.Value.Value.Id.Node == node.Name))
        {
            wanted[root + endpoint.Key[V1Keys.Host(node.Name).Length..]] = endpoint.Value.Value.State == "active" ? "up" : "down";
        }

        foreach (var endpoint in state.HostEndpoints.Where(e => e.Value.Value.Node == node.Name))
        {
            wanted[root + endpoint.Key[V1Keys.Host(node.Name).Length..]] = endpoint.Value.Value.InterfaceName is "" or "eth0" ? "up" : "error";
        }

        foreach (var (key, word) in wanted)
        {
            var value = $$"""{"status":"{{word}}"}""";
            if (state.Keys.Find(key)?.Text != value)
            {
                await PutAsync(key, Encoding.UTF8.GetBytes(value), cancellationToken).ConfigureAwait(false);
            }
        }

        foreach (var gone in state.Keys.Below(root).Where(k => k.Key.Contains("/endpoint/", StringComparison.Ordinal) && !wanted.ContainsKey(k.Key)).ToArray())
        {
            await DeleteAsync(gone.Key, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            await world.Keys.DeleteAsync(key, EtcdDeletion.Key, EtcdCondition.None, cancellationToken).ConfigureAwait(false);
        }
        catch (EtcdException e) when (e.ErrorCode == EtcdException.KeyNotFound)
        {
            // Gone already.
        }
    }

    private Task<EtcdAnswer> PutAsync(string key, byte[] value, CancellationToken cancellationToken) =>
        world.Keys.PutAsync(key, value, EtcdCondition.None, null, cancellationToken);

    private static TimeSpan Seconds(string? text, double unset) =>
        TimeSpan.FromSeconds(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds < 1e6 ? seconds : unset);
}
