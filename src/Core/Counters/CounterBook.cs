using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Counters;

/// <summary>What one host said at one moment.</summary>
/// <param name="Host">The host.</param>
/// <param name="At">When it was read, or could not be.</param>
/// <param name="Counts">Its chains; null when they could not be read.</param>
/// <param name="Missing">Why not, as a clause; empty when they were.</param>
public sealed record HostSample(string Host, DateTimeOffset At, ChainCounts? Counts, string Missing);

/// <summary>What is known of a rule over all hosts.</summary>
/// <param name="Hits">What the kernels have counted, summed; null when it is unknown or no host has the rule.</param>
/// <param name="Missing">Why it is unknown, as a clause; empty when it is not.</param>
public sealed record RuleCount(Hits? Hits, string Missing)
{
    /// <summary>Hosts that have the rule in their kernel.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>When all of them were read last.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Since when it is watched on all of them.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When a sample last showed more packets than the one before; null when none has.</summary>
    public DateTimeOffset? LastHit { get; init; }

    /// <summary>When a count was last found smaller than before: Felix wrote the rule anew. Null when it never was.</summary>
    public DateTimeOffset? ResetAt { get; init; }

    /// <summary>When the first sample after the last edit was taken; null when no edit was seen.</summary>
    public DateTimeOffset? EditSeen { get; init; }

    /// <summary>What came since the first sample after the last edit; null when no edit was seen.</summary>
    public Hits? SinceEdit { get; init; }

    /// <summary>Nodes with endpoints whose kernels the console cannot read; what their rules counted is not in the sum.</summary>
    public ImmutableArray<string> NotRead { get; init; } = [];

    /// <summary>Whether it is known that no packet has met it: every host concerned was read.</summary>
    public bool NeverHit => Hits is { Packets: 0 } && LastHit is null;
}

/// <summary>
/// What samples told, host by host. A value: adding a sample makes the next book. Kept by the process alone, so what was counted before it started is known,
/// and when that was is not.
/// </summary>
public sealed class CounterBook
{
    private readonly ImmutableDictionary<string, HostPage> _hosts;
    private readonly ImmutableArray<string> _notRead;

    private CounterBook(ImmutableDictionary<string, HostPage> hosts, ImmutableArray<string> notRead) => (_hosts, _notRead) = (hosts, notRead);

    /// <summary>Nothing was read yet.</summary>
    public static CounterBook Empty { get; } = new(ImmutableDictionary.Create<string, HostPage>(StringComparer.Ordinal), []);

    /// <summary>The newest sample of each host.</summary>
    public IEnumerable<HostSample> Samples => _hosts.Values.Select(h => h.Sample).OrderBy(s => s.Host, StringComparer.Ordinal);

