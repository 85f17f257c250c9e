using System.Collections.Immutable;
using CalicoConsole.Core.Reachability.Changes;
using CalicoConsole.Core.Reachability.Traffic;

namespace CalicoConsole.Web.Areas.Effects;

/// <summary>What changes between two groups, to be drawn.</summary>
/// <param name="From">The sending group.</param>
/// <param name="To">The receiving group.</param>
/// <param name="Family">IPv4, IPv6, or both.</param>
/// <param name="Opened">Traffic that opens; empty when none does.</param>
/// <param name="Closed">Traffic that closes; empty when none does.</param>
/// <param name="OpenedPairs">How many pairs get any.</param>
/// <param name="ClosedPairs">How many pairs lose any.</param>
/// <param name="Example">One of the pairs.</param>
internal sealed record EffectRow(string From, string To, string Family, string Opened, string Closed, long OpenedPairs, long ClosedPairs, string Example)
{
    private const string Outside = "outside: ";

    /// <summary>What an IP version alone is called.</summary>
    public const string IPv4 = "IPv4";

    /// <summary>As <see cref="IPv4"/>.</summary>
    public const string IPv6 = "IPv6";

    /// <summary>Whether a host itself is at one end: then nothing is counted.</summary>
    public bool IsHost { get; init; }

    /// <summary>Whether outside addresses are at one end: then an endpoint counts and not a pair.</summary>
    public bool IsOutside => From.StartsWith(Outside, StringComparison.Ordinal) || To.StartsWith(Outside, StringComparison.Ordinal);

    /// <summary>The rows of an effect, those of hosts first, then most pairs first; what is the same in both IP versions is one row.</summary>
    public static ImmutableArray<EffectRow> For(ProposalEffect effect)
    {
        var six = effect.Hosts.Where(h => h.IsIPv6).Select(For).Concat(effect.IPv6.Changes.Select(c => For(c, IPv6))).ToList();
        var rows = ImmutableArray.CreateBuilder<EffectRow>();
        foreach (var row in effect.Hosts.Where(h => !h.IsIPv6).Select(For).Concat(effect.IPv4.Changes.Select(c => For(c, IPv4))))
        {
            var same = six.FindIndex(r => r with { Family = IPv4, Example = row.Example } == row);
            rows.Add(same < 0 ? row : row with { Family = "" });
            if (same >= 0)
            {
                six.RemoveAt(same);
            }
        }

        rows.AddRange(six);
        return rows.ToImmutable();
    }

    private static EffectRow For(HostChange c)
    {
        var host = c.Hosts == 1 ? $"host {c.Host}" : $"{c.Hosts.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)} hosts, such as {c.Host}";
        var peer = c.Peer == HostDifference.OtherHosts ? c.Peer : Outside + c.Peer;
        return new(
            c.IsInto ? peer : host, c.IsInto ? host : peer, c.IsIPv6 ? IPv6 : IPv4, Words(c.Opened), Words(c.Closed), c.Opened.IsEmpty ? 0 : 1,
                c.Closed.IsEmpty ? 0 : 1, c.Host)
        {
            IsHost = true,
        };
    }

    private static EffectRow For(GroupChange c, string family) => new(
        c.From, c.To, family, Words(c.Opened), Words(c.Closed), c.OpenedPairs, c.ClosedPairs, $"{c.Example.From} to {c.Example.To}");

    private static string Words(ImmutableArray<OpenTraffic> traffic) => string.Join("; ", traffic.Select(t => t.ToString()));
}
