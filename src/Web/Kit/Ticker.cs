namespace CalicoConsole.Web.Kit;

/// <summary>One slow clock for all relative times of a circuit.</summary>
public sealed class Ticker : IAsyncDisposable
{
    private readonly ITimer _timer;

    /// <summary>Starts ticking every five seconds.</summary>
    public Ticker(TimeProvider time) => _timer = time.CreateTimer(_ => Tick?.Invoke(), null, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));

    /// <summary>Raised on a thread of the pool.</summary>
    public event Action? Tick;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}
