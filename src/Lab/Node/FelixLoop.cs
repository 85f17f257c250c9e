using System.Threading.Channels;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Lab.Kernel;
using CalicoConsole.NodeEmulation.Dataplane;

namespace CalicoConsole.Lab.Node;

/// <summary>
/// What Felix does for this host: follows the datastore and the kernel's links, and keeps the data plane as both demand. Nothing is
/// programmed before the first whole listing and before <c>/calico/v1/Ready</c> is <c>true</c>; what is programmed stays when the store is lost.
/// </summary>
internal sealed class FelixLoop(
    string node,
    IDatastore datastore,
    Func<DataplaneInput, DesiredDataplane> desire,
    KernelDataplane kernel,
    NodeLog log,
    TimeProvider time,
    IReadOnlyDictionary<string, string> environment)
{
    // Felix checks the whole data plane from time to time, in case somebody else changed it.
    private static readonly TimeSpan Resync = TimeSpan.FromSeconds(30);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile CalicoState? _state;
    private ImmutableArray<string> _told = [];

    /// <summary>Runs until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(FollowAsync(cancellationToken), MonitorAsync(cancellationToken), ApplyAsync(cancellationToken));

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        CalicoState? listed = null;
        await foreach (var update in datastore.FollowAsync(cancellationToken).ConfigureAwait(false))
        {
            switch (update)
            {
                case DatastoreUpdate.Listing listing:
                    listed = CalicoStateUpdate.FromListing(listing.Keys, listing.Revision, listing.EmptyDirectories);
                    break;
                case DatastoreUpdate.Change change when listed is not null:
                    listed = CalicoStateUpdate.Apply(listed, change).State;
                    break;
                case DatastoreUpdate.Lost lost:
                    log.Warning($"felix: the datastore cannot be followed, the data plane stays as it is: {lost.Reason}");
                    continue;
            }

            _state = listed;
            Wake();
        }
    }

    private async Task MonitorAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await LinkMonitor.RunAsync(Wake, cancellationToken).ConfigureAwait(false);
            }
            catch (CommandException e)
            {
                log.Warning($"felix: links are not watched for a second: {e.Message}");
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task ApplyAsync(CancellationToken cancellationToken)
    {
        var verified = long.MinValue;
        var failing = false;
        while (true)
        {
            using (var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
            {
                timer.CancelAfter(failing ? TimeSpan.FromSeconds(1) : Resync);
                try
                {
                    await _wake.Reader.ReadAsync(timer.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    // Nothing happened: time to check, or to try again what failed.
                }
            }

            if (_state is not { } state || !IsReady(state))
            {
                continue;
            }

            var verify = failing || verified == long.MinValue || time.GetElapsedTime(verified) >= Resync;
            try
            {
                var interfaces = state.HostEndpoints.IsEmpty ? [] : await HostState.InterfacesAsync(cancellationToken).ConfigureAwait(false);
                var wanted = desire(Input(state) with { Interfaces = interfaces });
                Tell(wanted.Problems);
                await kernel.ApplyAsync(wanted, verify, cancellationToken).ConfigureAwait(false);
                verified = verify ? time.GetTimestamp() : verified;
                failing = false;
            }
            catch (CommandException e)
            {
                if (!failing)
                {
                    log.Warning($"felix: the kernel refused a change, trying again every second: {e.Message}");
                }

                failing = true;
            }
        }
    }

    // Each problem once, when it comes.
    private void Tell(ImmutableArray<string> problems)
    {
        foreach (var problem in problems.Except(_told, StringComparer.Ordinal))
        {
            log.Warning($"felix: {problem}");
        }

        _told = problems;
    }

    private DataplaneInput Input(CalicoState state) =>
        DataplaneInput.From(state, node, name => Setting(state, name)) with { LooksAfter = e => IsOurs(state, e.InterfaceName) };

    // Felix looks after interfaces of its prefixes alone.
    private bool IsOurs(CalicoState state, string name) => (Setting(state, "InterfacePrefix") is { Length: > 0 } prefixes ? prefixes : "cali")
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Any(p => name.StartsWith(p, StringComparison.Ordinal));

    // The environment goes before the host's key, and that before the one for all.
    private string? Setting(CalicoState state, string name) =>
        Variable(name) ?? Text(state, V1Keys.FelixConfig(name, node)) ?? Text(state, V1Keys.FelixConfig(name));

    private string? Variable(string name) =>
        environment.GetValueOrDefault($"FELIX_{name.ToUpperInvariant()}") is { Length: > 0 } value ? value : null;

    private static bool IsReady(CalicoState state) => Text(state, V1Keys.Ready) == "true";

    private static string? Text(CalicoState state, string key) => state.Keys.TryGet(key, out var stored) ? stored.Text : null;

    private void Wake() => _wake.Writer.TryWrite(true);
}
