using System.Globalization;
using System.Text;
using CalicoConsole.Core.Model;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>
/// Computes one host's IPv4 data plane as Felix 2.6 lays it out (reference §5.1, §5.2, §5.4). Pure and thread-safe.
/// </summary>
/// <remarks>
/// Covered: profiles in order, tags, selectors, nets, ports, protocols, ICMP, negations, allow, deny, log and pass, a missing or
/// broken profile, conntrack, the host's default action, NAT outgoing. Not covered: policies, host endpoints, untracked and
/// pre-DNAT rules, IPv6, IPIP, endpoint NAT.
/// </remarks>
public static class DataplaneBuilder
{
    internal const string AcceptMark = "0x1000000/0x1000000";
    internal const string ClearAccept = "0x0/0x1000000";
    internal const string PassMark = "0x2000000/0x2000000";
    internal const string ClearPass = "0x0/0x2000000";

    private const string AllPools = "cali4-all-ipam-pools";
    private const string MasqueradedPools = "cali4-masq-ipam-pools";

    /// <summary>What the kernel of <see cref="DataplaneInput.Node"/> should hold.</summary>
    public static DesiredDataplane Build(DataplaneInput input)
    {
        var local = input.Endpoints
            .Where(e => e.Id.Node == input.Node && e.InterfaceName.Length > 0)
            .OrderBy(e => e.InterfaceName, StringComparer.Ordinal).ThenBy(e => e.Id.Name, StringComparer.Ordinal)
            .DistinctBy(e => e.InterfaceName).ToImmutableArray();
        var active = local.Where(e => e.State == "active").ToImmutableArray();
        var sets = new IpSetCatalogue(input);
        var profiles = ProfileChains(input, local, sets, out var problems);
        var filter = FilterChains(input, local, profiles);
        return new DesiredDataplane(
            [.. active.SelectMany(e => e.IPv4Nets.Select(n => new EndpointRoute(n, e.InterfaceName))).OrderBy(r => r.Destination)],
            [.. active.Select(Link)],
            [.. sets.All, PoolSet(AllPools, input.Pools), PoolSet(MasqueradedPools, input.Pools.Where(p => p.NatOutgoing))],
            Restore("filter", filter),
            Restore("nat", new() { ["cali-POSTROUTING"] = [$"-m set --match-set {MasqueradedPools} src -m set ! --match-set {AllPools} dst -j MASQUERADE"] }),
            [
                new TopJump("filter", "INPUT", "cali-INPUT"),
                new TopJump("filter", "FORWARD", "cali-FORWARD"),
                new TopJump("filter", "OUTPUT", "cali-OUTPUT"),
                new TopJump("nat", "POSTROUTING", "cali-POSTROUTING"),
            ],
            [.. filter.Keys],
            problems);
    }

    private static LinkSetting Link(WorkloadEndpoint endpoint) => new(
        endpoint.InterfaceName,
        true,
        endpoint.Mac.Length == 0 ? [] : [.. endpoint.IPv4Nets.Select(n => new Neighbour(n.Address, endpoint.Mac))]);

    private static IpSet PoolSet(string name, IEnumerable<IPPool> pools) =>
        new(name, "hash:net", IpSetCatalogue.Members(pools.Where(p => !p.Cidr.IsIPv6).Select(p => p.Cidr)));

    /// <summary>Chains of the profiles that local endpoints name; a profile without a usable chain is absent.</summary>
    private static ImmutableSortedDictionary<string, RuleChains> ProfileChains(
        DataplaneInput input, ImmutableArray<WorkloadEndpoint> local, IpSetCatalogue sets, out ImmutableArray<string> problems)
    {
        var byName = input.Profiles.ToDictionary(p => p.Name, StringComparer.Ordinal);
        var chains = ImmutableSortedDictionary.CreateBuilder<string, RuleChains>(StringComparer.Ordinal);
        var found = ImmutableArray.CreateBuilder<string>();
        foreach (var name in local.SelectMany(e => e.ProfileIds.IsDefault ? [] : e.ProfileIds).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (!byName.TryGetValue(name, out var profile) || !profile.HasRules)
            {
                found.Add($"profile {name} has no rules: everything of its endpoints is dropped, as Felix does");
                continue;
            }

            try
            {
                chains[name] = new RuleChains(
                    [.. profile.Ingress.SelectMany(r => RuleText.Lines(r, sets))],
                    [.. profile.Egress.SelectMany(r => RuleText.Lines(r, sets))]);
            }
            catch (RuleNotExpressibleException e)
            {
                found.Add($"profile {name} is treated as denying everything: {e.Message}");
            }
        }

        problems = found.ToImmutable();
        return chains.ToImmutable();
    }

