using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Etcd;

/// <summary>One request to one endpoint of the keys API, and what its answer says. Thread-safe.</summary>
internal sealed class EtcdHttp : IDisposable
{
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly AuthenticationHeaderValue? _credentials;

    public EtcdHttp(EtcdOptions options, TimeProvider time)
    {
        _time = time;
        _http = new HttpClient(EtcdTls.Handler(options)) { Timeout = Timeout.InfiniteTimeSpan };
        _credentials = string.IsNullOrEmpty(options.Username)
            ? null
            : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Username}:{options.Password}")));
    }

    /// <summary>A token that ends with the caller's or when the limit has passed.</summary>
    public CancellationTokenSource Limit(TimeSpan limit, CancellationToken cancellationToken, out IDisposable timer)
    {
        var timed = new CancellationTokenSource(limit, _time);
        timer = timed;
        return CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timed.Token);
    }

    /// <summary>
    /// Sends and returns once the headers are there. A change is sent once: .NET sends a request without a body up to four times when its connection ends
    /// without an answer.
    /// </summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri uri, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, uri) { Content = content ?? (method == HttpMethod.Get ? null : new ByteArrayContent([])) };
        request.Headers.Authorization = _credentials;
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads an answer; throws <see cref="EtcdException"/> for an error. Null for an empty body with a good status.</summary>
    public static async Task<EtcdAnswer?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var index = Index(response);
        var body = await BodyAsync(response, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode && body is { Action: { } action, Node: { } node })
        {
            return new EtcdAnswer(action, node, body.PreviousNode, index ?? 0, ClusterId(response));
        }

        if (response.IsSuccessStatusCode && body is null)
        {
            return null;
        }

        throw new EtcdException(body?.ErrorCode ?? 0, (int)response.StatusCode, body?.Message ?? "", body?.Cause ?? "",
            body?.Index > 0 ? body.Index : index ?? 0)
        {
            ClusterId = ClusterId(response),
        };
    }

    /// <summary>Header X-Etcd-Index; null when it is missing.</summary>
    public static ulong? Index(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-Etcd-Index", out var values)
        && ulong.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    /// <summary>Header X-Etcd-Cluster-Id; null when it is missing.</summary>
    public static string? ClusterId(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-Etcd-Cluster-Id", out var values) ? values.First() : null;

    public void Dispose() => _http.Dispose();

    private static async Task<EtcdBody?> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType == "application/json")
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                try
                {
                    return await EtcdAnswerReader.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
                }
                catch (JsonException e)
                {
                    throw new IOException($"the answer is not etcd's JSON: {e.Message}", e);
                }
            }
        }

        var text = (await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false)).Trim();
        if (response.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return Plain(text, "this endpoint does not serve the v2 keys API; etcd 3.4 needs --enable-v2");
        }

        return text.Length == 0 && response.IsSuccessStatusCode ? null
            : Plain(text.Length > 200 ? text[..200] : text, "not an answer of the v2 keys API; check Etcd:Endpoints");
    }

    private static EtcdBody Plain(string text, string cause) => new(null, null, null, 0, text, cause, 0);

    /// <summary>Whether an error means that the member cannot serve now (raft errors, no leader), so that another may be asked.</summary>
    public static bool IsOfMember(EtcdException e) =>
        e.ErrorCode is 300 or 301 || e.HttpStatus is 502 or 503 or 504 || (e.HttpStatus == 500 && e.ErrorCode == 0);

    /// <summary>The names of several failures in one message.</summary>
    public static string Join(string what, ImmutableArray<string> failures) => $"etcd did not answer ({what}): {string.Join("; ", failures)}";
}
