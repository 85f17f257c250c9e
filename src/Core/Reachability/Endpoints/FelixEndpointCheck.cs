using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.Validation;

namespace CalicoConsole.Core.Reachability.Endpoints;

/// <summary>
/// What Felix 2.6 refuses in stored endpoints, which it then treats as missing (docs/calico-v1.md#hostendpoint; libcalico-go edf3017). Pure.
/// </summary>
public static class FelixEndpointCheck
{
    private const int LongestInterface = 15;

    /// <summary>The reason in one sentence; null when Felix takes the host endpoint. It looks at neither the addresses nor the name of the key.</summary>
    public static string? Problem(HostEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (endpoint.InterfaceName.Length > LongestInterface || (endpoint.InterfaceName.Length > 0 && !ValueRules.IsName(endpoint.InterfaceName)))
        {
            return $"interface '{endpoint.InterfaceName}' is not 1 to {LongestInterface} letters, digits, '_', '.' and '-'";
        }

        foreach (var (key, value) in endpoint.Labels)
        {
            if (!ValueRules.IsLabelKey(key) || !ValueRules.IsLabelValue(value))
            {
                return $"label '{key}' with value '{value}' is not valid";
            }
        }

        foreach (var profile in endpoint.ProfileIds)
        {
            if (!ValueRules.IsName(profile))
            {
                return $"profile name '{profile}' is not 1 to 128 letters, digits, '_', '.' and '-' (no '/' here)";
            }
        }

        return null;
    }

    /// <summary>The reason in one sentence; null when Felix takes the workload endpoint.</summary>
    public static string? Problem(WorkloadEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return endpoint.InterfaceName.Length == 0 ? "it names no interface" : null;
    }
}
