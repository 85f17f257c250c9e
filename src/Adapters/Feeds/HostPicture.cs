using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Feeds;

/// <summary>What a feed knows of its host, put together from answers that come in any order. Thread-safe.</summary>
/// <param name="state">Where it is shown.</param>
/// <param name="first">What is known before anything was asked.</param>
internal sealed class HostPicture(ClusterState state, DockerHostState first)
{
    private readonly Lock _gate = new();
    private DockerHostState _known = first;
    private DockerHostState _shown = first;
    private bool _held;

    /// <summary>What is known.</summary>
    public DockerHostState Known
    {
        get
        {
            lock (_gate)
            {
                return _known;
            }
        }
    }

    /// <summary>Changes what is known and shows it, unless a first look is under way.</summary>
    public ValueTask ChangeAsync(Func<DockerHostState, DockerHostState> change, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var next = change(_known);
            if (ReferenceEquals(next, _known))
            {
                return ValueTask.CompletedTask;
            }

            _known = next;
            if (_held)
            {
                return ValueTask.CompletedTask;
            }

            _shown = next;
        }

        return PostAsync(cancellationToken);
    }

    /// <summary>Changes one container, if it is still there.</summary>
    public ValueTask ChangeAsync(string id, Func<DockerContainer, DockerContainer> change, CancellationToken cancellationToken) => ChangeAsync(
        known => known.Containers.TryGetValue(id, out var container) && change(container) is var next && next != container
            ? known with { Containers = known.Containers.SetItem(id, next) }
            : known,
        cancellationToken);

    /// <summary>Shows nothing new until <see cref="ShowAsync"/>: a look at everything is seen as a whole.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            _held = true;
        }
    }

    /// <summary>Shows what is known.</summary>
    public ValueTask ShowAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            (_held, _shown) = (false, _known);
        }

        return PostAsync(cancellationToken);
    }

    // The newest is read when the edit is folded in: two that changed it at once cannot overtake each other.
    private ValueTask PostAsync(CancellationToken cancellationToken) => state.PostAsync(
        s =>
        {
            lock (_gate)
            {
                return new SnapshotEdit(s with { Hosts = s.Hosts.SetItem(_shown.Name, _shown) }, [], [_shown.Name]);
            }
        },
        cancellationToken);
}
