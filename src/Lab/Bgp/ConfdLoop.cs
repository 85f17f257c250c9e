using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Lab.Kernel;
using CalicoConsole.Lab.Node;
using CalicoConsole.NodeEmulation.Bgp;

namespace CalicoConsole.Lab.Bgp;

/// <summary>
/// What confd does for BIRD: follows the datastore and keeps BIRD's configuration as it demands. BIRD starts with the first configuration
/// that it takes; one that cannot be made, or that BIRD refuses, leaves it with the one it has.
/// </summary>
internal sealed class ConfdLoop(IDatastore datastore, Func<CalicoState, BirdConfiguration> build, BirdDaemon bird, NodeLog log)
{
    private CalicoState? _state;
    private string? _written;
    private ImmutableArray<string> _told = [];

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var running = Task.CompletedTask;
        await foreach (var update in datastore.FollowAsync(cancellationToken).ConfigureAwait(false))
        {
            if (running.IsFaulted)
            {
                await running.ConfigureAwait(false);
            }

            if (!Take(update) || !await WriteAsync(build(_state!), cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            if (running.IsCompleted)
            {
                running = bird.RunAsync(cancellationToken);
            }
            else
            {
                await ConfigureAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private bool Take(DatastoreUpdate update)
    {
        switch (update)
        {
            case DatastoreUpdate.Listing listing:
                _state = CalicoStateUpdate.FromListing(listing.Keys, listing.Revision, listing.EmptyDirectories);
                return true;
            case DatastoreUpdate.Change change when _state is not null:
                _state = CalicoStateUpdate.Apply(_state, change).State;
                return true;
            case DatastoreUpdate.Lost lost:
                log.Warning($"confd: the datastore cannot be followed, BIRD stays as it is: {lost.Reason}");
                return false;
            default:
                return false;
        }
    }

    // Whether there is a new configuration in place.
    private async Task<bool> WriteAsync(BirdConfiguration configuration, CancellationToken cancellationToken)
    {
        Tell(configuration.Problems);
        if (configuration.Text is not { } text || text == _written)
        {
            return false;
        }

        try
        {
            await BirdDaemon.WriteAsync(text, cancellationToken).ConfigureAwait(false);
            _written = text;
            return true;
        }
        catch (CommandException e)
        {
            Tell([$"BIRD refuses its new configuration and keeps the old one: {e.Message}"]);
            return false;
        }
    }

    private async Task ConfigureAsync(CancellationToken cancellationToken)
    {
        try
        {
            await BirdDaemon.ConfigureAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (CommandException e)
        {
            // BIRD reads the new file when it starts again.
            log.Warning($"confd: {e.Message}");
        }
    }

    // Each problem once, when it comes.
    private void Tell(ImmutableArray<string> problems)
    {
        foreach (var problem in problems.Except(_told, StringComparer.Ordinal))
        {
            log.Warning($"confd: {problem}");
        }

        _told = problems;
    }
}
