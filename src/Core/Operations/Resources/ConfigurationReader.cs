using System.Globalization;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Resources;

/// <summary>A configuration value as <c>calicoctl config get</c> prints it.</summary>
/// <param name="Value">The printed text, such as <c>on</c> or <c>info (inherited from global)</c>.</param>
/// <param name="Stored">The key that says so; null when nothing is set and the default counts.</param>
public sealed record ConfigurationValue(string Value, StoredKey? Stored)
{
    /// <summary>Why calicoctl cannot print the stored text, in its words; null when it can. Then <see cref="Value"/> is the stored text.</summary>
    public string? Problem { get; init; }
}

/// <summary>Reads configuration as <c>calicoctl config get</c> (docs/calico-v1.md#calicoctl-config). Pure.</summary>
public static class ConfigurationReader
{
    /// <summary>Why calicoctl neither gets nor sets such a setting, in its words; null when it does.</summary>
    /// <param name="setting">As in <see cref="SetConfiguration"/>.</param>
    /// <param name="node">The node; null for all.</param>
    /// <param name="raw">Whether it is a raw name.</param>
    public static string? Refusal(string setting, string? node, RawConfiguration raw) => raw != RawConfiguration.None ? null : setting.ToLowerInvariant() switch
    {
        "loglevel" => null,
        "nodetonodemesh" or "asnumber" or "ipip" => node is null ? null : "--node should not be specified",
        _ => $"unrecognised config name '{setting}'",
    };

    /// <summary>The value of a setting; null when <see cref="Refusal"/> says why not.</summary>
    /// <param name="state">The datastore.</param>
    /// <param name="setting">As in <see cref="SetConfiguration"/>.</param>
    /// <param name="node">The node; null for all.</param>
    /// <param name="raw">Whether it is a raw name.</param>
    public static ConfigurationValue? Read(CalicoState state, string setting, string? node, RawConfiguration raw)
    {
        if (Refusal(setting, node, raw) is not null)
        {
            return null;
        }

        if (raw != RawConfiguration.None)
        {
            return Raw(state, setting, node, raw);
        }

        var all = state.Configuration;
        return (setting.ToLowerInvariant(), node) switch
        {
            ("loglevel", null) => new(all.LogLevel ?? "info", all.Felix.GetValueOrDefault("LogSeverityScreen")),
            ("loglevel", _) => state.NodeConfiguration.GetValueOrDefault(node!) is { LogLevel: { } level } own
                ? new(level, own.Felix["LogSeverityScreen"])
                : new($"{all.LogLevel ?? "info"} (inherited from global)", all.Felix.GetValueOrDefault("LogSeverityScreen")),
            ("nodetonodemesh", _) => new(all.NodeToNodeMesh ?? true ? "on" : "off", all.Bgp.GetValueOrDefault("node_mesh")),
            ("asnumber", _) => Stored(all.Bgp.GetValueOrDefault("as_num"), "64512", AsNumber, "invalid AS Number format ({0})"),
            _ => Stored(all.Felix.GetValueOrDefault("IpInIpEnabled"), "off", OnOff, "strconv.ParseBool: parsing {1}: invalid syntax"),
        };
    }

    private static ConfigurationValue Stored(StoredKey? stored, string missing, Func<string, string?> print, string problem) =>
        stored is null ? new(missing, null)
        : print(stored.Text) is { } printed ? new(printed, stored)
        : new(stored.Text, stored) { Problem = string.Format(CultureInfo.InvariantCulture, problem, stored.Text, GoQuote.Quote(stored.Text)) };

    private static ConfigurationValue Raw(CalicoState state, string setting, string? node, RawConfiguration raw)
    {
        var name = ConfigurationKeys.Name(raw, node, setting);
        var stored = state.Keys.Find(ConfigurationKeys.For(raw, node, name));

        // Of the mesh of all nodes calicoctl shows the flag within the value, and takes for off what it cannot read.
        var value = raw == RawConfiguration.Bgp && node is null && name == "node_mesh" && stored is not null
            ? NodeMeshCodec.Decode(stored.Value.Span).Value is true ? "true" : "false"
            : stored?.Text;
        return new(value ?? "(unset)", stored);
    }

    private static string? AsNumber(string text) => AsNumbers.TryParse(text, out var number) ? number.ToString(CultureInfo.InvariantCulture) : null;

    private static string? OnOff(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => "on",
        "0" or "f" or "F" or "false" or "FALSE" or "False" => "off",
        _ => null,
    };
}
