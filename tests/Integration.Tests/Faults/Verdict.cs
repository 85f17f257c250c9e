using System.Text.Json;
using CalicoConsole.Integration.Tests.Api;

namespace CalicoConsole.Integration.Tests.Faults;

/// <summary>Compares, after all kills, the audit log with what really stands in etcd and on the engines.</summary>
internal sealed class Verdict(LabFixture lab, ConsoleApi api)
{
    private static readonly string[] Did = ["succeeded", "notYetSeen", "unchanged", "foundDone"];
    private static readonly string[] DidNot = ["failed", "conflict", "refused", "cancelled", "foundNotDone"];

    private List<JsonElement> _entries = [];

    /// <summary>What is wrong, in words; empty when all is well.</summary>
    public List<string> Wrong { get; } = [];

    /// <summary>How many entries the log holds, by outcome.</summary>
    public string Summary => string.Join(", ", _entries.CountBy(Outcome).OrderByDescending(c => c.Value).Select(c => $"{c.Value} {c.Key}"));

    public async Task ReadAsync()
    {
        // What nobody knew at the time is found out within seconds.
        await api.UntilAsync("audit?limit=1000", a =>
            a.GetProperty("items").EnumerateArray().All(e => e.GetProperty("outcome").ValueKind == JsonValueKind.Object), 90);
        var before = "";
        while ((await api.ItemsAsync($"audit?limit=1000{before}")) is { Length: > 0 } page)
        {
            _entries.AddRange(page);
            before = $"&before={page[^1].GetProperty("id").GetInt64()}";
        }

        _entries = [.. _entries.OrderBy(e => e.GetProperty("id").GetInt64())];
        Wrong.AddRange(_entries.Where(e => e.GetProperty("outcome").ValueKind != JsonValueKind.Object).Select(e => $"no outcome: {e}"));
    }

    /// <summary>Every answer of the API is in the log, with the outcome that was answered, or with what was found later.</summary>
    public void Answers(IEnumerable<(Guid Operation, string Outcome, bool EndUnknown)> answered)
    {
        var outcomes = _entries.ToDictionary(e => e.GetProperty("operationId").GetGuid(), Outcome);
        foreach (var (operation, outcome, unknown) in answered)
        {
            if (!outcomes.TryGetValue(operation, out var recorded))
            {
                // A refusal by validation changes nothing and leaves no entry; a change without its entry is lost.
                if (outcome is not ("refused" or "failed" or "cancelled"))
                {
                    Wrong.Add($"operation {operation} was answered {outcome} and is not in the audit log");
                }
            }
            else if (recorded != outcome && !(recorded.StartsWith("found", StringComparison.Ordinal) && (unknown || outcome == "succeeded")))
            {
                Wrong.Add($"operation {operation} was answered {outcome} and recorded {recorded}");
            }
        }
    }