    private static SortedDictionary<string, List<string>> FilterChains(
        DataplaneInput input, ImmutableArray<WorkloadEndpoint> local, ImmutableSortedDictionary<string, RuleChains> profiles)
    {
        var hostAction = input.DefaultEndpointToHostAction.ToUpperInvariant() is ("RETURN" or "ACCEPT") and var action ? action : "DROP";
        var chains = new SortedDictionary<string, List<string>>(StringComparer.Ordinal)
        {
            ["cali-FORWARD"] = ["-i cali+ -j cali-from-wl-dispatch", "-o cali+ -j cali-to-wl-dispatch", "-i cali+ -j ACCEPT", "-o cali+ -j ACCEPT"],
            ["cali-INPUT"] = ["-i cali+ -g cali-wl-to-host"],
            ["cali-OUTPUT"] = ["-o cali+ -j RETURN"],
            ["cali-wl-to-host"] = ["-j cali-from-wl-dispatch", $"-j {hostAction}"],
            ["cali-from-wl-dispatch"] = [.. local.Select(e => $"-i {e.InterfaceName} -g {Chain("cali-fw-", e.InterfaceName)}"), "-j DROP"],
            ["cali-to-wl-dispatch"] = [.. local.Select(e => $"-o {e.InterfaceName} -g {Chain("cali-tw-", e.InterfaceName)}"), "-j DROP"],
        };
        foreach (var endpoint in local)
        {
            chains[Chain("cali-tw-", endpoint.InterfaceName)] = EndpointChain(endpoint, "cali-pri-", profiles);
            chains[Chain("cali-fw-", endpoint.InterfaceName)] = EndpointChain(endpoint, "cali-pro-", profiles);
        }

        foreach (var (name, rules) in profiles)
        {
            chains[Chain("cali-pri-", name)] = [.. rules.Ingress];
            chains[Chain("cali-pro-", name)] = [.. rules.Egress];
        }

        return chains;
    }

    private static List<string> EndpointChain(WorkloadEndpoint endpoint, string prefix, ImmutableSortedDictionary<string, RuleChains> profiles)
    {
        if (endpoint.State != "active")
        {
            return ["-j DROP"];
        }

        var lines = new List<string>
        {
            "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
            "-m conntrack --ctstate INVALID -j DROP",
            $"-j MARK --set-xmark {ClearAccept}",
        };
        foreach (var name in endpoint.ProfileIds.IsDefault ? [] : endpoint.ProfileIds)
        {
            if (!profiles.ContainsKey(name))
            {
                break;
            }

            // Felix clears the pass mark in front of policies only (reference §5.5); here each profile starts clean, which is what the configuration says.
            lines.Add($"-j MARK --set-xmark {ClearPass}");
            lines.Add($"-j {Chain(prefix, name)}");
            lines.Add($"-m mark --mark {AcceptMark} -j RETURN");
        }

        lines.Add("-j DROP");
        return lines;
    }

    /// <summary>A chain's name: the whole name when it fits iptables' 28 characters and needs no quoting, else a hash of it.</summary>
    internal static string Chain(string prefix, string name) =>
        prefix.Length + name.Length <= 28 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? prefix + name
            : prefix + "_" + IpSetCatalogue.Hash(name, 27 - prefix.Length);

    private static string Restore(string table, SortedDictionary<string, List<string>> chains)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{table}\n");
        foreach (var chain in chains.Keys)
        {
            text.Append(CultureInfo.InvariantCulture, $":{chain} - [0:0]\n");
        }

        foreach (var (chain, lines) in chains)
        {
            foreach (var line in lines)
            {
                text.Append(CultureInfo.InvariantCulture, $"-A {chain} {line}\n");
            }
        }

        return text.Append("COMMIT\n").ToString();
    }

    private sealed record RuleChains(ImmutableArray<string> Ingress, ImmutableArray<string> Egress);
}
