using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Model.Validation;

namespace CalicoConsole.Core.Operations.Resources;

/// <summary>Where <c>calicoctl config --raw</c> keeps a value (docs/calico-v1.md#calicoctl-config).</summary>
internal static class ConfigurationKeys
{
    /// <summary>The name in the datastore: calicoctl has three names of its own for BGP values of all nodes.</summary>
    public static string Name(RawConfiguration raw, string? node, string setting) => (raw, node, setting) switch
    {
        (RawConfiguration.Bgp, null, "AsNumber") => "as_num",
        (RawConfiguration.Bgp, null, "LogLevel") => "loglevel",
        (RawConfiguration.Bgp, null, "NodeMeshEnabled") => "node_mesh",
        _ => setting,
    };

    /// <summary>The key.</summary>
    public static string For(RawConfiguration raw, string? node, string name) => raw switch
    {
        RawConfiguration.Felix => V1Keys.FelixConfig(name, node),
        RawConfiguration.Bgp => node is null ? V1Keys.BgpGlobal(name) : V1Keys.BgpHostConfig(node, name),
        _ => throw new ArgumentOutOfRangeException(nameof(raw), raw, "not a raw name"),
    };

    /// <summary>
    /// Why a name makes no key of its own; null when it does. A name may hold <c>/</c>: then it stands in a directory, where nobody reads it.
    /// </summary>
    public static string? Refusal(string name) => name.Split('/') is var parts && parts.Any(p => p.Length == 0)
        ? $"'{name}' cannot be a key: neither a name nor a part of it between '/' may be empty"
        : parts.Select(ValueRules.HiddenName).FirstOrDefault(reason => reason is not null);
}
