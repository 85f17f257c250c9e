using System.Threading.Channels;

namespace CalicoConsole.Adapters.Feeds;

/// <summary>Looks at one kind of a host's objects, again whenever it is asked to, however long the other kinds take. Thread-safe.</summary>
/// <param name="look">One look.</param>
internal sealed class RefreshLane(Func<CancellationToken, Task> look)
{
    // However often it is asked for while a look is under way: one more look sees it all.
    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Asks for a look soon.</summary>
    public void Ask() => _asked.Writer.TryWrite(true);

    /// <summary>Looks once, then whenever it is asked to, until cancelled. What a look throws ends it.</summary>
    /// <param name="first">Told when the first look is done.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(TaskCompletionSource first, CancellationToken cancellationToken)
    {
        _asked.Reader.TryRead(out _);
        await look(cancellationToken).ConfigureAwait(false);
        first.TrySetResult();
        while (await _asked.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            _asked.Reader.TryRead(out _);
            await look(cancellationToken).ConfigureAwait(false);
        }
    }
}
