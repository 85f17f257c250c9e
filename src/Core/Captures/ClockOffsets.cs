namespace CalicoConsole.Core.Captures;

/// <summary>How far the clocks of several hosts are apart, from packets that two of them saw. Pure.</summary>
internal static class ClockOffsets
{
    /// <summary>By how much each track's clock is ahead of the first one's, and what is to be said of how that is known.</summary>
    public static (ImmutableArray<TimeSpan> Ahead, ImmutableArray<string> Notes) Estimate(ImmutableArray<CaptureTrack> tracks)
    {
        var notes = ImmutableArray.CreateBuilder<string>();
        var ahead = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        var waiting = tracks.Select(t => t.Point.Point.Host).Distinct(StringComparer.Ordinal).ToList();
        if (waiting.Count > 0)
        {
            ahead[waiting[0]] = TimeSpan.Zero;
            waiting.RemoveAt(0);
        }

        // Those that share packets with a host that stands already go first.
        while (waiting.Count > 0)
        {
            var placed = tracks.Where(t => ahead.ContainsKey(t.Point.Point.Host)).ToArray();
            var found = waiting.Select(h => (Host: h, Pairs: Pairs(placed, [.. tracks.Where(t => t.Point.Point.Host == h)], ahead)))
                .OrderByDescending(h => h.Pairs.Onward.Count + h.Pairs.Back.Count).First();
            waiting.Remove(found.Host);
            var (onward, back) = found.Pairs;
            var reference = tracks[0].Point.Point.Host;
            if (onward.Count > 0 && back.Count > 0)
            {
                // The time of travel is added one way and taken away the other.
                ahead[found.Host] = (Median(onward) + Median(back)) / 2;
                notes.Add($"The clock of {found.Host} is {Apart(ahead[found.Host])} that of {reference}, by {onward.Count + back.Count} packets that both saw, "
                    + "in both directions.");
            }
            else if (onward.Count + back.Count > 0)
            {
                ahead[found.Host] = Median(onward.Count > 0 ? onward : back);
                notes.Add($"The clock of {found.Host} is {Apart(ahead[found.Host])} that of {reference}, by {onward.Count + back.Count} packets that both saw, "
                    + "all in one direction: their time of travel is part of that.");
            }
            else
            {
                var known = tracks.Where(t => t.Point.Point.Host == found.Host).Select(t => t.Point.ClockAhead).Min();
                var first = tracks.Where(t => t.Point.Point.Host == reference).Select(t => t.Point.ClockAhead).Min();
                ahead[found.Host] = known - first ?? TimeSpan.Zero;
                notes.Add($"No packet was seen both on {found.Host} and on a host before it, so how far its clock is from that of {reference} "
                    + (known - first is null ? "is not known: times of the two hosts cannot be compared." : "is a guess by when packets reached the console."));
            }
        }

        return ([.. tracks.Select(t => ahead[t.Point.Point.Host])], notes.ToImmutable());
    }

    private static (List<TimeSpan> Onward, List<TimeSpan> Back) Pairs(CaptureTrack[] placed, CaptureTrack[] others, Dictionary<string, TimeSpan> ahead)
    {
        var (onward, back) = (new List<TimeSpan>(), new List<TimeSpan>());
        var reference = placed.Select(t => (Once: Once(t), Ahead: ahead[t.Point.Point.Host])).ToArray();
        foreach (var track in others)
        {
            foreach (var (identity, packet) in Once(track))
            {
                // The nearest place on the way would be best; any will do, since the way within a host takes microseconds.
                foreach (var (once, offset) in reference)
                {
                    if (packet.Facts is { Source: { } source, Destination: { } destination } && once.TryGetValue(identity, out var same))
                    {
                        (source.CompareTo(destination) < 0 ? onward : back).Add(packet.At - (same.At - offset));
                        break;
                    }
                }
            }
        }

        return (onward, back);
    }

    // A packet that is repeated, such as an ARP question, cannot be told from its repetition.
    private static Dictionary<string, TrackedPacket> Once(CaptureTrack track)
    {
        var (once, twice) = (new Dictionary<string, TrackedPacket>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var packet in track.Packets.Where(p => p.Facts is { Protocol: not "arp" }))
        {
            if (!twice.Contains(packet.Facts!.Identity) && !once.TryAdd(packet.Facts.Identity, packet))
            {
                once.Remove(packet.Facts.Identity);
                twice.Add(packet.Facts.Identity);
            }
        }

        return once;
    }

    private static TimeSpan Median(List<TimeSpan> times)
    {
        times.Sort();
        return (times[times.Count / 2] + times[(times.Count - 1) / 2]) / 2;
    }

    private static string Apart(TimeSpan ahead) => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{Math.Abs(ahead.TotalMilliseconds):0.###} ms {(ahead < TimeSpan.Zero ? "behind" : "ahead of")}");
}
