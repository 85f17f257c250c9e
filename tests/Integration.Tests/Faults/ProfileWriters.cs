using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CalicoConsole.Integration.Tests.Api;

namespace CalicoConsole.Integration.Tests.Faults;

/// <summary>
/// Several administrators who add tags to one profile, by the console and past it, each guarded by what was read. A tag is added once and never
/// removed, so that a lost update shows itself. After some hundred tags they go on to the next profile, so that documents stay small.
/// </summary>
internal sealed class ProfileWriters(LabFixture lab, ConsoleProcess console)
{
    private const int TagsEach = 300;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private int _next;

    /// <summary>What the API answered, by tag.</summary>
    public ConcurrentDictionary<string, (Guid Operation, string Outcome, bool EndUnknown)> Answered { get; } = [];

    /// <summary>Tags that etcd confirmed past the console, with the moment of the confirmation.</summary>
    public ConcurrentDictionary<string, (string Profile, long At)> Direct { get; } = [];

    /// <summary>The profile that is written now.</summary>
    public string Profile => ProfileOf(Volatile.Read(ref _next));

    /// <summary>All that were written so far.</summary>
    public IEnumerable<string> Profiles => Enumerable.Range(0, (Volatile.Read(ref _next) / TagsEach) + 1).Select(i => ProfileOf(i * TagsEach));

    /// <summary>Requests whose answer never came, because the console was killed.</summary>
    public int Unanswered { get; private set; }

    /// <summary>The key with a profile's tags.</summary>
    public static string Key(string profile) => $"/calico/v1/policy/profile/{profile}/tags";

    /// <summary>Makes a profile with the tag <c>first</c>, unless it is there.</summary>
    public async Task MakeAsync(string profile)
    {
        using var etcd = new HttpClient { BaseAddress = lab.Etcd, Timeout = TimeSpan.FromSeconds(2) };
        var tags = Key(profile);
        foreach (var (key, value) in new[] { (tags, """["first"]"""), (tags.Replace("/tags", "/rules", StringComparison.Ordinal), """{"inbound_rules":[],"outbound_rules":[]}""") })
        {
            using var body = new FormUrlEncodedContent([KeyValuePair.Create("value", value)]);
            using var answer = await etcd.PutAsync(new Uri($"/v2/keys{key}?prevExist=false", UriKind.Relative), body, CancellationToken.None);
        }
    }

    public async Task ByConsoleAsync(string name, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var (tag, profile) = Next(name);
            try
            {
                var read = await console.Api.SendAsync(HttpMethod.Get, $"profiles/{profile}");
                if (read.Status == HttpStatusCode.NotFound)
                {
                    await MakeAsync(profile);
                }

                if (read.Status == HttpStatusCode.OK)
                {
                    var document = JsonSerializer.Deserialize<JsonObject>(read.Body)!;
                    var tags = document["metadata"]!["tags"]!.AsArray();
                    tags.Add(tag);
                    var answer = await console.Api.SendAsync(HttpMethod.Put, $"profiles/{profile}", document.ToJsonString(), read.ETag);
                    if (answer.Body.ValueKind == JsonValueKind.Object && answer.Body.TryGetProperty("operationId", out var id)
                        && id.ValueKind == JsonValueKind.String)
                    {
                        Answered[tag] = (id.GetGuid(), answer.Body.GetProperty("outcome").GetString()!,
                            answer.Body.TryGetProperty("title", out var title) && title.GetString()!.Contains("not known", StringComparison.Ordinal));
                    }
                }
            }
            catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException or ObjectDisposedException or OperationCanceledException
                or IOException)
            {
                Unanswered++;
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    /// <summary>As calicoctl would: read, change, compare and swap.</summary>
    public async Task PastItAsync(CancellationToken cancellationToken)
    {
        using var etcd = new HttpClient { BaseAddress = lab.Etcd, Timeout = TimeSpan.FromSeconds(2) };
        while (!cancellationToken.IsCancellationRequested)
        {
            var (tag, profile) = Next("direct");
            try
            {
                await MakeAsync(profile);
                var node = JsonElement.Parse(await etcd.GetStringAsync(new Uri($"/v2/keys{Key(profile)}?quorum=true", UriKind.Relative),
                    CancellationToken.None)).GetProperty("node");
                var tags = JsonSerializer.Deserialize<List<string>>(node.GetProperty("value").GetString()!)!;
                tags.Add(tag);
                using var body = new FormUrlEncodedContent([KeyValuePair.Create("value", JsonSerializer.Serialize(tags))]);
                using var answer = await etcd.PutAsync(new Uri($"/v2/keys{Key(profile)}?prevIndex={node.GetProperty("modifiedIndex").GetInt64()}",
                    UriKind.Relative), body, CancellationToken.None);
                if (answer.IsSuccessStatusCode)
                {
                    Direct[tag] = (profile, Stopwatch.GetTimestamp());
                }
            }
            catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException or OperationCanceledException or IOException)
            {
                // Not confirmed: it may stand there or not.
            }

            await Task.Delay(Pause * 2, CancellationToken.None);
        }
    }

    private static string ProfileOf(int number) => string.Create(CultureInfo.InvariantCulture, $"shared-{number / TagsEach}");

    private (string Tag, string Profile) Next(string name)
    {
        var number = Interlocked.Increment(ref _next);
        return (string.Create(CultureInfo.InvariantCulture, $"{name}-{number}"), ProfileOf(number));
    }
}
