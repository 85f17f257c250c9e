namespace CalicoConsole.Sandbox;

/// <summary>Work that goes on until it is disposed.</summary>
internal sealed class BackgroundWork : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IDisposable _with;
    private readonly Task _work;

    /// <summary>Begins.</summary>
    /// <param name="work">The work, until its token is cancelled.</param>
    /// <param name="with">What ends with it.</param>
    public BackgroundWork(Func<CancellationToken, Task> work, IDisposable with)
    {
        _with = with;
        _work = Task.Run(() => work(_stop.Token));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await _work.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // As it was told to.
        }

        _with.Dispose();
        _stop.Dispose();
    }
}
