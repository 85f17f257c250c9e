using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Captures;

/// <summary>Says what became of a packet, from where it was seen and where not. A place that did not listen, or missed packets, proves nothing.</summary>
internal sealed class PacketJudge(ImmutableArray<CapturedPoint> points, ImmutableArray<TimeSpan> ahead, Ip? from, Ip? to)
{
    // What arrives in the last moment may not be handed over any more.
    private static readonly TimeSpan Tail = TimeSpan.FromMilliseconds(300);

    public TimelineRow Judge(ImmutableArray<Sighting?> seen)
    {
        var first = Enumerable.Range(0, seen.Length).Where(i => seen[i] is not null).OrderBy(i => seen[i]!.At).ToArray();
        var facts = seen[first[0]]!.Facts;
        var way = Way(facts, first[0]);
        var wrong = Enumerable.Range(0, seen.Length).Where(i => IsForOther(seen[i], i)).OrderBy(i => points[i].Point.Place).Select(i => (int?)i)
            .FirstOrDefault();
        if (wrong is { } at)
        {
            var mac = ReceiverMac(at)!;
            return new TimelineRow(seen, PacketFate.WrongMac,
                $"arrived at {points[at].Point.Name} for {seen[at]!.Facts.DestinationMac}, but {InsideName(at)} has {mac}: "
                + $"the kernel of {points[at].Point.Container} throws it away")
            { WrongMacAt = at };
        }

        var last = way.FindLastIndex(i => seen[i] is not null);
        var place = last < 0 ? first[^1] : way[last];
        if (last < 0 || way.Count < 2)
        {
            return new TimelineRow(seen, PacketFate.Seen, $"seen at {Names(first)}");
        }

        if (last == way.Count - 1)
        {
            return new TimelineRow(seen, PacketFate.Arrived, $"{Began(way, seen)}arrived at {points[place].Point.Name}");
        }

        var next = points[way[last + 1]];
        return Doubt(next, way[last + 1], seen[place]!.At) is { } doubt
            ? new TimelineRow(seen, PacketFate.Unknown,
                $"{Began(way, seen)}seen at {points[place].Point.Name}; whether it reached {next.Point.Name} cannot be said: {doubt}")
            : new TimelineRow(seen, PacketFate.Lost,
                $"{Began(way, seen)}{(last == 0 ? "left" : "arrived at")} {points[place].Point.Name}, did not reach {next.Point.Name}");
    }

    // The points that a packet should pass, in its direction. ARP does not leave its link.
    private List<int> Way(PacketFacts facts, int first)
    {
        var onWay = Enumerable.Range(0, points.Length).Where(i => points[i].Point.Place != CapturePlace.Named).ToList();
        if (facts.Protocol == "arp" || from is null || to is null || !((facts.Source == from && facts.Destination == to)
            || (facts.Source == to && facts.Destination == from)))
        {
            var container = points[first].Point.ContainerId;
            var link = container is null ? [] : onWay.Where(i => points[i].Point.ContainerId == container).ToList();
            return link.Count > 0 && points[link[0]].Point.Place != points[first].Point.Place ? [.. link.AsEnumerable().Reverse()] : link;
        }

        if (facts.Source == to)
        {
            onWay.Reverse();
        }

        return onWay;
    }

    private string Began(List<int> way, ImmutableArray<Sighting?> seen)
    {
        var sightings = way.Where(i => seen[i] is not null).ToArray();
        return sightings.Length < 2 ? "" : $"left {points[sightings[0]].Point.Name}, ";
    }

    // At both ends of the container's link a frame for it must bear the MAC of its interface inside.
    private bool IsForOther(Sighting? sighting, int point) => sighting is { Facts: { IsForOne: true } facts } && points[point].Point.Address is { } address
        && facts.Protocol != "arp" && facts.Destination == address && ReceiverMac(point) is { } mac && facts.DestinationMac != mac;

    private string? ReceiverMac(int point) => Inside(point) is { Mac.Length: 17 } inside ? inside.Mac : null;

    private string InsideName(int point) => Inside(point)?.Point.Name ?? points[point].Point.Name;

    private CapturedPoint? Inside(int point) => points[point].Point.ContainerId is { } id
        ? points.FirstOrDefault(p => p.Point.Place == CapturePlace.Inside && p.Point.ContainerId == id) : null;

    private string? Doubt(CapturedPoint next, int index, DateTimeOffset at)
    {
        var there = at + ahead[index];
        return next.End == CaptureEnd.Failed && next.From is null ? "nothing was captured there"
            : next.From is null || there < next.From ? "it was not listened there yet"
            : next.Until is null || there > next.Until - Tail ? "it was no longer listened there"
            : next.Missed is > 0 ? $"{next.Missed} packets were missed there" : null;
    }

    private string Names(IEnumerable<int> seen) => string.Join(", ", seen.Select(i => points[i].Point.Name));
}
