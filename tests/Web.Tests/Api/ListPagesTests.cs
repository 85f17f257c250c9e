using System.Globalization;
using System.Net;
using System.Text.Json;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Api;

/// <summary>Every list by pages, over the real host: the pages together are the list, whatever comes and goes between them.</summary>
public sealed class ListPagesTests(ListPagesTests.Stage stage) : IClassFixture<ListPagesTests.Stage>
{
    // Far more than the longest list here has objects.
    private const int MostPages = 500;

    private readonly ConsoleFactory _console = stage.Console;
    private readonly HttpClient _api = stage.Console.Api();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Lists of what the snapshot holds; "problems" and "audit" have tests of their own.</summary>
    public static TheoryData<string> Lists =>
    [
        "ippools", "profiles", "policies", "hostendpoints", "hostendpoints?node=node-0", "bgppeers", "endpoints", "endpoints?node=node-1",
        "endpoints?selector=all()", "nodes", "networks", "networks?host=docker02", "containers", "containers?host=docker01", "unparsable",
        "unparsable?kind=policy", "other-keys", "policy-order", "disabled-policies", "attachments", "assertions", "drafts",
    ];

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Pages_TogetherAreTheList(string list)
    {
        _console.State.Publish(ListStage.Snapshot(Enumerable.Range(0, 23).ToHashSet()));
        await AssertPagesAsync(list);
    }

    [Fact]
    public async Task Problems_ByPages_AreTheList()
    {
        _console.State.Publish(ListStage.Snapshot(Enumerable.Range(0, 23).ToHashSet()));
        await AssertPagesAsync("problems");
        await AssertPagesAsync("problems?severity=broken");
    }

