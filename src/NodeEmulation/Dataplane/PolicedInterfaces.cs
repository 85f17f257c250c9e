using System.Text.RegularExpressions;
using CalicoConsole.Core.Model;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>
/// Which interfaces of a host its host endpoints police: the one of their name, else those that carry one of their expected addresses of either family (section
/// 5.3); of several the first by name, for both families.
/// </summary>
internal static partial class PolicedInterfaces
{
    /// <summary>The host endpoint of each policed interface, by the interface's name.</summary>
    public static SortedDictionary<string, HostEndpoint> For(DataplaneInput input, ImmutableArray<string>.Builder problems)
    {
        var policed = new SortedDictionary<string, HostEndpoint>(StringComparer.Ordinal);
        foreach (var endpoint in input.HostEndpoints.Where(e => e.Node == input.Node).OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            if (endpoint.ProfileIds.Any(p => p.Contains('/', StringComparison.Ordinal)))
            {
                problems.Add($"host endpoint {endpoint.Name} counts as absent: a profile's name has a slash");
                continue;
            }

            var names = endpoint.InterfaceName.Length > 0
                ? [endpoint.InterfaceName]
                : input.Interfaces.Where(i => i.Addresses.Any(a => endpoint.ExpectedIPv4.Contains(a.Address) || endpoint.ExpectedIPv6.Contains(a.Address)))
                    .Select(i => i.Name);
            foreach (var name in names)
            {
                if (!InterfaceName().IsMatch(name) || name.StartsWith("cali", StringComparison.Ordinal))
                {
                    problems.Add($"host endpoint {endpoint.Name} is left out: '{name}' is no interface of a host");
                }
                else if (!policed.TryAdd(name, endpoint))
                {
                    problems.Add($"host endpoint {endpoint.Name} is left out on {name}: {policed[name].Name} polices it already");
                }
            }
        }

        return policed;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,15}\z", RegexOptions.CultureInvariant)]
    private static partial Regex InterfaceName();
}
