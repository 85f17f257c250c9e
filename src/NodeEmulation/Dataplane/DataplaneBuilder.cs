using System.Text.RegularExpressions;
using CalicoConsole.Core.Model;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>
/// Works out one host's data plane, shaped like Felix 2.6.7's (golden <c>felix/006</c>; docs/calico-v1.md#how-felix-decides). Pure.
/// </summary>
/// <remarks>
/// Covered, for IPv4 and IPv6: policies and profiles with every criterion of a rule; default deny; connection tracking; endpoint to host; host endpoints with
/// failsafe
/// ports, their own and forwarded traffic, untracked policies (table raw) and those before DNAT (table mangle); for IPv4 NAT outgoing.
/// The pass mark is set and asked for where Felix does it and cleared in front of policies alone, so it leaks as Felix's does.
/// Not covered: floating addresses (<c>ipv4_nat</c>), IPIP, interface prefixes other than <c>cali</c>, OpenStack's exceptions.
/// </remarks>
public static partial class DataplaneBuilder
{
    /// <summary>The data plane that the host should have.</summary>
    public static DesiredDataplane Build(DataplaneInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var problems = ImmutableArray.CreateBuilder<string>();
        var labels = new LabelIndex(input.Profiles);
        var local = Local(input, problems);
        var policies = PolicyOrder.From(input.Policies, problems);
        var policed = PolicedInterfaces.For(input, problems);
        var parts = new HostParts(
            [.. local.Select(e => new LocalEndpoint(e, e.State == "active" ? policies.Where(PolicyStage.Tracked, labels.For(e)) : []))],
            [.. policed.Select(p => new PolicedInterface(p.Key, p.Value, stage => policies.Where(stage, labels.For(p.Value))))],
            ProfilesInUse(input, local, policed.Values, problems));
        return new DesiredDataplane(
            [.. local.Where(e => e.State == "active").Select(Link)],
            new FamilyBuilder(input, labels, parts, isIPv6: false).Build(),
            new FamilyBuilder(input, labels, parts, isIPv6: true).Build(),
            problems.ToImmutable());
    }

    private static ImmutableArray<WorkloadEndpoint> Local(DataplaneInput input, ImmutableArray<string>.Builder problems)
    {
        var chosen = new SortedDictionary<string, WorkloadEndpoint>(StringComparer.Ordinal);
        foreach (var endpoint in input.Endpoints.Where(e => e.Id.Node == input.Node && e.InterfaceName.Length > 0 && input.LooksAfter(e))
            .OrderBy(e => e.Id.Orchestrator, StringComparer.Ordinal).ThenBy(e => e.Id.Workload, StringComparer.Ordinal)
                .ThenBy(e => e.Id.Name, StringComparer.Ordinal))
        {
            if (!InterfaceName().IsMatch(endpoint.InterfaceName))
            {
                problems.Add($"endpoint {endpoint.Id.Name} is left out: '{endpoint.InterfaceName}' is no interface name that begins with cali");
            }
            else if (!chosen.TryAdd(endpoint.InterfaceName, endpoint))
            {
                problems.Add($"endpoint {endpoint.Id.Name} is left out: endpoint {chosen[endpoint.InterfaceName].Id.Name} has interface "
                    + $"{endpoint.InterfaceName} already");
            }
        }

        return [.. chosen.Values];
    }

    private static ImmutableArray<ProfileInUse> ProfilesInUse(
        DataplaneInput input, ImmutableArray<WorkloadEndpoint> local, IEnumerable<HostEndpoint> hosts, ImmutableArray<string>.Builder problems)
    {
        var profiles = input.Profiles.ToDictionary(p => p.Name, StringComparer.Ordinal);
        var names = local.SelectMany(e => LocalEndpoint.Profiles(e)).Concat(hosts.SelectMany(h => h.ProfileIds)).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        return [.. names.Select(name => InUse(name, profiles.GetValueOrDefault(name), problems))];
    }

    // One rule that cannot be expressed makes the whole profile deny, as Felix does with one that it refuses.
    private static ProfileInUse InUse(string name, Profile? profile, ImmutableArray<string>.Builder problems)
    {
        if (profile is not { HasRules: true })
        {
            problems.Add($"profile {name} has no rules that can be read: it denies everything");
            return new ProfileInUse(name, null);
        }

        if (profile.Ingress.Concat(profile.Egress).Select(RuleCheck.Problem).FirstOrDefault(p => p is not null) is { } problem)
        {
            problems.Add($"profile {name} denies everything: {problem}");
            return new ProfileInUse(name, null);
        }

        return new ProfileInUse(name, profile);
    }

    private static LinkSetting Link(WorkloadEndpoint endpoint) => new(
        endpoint.InterfaceName,
        true,
        endpoint.Mac.Length == 0 ? [] : [.. endpoint.IPv4Nets.Concat(endpoint.IPv6Nets).Select(n => new Neighbour(n.Address, endpoint.Mac))]);

    [GeneratedRegex(@"\Acali[A-Za-z0-9_.-]{0,11}\z", RegexOptions.CultureInvariant)]
    private static partial Regex InterfaceName();
}