    [Fact]
    public async Task Audit_ByPages_IsTheWholeLog()
    {
        var log = _console.Services.GetRequiredService<IAuditLog>();
        for (var i = 0; i < 12; i++)
        {
            await log.IntentAsync(
                new(Guid.NewGuid(), DateTimeOffset.UnixEpoch, "admin", "page", "policy.create", "policy", $"p{i % 2}", "[]", "[]", []), Cancel);
        }

        await AssertPagesAsync("audit");
        await AssertPagesAsync("audit?object=p1&kind=policy");
        var first = await GetAsync("audit?limit=5");
        Assert.Equal(12, first.GetProperty("total").GetInt32());
        // Where both say how far back, the farther one counts.
        var second = await GetAsync($"audit?limit=5&before=3&cursor={first.GetProperty("next").GetString()}");
        Assert.Equal([2L, 1L], second.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("id").GetInt64()));
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Pages_WhileObjectsComeAndGo_HaveEachThatStaysOnce(string list)
    {
        foreach (var seed in Enumerable.Range(1, 3))
        {
            var random = new Random(seed);
            // Those with even numbers stay; the others come and go.
            var present = Enumerable.Range(0, 40).Where(i => i % 2 == 0 || random.Next(2) == 0).ToHashSet();
            HashSet<int> staying = [.. Enumerable.Range(0, 20).Select(i => 2 * i)];
            _console.State.Publish(ListStage.Snapshot(staying));
            var wanted = Keys(list, (await GetAsync(list)).GetProperty("items"));
            _console.State.Publish(ListStage.Snapshot(present));
            var seen = new List<string>();
            string? cursor = "";
            for (var pages = 1; cursor is not null; pages++)
            {
                Assert.True(pages <= MostPages, $"{list}: the pages do not come to an end");
                var page = await GetAsync(With(list, $"limit={random.Next(1, 6)}&cursor={cursor}"));
                seen.AddRange(Keys(list, page.GetProperty("items")));
                Assert.True(seen.Count <= 1000, $"{list} does not end");
                cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
                for (var i = random.Next(4); i > 0; i--)
                {
                    var other = (2 * random.Next(20)) + 1;
                    _ = present.Add(other) || present.Remove(other);
                }

                _console.State.Publish(ListStage.Snapshot(present));
            }

            Assert.Equal(wanted, seen.Where(wanted.ToHashSet().Contains));
        }
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task WhoGaveTheCursorIsGone_GoesOnBehindHim(string list)
    {
        var all = Enumerable.Range(0, 14).ToHashSet();
        _console.State.Publish(ListStage.Snapshot(all));
        var whole = Keys(list, (await GetAsync(list)).GetProperty("items"));
        var first = await GetAsync(With(list, "limit=2"));
        // Everything is gone but the last of the list: it follows, and nothing else.
        var last = await FindLastAsync(list, all);
        _console.State.Publish(ListStage.Snapshot(new HashSet<int> { last }));
        var rest = await GetAsync(With(list, $"cursor={first.GetProperty("next").GetString()}"));
        var left = Keys(list, rest.GetProperty("items"));
        Assert.NotEmpty(left);
        Assert.Equal(whole.Skip(2).Where(left.ToHashSet().Contains), left);
        Assert.Equal(whole[^1], left[^1]);
        Assert.False(rest.TryGetProperty("next", out _));
    }

    [Fact]
    public async Task EveryListOfTheDescription_TakesPagesAndRefusesWhatIsNone()
    {
        _console.State.Publish(ListStage.Snapshot(Enumerable.Range(0, 3).ToHashSet()));
        var paths = JsonElement.Parse(await _api.GetStringAsync("/openapi/v1.json", Cancel)).GetProperty("paths");
        var lists = new List<string>();
        foreach (var path in paths.EnumerateObject().Where(p => !p.Name.Contains('{', StringComparison.Ordinal) && p.Value.TryGetProperty("get", out _)))
        {
            using var response = await _api.GetAsync(path.Name, HttpCompletionOption.ResponseHeadersRead, Cancel);
            if (!response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType != "application/json"
                || await response.Content.ReadAsStringAsync(Cancel) is not ['{', ..] body || !JsonElement.Parse(body).TryGetProperty("items", out _))
            {
                continue;
            }

            lists.Add(path.Name["/api/v1/".Length..]);
            Assert.Equal(["items", "total"], JsonElement.Parse(body).EnumerateObject().Select(m => m.Name));
            string[] said = [.. path.Value.GetProperty("get").GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()!)];
            Assert.Single(said, "limit");
            Assert.Single(said, "cursor");
            foreach (var wrong in (string[])["0", "-1", "1001", "99999999999999999999", "ten", "1.5", "+5", "%205", "1&limit=2"])
            {
                await AssertRefusedAsync($"{lists[^1]}?limit={wrong}", "limit");
            }
        }

        string[] known = [.. Lists.Select(l => l.Data.Split('?')[0]), "audit", "problems", "captures", "diagnoses", "reconciliation", "rule-counters",
            "scenes"];
        Assert.Equal(known.Distinct().Order(StringComparer.Ordinal), lists.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ACursorThatTheListNeverGave_IsRefused()
    {
        _console.State.Publish(ListStage.Snapshot(Enumerable.Range(0, 9).ToHashSet()));
        var cursor = (await GetAsync("policies?limit=3")).GetProperty("next").GetString()!;
        var flipped = cursor[..20] + (cursor[20] == 'A' ? 'B' : 'A') + cursor[21..];
        foreach (var wrong in (string[])["x", "=", "AAAA", "~~~~", cursor[..^4], cursor + "AAAA", flipped, new string('A', 5000), "%F0%9F%98%80", "1"])
        {
            await AssertRefusedAsync($"policies?cursor={wrong}", "cursor");
            await AssertRefusedAsync($"problems?cursor={wrong}", "cursor");
            await AssertRefusedAsync($"audit?cursor={wrong}", "cursor");
        }

        foreach (var other in (string[])["profiles", "endpoints", "audit", "problems"])
        {
            await AssertRefusedAsync($"{other}?limit=3&cursor={cursor}", "cursor");
        }

        using var both = await _api.GetAsync("/api/v1/policies?limit=0&cursor=x", Cancel);
        var errors = JsonElement.Parse(await both.Content.ReadAsStringAsync(Cancel)).GetProperty("errors");
        Assert.Equal(["limit", "cursor"], errors.EnumerateArray().Select(e => e.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task Cursors_FitIntoAnAddress()
    {
        _console.State.Publish(ListStage.Snapshot(Enumerable.Range(0, 14).ToHashSet()));
        foreach (var list in Lists.Select(l => l.Data).Append("problems"))
        {
            string? cursor = "";
            for (var pages = 1; cursor is not null; pages++)
            {
                Assert.True(pages <= MostPages, $"{list}: the pages do not come to an end");
                var page = await GetAsync(With(list, $"limit=1&cursor={cursor}"));
                cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
                Assert.True((cursor?.Length ?? 0) <= 4096, $"{list}: {cursor}");
            }
        }
    }

    /// <summary>One console for all, over the real audit log.</summary>
    public sealed class Stage : IAsyncDisposable
    {
        internal ConsoleFactory Console { get; } = new() { Also = s => s.AddSingleton<IAuditLog, AuditLog>() };

        public ValueTask DisposeAsync() => Console.DisposeAsync();
    }

    private static string With(string list, string more) => $"{list}{(list.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{more}";

    // The state of an assertion and the like depend on what else there is; what stands for the object does not.
    private static string[] Keys(string list, JsonElement items) =>
    [
        .. items.EnumerateArray().Select(i => list.Split('?')[0] switch
        {
            "assertions" or "drafts" or "nodes" => i.GetProperty("name").GetString()!,
            _ => i.GetRawText(),
        }),
    ];

    // Joined, and every page but the last one of the length that was asked for.
    private async Task AssertPagesAsync(string list)
    {
        var whole = await GetAsync(list);
        Assert.Equal(["items", "total"], whole.EnumerateObject().Select(m => m.Name));
        string[] items = [.. whole.GetProperty("items").EnumerateArray().Select(i => i.GetRawText())];
        Assert.True(items.Length >= 3, $"{list} has {items.Length} items");
        foreach (var limit in (int[])[1, 2, 5, items.Length - 1, items.Length, items.Length + 1, 1000])
        {
            var seen = new List<string>();
            string? cursor = "";
            for (var pages = 1; cursor is not null; pages++)
            {
                var page = await GetAsync(With(list, $"limit={limit.ToString(CultureInfo.InvariantCulture)}&cursor={cursor}"));
                var found = page.GetProperty("items").EnumerateArray().Select(i => i.GetRawText()).ToArray();
                seen.AddRange(found);
                cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
                Assert.Equal(items.Length, page.GetProperty("total").GetInt32());
                Assert.Equal(Math.Min(limit, items.Length - ((pages - 1) * limit)), found.Length);
                Assert.Equal(seen.Count < items.Length, cursor is not null);
            }

            Assert.Equal(items, seen);
            var first = await GetAsync(With(list, $"limit={limit}"));
            if (first.TryGetProperty("next", out var further))
            {
                var rest = await GetAsync(With(list, $"cursor={further.GetString()}"));
                Assert.Equal(items.Skip(limit), rest.GetProperty("items").EnumerateArray().Select(i => i.GetRawText()));
                Assert.Equal(items.Length, rest.GetProperty("total").GetInt32());
            }
        }
    }

    private async Task<int> FindLastAsync(string list, HashSet<int> all)
    {
        var last = Keys(list, (await GetAsync(list)).GetProperty("items"))[^1];
        foreach (var i in all)
        {
            _console.State.Publish(ListStage.Snapshot(new HashSet<int> { i }));
            if (Keys(list, (await GetAsync(list)).GetProperty("items")).Contains(last))
            {
                return i;
            }
        }

        throw new InvalidOperationException($"{list}: nobody is the last");
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await _api.GetAsync($"/api/v1/{path}", Cancel);
        var body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(body.Length > 400 ? body[..400] : body)}");
        return JsonElement.Parse(body);
    }

    private async Task AssertRefusedAsync(string path, string field)
    {
        using var response = await _api.GetAsync($"/api/v1/{path}", Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{path}: {response.StatusCode}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("field").GetString());
    }
}
