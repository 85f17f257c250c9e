using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Topology;

namespace CalicoConsole.Web.Areas.Topology;

/// <summary>What the topology shows, as it stands in the page's address.</summary>
/// <param name="By">What makes the groups: empty for networks, or <c>profile</c>.</param>
/// <param name="IPVersion">Empty for IPv4, or 6.</param>
/// <param name="Filter">Only what has this text.</param>
/// <param name="Focus">The box that is looked at.</param>
/// <param name="Shape">Empty for the picture, or <c>table</c>.</param>
internal sealed record TopologyAddress(string By, string IPVersion, string Filter, string? Focus, string Shape)
{
    /// <summary>Reads it; what is none of the known values stands for the first.</summary>
    public static TopologyAddress From(string? by, string? ipVersion, string? filter, string? focus, string? shape) => new(
        by == EndpointGroups.Profile ? EndpointGroups.Profile : "",
        ipVersion == "6" ? "6" : "",
        filter?.Trim() ?? "",
        string.IsNullOrWhiteSpace(focus) ? null : focus,
        shape == "table" ? "table" : "");

    /// <summary>What is drawn for it.</summary>
    public TopologyView View => new()
    {
        Grouping = By.Length == 0 ? EndpointGroups.Network : By,
        IsIPv6 = IPVersion == "6",
        Filter = Filter,
        Focus = Focus,
    };

    /// <summary>The parameters of the address; null leaves one out.</summary>
    public IReadOnlyDictionary<string, object?> ToParameters() => new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        ["by"] = Said(By),
        ["ipVersion"] = Said(IPVersion),
        ["q"] = Said(Filter),
        ["focus"] = Focus,
        ["view"] = Said(Shape),
    };

    private static string? Said(string text) => text.Length == 0 ? null : text;
}