    /// <summary>The book with one more sample, read against the documents as they were.</summary>
    public CounterBook Add(HostSample sample, CalicoState documents)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(documents);
        var before = _hosts.GetValueOrDefault(sample.Host);
        return new CounterBook(_hosts.SetItem(sample.Host, sample.Counts is { } counts
            ? new HostPage(sample, Lists(documents).Select(l => (l.Key, Track: Next(before?.Lists.GetValueOrDefault(l.Key), sample.At, l.Revision,
                RuleMap.Map(counts, l.Table, l.Key, l.Rules)))).ToImmutableDictionary(l => l.Key, l => l.Track))
            : new HostPage(sample, before?.Lists ?? ImmutableDictionary<RuleListKey, ListTrack>.Empty)), _notRead);
    }

    /// <summary>The book without hosts that are no longer there.</summary>
    /// <param name="hosts">The hosts that can be read.</param>
    /// <param name="notRead">Nodes with endpoints that are none of them, sorted.</param>
    public CounterBook Only(IReadOnlySet<string> hosts, ImmutableArray<string> notRead) =>
        new(_hosts.RemoveRange(_hosts.Keys.Where(h => !hosts.Contains(h))), notRead);

    /// <summary>What is known of the rules of a list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="rules">How many rules it has.</param>
    /// <param name="revision">The revision of its document; what was read against another one is not its.</param>
    public ImmutableArray<RuleCount> Counts(RuleListKey list, int rules, ulong revision)
    {
        ArgumentNullException.ThrowIfNull(list);
        return [.. Enumerable.Range(0, rules).Select(i => Count(list, i, revision))];
    }

    /// <summary>What is known of one rule of a list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="index">The rule's place, from 0.</param>
    /// <param name="revision">The revision of its document.</param>
    public RuleCount Count(RuleListKey list, int index, ulong revision)
    {
        ArgumentNullException.ThrowIfNull(list);
        return Judge(list, index, revision) with { NotRead = _notRead };
    }

    /// <summary>Every list of rules that is stored, with its table and the revision of its document.</summary>
    public static IEnumerable<(RuleListKey Key, string Table, ulong Revision, ImmutableArray<Rule> Rules)> Lists(CalicoState documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        foreach (var stored in documents.Profiles.Values.Where(p => p.Value.HasRules))
        {
            yield return (new(false, stored.Value.Name, false), "filter", stored.Revision, stored.Value.Ingress);
            yield return (new(false, stored.Value.Name, true), "filter", stored.Revision, stored.Value.Egress);
        }

        foreach (var stored in documents.Policies.Values)
        {
            yield return (new(true, stored.Value.Name, false), RuleMap.Table(stored.Value), stored.Revision, stored.Value.Ingress);
            yield return (new(true, stored.Value.Name, true), RuleMap.Table(stored.Value), stored.Revision, stored.Value.Egress);
        }
    }

    private RuleCount Judge(RuleListKey list, int index, ulong revision)
    {
        if (_hosts.IsEmpty)
        {
            return new RuleCount(null, "no host was read yet");
        }

        var tracks = new List<(string Host, ListTrack List, RuleTrack Rule)>();
        foreach (var (host, page) in _hosts.OrderBy(h => h.Key, StringComparer.Ordinal))
        {
            if (page.Sample.Counts is null)
            {
                return new RuleCount(null, $"{host} was not read: {page.Sample.Missing}");
            }

            if (page.Lists.GetValueOrDefault(list) is not { } track || track.Revision != revision)
            {
                return new RuleCount(null, $"{host} was not read since the last edit");
            }

            if (track.Missing.Length > 0)
            {
                return new RuleCount(null, $"{host}: {track.Missing}");
            }

            if (track.InUse && index < track.Rules.Length && track.Rules[index] is { } rule)
            {
                tracks.Add((host, track, rule));
            }
        }

        return tracks.Count > 0 ? Sum(tracks)
            : new RuleCount(null, _notRead.IsEmpty ? "" : $"no Docker host has it, and {string.Join(", ", _notRead)} cannot be read from here");
    }

    private RuleCount Sum(List<(string Host, ListTrack List, RuleTrack Rule)> tracks) => new(tracks.Aggregate(default(Hits), (sum, t) => sum + t.Rule.Now), "")
    {
        Hosts = [.. tracks.Select(t => t.Host)],
        At = tracks.Min(t => _hosts[t.Host].Sample.At),
        Since = tracks.Max(t => t.Rule.Since),
        LastHit = tracks.Max(t => t.Rule.LastHit),
        ResetAt = tracks.Max(t => t.Rule.ResetAt),
        EditSeen = tracks.Max(t => t.List.EditSeen),
        SinceEdit = tracks.Any(t => t.List.EditSeen is not null) ? tracks.Aggregate(default(Hits), (sum, t) => sum + t.Rule.SinceEdit) : null,
    };

    // After an edit a place in the list may be another rule's, so everything but the kernel's own count begins anew.
    private static ListTrack Next(ListTrack? before, DateTimeOffset at, ulong revision, ListCounts now)
    {
        var edited = before is not null && before.Revision != revision;
        return new ListTrack(revision, edited ? at : before?.EditSeen, now.Missing, now.InUse,
            now.IsKnown ? [.. now.Rules.Select((hits, i) => hits is { } h ? Next(edited ? null : before?.Rules.ElementAtOrDefault(i), at, h) : null)]
            : !edited && now.Missing.Length > 0 && before is not null ? before.Rules : []);
    }

    private static RuleTrack Next(RuleTrack? before, DateTimeOffset at, Hits now)
    {
        if (before is null)
        {
            return new RuleTrack(now, at, null, null, default);
        }

        var grown = now.Since(before.Now);
        var reset = now.Packets < before.Now.Packets || now.Bytes < before.Now.Bytes;
        return new RuleTrack(now, before.Since, grown.Packets > 0 ? at : before.LastHit, reset ? at : before.ResetAt, before.SinceEdit + grown);
    }

    private sealed record HostPage(HostSample Sample, ImmutableDictionary<RuleListKey, ListTrack> Lists);

    private sealed record ListTrack(ulong Revision, DateTimeOffset? EditSeen, string Missing, bool InUse, ImmutableArray<RuleTrack?> Rules);

    private sealed record RuleTrack(Hits Now, DateTimeOffset Since, DateTimeOffset? LastHit, DateTimeOffset? ResetAt, Hits SinceEdit);
}
