using System.Globalization;
using CalicoConsole.Core.Model;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>The routes, sets and tables of one family. Chains and their rules are those of golden <c>felix/006</c>, comments aside.</summary>
internal sealed class FamilyBuilder
{
    private const string AcceptAccepted = $"-m mark --mark {Marks.Accepted} -j ACCEPT";

    // Multicast listeners, router and neighbour discovery: Felix lets them through before policy, or a workload could not even find its gateway.
    private static readonly int[] NeighbourDiscovery = [130, 131, 132, 133, 135, 136];
    private readonly DataplaneInput _input;
    private readonly HostParts _parts;
    private readonly bool _isIPv6;
    private readonly SetCollector _sets;
    private readonly RuleText _text;

    public FamilyBuilder(DataplaneInput input, LabelIndex labels, HostParts parts, bool isIPv6)
    {
        (_input, _parts, _isIPv6) = (input, parts, isIPv6);
        _sets = new SetCollector(input, labels, isIPv6);
        _text = new RuleText(_sets, isIPv6);
    }

    private string AllPools => _isIPv6 ? "cali6-all-ipam-pools" : "cali4-all-ipam-pools";

    private string MasqueradedPools => _isIPv6 ? "cali6-masq-ipam-pools" : "cali4-masq-ipam-pools";

    /// <summary>Makes them.</summary>
    public FamilyDataplane Build()
    {
        ImmutableArray<RuleTable> tables = [Raw(), Mangle(), Filter(), Nat()];
        return new FamilyDataplane(
            _isIPv6,
            [.. _parts.Endpoints.Where(e => e.IsActive).SelectMany(e => Nets(e.Endpoint).Select(n => new EndpointRoute(n, e.Interface)))
                .OrderBy(r => r.Destination)],
            [PoolSet(AllPools, _input.Pools), PoolSet(MasqueradedPools, _input.Pools.Where(p => p.NatOutgoing && !p.Disabled)), .. _sets.Sets],
            tables,
            [
                new("raw", "PREROUTING", "cali-PREROUTING"), new("raw", "OUTPUT", "cali-OUTPUT"), new("mangle", "PREROUTING", "cali-PREROUTING"),
                new("filter", "FORWARD", "cali-FORWARD"), new("filter", "INPUT", "cali-INPUT"), new("filter", "OUTPUT", "cali-OUTPUT"),
                    new("nat", "POSTROUTING", "cali-POSTROUTING"),
            ]);
    }

    // Before connection tracking: what an untracked policy allows is not tracked and not asked about again; what it denies is gone; the rest goes on.
    private RuleTable Raw()
    {
        var table = new ChainTable("raw");
        var policed = Policed(PolicyStage.Untracked);
        table.Add(
            "cali-PREROUTING", $"-j MARK --set-mark {Marks.None}", $"-i cali+ -j MARK --set-mark {Marks.FromWorkload}",
            $"-m mark --mark {Marks.NotFromWorkload} -j cali-from-host-endpoint", AcceptAccepted);
        table.Add("cali-OUTPUT", $"-j MARK --set-mark {Marks.None}", "-j cali-to-host-endpoint", AcceptAccepted);
        Dispatch(table, policed, both: true);
        // Nothing is tracked here, so the answers of failsafe connections need a way of their own.
        table.Add("cali-failsafe-in", [.. Failsafe(_input.FailsafeInbound, "--dports"), .. Failsafe(_input.FailsafeOutbound, "--sports")]);
        table.Add("cali-failsafe-out", [.. Failsafe(_input.FailsafeOutbound, "--dports"), .. Failsafe(_input.FailsafeInbound, "--sports")]);
        foreach (var (name, policies) in policed)
        {
            table.Add($"cali-fh-{name}", Untracked(policies, egress: false, "cali-failsafe-in"));
            table.Add($"cali-th-{name}", Untracked(policies, egress: true, "cali-failsafe-out"));
        }

        Policies(table, policed.SelectMany(p => p.Policies));
        return table.Build();
    }

