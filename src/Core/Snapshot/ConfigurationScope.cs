using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Snapshot;

/// <summary>
/// Felix's and BGP's configuration of one scope, all hosts or one, as stored and as <c>calicoctl config</c> reads it. Immutable.
/// </summary>
public sealed record ConfigurationScope
{
    /// <summary>Nothing set for any host.</summary>
    public static ConfigurationScope Unset { get; } = new();

    /// <summary>The host; null for all hosts.</summary>
    public string? Node { get; init; }

    /// <summary>Felix parameters by name, raw.</summary>
    public ImmutableSortedDictionary<string, StoredKey> Felix { get; init; } = ImmutableSortedDictionary.Create<string, StoredKey>(StringComparer.Ordinal);

    /// <summary>BGP values by name, raw; of a host also the keys of its node resource, such as <c>ip_addr_v4</c>.</summary>
    public ImmutableSortedDictionary<string, StoredKey> Bgp { get; init; } = ImmutableSortedDictionary.Create<string, StoredKey>(StringComparer.Ordinal);

    /// <summary>asNumber; null when it is not set or cannot be read.</summary>
    public uint? AsNumber => Bgp.TryGetValue("as_num", out var stored) && AsNumbers.TryParse(stored.Text, out var number) ? number : null;

    /// <summary>nodeToNodeMesh; null when it is not set. A value that cannot be read is off, as for calicoctl.</summary>
    public bool? NodeToNodeMesh => Bgp.TryGetValue("node_mesh", out var stored) ? NodeMeshCodec.Decode(stored.Value.Span).Value is true : null;

    /// <summary>logLevel: Felix's LogSeverityScreen; null when it is not set.</summary>
    public string? LogLevel => Felix.GetValueOrDefault("LogSeverityScreen")?.Text;

    /// <summary>ipip: Felix's IpInIpEnabled; null when it is not set.</summary>
    public bool? Ipip => Felix.TryGetValue("IpInIpEnabled", out var stored) ? stored.Text == "true" : null;

    /// <summary>The highest revision of its keys; 0 when nothing is set.</summary>
    public ulong Revision => Felix.Values.Concat(Bgp.Values).Select(k => k.Revision).DefaultIfEmpty().Max();

    internal static ConfigurationScope Read(KeyTree keys, string? node) => new()
    {
        Node = node,
        Felix = Children(keys, node is null ? V1Keys.FelixConfigDirectory : $"{V1Keys.Host(node)}/config"),
        Bgp = Children(keys, node is null ? V1Keys.BgpGlobalDirectory : V1Keys.BgpHost(node)),
    };

    private static ImmutableSortedDictionary<string, StoredKey> Children(KeyTree keys, string directory) => keys.Below(directory)
        .Where(k => k.Key.IndexOf('/', directory.Length + 1) < 0)
        .ToImmutableSortedDictionary(k => k.Key[(directory.Length + 1)..], k => k, StringComparer.Ordinal);
}
