using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CalicoConsole.Tests;

namespace CalicoConsole.Integration.Tests.Api;

/// <summary>The console's HTTP API as a script uses it.</summary>
public sealed class ConsoleApi : IDisposable
{
    private readonly HttpClient _http;

    public ConsoleApi(Uri address, string? token)
    {
        Address = address;
        _http = new HttpClient { BaseAddress = new Uri(address, "/api/v1/"), Timeout = TimeSpan.FromMinutes(2) };
        _http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
    }

    public Uri Address { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Sends a request; the body is an object to serialise, or JSON text.</summary>
    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, object? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, "application/json");
        }

        if (ifMatch is not null)
        {
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(ifMatch));
        }

        using var response = await _http.SendAsync(request, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        var json = response.Content.Headers.ContentType?.MediaType is { } type && type.EndsWith("json", StringComparison.Ordinal);
        return new ApiAnswer($"{method} {path}", response.StatusCode, response.Content.Headers.ContentType?.MediaType, response.Headers.ETag?.Tag,
            json ? JsonElement.Parse(text) : default);
    }

    /// <summary>GET that must be answered 200.</summary>
    public async Task<JsonElement> GetAsync(string path) => (await SendAsync(HttpMethod.Get, path)).Demand(HttpStatusCode.OK);

    /// <summary>A file.</summary>
    public async Task<byte[]> BytesAsync(string path) => await _http.GetByteArrayAsync(path, Cancel);

    /// <summary>The items of a list.</summary>
    public async Task<JsonElement[]> ItemsAsync(string path)
    {
        var list = await GetAsync(path);
        JsonElement[] items = [.. list.GetProperty("items").EnumerateArray()];
        Assert.True(items.Length <= list.GetProperty("total").GetInt64());
        return items;
    }

    /// <summary>Asks again until the answer is right; the last answer fails the test when the bound has passed. Answers how long it took.</summary>
    public async Task<TimeSpan> UntilAsync(string path, Func<JsonElement, bool> right, int seconds = 30)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await GetAsync(path);
            if (right(answer))
            {
                return Stopwatch.GetElapsedTime(began);
            }

            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(seconds), $"GET {path} still not right after {seconds} s: {Shown.Of(answer)}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), Cancel);
        }
    }

    /// <summary>Waits until a feed has a status; answers how long it took.</summary>
    public Task<TimeSpan> FeedAsync(string feed, string status) => UntilAsync("status", s => Feed(s, feed).GetProperty("status").GetString() == status);

    /// <summary>A feed of an answer of <c>GET status</c>.</summary>
    public static JsonElement Feed(JsonElement status, string feed) =>
        status.GetProperty("feeds").EnumerateArray().Single(f => f.GetProperty("name").GetString() == feed);

    /// <summary>Waits for <c>/readyz</c>.</summary>
    public async Task ReadyAsync(TimeSpan bound)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            using var response = await _http.GetAsync(new Uri(Address, "/readyz"), Cancel);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return;
            }

            Assert.True(Stopwatch.GetElapsedTime(began) < bound, $"not ready after {bound}: {Shown.Of(await response.Content.ReadAsStringAsync(Cancel))}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancel);
        }
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>An answer.</summary>
public sealed record ApiAnswer(string Request, HttpStatusCode Status, string? MediaType, string? ETag, JsonElement Body)
{
    /// <summary>The body of an answer that must have a status.</summary>
    public JsonElement Demand(HttpStatusCode status)
    {
        Assert.True(Status == status, $"{Request}: {(int)Status}, expected {(int)status}: {Shown.Of(Body)}");
        return Body;
    }

    /// <summary>Demands problem+json that names a field with a reason.</summary>
    public void DemandProblem(HttpStatusCode status, string field, string reason)
    {
        Demand(status);
        Assert.Equal("application/problem+json", MediaType);
        var errors = Body.GetProperty("errors").EnumerateArray().ToArray();
        Assert.True(
            errors.Any(e => e.GetProperty("field").GetString() == field && e.GetProperty("reason").GetString()!.Contains(reason, StringComparison.Ordinal)),
            $"{Request}: no error of '{field}' says '{reason}': {Shown.Of(Body)}");
    }
}
