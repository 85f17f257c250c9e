using CalicoConsole.Adapters.Audit;

namespace CalicoConsole.Web.Auth;

/// <summary>
/// Tells those who hold something open for a session, such as a circuit, that it has ended: at once when it ends here, within
/// <see cref="Interval"/> when its user was deleted or changed. Safe for concurrent use.
/// </summary>
internal sealed class SessionWatch(SessionStore sessions, TimeProvider time, ILogger<SessionWatch> logger) : BackgroundService
{
    /// <summary>How often the sessions in use are looked up.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, List<Action>> _watched = [];
    private bool _failing;

    /// <summary>Calls <paramref name="ended"/> once when the session ends, on any thread; disposing the answer ends that.</summary>
    public IDisposable Watch(Guid session, Action ended)
    {
        lock (_gate)
        {
            if (!_watched.TryGetValue(session, out var list))
            {
                _watched[session] = list = [];
            }

            list.Add(ended);
        }

        return new Watching(this, session, ended);
    }

    /// <summary>Tells that a session has ended.</summary>
    public void End(Guid session)
    {
        List<Action> ended;
        lock (_gate)
        {
            if (!_watched.Remove(session, out ended!))
            {
                return;
            }
        }

        foreach (var one in ended)
        {
            try
            {
                one();
            }
            catch (Exception e)
            {
                logger.LogError(e, "Something that was open for a session which ended could not be closed");
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await LookAsync(stoppingToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        Guid[] watched;
        lock (_gate)
        {
            watched = [.. _watched.Keys];
        }

        if (watched.Length == 0)
        {
            return;
        }

        try
        {
            var standing = await sessions.StandingAsync(watched, cancellationToken);
            foreach (var ended in watched.Where(w => !standing.Contains(w)))
            {
                End(ended);
            }

            await sessions.SeenAsync(standing, cancellationToken);
            _failing = false;
        }
        catch (ConsoleDatabaseException e)
        {
            // What is open stays open: it can only look. A change asks the database itself, and is refused while that does not answer.
            if (!_failing)
            {
                logger.LogWarning("The sessions cannot be looked up now: {Reason}", e.Message);
            }

            _failing = true;
        }
    }

    private void Leave(Guid session, Action ended)
    {
        lock (_gate)
        {
            if (_watched.TryGetValue(session, out var list) && list.Remove(ended) && list.Count == 0)
            {
                _watched.Remove(session);
            }
        }
    }

    private sealed class Watching(SessionWatch watch, Guid session, Action ended) : IDisposable
    {
        public void Dispose() => watch.Leave(session, ended);
    }
}
