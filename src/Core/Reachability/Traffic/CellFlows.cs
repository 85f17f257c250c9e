using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Reachability.Traffic;

/// <summary>The flows that stand for a cell of a matrix. Pure.</summary>
internal static class CellFlows
{
    /// <summary>Those that are open; null when there are more than <paramref name="most"/>.</summary>
    public static ImmutableArray<Flow>? Open(PairTraffic traffic, TrafficClasses classes, GroupMembers from, GroupMembers to, int most)
    {
        var packets = traffic.Sets.Space.Representatives.ToArray();
        var flows = ImmutableArray.CreateBuilder<Flow>();
        foreach (var (a, b, sender, receiver) in Pairs(classes, from, to).Distinct())
        {
            for (var i = 0; i < a.Class.Places; i++)
            {
                for (var j = 0; j < b.Class.Places; j++)
                {
                    var open = traffic.Sets[traffic.OpenAt(a.Class.At(i), b.Class.At(j), sender.Id.Node == receiver.Id.Node)];
                    var ends = (From: End(classes, a, sender, i), To: End(classes, b, receiver, j));
                    flows.AddRange(packets.Where((_, n) => TrafficSpace.Has(open, n)).Select(p => FlowOf(ends.From, ends.To, p)).Take(most + 1 - flows.Count));
                    if (flows.Count > most)
                    {
                        return null;
                    }
                }
            }
        }

        return flows.ToImmutable();
    }

    // Endpoints of one class are treated alike, but not always by the same rules: two profiles may have equal ones. So one of each kind is asked.
    private static IEnumerable<(GroupPart A, GroupPart B, WorkloadEndpoint From, WorkloadEndpoint To)> Pairs(
        TrafficClasses classes, GroupMembers from, GroupMembers to)
    {
        foreach (var a in from.Members)
        {
            foreach (var b in to.Members)
            {
                var (same, apart) = GroupMembers.Pairs(classes, a, b);
                foreach (var sameHost in new[] { (Exists: same, Same: true), (Exists: apart, Same: false) }.Where(w => w.Exists).Select(w => w.Same))
                {
                    foreach (var pair in Kinds(classes, a).Select(one => GroupMembers.PairOf(classes, one, b, sameHost))
                        .Concat(Kinds(classes, b).Select(one => GroupMembers.PairOf(classes, a, one, sameHost))))
                    {
                        if (pair is var (sender, receiver))
                        {
                            yield return (a, b, sender, receiver);
                        }
                    }
                }
            }
        }
    }

    private static IEnumerable<GroupPart> Kinds(TrafficClasses classes, GroupPart part) => part.Entries
        .GroupBy(e => Kind(classes.Entries[e].Endpoint), StringComparer.Ordinal).Select(g => part with { Entries = [.. g] });

    // Its profiles and its own labels decide which rules an endpoint has.
    private static string Kind(WorkloadEndpoint endpoint) =>
        string.Join('\n', [.. endpoint.ProfileIds.IsDefault ? [] : endpoint.ProfileIds, "", .. endpoint.Labels.Select(l => $"{l.Key}={l.Value}")]);

    private static FlowEnd End(TrafficClasses classes, GroupPart part, WorkloadEndpoint endpoint, int place) =>
        new((classes.IsIPv6 ? endpoint.IPv6Nets : endpoint.IPv4Nets)[part.PlaceOf(place)].Address) { Endpoint = endpoint.Id };

    private static Flow FlowOf(FlowEnd from, FlowEnd to, Transport packet) => new(from, to, packet.Protocol)
    {
        SourcePort = packet.SourcePort,
        DestinationPort = packet.DestinationPort,
        IcmpType = packet.IcmpType,
        IcmpCode = packet.IcmpCode,
    };
}
