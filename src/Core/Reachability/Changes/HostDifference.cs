using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Reachability.Traffic;

namespace CalicoConsole.Core.Reachability.Changes;

/// <summary>What changes at the own interfaces of hosts, in one direction and IP version.</summary>
/// <param name="Host">The host's node; of several that change alike, the first.</param>
/// <param name="Hosts">How many hosts change so.</param>
/// <param name="Peer">The other end: outside addresses as the rules tell them apart, or <see cref="HostDifference.OtherHosts"/>.</param>
/// <param name="IsInto">Whether it is what gets into the host; else what gets out of it.</param>
/// <param name="IsIPv6">The IP version.</param>
/// <param name="Opened">Traffic that the host gets.</param>
/// <param name="Closed">Traffic that the host loses.</param>
public sealed record HostChange(string Host, int Hosts, string Peer, bool IsInto, bool IsIPv6, ImmutableArray<OpenTraffic> Opened,
    ImmutableArray<OpenTraffic> Closed);

/// <summary>
/// What a proposal does to traffic of hosts themselves: at every host endpoint that it writes, deletes or governs otherwise. Compared are outside addresses and
/// other hosts; workloads
/// are not. Pure.
/// </summary>
public static class HostDifference
{
    /// <summary>The name of the addresses of other hosts.</summary>
    public const string OtherHosts = "other hosts";

    /// <summary>How many host endpoints are looked at, at most: more are governed by the same policies as a rule.</summary>
    public const int Most = 50;

    /// <summary>Compares.</summary>
    /// <param name="now">The model as it is.</param>
    /// <param name="proposal">The model as it would be.</param>
    /// <param name="ipv6">The IP version.</param>
    /// <param name="cancellationToken">Ends it early, for a proposal that is old already.</param>
    public static ImmutableArray<HostChange> Between(ReachabilityModel now, ReachabilityModel proposal, bool ipv6,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(proposal);
        var touched = Touched(now, proposal).Take(Most).ToArray();
        if (touched.Length == 0)
        {
            return [];
        }

        var space = TrafficSpace.From(now.StoredRules.Concat(proposal.StoredRules), now.FailsafePorts.Concat(proposal.FailsafePorts), ipv6);
        var outside = Outside(now.Classes(ipv6), proposal.Classes(ipv6));
        var found = new List<HostChange>();
        foreach (var host in touched.GroupBy(t => t.Node, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            (string Name, Ip Ip)[] peers = [.. outside, .. Hosts(now, proposal, host.Key, ipv6)];
            var ends = host.SelectMany(t => new[] { t.Was, t.Then }.OfType<HostEndpoint>()).SelectMany(e => Ends(proposal, e, ipv6)).Distinct().ToArray();
            foreach (var (peer, into) in peers.Select(p => p.Name).Distinct(StringComparer.Ordinal).SelectMany(p => new[] { (p, true), (p, false) }))
            {
                var (opened, closed) = (new ulong[space.Everything.Length], new ulong[space.Everything.Length]);
                foreach (var ip in peers.Where(p => p.Name == peer).Select(p => p.Ip))
                {
                    foreach (var end in ends)
                    {
                        var (was, then) = into
                            ? (HostTraffic.Into(now, space, end, ip), HostTraffic.Into(proposal, space, end, ip))
                            : (HostTraffic.OutOf(now, space, end, ip), HostTraffic.OutOf(proposal, space, end, ip));
                        for (var i = 0; i < opened.Length; i++)
                        {
                            opened[i] |= then[i] & ~was[i];
                            closed[i] |= was[i] & ~then[i];
                        }
                    }
                }

                if (opened.Concat(closed).Any(w => w != 0))
                {
                    found.Add(new HostChange(host.Key, 1, peer, into, ipv6, space.Describe(opened), space.Describe(closed)));
                }
            }
        }

        // Hosts that change alike are said once.
        return
        [
            .. found.GroupBy(c => (c.Peer, c.IsInto, string.Join(';', c.Opened), string.Join(';', c.Closed))).Select(g => g.First() with { Hosts = g.Count() })
                .OrderBy(c => c.Host, StringComparer.Ordinal).ThenByDescending(c => c.IsInto),
        ];
    }

    /// <summary>How many host endpoints a proposal touches beyond those that are looked at.</summary>
    public static int LeftOut(ReachabilityModel now, ReachabilityModel proposal)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(proposal);
        return Math.Max(0, Touched(now, proposal).Count() - Most);
    }

