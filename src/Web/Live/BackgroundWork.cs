namespace CalicoConsole.Web.Live;

/// <summary>
/// Works something out beside a page's dispatcher, so that the page is drawn and listens meanwhile: one at a time, and again when it was asked for in between.
/// Used on the dispatcher only.
/// </summary>
/// <param name="time">The clock, for the rest.</param>
/// <param name="prepare">Takes what is needed from the page, on the dispatcher, and gives the work, which runs beside it.</param>
/// <param name="show">Takes what came of it, on the dispatcher; not called once disposed.</param>
/// <param name="fail">Takes what went wrong.</param>
/// <param name="rest">How long to rest after work that took so long, where what is worked out need not follow at once; null does not rest.</param>
internal sealed class BackgroundWork<T>(
    TimeProvider time, Func<Func<T>> prepare, Action<T> show, Func<Exception, Task> fail, Func<TimeSpan, TimeSpan>? rest = null) : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private bool _gone;
    private bool _wanted;
    private bool _working;

    /// <summary>Begins it; while one is under way, the next follows with what the page says by then.</summary>
    public void Ask()
    {
        _wanted = true;
        if (!_working && !_gone)
        {
            _working = true;
            _ = RunAsync();
        }
    }

    /// <summary>Shows nothing any more.</summary>
    public void Dispose()
    {
        _gone = true;
        _end.Cancel();
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        var token = _end.Token;
        try
        {
            while (_wanted && !_gone)
            {
                _wanted = false;
                var began = time.GetTimestamp();
                var made = await Task.Run(prepare());
                var took = time.GetElapsedTime(began);
                if (_gone)
                {
                    return;
                }

                show(made);
                if (rest is not null)
                {
                    await Task.Delay(rest(took), time, token);
                }
            }
        }
        catch (OperationCanceledException) when (_gone)
        {
            // Nobody looks at it any more.
            _wanted = false;
        }
        catch (Exception e)
        {
            await fail(e);
        }
        finally
        {
            _working = false;
        }
    }
}
