using System.Collections.Immutable;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET events?kind=</c>: the snapshot's changes as server-sent events (docs/api.md).</summary>
internal static class EventsApi
{
    /// <summary>A quiet stream is heard of so often.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    private const string LastEventId = "Last-Event-ID";

    private static readonly QueryParameter KindParameter = new("kind", "Only of this kind, which may be given more than once");

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("events", Open).WithName("streamEvents")
        .WithSummary(
            "Server-sent events: start tells the snapshot that the stream begins with; then added, changed and removed, each with kind, identity, revision and "
            + "href of an object; reset when something was lost, so that the lists must be read again; heartbeat")
        .Produces<string>(contentType: "text/event-stream").ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .Takes(KindParameter)
        .WithMetadata(new HeaderParameter(LastEventId, "The id of the last event that was seen: the stream goes on after it, or says reset"));

    private static IResult Open(HttpContext http, IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        ImmutableArray<string> kinds = [.. http.Request.Query[KindParameter.Name].OfType<string>().Where(k => k.Length > 0)];
        return kinds.FirstOrDefault(k => !ObjectChanges.Kinds.Contains(k)) is { } unknown
            ? PageRequest.Refused([new(KindParameter.Name, $"'{unknown}' is none of {string.Join(", ", ObjectChanges.Kinds)}")])
            : new EventStream(kinds);
    }

    /// <summary>The answer, which lasts until the client goes or the console stops.</summary>
    private sealed class EventStream(ImmutableArray<string> kinds) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var services = httpContext.RequestServices;
            var lastId = httpContext.Request.Headers[LastEventId].ToString();
            using var reader = services.GetRequiredService<SnapshotEvents>().Open(lastId.Length == 0 ? null : lastId);
            if (reader is null)
            {
                httpContext.Response.Headers.RetryAfter = "10";
                await ApiProblems.Problem(
                    StatusCodes.Status429TooManyRequests, "Too many event streams",
                    $"{SnapshotEvents.MostStreams} streams are open, which are as many as may be. Close one, or try again later.").ExecuteAsync(httpContext);
                return;
            }

            // nginx would gather them.
            httpContext.Response.Headers["X-Accel-Buffering"] = "no";
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(
                httpContext.RequestAborted, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
            var events = EventsAsync(reader, lastId.Length > 0 && !reader.Resumed, services.GetRequiredService<TimeProvider>(), ended.Token);
            await TypedResults.ServerSentEvents(events).ExecuteAsync(httpContext);
        }

        private async IAsyncEnumerable<SseItem<string>> EventsAsync(
            EventReader reader, bool lost, TimeProvider time, [EnumeratorCancellation] CancellationToken ended)
        {
            var (log, position) = (reader.Log, reader.Position);
            yield return Item("start", log.IdOf(position), new StartEvent(reader.At.Version, reader.At.Calico.Revision, reader.Resumed));
            if (lost)
            {
                yield return Reset(log.IdOf(position), reader.At, "what came since is not known any more");
            }

            var sent = time.GetTimestamp();
            while (await WaitAsync(log, position, Heartbeat - time.GetElapsedTime(sent), ended))
            {
                var read = log.Read(position);
                position = read.Position;
                if (read.Lost)
                {
                    yield return Reset(log.IdOf(position), read.At, "more changed than the stream could take");
                    sent = time.GetTimestamp();
                }

                foreach (var one in read.Events.Where(e => kinds.IsEmpty || kinds.Contains(e.Object.Kind)))
                {
                    yield return Item(JsonNamingPolicy.CamelCase.ConvertName(one.Change.ToString()), log.IdOf(one.Number), one.Object);
                    sent = time.GetTimestamp();
                }

                if (time.GetElapsedTime(sent) >= Heartbeat)
                {
                    // Its id goes on also where all that happened was of other kinds.
                    yield return Item("heartbeat", log.IdOf(position), new HeartbeatEvent(read.At.Version, read.At.Calico.Revision));
                    sent = time.GetTimestamp();
                }
            }
        }

        // False once the stream has ended.
        private static async Task<bool> WaitAsync(SnapshotEvents log, long position, TimeSpan bound, CancellationToken ended)
        {
            try
            {
                await log.WaitAsync(position, bound > TimeSpan.Zero ? bound : TimeSpan.Zero, ended);
                return !ended.IsCancellationRequested;
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return false;
            }
        }

        private static SseItem<string> Reset(string id, ClusterSnapshot at, string reason) =>
            Item("reset", id, new ResetEvent(at.Version, at.Calico.Revision, reason));

        private static SseItem<string> Item(string type, string id, object data) =>
            new(JsonSerializer.Serialize(data, JsonSerializerOptions.Web), type) { EventId = id };
    }

    private sealed record StartEvent(long SnapshotVersion, ulong Revision, bool Resumed);

    private sealed record ResetEvent(long SnapshotVersion, ulong Revision, string Reason);

    private sealed record HeartbeatEvent(long SnapshotVersion, ulong Revision);
}
