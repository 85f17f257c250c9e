using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Snapshot;

/// <summary>A trap of a datastore that Docker and OpenStack share (docs/calico-v1.md#openstack).</summary>
/// <param name="Code">Stable name, such as <c>interface-prefix</c>.</param>
/// <param name="Broken">Whether something does not work now; else it needs a look.</param>
/// <param name="Title">What is so.</param>
/// <param name="Why">What follows, and what to do.</param>
/// <param name="Parameter">The Felix parameter to change; null when it is another object.</param>
/// <param name="Node">The node that it is about; null for all.</param>
public sealed record OpenStackTrap(string Code, bool Broken, string Title, string Why, string? Parameter = null, string? Node = null)
{
    /// <summary>The subnet or address that it is about; null for none in particular.</summary>
    public string? Network { get; init; }
}

/// <summary>Finds them. Pure.</summary>
public static class OpenStackTraps
{
    /// <summary>The code of every trap there is.</summary>
    public static ImmutableArray<string> Codes { get; } = ["interface-prefix", "reporting", "masquerade"];

    /// <summary>Every trap that a state has walked into; none where OpenStack is not.</summary>
    public static ImmutableArray<OpenStackTrap> AllIn(CalicoState state)
    {
        var view = OpenStackView.From(state);
        return view.IsPresent ? [.. Prefixes(state), .. Reporting(state), .. Masquerade(state, view)] : [];
    }

    private static IEnumerable<OpenStackTrap> Prefixes(CalicoState state)
    {
        // One pass over endpoints, which may be many: what Felix takes is read once for each node, of which the first missed endpoint is named.
        var prefixesOf = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, stored) in state.WorkloadEndpoints)
        {
            var (endpoint, node) = (stored.Value, stored.Value.Id.Node);
            if (!prefixesOf.TryGetValue(node, out var prefixes))
            {
                prefixesOf[node] = prefixes = EffectiveConfiguration.Felix(state, "InterfacePrefix", node).Value.Split(',');
            }

            if (endpoint.InterfaceName.Length > 0 && !IsPoliced(endpoint.InterfaceName, prefixes) && named.Add(node))
            {
                yield return new(
                    "interface-prefix", true, $"Felix on {node} does not police {endpoint.InterfaceName}: InterfacePrefix is {string.Join(',', prefixes)}",
                    $"{(endpoint.Id.Orchestrator == OpenStackView.Orchestrator ? "VMs" : "Containers")} there go unpoliced. Set InterfacePrefix to cali,tap: "
                        + "the OpenStack driver keeps what stands before its tap.", "InterfacePrefix", node);
            }
        }

        // Nothing is unpoliced yet, but the next container will be.
        if (EffectiveConfiguration.Stored(state, "InterfacePrefix") is { Text: "tap" }
            && state.WorkloadEndpoints.Values.All(e => e.Value.InterfaceName.StartsWith("tap", StringComparison.Ordinal)))
        {
            yield return new("interface-prefix", false, "InterfacePrefix is tap alone",
                "Felix will not police containers, whose interfaces begin with cali. Set it to cali,tap.", "InterfacePrefix");
        }
    }

    private static IEnumerable<OpenStackTrap> Reporting(CalicoState state)
    {
        if (EffectiveConfiguration.Stored(state, "ReportingIntervalSecs") is { } stored && IsZero(stored))
        {
            yield return new("reporting", false, "ReportingIntervalSecs is 0 beside OpenStack",
                "Felix does not report that it is alive, so Neutron takes every compute host for dead. Set it to 30.", "ReportingIntervalSecs");
        }
    }

    private static IEnumerable<OpenStackTrap> Masquerade(CalicoState state, OpenStackView view)
    {
        if (state.IPPools.Values.FirstOrDefault(p => p.Value is { NatOutgoing: true, Disabled: false } && !p.Value.Cidr.IsIPv6) is not { } nat)
        {
            yield break;
        }

        Cidr[] pools = [.. state.IPPools.Keys];
        foreach (var subnet in view.Subnets.Where(s => !s.Cidr.IsIPv6 && !pools.Any(p => p.Contains(s.Cidr))))
        {
            yield return new(
                "masquerade", false, $"The VM subnet {subnet.Cidr} lies in no IP pool",
                $"Traffic from {nat.Value.Cidr} to its VMs leaves with the host's address, so that tags and selectors do not match it. A disabled IP pool "
                    + "that covers the subnet avoids that.")
            {
                Network = subnet.Cidr.ToString(),
            };
        }

        // Without the subnets' keys the addresses themselves tell.
        var outside = view.Subnets.IsEmpty
            ? state.WorkloadEndpoints.Values.Where(e => e.Value.Id.Orchestrator == OpenStackView.Orchestrator).SelectMany(e => e.Value.IPv4Nets)
                .Where(n => !Array.Exists(pools, p => p.Contains(n.Address))).Select(n => n.Address).Distinct().ToList()
            : [];
        if (outside.Count > 0)
        {
            yield return new(
                "masquerade", false, $"{outside.Count} {(outside.Count == 1 ? "address" : "addresses")} of VMs, such as {outside[0]}, lie in no IP pool",
                $"Traffic from {nat.Value.Cidr} to them leaves with the host's address, so that tags and selectors do not match it. A disabled IP pool "
                    + "that covers them avoids that.")
            {
                Network = outside[0].ToString(),
            };
        }
    }

    private static bool IsPoliced(string name, string[] prefixes) => Array.Exists(prefixes, p => name.StartsWith(p, StringComparison.Ordinal));

    private static bool IsZero(StoredKey stored) =>
        double.TryParse(stored.Text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var seconds)
            ? seconds == 0 : stored.Text.Equals("none", StringComparison.OrdinalIgnoreCase);
}