    /// <summary>No tag is lost, and the log says of each tag truly whether it was written.</summary>
    public async Task TagsAsync(ProfileWriters writers)
    {
        HashSet<string> stored = [];
        foreach (var profile in writers.Profiles)
        {
            var read = await lab.Etcdctl("get", ProfileWriters.Key(profile));
            if (read.ExitCode != 0)
            {
                // Never made, or lost: then each of its tags is missed below.
                continue;
            }

            var tags = JsonSerializer.Deserialize<HashSet<string>>(read.Output)!;
            stored.UnionWith(tags);
            var shown = (await api.GetAsync($"profiles/{profile}")).GetProperty("metadata").GetProperty("tags").EnumerateArray().Select(t => t.GetString()!);
            if (!shown.ToHashSet(StringComparer.Ordinal).SetEquals(tags))
            {
                Wrong.Add($"the console does not show the profile {profile} that etcd holds");
            }
        }

        Wrong.AddRange(writers.Direct.Keys.Where(t => !stored.Contains(t)).Select(t => $"lost update: {t}, confirmed by etcd, is gone"));
        Wrong.AddRange(writers.Answered.Where(a => Did.Contains(a.Value.Outcome) && !stored.Contains(a.Key))
            .Select(a => $"lost update: {a.Key}, answered {a.Value.Outcome}, is gone"));
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in _entries.Where(e => writers.Profiles.Contains(e.GetProperty("object").GetString())
            && e.GetProperty("operation").GetString() == "profile.replace"))
        {
            var change = entry.GetProperty("changes").EnumerateArray()
                .Single(c => c.GetProperty("object").GetString() == ProfileWriters.Key(entry.GetProperty("object").GetString()!));
            var tag = Tags(change, "after").Except(Tags(change, "before"), StringComparer.Ordinal).Single();
            written.Add(tag);
            var outcome = Outcome(entry);
            if (outcome is "partial" or "foundPartial")
            {
                // An edit of several keys that was cut short: its message says of each what became of it.
                var said = entry.GetProperty("outcome").GetProperty("message").GetString()!;
                var key = change.GetProperty("object").GetString()!;
                string[] right = stored.Contains(tag) ? [$"Written before it: {key}", $"{key} is as wanted", $"{key} is neither as before"]
                    : [$"{key} is as before", $"{key} is neither as before"];
                if (!right.Any(t => said.Contains(t, StringComparison.Ordinal)))
                {
                    Wrong.Add($"{tag} {(stored.Contains(tag) ? "was written" : "was not written")}, but the log says {outcome}: {said}");
                }

                continue;
            }

            // Somebody else wrote the key while the console was down: nothing can be told any more, and the log says just that.
            if (outcome != "foundUnknown" && (stored.Contains(tag) ? !Did.Contains(outcome) : !DidNot.Contains(outcome)))
            {
                Wrong.Add(
                    $"{tag} {(stored.Contains(tag) ? "was written" : "was not written")}, but the log says {outcome}: "
                    + $"{entry.GetProperty("outcome").GetProperty("message")}");
            }
        }

        Wrong.AddRange(stored.Where(t => !written.Contains(t) && !t.StartsWith("direct-", StringComparison.Ordinal) && t != "first")
            .Select(t => $"{t} was written by the console without an audit entry"));
    }

    /// <summary>The log says of each container truly whether it was made and removed, and the console shows those that are there.</summary>
    public async Task ContainersAsync(string host)
    {
        var there = (await lab.DockerOn(host, "ps", "-a", "--format", "{{.Names}}")).Demand().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ToHashSet(StringComparer.Ordinal);
        var byName = _entries.Where(e => e.GetProperty("operation").GetString() is "container.create" or "container.remove"
            && e.GetProperty("object").GetString()!.StartsWith($"{host}/", StringComparison.Ordinal))
            .GroupBy(e =>
                e.GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("object").GetString()!)
                .First(o => o.StartsWith("container ", StringComparison.Ordinal))["container ".Length..]);
        foreach (var operations in byName)
        {
            // Made in part counts as made, because a container that did not start is there; removals are all or nothing.
            var made = operations.Any(o => o.GetProperty("operation").GetString() == "container.create"
                && (Did.Contains(Outcome(o)) || Outcome(o) is "partial" or "foundPartial"));
            var removed = operations.Any(o => o.GetProperty("operation").GetString() == "container.remove" && Did.Contains(Outcome(o)));
            if (there.Contains(operations.Key) != (made && !removed))
            {
                var said = operations.Select(o => $"{o.GetProperty("operation")} {Outcome(o)} ({o.GetProperty("outcome").GetProperty("message")})");
                Wrong.Add($"container {operations.Key} is {(there.Contains(operations.Key) ? "there" : "not there")}, "
                    + $"but the log says {string.Join(", ", said)}");
            }
        }

        var shown = (await api.ItemsAsync("containers")).Where(c => c.GetProperty("host").GetString() == host).Select(c => c.GetProperty("name").GetString()!);
        if (!shown.ToHashSet(StringComparer.Ordinal).SetEquals(there))
        {
            Wrong.Add($"the console does not show the containers of {host}");
        }
    }

    private static string Outcome(JsonElement entry) =>
        entry.GetProperty("outcome") is { ValueKind: JsonValueKind.Object } o ? o.GetProperty("outcome").GetString()! : "open";

    private static HashSet<string> Tags(JsonElement change, string side) =>
        change.GetProperty(side) is { ValueKind: JsonValueKind.String } text ? JsonSerializer.Deserialize<HashSet<string>>(text.GetString()!)! : [];
}
