using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CalicoConsole.Core.Model;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>
/// Works out one host's data plane, shaped like Felix 2.6.7's (golden <c>felix/006</c>; calico-v1 reference section 5). Pure.
/// </summary>
/// <remarks>
/// Covered: IPv4; policies and profiles with every criterion of a rule; default deny; connection tracking; endpoint to host; NAT outgoing.
/// The pass mark is set and asked for where Felix does it and cleared in front of policies alone, so it leaks as Felix's does (section 5.5).
/// Host endpoints: failsafe ports, policies and profiles of the host's own traffic and of what it forwards between its own interfaces.
/// Not covered: policies with doNotTrack or preDNAT (tables raw and mangle), IPv6, floating addresses (<c>ipv4_nat</c>), IPIP, interface prefixes other than <c>cali</c>, OpenStack's exceptions.
/// </remarks>
public static partial class DataplaneBuilder
{
    private const string AllPools = "cali4-all-ipam-pools";
    private const string MasqueradedPools = "cali4-masq-ipam-pools";
    /// <summary>The data plane that the host should have.</summary>
    public static DesiredDataplane Build(DataplaneInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var problems = ImmutableArray.CreateBuilder<string>();
        var local = Local(input, problems);
        var labels = new LabelIndex(input.Profiles);
        var sets = new SetCollector(input, labels);
        var policies = PolicyOrder.Of(input.Policies, problems);
        var filter = new Chains();
        var policed = PolicedInterfaces.Of(input, problems);
        const string Accept = $"-m mark --mark {Marks.Accepted} -j ACCEPT";
        filter.Add(
            "cali-FORWARD", "-i cali+ -j cali-from-wl-dispatch", "-o cali+ -j cali-to-wl-dispatch", "-i cali+ -j ACCEPT", "-o cali+ -j ACCEPT",
            $"-j MARK --set-mark {Marks.NoneButAccepted}", $"-m mark --mark {Marks.NotAccepted} -j cali-from-host-endpoint", "-j cali-to-host-endpoint", Accept);
        filter.Add("cali-INPUT", "-i cali+ -g cali-wl-to-host", $"-j MARK --set-mark {Marks.None}", "-j cali-from-host-endpoint", Accept);
        filter.Add("cali-OUTPUT", "-o cali+ -j RETURN", $"-j MARK --set-mark {Marks.None}", "-j cali-to-host-endpoint", Accept);
        filter.Add("cali-from-host-endpoint", [.. policed.Keys.Select(i => $"-i {i} -g cali-fh-{i}")]);
        filter.Add("cali-to-host-endpoint", [.. policed.Keys.Select(i => $"-o {i} -g cali-th-{i}")]);
        filter.Add("cali-failsafe-in", Failsafe(input.FailsafeInbound));
        filter.Add("cali-failsafe-out", Failsafe(input.FailsafeOutbound));
        filter.Add("cali-wl-to-host", "-j cali-from-wl-dispatch", $"-j {ToHost(input.DefaultEndpointToHostAction)}");
        filter.Add("cali-from-wl-dispatch", [.. local.Select(e => $"-i {e.InterfaceName} -g cali-fw-{e.InterfaceName}"), "-j DROP"]);
        filter.Add("cali-to-wl-dispatch", [.. local.Select(e => $"-o {e.InterfaceName} -g cali-tw-{e.InterfaceName}"), "-j DROP"]);
        var used = new HashSet<GoverningPolicy>();
        foreach (var endpoint in local)
        {
            var governing = IsActive(endpoint) ? policies.Where(labels.Of(endpoint)) : [];
            used.UnionWith(governing);
            foreach (var (chain, egress) in new[] { ("cali-fw-", true), ("cali-tw-", false) })
            {
                filter.Add(chain + endpoint.InterfaceName, IsActive(endpoint) ? EndpointChain(Profiles(endpoint), governing, egress, null) : ["-j DROP"]);
            }
        }

        foreach (var (name, endpoint) in policed)
        {
            var governing = policies.Where(labels.Of(endpoint));
            used.UnionWith(governing);
            filter.Add($"cali-fh-{name}", EndpointChain(endpoint.ProfileIds, governing, egress: false, "cali-failsafe-in"));
            filter.Add($"cali-th-{name}", EndpointChain(endpoint.ProfileIds, governing, egress: true, "cali-failsafe-out"));
        }

        foreach (var policy in policies.All.Where(used.Contains))
        {
            filter.Add(ChainNames.Policy(policy.Policy.Name, egress: false), [.. policy.Policy.Ingress.SelectMany(r => RuleText.Lines(r, sets))]);
            filter.Add(ChainNames.Policy(policy.Policy.Name, egress: true), [.. policy.Policy.Egress.SelectMany(r => RuleText.Lines(r, sets))]);
        }

        var profiles = input.Profiles.ToDictionary(p => p.Name, StringComparer.Ordinal);
        foreach (var name in local.SelectMany(e => Profiles(e)).Concat(policed.Values.SelectMany(h => h.ProfileIds)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (ingress, egress) = ProfileChains(name, profiles.GetValueOrDefault(name), sets, problems);
            filter.Add(ChainNames.Profile(name, egress: false), ingress);
            filter.Add(ChainNames.Profile(name, egress: true), egress);
        }

        var nat = new Chains();
        nat.Add("cali-POSTROUTING", "-j cali-nat-outgoing");
        nat.Add("cali-nat-outgoing", $"-m set --match-set {MasqueradedPools} src -m set ! --match-set {AllPools} dst -j MASQUERADE");
        return new DesiredDataplane(
            [.. local.Where(IsActive).SelectMany(e => e.IPv4Nets.Select(n => new EndpointRoute(n, e.InterfaceName))).OrderBy(r => r.Destination)],
            [.. local.Where(IsActive).Select(Link)],
            [PoolSet(AllPools, input.Pools), PoolSet(MasqueradedPools, input.Pools.Where(p => p.NatOutgoing && !p.Disabled)), .. sets.Sets],
            filter.Text("filter"),
            nat.Text("nat"),
            [
                new("filter", "FORWARD", "cali-FORWARD"), new("filter", "INPUT", "cali-INPUT"), new("filter", "OUTPUT", "cali-OUTPUT"),
                new("nat", "POSTROUTING", "cali-POSTROUTING"),
            ],
            filter.Names,
            problems.ToImmutable());
    }

    private static ImmutableArray<WorkloadEndpoint> Local(DataplaneInput input, ImmutableArray<string>.Builder problems)
    {
        var chosen = new SortedDictionary<string, WorkloadEndpoint>(StringComparer.Ordinal);
        foreach (var endpoint in input.Endpoints.Where(e => e.Id.Node == input.Node && e.InterfaceName.Length > 0)
            .OrderBy(e => e.Id.Orchestrator, StringComparer.Ordinal).ThenBy(e => e.Id.Workload, StringComparer.Ordinal).ThenBy(e => e.Id.Name, StringComparer.Ordinal))
        {
            if (!InterfaceName().IsMatch(endpoint.InterfaceName))
            {
                problems.Add($"endpoint {endpoint.Id.Name} is left out: '{endpoint.InterfaceName}' is no interface name that begins with cali");
            }
            else if (!chosen.TryAdd(endpoint.InterfaceName, endpoint))
            {
                problems.Add($"endpoint {endpoint.Id.Name} is left out: endpoint {chosen[endpoint.InterfaceName].Id.Name} has interface {endpoint.InterfaceName} already");
            }
        }

        return [.. chosen.Values];
    }

    private static ImmutableArray<string> EndpointChain(ImmutableArray<string> profiles, ImmutableArray<GoverningPolicy> policies, bool egress, string? failsafe)
    {
        var governing = policies.Where(p => p.Governs(egress)).Select(p => ChainNames.Policy(p.Policy.Name, egress)).ToArray();
        return
        [
            "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
            "-m conntrack --ctstate INVALID -j DROP",
            .. failsafe is null ? [] : new[] { $"-j {failsafe}" },
            $"-j MARK --set-mark {Marks.NotAccepted}",
            .. governing.Length == 0 ? [] : new[] { $"-j MARK --set-mark {Marks.NotPassed}" },
            .. governing.SelectMany(chain => new[] { $"-m mark --mark {Marks.NotPassed} -j {chain}", $"-m mark --mark {Marks.Accepted} -j RETURN" }),
            .. governing.Length == 0 ? [] : new[] { $"-m mark --mark {Marks.NotPassed} -j DROP" },
            .. profiles.SelectMany(p => new[] { $"-j {ChainNames.Profile(p, egress)}", $"-m mark --mark {Marks.Accepted} -j RETURN" }),
            "-j DROP",
        ];
    }

    private static ImmutableArray<string> Failsafe(ImmutableArray<FailsafePort> ports) =>
        [.. ports.Select(p => string.Create(CultureInfo.InvariantCulture, $"-p {p.Protocol} -m multiport --dports {p.Port} -j ACCEPT"))];

    private static (ImmutableArray<string> Ingress, ImmutableArray<string> Egress) ProfileChains(
        string name, Profile? profile, SetCollector sets, ImmutableArray<string>.Builder problems)
    {
        if (profile is not { HasRules: true })
        {
            problems.Add($"profile {name} has no rules that can be read: it denies everything");
            return (["-j DROP"], ["-j DROP"]);
        }

        // One rule that cannot be expressed makes the whole profile deny, as Felix does with one that it refuses.
        if (profile.Ingress.Concat(profile.Egress).Select(RuleCheck.Problem).FirstOrDefault(p => p is not null) is { } problem)
        {
            problems.Add($"profile {name} denies everything: {problem}");
            return (["-j DROP"], ["-j DROP"]);
        }

        return ([.. profile.Ingress.SelectMany(r => RuleText.Lines(r, sets))], [.. profile.Egress.SelectMany(r => RuleText.Lines(r, sets))]);
    }

    private static LinkSetting Link(WorkloadEndpoint endpoint) => new(
        endpoint.InterfaceName,
        true,
        endpoint.Mac.Length == 0 ? [] : [.. endpoint.IPv4Nets.Select(n => new Neighbour(n.Address, endpoint.Mac))]);

    // A set of networks cannot hold the whole of IPv4, and no pool may be that large.
    private static IpSet PoolSet(string name, IEnumerable<IPPool> pools) =>
        new(name, "hash:net", [.. pools.Select(p => p.Cidr).Where(c => !c.IsIPv6 && c.PrefixLength > 0).Select(c => c.Masked()).Distinct().Order().Select(c => c.ToString())]);

    private static string ToHost(string action) => action.ToUpperInvariant() switch
    {
        "ACCEPT" => "ACCEPT",
        "RETURN" => "RETURN",
        _ => "DROP",
    };

    private static bool IsActive(WorkloadEndpoint endpoint) => endpoint.State == "active";

    private static ImmutableArray<string> Profiles(WorkloadEndpoint endpoint) => endpoint.ProfileIds.IsDefault ? [] : endpoint.ProfileIds;

    [GeneratedRegex(@"\Acali[A-Za-z0-9_.-]{0,11}\z", RegexOptions.CultureInvariant)]
    private static partial Regex InterfaceName();

    /// <summary>Chains of one table in order of their making.</summary>
    private sealed class Chains
    {
        private readonly List<(string Name, ImmutableArray<string> Rules)> _chains = [];

        public ImmutableArray<string> Names => [.. _chains.Select(c => c.Name)];

        public void Add(string name, params ImmutableArray<string> rules) => _chains.Add((name, rules));

        public string Text(string table)
        {
            var text = new StringBuilder("*").Append(table).Append('\n');
            foreach (var (name, _) in _chains)
            {
                text.Append(':').Append(name).Append(" - [0:0]\n");
            }

            foreach (var (name, rules) in _chains)
            {
                foreach (var rule in rules)
                {
                    text.Append("-A ").Append(name).Append(' ').Append(rule).Append('\n');
                }
            }

            return text.Append("COMMIT\n").ToString();
        }
    }
}