    // After connection tracking and before DNAT: ingress alone, also of what is on its way to a workload.
    private RuleTable Mangle()
    {
        var table = new ChainTable("mangle");
        var policed = Policed(PolicyStage.BeforeDnat);
        table.Add("cali-PREROUTING", "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", AcceptAccepted, "-i cali+ -j ACCEPT", "-j cali-from-host-endpoint",
            AcceptAccepted);
        Dispatch(table, policed, both: false);
        table.Add("cali-failsafe-in", [.. Failsafe(_input.FailsafeInbound, "--dports")]);
        foreach (var (name, policies) in policed)
        {
            table.Add($"cali-fh-{name}", [.. Tracking("cali-failsafe-in"), .. Asked(policies, egress: false)]);
        }

        Policies(table, policed.SelectMany(p => p.Policies));
        return table.Build();
    }

    private RuleTable Filter()
    {
        var table = new ChainTable("filter");
        var local = _parts.Endpoints;
        table.Add(
            "cali-FORWARD", "-i cali+ -j cali-from-wl-dispatch", "-o cali+ -j cali-to-wl-dispatch", "-i cali+ -j ACCEPT", "-o cali+ -j ACCEPT",
            $"-j MARK --set-mark {Marks.NoneButAccepted}", $"-m mark --mark {Marks.NotAccepted} -j cali-from-host-endpoint", "-j cali-to-host-endpoint",
                AcceptAccepted);
        table.Add("cali-INPUT", AcceptAccepted, "-i cali+ -g cali-wl-to-host", $"-j MARK --set-mark {Marks.None}", "-j cali-from-host-endpoint",
            AcceptAccepted);
        table.Add("cali-OUTPUT", AcceptAccepted, "-o cali+ -j RETURN", $"-j MARK --set-mark {Marks.None}", "-j cali-to-host-endpoint", AcceptAccepted);
        (string Name, ImmutableArray<GoverningPolicy> Policies)[] policed = [.. _parts.Interfaces.Select(i => (i.Name, i.Policies(PolicyStage.Tracked)))];
        Dispatch(table, policed, both: true);
        table.Add("cali-failsafe-in", [.. Failsafe(_input.FailsafeInbound, "--dports")]);
        table.Add("cali-failsafe-out", [.. Failsafe(_input.FailsafeOutbound, "--dports")]);
        string[] discovery = _isIPv6
            ? [.. NeighbourDiscovery.Select(t => string.Create(CultureInfo.InvariantCulture, $"-p ipv6-icmp -m icmp6 --icmpv6-type {t} -j ACCEPT"))] : [];
        table.Add("cali-wl-to-host", [.. discovery, "-j cali-from-wl-dispatch", $"-j {ToHost(_input.DefaultEndpointToHostAction)}"]);
        table.Add("cali-from-wl-dispatch", [.. local.Select(e => $"-i {e.Interface} -g cali-fw-{e.Interface}"), "-j DROP"]);
        table.Add("cali-to-wl-dispatch", [.. local.Select(e => $"-o {e.Interface} -g cali-tw-{e.Interface}"), "-j DROP"]);
        foreach (var endpoint in local)
        {
            foreach (var (chain, egress) in new[] { ("cali-fw-", true), ("cali-tw-", false) })
            {
                table.Add(chain + endpoint.Interface, endpoint.IsActive ? Tracked(endpoint.ProfileNames, endpoint.Policies, egress, null) : ["-j DROP"]);
            }
        }

        foreach (var policy in _parts.Interfaces)
        {
            var policies = policy.Policies(PolicyStage.Tracked);
            table.Add($"cali-fh-{policy.Name}", Tracked(policy.Endpoint.ProfileIds, policies, egress: false, "cali-failsafe-in"));
            table.Add($"cali-th-{policy.Name}", Tracked(policy.Endpoint.ProfileIds, policies, egress: true, "cali-failsafe-out"));
        }

        Policies(table, local.SelectMany(e => e.Policies).Concat(policed.SelectMany(p => p.Policies)));
        foreach (var (name, profile) in _parts.Profiles)
        {
            table.Add(ChainNames.Profile(name, egress: false), profile is null ? ["-j DROP"] : _text.Lines(profile.Ingress));
            table.Add(ChainNames.Profile(name, egress: true), profile is null ? ["-j DROP"] : _text.Lines(profile.Egress));
        }

        return table.Build();
    }

    // Felix masquerades IPv6 too when a pool says so.
    private RuleTable Nat()
    {
        var table = new ChainTable("nat");
        table.Add("cali-POSTROUTING", "-j cali-nat-outgoing");
        table.Add("cali-nat-outgoing", $"-m set --match-set {MasqueradedPools} src -m set ! --match-set {AllPools} dst -j MASQUERADE");
        return table.Build();
    }

