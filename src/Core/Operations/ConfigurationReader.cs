using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations;

/// <summary>A configuration value as <c>calicoctl config get</c> prints it.</summary>
/// <param name="Value">The printed text, such as <c>on</c> or <c>info (inherited from global)</c>.</param>
/// <param name="Stored">The key that says so; null when nothing is set and the default counts.</param>
public sealed record ConfigurationValue(string Value, StoredKey? Stored);

/// <summary>Reads configuration as <c>calicoctl config get</c> (reference §8.6). Pure.</summary>
public static class ConfigurationReader
{
    /// <summary>The value of a setting; null when calicoctl knows no such name, or when a name of all nodes is asked for one.</summary>
    /// <param name="state">The datastore.</param>
    /// <param name="setting">As in <see cref="SetConfiguration"/>.</param>
    /// <param name="node">The node; null for all.</param>
    /// <param name="raw">Whether it is a raw name.</param>
    public static ConfigurationValue? Read(CalicoState state, string setting, string? node, RawConfiguration raw)
    {
        var all = state.Configuration;
        var own = node is null ? all : state.NodeConfiguration.GetValueOrDefault(node) ?? ConfigurationScope.Unset;
        if (raw != RawConfiguration.None)
        {
            var name = (raw, node, setting) switch
            {
                (RawConfiguration.Bgp, null, "AsNumber") => "as_num",
                (RawConfiguration.Bgp, null, "LogLevel") => "loglevel",
                (RawConfiguration.Bgp, null, "NodeMeshEnabled") => "node_mesh",
                _ => setting,
            };
            var stored = (raw == RawConfiguration.Felix ? own.Felix : own.Bgp).GetValueOrDefault(name);
            return new(stored?.Text ?? "(unset)", stored);
        }

        return (setting.ToLowerInvariant(), node) switch
        {
            ("loglevel", null) => new(all.LogLevel ?? "info", all.Felix.GetValueOrDefault("LogSeverityScreen")),
            ("loglevel", _) => own.LogLevel is { } level
                ? new(level, own.Felix["LogSeverityScreen"])
                : new($"{all.LogLevel ?? "info"} (inherited from global)", all.Felix.GetValueOrDefault("LogSeverityScreen")),
            ("nodetonodemesh", null) => new(all.NodeToNodeMesh ?? true ? "on" : "off", all.Bgp.GetValueOrDefault("node_mesh")),
            ("asnumber", null) => new(all.Bgp.GetValueOrDefault("as_num")?.Text ?? "64512", all.Bgp.GetValueOrDefault("as_num")),
            ("ipip", null) => new(all.Ipip ?? false ? "on" : "off", all.Felix.GetValueOrDefault("IpInIpEnabled")),
            _ => null,
        };
    }
}
