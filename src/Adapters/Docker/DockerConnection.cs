using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using CalicoConsole.Core.Ports;
using Docker.DotNet;
using Docker.DotNet.NativeHttp;

namespace CalicoConsole.Adapters.Docker;

/// <summary>
/// The ways to one engine: the client library, and a raw client for what its models dropped. Speaks the API version
/// that both sides know. Every call passes here, gets its limit and has its failures turned into <see cref="DockerHostException"/>.
/// Safe for concurrent use.
/// </summary>
internal sealed class DockerConnection : IDisposable
{
    /// <summary>The API of the last engine with a cluster store (20.10): newer engines are asked for it too.</summary>
    public static readonly Version Preferred = new(1, 41);

    private readonly DockerHostOptions _options;
    private readonly DockerEndpoint _endpoint;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<Version, DockerClient> _clients = new();
    private readonly Lazy<HttpClient> _raw;
    private volatile Version? _version;

    public DockerConnection(DockerHostOptions options, DockerEndpoint endpoint, TimeProvider time)
    {
        _options = options;
        _endpoint = endpoint;
        _time = time;
        _raw = new Lazy<HttpClient>(Raw, LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The address as shown to people.</summary>
    public string Address => _endpoint.Display;

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }

        if (_raw.IsValueCreated)
        {
            _raw.Value.Dispose();
        }
    }

    /// <summary>Runs a call of the client library within a limit; null for none.</summary>
    /// <param name="what">What is tried, to complete "could not …".</param>
    /// <param name="limit">The limit.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">The caller's wish.</param>
    public Task<T> CallAsync<T>(string what, TimeSpan? limit, Func<DockerClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        GuardAsync(what, limit, async token => await call(Client(await VersionAsync(token).ConfigureAwait(false)), token).ConfigureAwait(false),
            cancellationToken);

    /// <summary>As <see cref="CallAsync{T}"/>, without an answer.</summary>
    public Task CallAsync(string what, TimeSpan? limit, Func<DockerClient, CancellationToken, Task> call, CancellationToken cancellationToken) =>
        CallAsync(
            what,
            limit,
            async (client, token) =>
            {
                await call(client, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    /// <summary>Sends a raw request, path below the API version, and answers once the headers are there. A refusal is thrown.</summary>
    public Task<HttpResponseMessage> SendAsync(
        string what, TimeSpan? limit, HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken) =>
        GuardAsync(
            what,
            limit,
            async token =>
            {
                var version = await VersionAsync(token).ConfigureAwait(false);
                return await SendAsync(method, $"v{version}/{path}", content, token).ConfigureAwait(false);
            },
            cancellationToken);

    /// <summary>Runs anything against this engine within a limit, failures translated.</summary>
    public async Task<T> GuardAsync<T>(string what, TimeSpan? limit, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var timer = limit is { } time ? new CancellationTokenSource(time, _time) : null;
        using var linked = timer is null ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await call(linked?.Token ?? cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not DockerHostException)
        {
            // Whatever the library made of a cancelled call: the caller wanted to stop.
            cancellationToken.ThrowIfCancellationRequested();
            throw Translate(what, timer is { IsCancellationRequested: true } ? limit : null, failure);
        }
    }

    private DockerHostException Translate(string what, TimeSpan? ranOut, Exception failure)
    {
        var error = DockerErrors.Translate(_options.Name, Address, what, ranOut, failure);
        if (error.Status == (int)HttpStatusCode.BadRequest && error.Message.Contains("client version", StringComparison.Ordinal))
        {
            // The engine was replaced by one that does not know this version: agree anew at the next call.
            _version = null;
        }

        return error;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative))
        {
            // .NET sends a request without a body up to four times when its connection ends without an answer. A change must be sent once:
            // an engine that died under it may have carried it out, and "connection refused" at the second attempt would tell the opposite.
            Content = content ?? (method == HttpMethod.Get ? null : new ByteArrayContent([])),
        };
        var answer = await _raw.Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        // 304: the container is already in the state that was asked for.
        if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.NotModified)
        {
            return answer;
        }

        using (answer)
        {
            throw new DockerApiException(answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
        }
    }

    private async Task<Version> VersionAsync(CancellationToken cancellationToken)
    {
        if (_version is { } known)
        {
            return known;
        }

        // Without a version in its path this is answered by every engine.
        using var answer = await SendAsync(HttpMethod.Get, "version", null, cancellationToken).ConfigureAwait(false);
        using var body = await JsonDocument.ParseAsync(
            await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), cancellationToken: cancellationToken).ConfigureAwait(false);
        var version = Agree(body.RootElement.Text("MinAPIVersion"), body.RootElement.Text("ApiVersion"));
        _version = version;
        return version;
    }

    /// <summary>The preferred version, or the nearest that the engine speaks.</summary>
    internal static Version Agree(string lowest, string highest)
    {
        if (!Version.TryParse(highest, out var high))
        {
            throw new JsonException("the answer to GET /version has no ApiVersion: this is not a Docker Engine");
        }

        if (high < Preferred)
        {
            return high;
        }

        return Version.TryParse(lowest, out var low) && low > Preferred ? low : Preferred;
    }

    private DockerClient Client(Version version) => _clients.GetOrAdd(version, v =>
    {
        var builder = new DockerClientBuilder()
            .WithTransportOptions(new NativeHttpTransportOptions { ConfigureHandler = handler => DockerTransport.Configure(handler, _endpoint, _options) })
            .WithEndpoint(_endpoint.Base)
            .WithApiVersion(v)
            .WithTimeout(Timeout.InfiniteTimeSpan);
        return (_endpoint.IsTls ? builder.WithAuthProvider(new TlsByTransport()) : builder).Build();
    });

    private HttpClient Raw()
    {
        var handler = new SocketsHttpHandler();
        try
        {
            DockerTransport.Configure(handler, _endpoint, _options);
            return new HttpClient(handler) { BaseAddress = _endpoint.Base, Timeout = Timeout.InfiniteTimeSpan };
        }
        catch
        {
            handler.Dispose();
            throw;
        }
    }
}
