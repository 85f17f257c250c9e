namespace CalicoConsole.Web.Live;

/// <summary>Whether this circuit's browser tab can be seen. One for each circuit; thread-safe.</summary>
public sealed class PageVisibility
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _hidden;

    /// <summary>Whether it can be seen; true until the browser says otherwise.</summary>
    public bool IsVisible
    {
        get
        {
            lock (_lock)
            {
                return _hidden is null;
            }
        }
    }

    /// <summary>Takes note of what the browser says.</summary>
    public void Set(bool visible)
    {
        TaskCompletionSource? waiting = null;
        lock (_lock)
        {
            if (visible)
            {
                (waiting, _hidden) = (_hidden, null);
            }
            else
            {
                _hidden ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        waiting?.SetResult();
    }

    /// <summary>Completes once the tab can be seen.</summary>
    public Task WaitUntilVisibleAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _hidden?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;
        }
    }
}
