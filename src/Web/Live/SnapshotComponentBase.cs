using CalicoConsole.Core.Snapshot;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Live;

/// <summary>A component that draws the live snapshot: it is rendered again when the snapshot changes, and lets go when it is disposed.</summary>
public abstract class SnapshotComponentBase : ComponentBase, IAsyncDisposable
{
    private SnapshotPump? _pump;

    /// <summary>The snapshot being drawn.</summary>
    protected ClusterSnapshot Snapshot { get; private set; } = new();

    [Inject]
    internal IClusterState State { get; set; } = default!;

    [Inject]
    internal PageVisibility Visibility { get; set; } = default!;

    /// <summary>The clock.</summary>
    [Inject]
    protected TimeProvider Time { get; set; } = default!;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_pump is not null)
        {
            await _pump.DisposeAsync();
        }

        await DisposeCoreAsync();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        // Subscribe first: a change between reading and subscribing must not be lost.
        _pump = new SnapshotPump(State, Visibility, Time, s => InvokeAsync(() => Draw(s)), DispatchExceptionAsync);
        Snapshot = State.Current;
        OnSnapshot();
    }

    /// <summary>Called with each new <see cref="Snapshot"/> before rendering; compute here, not in markup.</summary>
    protected virtual void OnSnapshot()
    {
    }

    /// <summary>Called when the component goes, after the subscription ended.</summary>
    protected virtual ValueTask DisposeCoreAsync() => ValueTask.CompletedTask;

    private void Draw(ClusterSnapshot snapshot)
    {
        Snapshot = snapshot;
        OnSnapshot();
        StateHasChanged();
    }
}
