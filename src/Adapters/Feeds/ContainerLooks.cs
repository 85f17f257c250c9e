using System.Collections.Concurrent;
using System.Threading.Channels;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Feeds;

/// <summary>
/// Looks at containers one by one for what the list does not tell. An engine holds such a question back for as long as the container waits for
/// something, such as a plugin that is gone: that is said of the container, and delays no other. Thread-safe.
/// </summary>
/// <param name="docker">The host.</param>
/// <param name="picture">Where it goes.</param>
/// <param name="listAgain">Asks for a container to be listed again.</param>
/// <param name="time">The clock.</param>
internal sealed class ContainerLooks(IDockerHost docker, HostPicture picture, Action<string> listAgain, TimeProvider time)
{
    private const int AtOnce = 16;
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    private readonly Channel<string> _asked = Channel.CreateUnbounded<string>();
    private readonly ConcurrentDictionary<string, bool> _waiting = new(StringComparer.Ordinal);

    /// <summary>Asks for a look at a container.</summary>
    public void Ask(string id)
    {
        if (_waiting.TryAdd(id, true))
        {
            _asked.Writer.TryWrite(id);
        }
    }

    /// <summary>Looks at what is asked for until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(AtOnce, AtOnce);
        var running = new ConcurrentDictionary<Task, bool>();
        try
        {
            await foreach (var id in _asked.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                await slots.WaitAsync(cancellationToken).ConfigureAwait(false);
                _waiting.TryRemove(id, out _);
                var look = LookAsync(id, slots, cancellationToken);
                running[look] = true;
                _ = look.ContinueWith(done => running.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
                foreach (var failed in running.Keys.Where(t => t.IsFaulted))
                {
                    await failed.ConfigureAwait(false);
                }
            }
        }
        finally
        {
            await Task.WhenAll(running.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(string id, SemaphoreSlim slots, CancellationToken cancellationToken)
    {
        bool answered;
        try
        {
            answered = await AskAsync(id, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            slots.Release();
        }

        if (!answered)
        {
            await Task.Delay(Again, time, cancellationToken).ConfigureAwait(false);
            Ask(id);
        }
    }

    /// <summary>False when the engine answers, but not for this container.</summary>
    private async Task<bool> AskAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var details = await docker.DetailsAsync(id, cancellationToken).ConfigureAwait(false);
            var waited = picture.Known.Containers.GetValueOrDefault(id)?.Unanswered == true;
            if (details is not null && (waited || picture.Known.Containers.GetValueOrDefault(id)?.Details != details))
            {
                await picture.ChangeAsync(id, c => c with { Details = details, Unanswered = false }, cancellationToken).ConfigureAwait(false);
            }

            if (waited || details is null)
            {
                // The list said "running" while the engine waited for the container, or the container is gone.
                listAgain(id);
            }

            return true;
        }
        catch (DockerHostException e) when (e.Status != 0)
        {
            // It answered; what the list says of the container stands.
            return true;
        }
        catch (DockerHostException)
        {
            try
            {
                await docker.PingAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (DockerHostException)
            {
                // The whole engine does not answer, which is said of the host.
                return true;
            }

            await picture.ChangeAsync(id, c => c with { Details = null, Unanswered = true }, cancellationToken).ConfigureAwait(false);
            return false;
        }
    }
}
