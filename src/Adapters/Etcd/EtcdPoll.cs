using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Etcd;

/// <summary>The server did not accept the long-poll: another endpoint may.</summary>
internal sealed class EtcdPollNotOpenedException(string message, Exception? inner) : Exception(message, inner);

/// <summary>
/// One long-poll at one endpoint. The headers come at once and are judged first; then the body is awaited, and the server is
/// asked now and then, with quorum, whether it still follows the cluster: an isolated or frozen member would stay silent for ever.
/// </summary>
internal sealed class EtcdPoll(EtcdHttp http, EtcdOptions options, TimeProvider time)
{
    /// <summary>A hidden key (etcd does not list names that begin with an underscore) that nobody writes: reading it tells the store's index cheaply.</summary>
    private const string ProbeName = "_calico-console-probe";

    /// <summary>
    /// etcd keeps the last 1000 events: a poll that stands while more than this happened elsewhere is kept, because only an open one cannot lose history.
    /// </summary>
    private const ulong SafeDistance = 500;

    public async Task<EtcdWait> WaitAsync(Uri endpoint, string key, ulong waitIndex, string? clusterId, Action opened, CancellationToken cancellationToken)
    {
        var name = endpoint.GetLeftPart(UriPartial.Authority);
        var uri = EtcdWire.KeyUri(endpoint, key, FormattableString.Invariant($"wait=true&recursive=true&waitIndex={waitIndex}"));
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        HttpResponseMessage response;
        Seen seen;
        try
        {
            (response, seen) = await OpenAsync(endpoint, key, waitIndex, uri, abandon, cancellationToken).ConfigureAwait(false);
        }
        catch (EtcdException e) when (e.ErrorCode == EtcdException.EventIndexCleared)
        {
            return Judge(new Seen(e.Index > 0 ? e.Index : null, e.ClusterId), waitIndex, clusterId)
                ?? new EtcdWait.HistoryLost($"etcd keeps only the last 1000 events, and those since index {waitIndex} are gone ({e.EtcdCause})");
        }
        catch (EtcdException e) when (EtcdHttp.IsOfMember(e))
        {
            throw new EtcdPollNotOpenedException($"{name}: {e.Message}", e);
        }
        catch (Exception e) when (EtcdFailure.IsOfEndpoint(e) && !cancellationToken.IsCancellationRequested)
        {
            throw new EtcdPollNotOpenedException($"{name}: {EtcdFailure.Describe(e, options.RequestLimit, endpoint)}", e);
        }

        using (response)
        {
            if (Judge(seen, waitIndex, clusterId) is { } lost)
            {
                return lost;
            }

            var reading = EtcdHttp.ReadAsync(response, abandon.Token);
            try
            {
                opened();
                return await WatchOverAsync(reading, endpoint, key, Math.Max(seen.Index ?? 0, waitIndex - 1), seen.ClusterId, cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (Exception e) when (EtcdFailure.IsOfEndpoint(e) && !cancellationToken.IsCancellationRequested)
            {
                throw new EtcdUnavailableException($"the watch of {key} at {name} broke: {EtcdFailure.Describe(e, options.ProbeLimit, endpoint)}", e);
            }
            finally
            {
                await abandon.CancelAsync().ConfigureAwait(false);
                await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static EtcdWait.HistoryLost? Judge(Seen seen, ulong waitIndex, string? clusterId)
    {
        if (clusterId is not null && seen.ClusterId is not null && seen.ClusterId != clusterId)
        {
            return new EtcdWait.HistoryLost($"another etcd cluster answers (id {seen.ClusterId}, before {clusterId}): the store was replaced or restored");
        }

        // waitIndex is one past an index that was seen, so a store that has not gone back stands at waitIndex - 1 or later.
        return seen.Index + 1 < waitIndex
            ? new EtcdWait.HistoryLost($"etcd stands at index {seen.Index}, before {waitIndex - 1} which was seen earlier: the store was emptied or restored")
            : null;
    }

    private async Task<(HttpResponseMessage Response, Seen Seen)> OpenAsync(
        Uri endpoint, string key, ulong waitIndex, Uri uri, CancellationTokenSource abandon, CancellationToken cancellationToken)
    {
        using var timer = time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), abandon, options.RequestLimit,
            Timeout.InfiniteTimeSpan);
        var response = await http.SendAsync(HttpMethod.Get, uri, null, abandon.Token).ConfigureAwait(false);
        try
        {
            var seen = new Seen(EtcdHttp.Index(response), EtcdHttp.ClusterId(response));
            if (!response.IsSuccessStatusCode)
            {
                await EtcdHttp.ReadAsync(response, abandon.Token).ConfigureAwait(false);
            }

            // A member that lags behind the one that was asked before also answers with an older index; the quorum knows.
            if (seen.Index + 1 < waitIndex)
            {
                seen = await ProbeAsync(endpoint, key, cancellationToken).ConfigureAwait(false);
            }

            return (response, seen);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task<EtcdWait> WatchOverAsync(Task<EtcdAnswer?> reading, Uri endpoint, string key, ulong start, string? clusterId,
        CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var left = options.PollLimit - time.GetElapsedTime(began);
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var pause = Task.Delay(left > TimeSpan.Zero && left < options.ProbeInterval ? left : options.ProbeInterval, time, waiting.Token);
            if (await Task.WhenAny(reading, pause).ConfigureAwait(false) == reading)
            {
                await waiting.CancelAsync().ConfigureAwait(false);
                return await reading.ConfigureAwait(false) is { } answer ? new EtcdWait.Changed(answer) : new EtcdWait.Nothing(start);
            }

            cancellationToken.ThrowIfCancellationRequested();
            var now = await ProbeAsync(endpoint, key, cancellationToken).ConfigureAwait(false);
            if (Judge(now, start + 1, clusterId) is { } lost)
            {
                return lost;
            }

            // Not the probe's index: a change before it may still be on its way over the poll's own connection.
            if (!reading.IsCompleted && time.GetElapsedTime(began) >= options.PollLimit && (now.Index ?? start) - start < SafeDistance)
            {
                return new EtcdWait.Nothing(start);
            }
        }
    }

    private async Task<Seen> ProbeAsync(Uri endpoint, string key, CancellationToken cancellationToken)
    {
        var uri = EtcdWire.KeyUri(endpoint, key == "/" ? $"/{ProbeName}" : $"{key}/{ProbeName}", "quorum=true");
        using var limited = http.Limit(options.ProbeLimit, cancellationToken, out var timer);
        using (timer)
        using (var response = await http.SendAsync(HttpMethod.Get, uri, null, limited.Token).ConfigureAwait(false))
        {
            try
            {
                await EtcdHttp.ReadAsync(response, limited.Token).ConfigureAwait(false);
            }
            catch (EtcdException e) when (!EtcdHttp.IsOfMember(e))
            {
                // Usually "key not found": an answer all the same, with the headers that matter.
            }
            catch (EtcdException e)
            {
                throw new IOException(e.Message, e);
            }

            return new Seen(EtcdHttp.Index(response), EtcdHttp.ClusterId(response));
        }
    }

    private readonly record struct Seen(ulong? Index, string? ClusterId);
}