    private static IEnumerable<(string Node, HostEndpoint? Was, HostEndpoint? Then)> Touched(ReachabilityModel now, ReachabilityModel proposal)
    {
        var governed = new Dictionary<(int, int), bool>();
        var relabelled = !ReferenceEquals(now.Members, proposal.Members);
        foreach (var node in now.Table.Hosts.Keys.Union(proposal.Table.Hosts.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (before, after) = (now.Table.Hosts.GetValueOrDefault(node, []), proposal.Table.Hosts.GetValueOrDefault(node, []));
            foreach (var name in before.Concat(after).Select(h => h.Endpoint.Name).Distinct(StringComparer.Ordinal))
            {
                var (was, then) = (before.FirstOrDefault(h => h.Endpoint.Name == name), after.FirstOrDefault(h => h.Endpoint.Name == name));
                if (relabelled || was is null || then is null || !ReferenceEquals(was.Endpoint, then.Endpoint) || Otherwise(was.LabelClass, then.LabelClass))
                {
                    yield return (node, was?.Endpoint, then?.Endpoint);
                }
            }
        }

        bool Otherwise(int was, int then)
        {
            if (!governed.TryGetValue((was, then), out var differs))
            {
                var stages =
                    from stage in Enum.GetValues<PolicyStage>()
                    from direction in Enum.GetValues<FlowDirection>()
                    select (Before: now.MakeGovernance(was, direction, stage), After: proposal.MakeGovernance(then, direction, stage));
                governed[(was, then)] = differs = stages.Any(s => !s.Before.Equals(s.After));
            }

            return differs;
        }
    }

    /// <summary>
    /// A host at each address of a host endpoint, or at its interface where that has none; at none where nothing says that it has an IPv6 address.
    /// </summary>
    private static IEnumerable<FlowEnd> Ends(ReachabilityModel model, HostEndpoint endpoint, bool ipv6)
    {
        var expected = ipv6 ? endpoint.ExpectedIPv6 : endpoint.ExpectedIPv4;
        var known = model.HostOf(endpoint.Node).Address(ipv6);
        return expected.IsEmpty && endpoint.InterfaceName.Length > 0 && (known is not null || !ipv6)
            ? [new FlowEnd(known ?? HostRules.UnknownAddress(ipv6)) { Node = endpoint.Node, Interface = new PassedInterface(endpoint.InterfaceName) }]
            : expected.Select(ip => new FlowEnd(ip) { Node = endpoint.Node });
    }

    private static IEnumerable<(string, Ip)> Outside(TrafficClasses now, TrafficClasses proposal) => proposal.OutsideClasses().Concat(now.OutsideClasses())
        .GroupBy(c => c.Address.Ip)
            .Select(at => (at.Select(c => c.Outside).FirstOrDefault(n => n != TrafficClasses.OtherAddresses) ?? TrafficClasses.OtherAddresses, at.Key));

    // One address of each kind that neither model's rules tell apart.
    private static IEnumerable<(string, Ip)> Hosts(ReachabilityModel now, ReachabilityModel proposal, string node, bool ipv6) => proposal.Settings.Hosts
        .Where(h => h.Key != node).Select(h => h.Value.Address(ipv6)).OfType<Ip>().Order()
        .DistinctBy(ip => (new BitKey(now.Classes(ipv6).BitsOf(now.Table.Resolve(ip))), new BitKey(proposal.Classes(ipv6).BitsOf(proposal.Table.Resolve(ip)))))
            .Select(ip => (OtherHosts, ip));
}
