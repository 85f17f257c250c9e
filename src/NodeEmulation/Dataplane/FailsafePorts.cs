using System.Globalization;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>A port that a host endpoint lets through before policy.</summary>
/// <param name="Protocol">tcp or udp.</param>
/// <param name="Port">Destination port.</param>
public readonly record struct FailsafePort(string Protocol, int Port);

/// <summary>Felix's <c>FailsafeInboundHostPorts</c> and <c>FailsafeOutboundHostPorts</c> (docs/calico-v1.md#configuration-of-felix, #host-endpoints).</summary>
public static class FailsafePorts
{
    /// <summary>What Felix lets in when nothing is configured (golden <c>felix/006</c>).</summary>
    public static ImmutableArray<FailsafePort> Inbound { get; } = [new("tcp", 22), new("udp", 68)];

    /// <summary>What Felix lets out when nothing is configured.</summary>
    public static ImmutableArray<FailsafePort> Outbound { get; } =
        [new("tcp", 2379), new("tcp", 2380), new("tcp", 4001), new("tcp", 7001), new("udp", 53), new("udp", 67)];

    /// <summary>
    /// Reads a setting: <c>none</c>, or a comma list of <c>port</c> (tcp) and <c>protocol:port</c>. Null, empty or unreadable text gives
    /// <paramref name="otherwise"/>; Felix would not start with the last.
    /// </summary>
    public static ImmutableArray<FailsafePort> Read(string? text, ImmutableArray<FailsafePort> otherwise)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return otherwise;
        }

        if (text.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        var ports = ImmutableArray.CreateBuilder<FailsafePort>();
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = word.Split(':');
            var protocol = parts.Length == 1 ? "tcp" : parts[0].ToLowerInvariant();
            if (parts.Length > 2 || protocol is not ("tcp" or "udp") || !int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                || port > 65535)
            {
                return otherwise;
            }

            ports.Add(new FailsafePort(protocol, port));
        }

        return ports.ToImmutable();
    }
}
