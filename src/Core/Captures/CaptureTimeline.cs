using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Captures;

/// <summary>A packet that was seen at one point.</summary>
/// <param name="At">When, by the host's clock.</param>
/// <param name="Length">How long it was.</param>
/// <param name="Facts">What it is; null when its bytes are none that are understood.</param>
public readonly record struct TrackedPacket(DateTimeOffset At, int Length, PacketFacts? Facts);

/// <summary>All packets of one point.</summary>
/// <param name="Point">The point.</param>
/// <param name="Packets">Its packets, in the order in which they were seen.</param>
public sealed record CaptureTrack(CapturedPoint Point, ImmutableArray<TrackedPacket> Packets);

/// <summary>A packet at one of the points.</summary>
/// <param name="At">When, by the clock of the first host.</param>
/// <param name="Facts">What was seen there, with its MACs.</param>
/// <param name="Length">How long it was.</param>
public sealed record Sighting(DateTimeOffset At, PacketFacts Facts, int Length);

/// <summary>One packet, at all points that saw it.</summary>
/// <param name="Seen">What each point saw, in the order of the points; null where it was not seen.</param>
/// <param name="State">What became of it.</param>
/// <param name="Verdict">The same in words.</param>
public sealed record TimelineRow(ImmutableArray<Sighting?> Seen, PacketFate State, string Verdict)
{
    /// <summary>Where it was seen first.</summary>
    public Sighting First => Seen.Where(s => s is not null).MinBy(s => s!.At)!;

    /// <summary>The point that saw a MAC which its receiver does not have; -1 when none did.</summary>
    public int WrongMacAt { get; init; } = -1;
}

/// <summary>What became of a packet.</summary>
public enum PacketFate
{
    /// <summary>It was seen at every point on its way.</summary>
    Arrived,

    /// <summary>It was seen, and there is no further point on its way.</summary>
    Seen,

    /// <summary>It arrived for a MAC that the receiver does not have: the receiver's kernel throws it away.</summary>
    WrongMac,

    /// <summary>It was seen at one point and not at the next.</summary>
    Lost,

    /// <summary>Whether it went on cannot be said.</summary>
    Unknown,
}

/// <summary>Packets of several points on one time line: the same packet at several points is one row. Pure.</summary>
/// <param name="Points">The points, in the order of the way.</param>
/// <param name="Rows">The packets, by when they were seen first.</param>
/// <param name="Notes">What is to be known of the times.</param>
public sealed record CaptureTimeline(ImmutableArray<CapturedPoint> Points, ImmutableArray<TimelineRow> Rows, ImmutableArray<string> Notes)
{
    // The same bytes twice at one point, such as ARP asked each second, are told apart by time.
    private static readonly TimeSpan Near = TimeSpan.FromMilliseconds(500);

    // A packet may wait for ARP on its way, three seconds at most.
    private static readonly TimeSpan Far = TimeSpan.FromSeconds(4);

    /// <summary>Puts packets on one time line.</summary>
    /// <param name="tracks">The points in the order of the way, with their packets.</param>
    /// <param name="from">The address at the beginning of the way; null when nobody said.</param>
    /// <param name="to">The address at its end.</param>
    public static CaptureTimeline Build(ImmutableArray<CaptureTrack> tracks, Ip? from, Ip? to)
    {
        var (ahead, notes) = ClockOffsets.Estimate(tracks);
        var rows = Group(tracks, ahead);
        var points = tracks.Select(t => t.Point).ToImmutableArray();
        var judge = new PacketJudge(points, ahead, from, to);
        return new CaptureTimeline(points, [.. rows.Select(r => judge.Judge([.. r])).OrderBy(r => r.First.At)], notes);
    }

    /// <summary>Sentences that say it in short, the worst first.</summary>
    public ImmutableArray<string> Headlines()
    {
        if (Rows.IsEmpty)
        {
            return ["No packet was seen."];
        }

        return
        [
            .. Rows.GroupBy(r => (r.State, r.Verdict, r.First.Facts.Protocol, What(r.First.Facts))).Where(g => g.Key.State is not PacketFate.Seen)
                .OrderBy(g => Rank(g.Key.State)).ThenByDescending(g => g.Count()).Take(MostHeadlines)
                .Select(g => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{g.Count()} × {g.Key.Item4}: {g.Key.Verdict}")),
        ];
    }

    private const int MostHeadlines = 6;

    private static int Rank(PacketFate fate) => fate switch
    {
        PacketFate.WrongMac => 0,
        PacketFate.Lost => 1,
        PacketFate.Unknown => 2,
        _ => 3,
    };

    // Without what is counted: "echo reply" of all of them.
    private static string What(PacketFacts facts) => $"{facts.Summary.Split(',')[0]} from {facts.Source} to {facts.Destination}";

    private static List<Sighting?[]> Group(ImmutableArray<CaptureTrack> tracks, ImmutableArray<TimeSpan> ahead)
    {
        var repeated = tracks.SelectMany(t => t.Packets.Where(p => p.Facts is not null).GroupBy(p => p.Facts!.Identity, StringComparer.Ordinal)
            .Where(g => g.Skip(1).Any()).Select(g => g.Key)).ToHashSet(StringComparer.Ordinal);
        var all = tracks.SelectMany((t, point) => t.Packets.Where(p => p.Facts is not null)
            .Select(p => (Point: point, Sighting: new Sighting(p.At - ahead[point], p.Facts!, p.Length)))).OrderBy(s => s.Sighting.At);
        var rows = new List<Sighting?[]>();
        var open = new Dictionary<string, List<Sighting?[]>>(StringComparer.Ordinal);
        foreach (var (point, sighting) in all)
        {
            var identity = sighting.Facts.Identity;
            if (!open.TryGetValue(identity, out var same))
            {
                open[identity] = same = [];
            }

            var window = repeated.Contains(identity) ? Near : Far;
            same.RemoveAll(r => sighting.At - First(r) > Far);
            var row = same.Where(r => r[point] is null && sighting.At - First(r) <= window).MinBy(r => sighting.At - First(r));
            if (row is null)
            {
                row = new Sighting?[tracks.Length];
                rows.Add(row);
                same.Add(row);
            }

            row[point] = sighting;
        }

        return rows;
    }

    private static DateTimeOffset First(Sighting?[] row) => row.Where(s => s is not null).Min(s => s!.At);
}
