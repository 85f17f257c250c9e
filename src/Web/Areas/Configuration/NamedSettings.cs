using System.Collections.Immutable;

namespace CalicoConsole.Web.Areas.Configuration;

/// <summary>A setting under calicoctl's own name: it writes one key or several (docs/calico-v1.md#calicoctl-config).</summary>
/// <param name="Name">As <c>calicoctl config</c> spells it.</param>
/// <param name="Meaning">What it does.</param>
/// <param name="Values">Values to choose from; empty when any may be typed.</param>
/// <param name="PerNode">Whether it can be set for one node.</param>
/// <param name="Unset">What unsetting does.</param>
public sealed record NamedSetting(string Name, string Meaning, ImmutableArray<string> Values, bool PerNode, string Unset);

/// <summary>Every such setting.</summary>
public static class NamedSettings
{
    /// <summary>In the order in which calicoctl documents them.</summary>
    public static ImmutableArray<NamedSetting> All { get; } =
    [
        new("asNumber", "AS number of every node that has none of its own.", [], false, "Unsetting writes 64512."),
        new("nodeToNodeMesh", "Whether every node peers with every other.", ["on", "off"], false, "Unsetting turns it on."),
        new("logLevel", "How much Felix and BIRD log.", ["none", "debug", "info", "warning", "error", "critical"], true,
            "Unsetting writes info for all nodes, and deletes the keys of one node."),
        new("ipip", "Whether Felix sets up IPIP; a pool with IPIP turns it on, nothing turns it off by itself.", ["on", "off"], false,
            "Unsetting turns it off."),
    ];

    /// <summary>A setting by its name in any case; null when calicoctl knows no such name.</summary>
    public static NamedSetting? Find(string name) => All.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
