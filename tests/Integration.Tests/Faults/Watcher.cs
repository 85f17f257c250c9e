using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using CalicoConsole.Integration.Tests.Api;

namespace CalicoConsole.Integration.Tests.Faults;

/// <summary>Reads the console all the time, as a browser would, and compares what it calls live with what is known to be true.</summary>
internal sealed class Watcher(ConsoleProcess console, ProfileWriters writers)
{
    /// <summary>A silent source may look live for this long: the interval of the questions whether it answers, and their limit.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    // On top of the bound, for a machine whose processors are all taken.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, long> _dead = [];

    /// <summary>Screens that were called live and were not.</summary>
    public ConcurrentQueue<string> Lies { get; } = [];

    /// <summary>How many screens were compared.</summary>
    public int Screens { get; private set; }

    /// <summary>The longest time for which a screen that was called live lacked a change.</summary>
    public TimeSpan LongestLag { get; private set; }

    /// <summary>The source of a feed is dead from now on.</summary>
    public void Died(string feed) => _dead[feed] = Stopwatch.GetTimestamp();

    /// <summary>It is about to come back.</summary>
    public void Returns(string feed) => _dead.TryRemove(feed, out _);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync();
            }
            catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException or ObjectDisposedException or OperationCanceledException
                or IOException)
            {
                // The console was killed: it shows nothing.
            }

            await Task.Delay(50, CancellationToken.None);
        }
    }

    private async Task LookAsync()
    {
        var api = console.Api;
        var name = writers.Profile;
        var dead = _dead.ToArray();
        var asked = Stopwatch.GetTimestamp();
        var before = await api.GetAsync("status");
        var profile = await api.SendAsync(HttpMethod.Get, $"profiles/{name}");
        var after = await api.GetAsync("status");
        Screens++;
        foreach (var (feed, since) in dead)
        {
            if (Feed(before, feed) is ("live", _) && _dead.TryGetValue(feed, out var still) && still == since && Stopwatch.GetElapsedTime(since, asked) > Bound
                + Slack)
            {
                Lies.Enqueue($"{feed} was shown as live {Stopwatch.GetElapsedTime(since, asked)} after it had died");
            }
        }

        // The same live session before and after: what was read between is what a page shows as live.
        if (profile.Status != HttpStatusCode.OK || Feed(before, "etcd") is not ("live", var session) || Feed(after, "etcd") != ("live", session))
        {
            return;
        }

        var shown = profile.Body.GetProperty("metadata").GetProperty("tags").EnumerateArray().Select(t => t.GetString()!).ToHashSet(StringComparer.Ordinal);
        foreach (var (tag, at) in writers.Direct.Where(d => d.Value.Profile == name && d.Value.At < asked && !shown.Contains(d.Key))
            .Select(d => (d.Key, d.Value.At)))
        {
            var lag = Stopwatch.GetElapsedTime(at, asked);
            LongestLag = lag > LongestLag ? lag : LongestLag;
            if (lag > Bound + Slack)
            {
                Lies.Enqueue($"{tag} was not on a screen called live {lag} after etcd had confirmed it");
            }
        }
    }

    private static (string? Status, string? Since) Feed(JsonElement status, string name) =>
        status.GetProperty("feeds").EnumerateArray().Where(f => f.GetProperty("name").GetString() == name)
            .Select(f => (f.GetProperty("status").GetString(), f.GetProperty("since").GetString())).FirstOrDefault();
}
