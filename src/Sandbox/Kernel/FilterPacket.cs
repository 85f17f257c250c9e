using CalicoConsole.Core.Model;

namespace CalicoConsole.Sandbox.Kernel;

/// <summary>An IPv4 packet as a host's rules see it.</summary>
/// <param name="Source">Its source.</param>
/// <param name="Destination">Its destination.</param>
/// <param name="Protocol">The IP protocol's number.</param>
/// <param name="Bytes">Its length in bytes, header included.</param>
internal sealed record FilterPacket(Ip Source, Ip Destination, int Protocol, int Bytes)
{
    /// <summary>The interface by which it came; empty for one that the host itself sends.</summary>
    public string In { get; init; } = "";

    /// <summary>The interface by which it leaves; empty for one that the host itself receives.</summary>
    public string Out { get; init; } = "";

    /// <summary>Its source port; null when it has none.</summary>
    public int? SourcePort { get; init; }

    /// <summary>Its destination port; null when it has none.</summary>
    public int? DestinationPort { get; init; }

    /// <summary>Its ICMP type; null when it is not ICMP.</summary>
    public int? IcmpType { get; init; }

    /// <summary>Its ICMP code; null when it is not ICMP.</summary>
    public int? IcmpCode { get; init; }

    /// <summary>Whether it belongs to a connection that was let through in both directions before.</summary>
    public bool IsEstablished { get; init; }

    /// <summary>The answer to it, which belongs to an established connection.</summary>
    public FilterPacket Answer() => this with
    {
        Source = Destination,
        Destination = Source,
        In = Out,
        Out = In,
        SourcePort = DestinationPort,
        DestinationPort = SourcePort,
        IcmpType = IcmpType == 8 ? 0 : IcmpType,
        IsEstablished = true,
    };
}
