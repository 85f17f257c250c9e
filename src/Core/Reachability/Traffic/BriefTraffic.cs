using System.Globalization;

namespace CalicoConsole.Core.Reachability.Traffic;

/// <summary>How much of all traffic is open, in steps that can be drawn.</summary>
public enum TrafficAmount
{
    /// <summary>None of it.</summary>
    Nothing,

    /// <summary>Single ports, a ping.</summary>
    Little,

    /// <summary>All of TCP or UDP, or everything but a few ports.</summary>
    Much,

    /// <summary>All of it.</summary>
    Everything,
}

/// <summary>What is open between two groups in as few words as a cell or an arrow has room for. Pure.</summary>
internal static class BriefTraffic
{
    private const int MostPieces = 2;

    /// <summary>
    /// Such as <c>tcp 80, 443</c>, <c>ping</c>, <c>all but tcp 22</c>; <c>+</c> where some pairs may do more, and <c>for some</c> where only some may.
    /// </summary>
    /// <param name="always">Traffic that is open for every pair.</param>
    /// <param name="sometimes">Traffic that is open for some pairs only.</param>
    /// <param name="never">Traffic that is open for no pair.</param>
    public static string Words(ImmutableArray<OpenTraffic> always, ImmutableArray<OpenTraffic> sometimes, ImmutableArray<OpenTraffic> never)
    {
        var (open, rest) = always.IsEmpty ? (sometimes, " for some") : sometimes.IsEmpty ? (always, "") : (always, " +");
        var complement = always.IsEmpty || sometimes.IsEmpty;
        return (complement && IsShorter(never, open) ? never.IsEmpty ? "all" : $"all but {Join(never)}" : Join(open)) + rest;
    }

    /// <summary>The step that is drawn for it.</summary>
    public static TrafficAmount Amount(ImmutableArray<OpenTraffic> always, ImmutableArray<OpenTraffic> sometimes, ImmutableArray<OpenTraffic> never)
    {
        var open = always.IsEmpty ? sometimes : always;
        var complement = always.IsEmpty || sometimes.IsEmpty;
        return open.IsEmpty ? TrafficAmount.Nothing
            : complement && never.IsEmpty ? TrafficAmount.Everything
            : open.Any(t => t is { IsWhole: true, Protocol: "tcp" or "udp" }) || (complement && IsShorter(never, open)) ? TrafficAmount.Much
            : TrafficAmount.Little;
    }

    private static bool IsShorter(ImmutableArray<OpenTraffic> never, ImmutableArray<OpenTraffic> open) => Pieces(never).Count() < Pieces(open).Count();

    private static string Join(ImmutableArray<OpenTraffic> traffic)
    {
        var pieces = Pieces(traffic).ToArray();
        var shown = string.Join(", ", pieces.Take(MostPieces)
            .Select((p, i) => i > 0 && p.Port && p.Protocol == pieces[0].Protocol ? p.Text : $"{p.Protocol} {p.Text}".Trim()));
        return pieces.Length <= MostPieces ? shown : string.Create(CultureInfo.InvariantCulture, $"{shown}, {pieces.Length - MostPieces} more");
    }

    // What takes a word of its own: a protocol, a range of ports, an ICMP type.
    private static IEnumerable<(string Protocol, string Text, bool Port)> Pieces(ImmutableArray<OpenTraffic> traffic)
    {
        foreach (var one in traffic)
        {
            var from = one.SourcePorts.IsEmpty ? "" : " from some ports";
            if (one.Icmp is ["echo request"])
            {
                yield return ("ping", "", false);
            }
            else if (!one.Icmp.IsEmpty)
            {
                foreach (var type in one.Icmp)
                {
                    yield return (one.Protocol, type, false);
                }
            }
            else if (one.Ports.IsEmpty || one.Ports is [{ First: 1, Last: 65535 }])
            {
                yield return (one.Protocol, from.TrimStart(), false);
            }
            else
            {
                foreach (var range in one.Ports)
                {
                    yield return (one.Protocol, OpenTraffic.Words(range) + from, true);
                }
            }
        }
    }
}
