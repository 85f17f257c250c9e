using System.Net;
using System.Text.Json;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace CalicoConsole.Web.Tests.Api;

/// <summary>The stream of events over the real host, read by .NET's own parser of server-sent events.</summary>
public sealed class EventsApiTests : IAsyncDisposable
{
    // A policy of this number is written last, so that the reader knows that it has seen everything.
    private const int End = 99;

    private readonly FakeTimeProvider _time = new();
    private readonly ConsoleFactory _console;
    private readonly HttpClient _api;

    public EventsApiTests()
    {
        _console = new ConsoleFactory { Also = s => s.AddSingleton<TimeProvider>(_time) };
        _console.State.Publish(ListStage.Snapshot(Numbers(0, 6)));
        _api = _console.Api();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SnapshotEvents Log => _console.Services.GetRequiredService<SnapshotEvents>();

    public async ValueTask DisposeAsync() => await _console.DisposeAsync();

    [Fact]
    public async Task Stream_BeginsWithTheSnapshot_AndTellsWhatBecameOfAnObject()
    {
        var was = _console.State.Current;
        await using var stream = await OpenAsync("events?kind=policy&kind=workloadEndpoint");
        Assert.Equal("text/event-stream", stream.ContentType);
        var start = await stream.NextAsync();
        Assert.Equal("start", start.EventType);
        Assert.Equal($$"""{"snapshotVersion":{{was.Version}},"revision":{{was.Calico.Revision}},"resumed":false}""", start.Data);
        _console.State.Publish(ListStage.Snapshot(Numbers(0, 6), i => i == 1 ? 9UL : 5));
        _console.State.Publish(ListStage.Snapshot(Numbers(0, 7), i => i == 1 ? 9UL : 5));
        _console.State.Publish(ListStage.Snapshot(Numbers(1, 6), i => i == 1 ? 9UL : 5));
        string[] wanted =
        [
            """changed {"kind":"policy","identity":{"name":"team/db-1"},"revision":9,"href":"/api/v1/policies/team%2Fdb-1"}""",
            """added {"kind":"policy","identity":{"name":"Plain.6"},"revision":5,"href":"/api/v1/policies/Plain.6"}""",
            """removed {"kind":"policy","identity":{"name":"plain-0"},"revision":5,"href":"/api/v1/policies/plain-0"}""",
        ];
        var endpoint = $"/api/v1/endpoints/node-2/libnetwork/libnetwork/{6:x64}";
        var seen = new List<string>();
        var hrefs = new List<string>();
        while (!wanted.All(seen.Contains) || !hrefs.Contains(endpoint))
        {
            var item = await stream.NextAsync();
            seen.Add($"{item.EventType} {item.Data}");
            hrefs.Add(JsonElement.Parse(item.Data).GetProperty("href").GetString()!);
            Assert.Contains(JsonElement.Parse(item.Data).GetProperty("kind").GetString(), (string[])["policy", "workloadEndpoint"]);
        }

        using var one = await _api.GetAsync($"/api/v1/endpoints/node-1/libnetwork/libnetwork/{1:x64}", Cancel);
        Assert.Equal("\"9\"", one.Headers.ETag?.Tag);
        using var none = await _api.GetAsync($"/api/v1/endpoints/node-3/libnetwork/libnetwork/{1:x64}", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task TheSameReadAgain_IsNoChange()
    {
        await using var stream = await OpenAsync("events");
        _ = await stream.NextAsync();
        _console.State.Publish(ListStage.Snapshot(Numbers(0, 6)));
        _console.State.Publish(ListStage.Snapshot(Numbers(0, 6).Append(End).ToHashSet()));
        // The first change is of the new object.
        var item = await stream.NextAsync();
        Assert.Equal("added", item.EventType);
        Assert.Equal($"10.{End}.0.0/16", JsonElement.Parse(item.Data).GetProperty("identity").GetProperty("cidr").GetString());
    }

    [Fact]
    public async Task AQuietStream_IsHeardOf()
    {
        Assert.True(EventsApi.Heartbeat <= TimeSpan.FromSeconds(15));
        await using var stream = await OpenAsync("events?kind=profile");
        var start = await stream.NextAsync();
        var next = stream.NextAsync();
        while (!next.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var beat = await next;
        Assert.Equal(("heartbeat", start.EventId), (beat.EventType, beat.EventId));
    }

    [Fact]
    public async Task ASlowReader_LosesEventsAndIsToldOnce_AndHoldsUpNobody()
    {
        await using var slow = await OpenAsync("events?kind=policy");
        _ = await slow.NextAsync();
        for (var round = 0; round < 12; round++)
        {
            var position = Log.Position;
            _console.State.Publish(Policies(1500, (ulong)(100 + round)));
            Assert.True(await Log.WaitAsync(position, TimeSpan.FromMinutes(1), Cancel));
        }

        // Somebody who comes meanwhile is served at once.
        await using var other = await OpenAsync("events?kind=profile");
        Assert.Equal("start", (await other.NextAsync()).EventType);
        var events = 0;
        while ((await slow.NextAsync()).EventType != "reset")
        {
            events++;
        }

        // What fits on the way was given, and the rest was kept for nobody.
        Assert.InRange(events, 1, 12 * 1500);
        Assert.Equal(SnapshotEvents.Kept, Log.Held);
        _console.State.Publish(Policies(1501, 111));
        var item = await slow.NextAsync();
        Assert.Equal(("added", "p1500"), (item.EventType, JsonElement.Parse(item.Data).GetProperty("identity").GetProperty("name").GetString()));
    }

    [Fact]
    public async Task TooManyChangesAtOnce_AreOneReset()
    {
        await using var stream = await OpenAsync("events");
        _ = await stream.NextAsync();
        _console.State.Publish(Policies(SnapshotEvents.MostAtOnce + 1, 7));
        var reset = await stream.NextAsync();
        Assert.Equal("reset", reset.EventType);
        Assert.Equal(_console.State.Current.Version, JsonElement.Parse(reset.Data).GetProperty("snapshotVersion").GetInt64());
        _console.State.Publish(Policies(SnapshotEvents.MostAtOnce + 2, 7));
        Assert.Equal("added", (await stream.NextAsync()).EventType);
    }

    [Fact]
    public async Task LastEventId_GoesOnAfterIt_OrSaysReset()
    {
        string id;
        await using (var stream = await OpenAsync("events?kind=policy"))
        {
            _ = await stream.NextAsync();
            _console.State.Publish(ListStage.Snapshot(Numbers(0, 8)));
            id = (await stream.NextAsync()).EventId!;
        }

        await using (var again = await OpenAsync("events?kind=policy", id))
        {
            var start = await again.NextAsync();
            Assert.True(JsonElement.Parse(start.Data).GetProperty("resumed").GetBoolean());
            Assert.Equal(id, start.EventId);
            // Of the two policies that came the first was seen.
            var second = await again.NextAsync();
            Assert.Equal(("added", "plain-7"), (second.EventType, JsonElement.Parse(second.Data).GetProperty("identity").GetProperty("name").GetString()));
        }

        var position = Log.Position;
        foreach (var round in Enumerable.Range(0, 7))
        {
            position = Log.Position;
            _console.State.Publish(Policies(1500, (ulong)(100 + round)));
            Assert.True(await Log.WaitAsync(position, TimeSpan.FromMinutes(1), Cancel));
        }

        foreach (var unknown in (string[])[id, "x", "-1", $"{Guid.NewGuid():n}-0", Log.IdOf(Log.Position + 1), Log.IdOf(-1)])
        {
            await using var lost = await OpenAsync("events", unknown);
            var start = await lost.NextAsync();
            Assert.Equal("start", start.EventType);
            Assert.False(JsonElement.Parse(start.Data).GetProperty("resumed").GetBoolean());
            Assert.Equal("reset", (await lost.NextAsync()).EventType);
        }
    }

    [Fact]
    public async Task Streams_AreBounded_AndAClosedOneMakesRoom()
    {
        var open = new List<EventStreamReader>();
        for (var i = 0; i < SnapshotEvents.MostStreams; i++)
        {
            open.Add(await OpenAsync("events"));
            _ = await open[^1].NextAsync();
        }

        using (var refused = await _api.GetAsync("/api/v1/events", Cancel))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        await open[0].DisposeAsync();
        while (Log.Streams == SnapshotEvents.MostStreams)
        {
            await Task.Yield();
            Cancel.ThrowIfCancellationRequested();
        }

        await using var last = await OpenAsync("events");
        Assert.Equal("start", (await last.NextAsync()).EventType);
        foreach (var stream in open)
        {
            await stream.DisposeAsync();
        }
    }

    [Fact]
    public async Task ConsoleStops_TheStreamEnds()
    {
        await using var stream = await OpenAsync("events");
        _ = await stream.NextAsync();
        _console.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        Assert.False(await stream.HasNextAsync());
    }

    [Fact]
    public async Task WrongKind_NoToken_NothingReadYet_AreRefused()
    {
        using var wrong = await _api.GetAsync("/api/v1/events?kind=policy&kind=nonsense", Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        var errors = JsonElement.Parse(await wrong.Content.ReadAsStringAsync(Cancel)).GetProperty("errors");
        Assert.Equal("kind", Assert.Single(errors.EnumerateArray()).GetProperty("field").GetString());
        using var anonymous = _console.Anonymous();
        using var unknown = await anonymous.GetAsync("/api/v1/events", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
        _console.State.Publish(ListStage.Snapshot(Numbers(0, 2)).WithFeed("etcd", FeedStatus.Connecting, everLive: false));
        using var early = await _api.GetAsync("/api/v1/events", Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);
    }

    private static HashSet<int> Numbers(int from, int count) => [.. Enumerable.Range(from, count)];

    private static ClusterSnapshot Policies(int count, ulong revision) => Cluster.Snapshot() with
    {
        Calico = CalicoStateUpdate.FromListing(
            [.. Enumerable.Range(0, count).Select(i => $"/calico/v1/policy/tier/default/policy/p{i}").Order(StringComparer.Ordinal)
                .Select(k => new Core.Ports.StoredKey(k, "{\"selector\":\"all()\"}"u8.ToArray(), revision))], revision),
    };

    private Task<EventStreamReader> OpenAsync(string path, string? lastId = null) => EventStreamReader.OpenAsync(_api, path, lastId, Cancel);
}
