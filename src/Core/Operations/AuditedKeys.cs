using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Operations;

/// <summary>The datastore keys of an object as the audit names it. Pure.</summary>
public static class AuditedKeys
{
    /// <summary>The keys; empty when the object has none in the datastore or its name cannot be read.</summary>
    /// <param name="kind">As <see cref="Operation.ObjectKind"/>.</param>
    /// <param name="name">As <see cref="Operation.ObjectName"/>.</param>
    public static ImmutableArray<string> For(string kind, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return kind == KindWords.RawKey ? [name] : kind == "config" ? Setting(name) : ResourceId.OfLabel(kind, name) is { } id ? ResourceCodec.Keys(id) : [];
    }

    // [node/][felix |bgp ]name
    private static ImmutableArray<string> Setting(string name)
    {
        string? node = null;
        if (name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash)
        {
            (node, name) = (name[..slash], name[(slash + 1)..]);
        }

        return name.Split(' ') switch
        {
            ["felix", var parameter] => [V1Keys.FelixConfig(parameter, node)],
            ["bgp", var parameter] => [Bgp(parameter, node)],
            [var setting] => setting.ToLowerInvariant() switch
            {
                "loglevel" => [V1Keys.FelixConfig("LogSeverityScreen", node), Bgp("loglevel", node)],
                "nodetonodemesh" => [V1Keys.BgpGlobal("node_mesh")],
                "asnumber" => [V1Keys.BgpGlobal("as_num")],
                "ipip" => [V1Keys.FelixConfig("IpInIpEnabled")],
                _ => [],
            },
            _ => [],
        };
    }

    private static string Bgp(string name, string? node) => node is null ? V1Keys.BgpGlobal(name) : V1Keys.BgpHostConfig(node, name);
}
