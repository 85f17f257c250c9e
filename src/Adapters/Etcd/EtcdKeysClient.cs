using System.Globalization;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Etcd;

/// <summary>
/// The etcd v2 keys API over HTTP (source: etcd 3.2 v2 API documentation; behaviour observed on etcd 3.4). Asks the endpoint
/// that answered last, and the others when it fails. Thread-safe; one for the process.
/// </summary>
/// <remarks>
/// A read goes on to the next endpoint after any failure of the one before. A write goes on only when nothing can have left
/// for the server; otherwise <see cref="EtcdUnavailableException.MayHaveHappened"/> is set.
/// </remarks>
public sealed class EtcdKeysClient : IEtcdKeys, IDisposable
{
    private readonly EtcdOptions _options;
    private readonly ImmutableArray<Uri> _endpoints;
    private readonly EtcdHttp _http;
    private readonly EtcdPoll _poll;
    private int _preferred;

    /// <summary>Creates the client; nothing is sent yet.</summary>
    /// <param name="options">Options without errors.</param>
    /// <param name="time">The clock for time limits.</param>
    /// <exception cref="ArgumentException">The options have errors; the message lists them.</exception>
    public EtcdKeysClient(EtcdOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (options.Validate() is { Length: > 0 } errors)
        {
            throw new ArgumentException(string.Join("; ", errors), nameof(options));
        }

        _options = options;
        _endpoints = options.EndpointUris;
        _http = new EtcdHttp(options, time);
        _poll = new EtcdPoll(_http, options, time);
    }

    /// <inheritdoc/>
    public Task<EtcdAnswer> GetAsync(string key, bool recursive, bool quorum, CancellationToken cancellationToken)
    {
        var query = string.Join('&', new[] { quorum ? "quorum=true" : "", recursive ? "recursive=true" : "", "sorted=true" }.Where(m => m.Length > 0));
        return SendAsync(HttpMethod.Get, key, query, null, recursive ? _options.ListLimit : _options.RequestLimit, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<EtcdAnswer> PutAsync(string key, ReadOnlyMemory<byte> value, EtcdCondition condition, TimeSpan? timeToLive,
        CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, key, EtcdWire.Query(condition), () => EtcdWire.ValueBody(value.Span, timeToLive), _options.RequestLimit, cancellationToken);

    /// <inheritdoc/>
    public Task<EtcdAnswer> MakeDirectoryAsync(string key, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, key, EtcdWire.Query(EtcdCondition.Absent), EtcdWire.DirectoryBody, _options.RequestLimit, cancellationToken);

    /// <inheritdoc/>
    public Task<EtcdAnswer> DeleteAsync(string key, EtcdDeletion how, EtcdCondition condition, CancellationToken cancellationToken)
    {
        if (condition.MustExist is not null)
        {
            throw new ArgumentException("a deletion can be conditional on an index only", nameof(condition));
        }

        var query = EtcdWire.Query(condition);
        var mode = how switch { EtcdDeletion.EmptyDirectory => "dir=true", EtcdDeletion.Recursive => "recursive=true", EtcdDeletion.Key => "" };
        query = query.Length > 0 && mode.Length > 0 ? $"{mode}&{query}" : mode + query;
        return SendAsync(HttpMethod.Delete, key, query, null, _options.RequestLimit, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<EtcdWait> WaitAsync(string key, ulong waitIndex, string? clusterId, Action? opened, CancellationToken cancellationToken)
    {
        EtcdWire.CheckKey(key);
        var failures = ImmutableArray.CreateBuilder<string>();
        var first = Volatile.Read(ref _preferred);
        for (var i = 0; i < _endpoints.Length; i++)
        {
            var at = (first + i) % _endpoints.Length;
            try
            {
                return await _poll.WaitAsync(_endpoints[at], key, waitIndex, clusterId, () =>
                {
                    Volatile.Write(ref _preferred, at);
                    opened?.Invoke();
                }, cancellationToken).ConfigureAwait(false);
            }
            catch (EtcdPollNotOpenedException e)
            {
                Avoid(at);
                failures.Add(e.Message);
            }
            catch (EtcdUnavailableException)
            {
                Avoid(at);
                throw;
            }
        }

        throw new EtcdUnavailableException(EtcdHttp.Join($"watch {key}", failures.ToImmutable()));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<EtcdAnswer> SendAsync(
        HttpMethod method, string key, string query, Func<HttpContent>? content, TimeSpan limit, CancellationToken cancellationToken)
    {
        var failures = ImmutableArray.CreateBuilder<string>();
        var first = Volatile.Read(ref _preferred);
        var isWrite = method != HttpMethod.Get;
        for (var i = 0; i < _endpoints.Length; i++)
        {
            var at = (first + i) % _endpoints.Length;
            var uri = EtcdWire.KeyUri(_endpoints[at], key, query);
            Exception failure;
            bool sent;
            try
            {
                var answer = await OneAsync(method, uri, content, limit, cancellationToken).ConfigureAwait(false);
                Volatile.Write(ref _preferred, at);
                return answer;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                Avoid(at);
                throw;
            }
            catch (EtcdException e) when (EtcdHttp.IsOfMember(e))
            {
                (failure, sent) = (e, true);
                failures.Add(Name(at, e.Message));
            }
            catch (Exception e) when (EtcdFailure.IsOfEndpoint(e) && !cancellationToken.IsCancellationRequested)
            {
                (failure, sent) = (e, !EtcdFailure.BeforeSending(e));
                failures.Add(Name(at, EtcdFailure.Describe(e, limit, _endpoints[at])));
            }

            Avoid(at);
            if (isWrite && sent)
            {
                throw new EtcdUnavailableException(EtcdHttp.Join($"{method} {key}; the write may have happened", failures.ToImmutable()),
                    failure)
                { MayHaveHappened = true };
            }
        }

        throw new EtcdUnavailableException(EtcdHttp.Join($"{method} {key}", failures.ToImmutable()));
    }

    private async Task<EtcdAnswer> OneAsync(HttpMethod method, Uri uri, Func<HttpContent>? content, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var limited = _http.Limit(limit, cancellationToken, out var timer);
        using (timer)
        using (var body = content?.Invoke())
        using (var response = await _http.SendAsync(method, uri, body, limited.Token).ConfigureAwait(false))
        {
            return await EtcdHttp.ReadAsync(response, limited.Token).ConfigureAwait(false) ?? throw new IOException("the answer was empty");
        }
    }

    // The next call starts with another endpoint, so that a frozen one costs its time limit once.
    private void Avoid(int at) => Interlocked.CompareExchange(ref _preferred, (at + 1) % _endpoints.Length, at);

    private string Name(int at, string failure) =>
        string.Create(CultureInfo.InvariantCulture, $"{_endpoints[at].GetLeftPart(UriPartial.Authority)}: {failure}");
}