    // Felix makes chains in these tables only for interfaces that have such a policy.
    private (string Name, ImmutableArray<GoverningPolicy> Policies)[] Policed(PolicyStage stage) =>
        [.. _parts.Interfaces.Select(i => (i.Name, Policies: i.Policies(stage))).Where(i => !i.Policies.IsEmpty)];

    private static void Dispatch(ChainTable table, (string Name, ImmutableArray<GoverningPolicy> Policies)[] policed, bool both)
    {
        table.Add("cali-from-host-endpoint", [.. policed.Select(i => $"-i {i.Name} -g cali-fh-{i.Name}")]);
        if (both)
        {
            table.Add("cali-to-host-endpoint", [.. policed.Select(i => $"-o {i.Name} -g cali-th-{i.Name}")]);
        }
    }

    private void Policies(ChainTable table, IEnumerable<GoverningPolicy> policies)
    {
        foreach (var policy in policies.Distinct().OrderBy(p => p.Policy.Name, StringComparer.Ordinal))
        {
            table.Add(ChainNames.Policy(policy.Policy.Name, egress: false), _text.Lines(policy.Policy.Ingress));
            table.Add(ChainNames.Policy(policy.Policy.Name, egress: true), _text.Lines(policy.Policy.Egress));
        }
    }

    private static ImmutableArray<string> Tracked(ImmutableArray<string> profiles, ImmutableArray<GoverningPolicy> policies, bool egress, string? failsafe)
    {
        var asked = Asked(policies, egress);
        return
        [
            .. Tracking(failsafe),
            .. asked,
            .. asked.Length == 1 ? [] : new[] { $"-m mark --mark {Marks.NotPassed} -j DROP" },
            .. profiles.SelectMany(p => new[] { $"-j {ChainNames.Profile(p, egress)}", $"-m mark --mark {Marks.Accepted} -j RETURN" }),
            "-j DROP",
        ];
    }

    private static ImmutableArray<string> Untracked(ImmutableArray<GoverningPolicy> policies, bool egress, string failsafe) =>
    [
        $"-j {failsafe}",
        .. Asked(policies, egress)
            .SelectMany(line => line == $"-m mark --mark {Marks.Accepted} -j RETURN"
                ? [$"-m mark --mark {Marks.Accepted} -j CT --notrack", line]
                : new[] { line }),
    ];

    private static string[] Tracking(string? failsafe) =>
    [
        "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", "-m conntrack --ctstate INVALID -j DROP",
        .. failsafe is null ? [] : new[] { $"-j {failsafe}" },
    ];

    // The mark is cleared, then one policy after the other is asked until one has accepted or passed.
    private static string[] Asked(ImmutableArray<GoverningPolicy> policies, bool egress)
    {
        var chains = policies.Where(p => p.Governs(egress)).Select(p => ChainNames.Policy(p.Policy.Name, egress)).ToArray();
        return
        [
            $"-j MARK --set-mark {Marks.NotAccepted}",
            .. chains.Length == 0 ? [] : new[] { $"-j MARK --set-mark {Marks.NotPassed}" },
            .. chains.SelectMany(chain => new[] { $"-m mark --mark {Marks.NotPassed} -j {chain}", $"-m mark --mark {Marks.Accepted} -j RETURN" }),
        ];
    }

    private static IEnumerable<string> Failsafe(ImmutableArray<FailsafePort> ports, string option) =>
        ports.Select(p => string.Create(CultureInfo.InvariantCulture, $"-p {p.Protocol} -m multiport {option} {p.Port} -j ACCEPT"));

    // A set of networks cannot hold the whole of a family, and no pool may be that large.
    private IpSet PoolSet(string name, IEnumerable<IPPool> pools) =>
        new(name, "hash:net", [.. pools.Select(p => p.Cidr).Where(c => c.IsIPv6 == _isIPv6 && c.PrefixLength > 0).Select(c => c.Masked()).Distinct().Order()
            .Select(c => c.ToString())]);

    private ImmutableArray<Cidr> Nets(WorkloadEndpoint endpoint) => _isIPv6 ? endpoint.IPv6Nets : endpoint.IPv4Nets;

    private static string ToHost(string action) => action.ToUpperInvariant() switch
    {
        "ACCEPT" => "ACCEPT",
        "RETURN" => "RETURN",
        _ => "DROP",
    };
}
