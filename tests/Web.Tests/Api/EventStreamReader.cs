using System.Net;
using System.Net.ServerSentEvents;

namespace CalicoConsole.Web.Tests.Api;

/// <summary>A stream of server-sent events, read by .NET's own parser.</summary>
internal sealed class EventStreamReader(HttpResponseMessage response, IAsyncEnumerator<SseItem<string>> items) : IAsyncDisposable
{
    public string? ContentType => response.Content.Headers.ContentType?.MediaType;

    public static async Task<EventStreamReader> OpenAsync(HttpClient api, string path, string? lastId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/{path}");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        var response = await api.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new(response, SseParser.Create(await response.Content.ReadAsStreamAsync(cancellationToken)).EnumerateAsync(cancellationToken)
            .GetAsyncEnumerator(cancellationToken));
    }

    public async Task<bool> HasNextAsync() => await items.MoveNextAsync();

    public async Task<SseItem<string>> NextAsync()
    {
        Assert.True(await items.MoveNextAsync(), "the stream has ended");
        return items.Current;
    }

    public ValueTask DisposeAsync()
    {
        response.Dispose();
        return ValueTask.CompletedTask;
    }
}
