namespace CalicoConsole.Lab.Node;

/// <summary>Disposes what it was given, the latest first.</summary>
internal sealed class DisposableStack : IAsyncDisposable
{
    private readonly Stack<object> _owned = new();

    public void Push(object owned) => _owned.Push(owned);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var owned))
        {
            if (owned is IAsyncDisposable asynchronous)
            {
                await asynchronous.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                (owned as IDisposable)?.Dispose();
            }
        }
    }
}
