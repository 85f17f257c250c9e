using System.Threading.Channels;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Live;

/// <summary>
/// Brings snapshots to one reader: the first change at once, later ones coalesced so that the reader is called at most
/// once in <see cref="Pause"/>, always with the newest snapshot. Nothing is brought while the reader's tab is hidden.
/// </summary>
/// <remarks>Disposing unsubscribes and waits for the reader to return. The reader is never called twice at a time.</remarks>
public sealed class SnapshotPump : IAsyncDisposable
{
    private readonly Channel<bool> _dirty = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly IClusterState _state;
    private readonly PageVisibility _visibility;
    private readonly TimeProvider _time;
    private readonly Task _loop;

    /// <summary>Subscribes at once.</summary>
    /// <param name="state">Where snapshots come from.</param>
    /// <param name="visibility">Whether the tab can be seen.</param>
    /// <param name="time">The clock of the pause.</param>
    /// <param name="deliver">The reader.</param>
    /// <param name="fail">Told of what the reader throws; the pump has ended then.</param>
    public SnapshotPump(IClusterState state, PageVisibility visibility, TimeProvider time, Func<ClusterSnapshot, Task> deliver, Func<Exception, Task> fail)
    {
        _state = state;
        _visibility = visibility;
        _time = time;
        _state.Changed += OnChanged;
        _loop = RunAsync(deliver, fail);
    }

    /// <summary>The least time between two deliveries.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromMilliseconds(150);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _state.Changed -= OnChanged;
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private void OnChanged(SnapshotChange change) => _dirty.Writer.TryWrite(true);

    private async Task RunAsync(Func<ClusterSnapshot, Task> deliver, Func<Exception, Task> fail)
    {
        // The subscriber's own context would otherwise run the loop on the circuit's dispatcher.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (true)
            {
                await _dirty.Reader.ReadAsync(_stop.Token).ConfigureAwait(false);
                await _visibility.WaitUntilVisibleAsync(_stop.Token).ConfigureAwait(false);
                await deliver(_state.Current).ConfigureAwait(false);
                await Task.Delay(Pause, _time, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            await fail(e).ConfigureAwait(false);
        }
    }
}
