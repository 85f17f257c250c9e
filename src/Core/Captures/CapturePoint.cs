using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Captures;

/// <summary>What kind of place a capture listens at.</summary>
public enum CapturePlace
{
    /// <summary>A container's own interface, inside of its network namespace.</summary>
    Inside,

    /// <summary>The other end of it on the host: <c>cali…</c>.</summary>
    HostSide,

    /// <summary>The host's interface on the route to the other end.</summary>
    Uplink,

    /// <summary>An interface of the host that somebody named.</summary>
    Named,
}

/// <summary>A place where a capture listens.</summary>
/// <param name="Key">How it is asked for, such as <c>from-inside</c> or <c>docker01:eth0</c>.</param>
/// <param name="Place">What kind of place it is.</param>
/// <param name="Host">The Docker host.</param>
public sealed record CapturePoint(string Key, CapturePlace Place, string Host)
{
    /// <summary>The interface; empty where the host's route tells it.</summary>
    public string Interface { get; init; } = "";

    /// <summary>Id of the container whose interface it is, or leads to; null when it is none's.</summary>
    public string? ContainerId { get; init; }

    /// <summary>Name of that container.</summary>
    public string? Container { get; init; }

    /// <summary>That container's address.</summary>
    public Ip? Address { get; init; }

    /// <summary>The address that the route of an uplink leads to.</summary>
    public Ip? Towards { get; init; }

    /// <summary>Its name for people.</summary>
    public string Name => Place switch
    {
        CapturePlace.Inside => $"{Interface} in {Container}",
        CapturePlace.HostSide => $"{Interface} of {Container} on {Host}",
        CapturePlace.Uplink => $"{(Interface.Length > 0 ? Interface : "uplink")} of {Host}",
        _ => $"{Interface} of {Host}",
    };
}

/// <summary>How a capture at one point ended.</summary>
public enum CaptureEnd
{
    /// <summary>The time was over, or somebody stopped it.</summary>
    Stopped,

    /// <summary>So many packets were asked for.</summary>
    Packets,

    /// <summary>So many bytes were asked for.</summary>
    Bytes,

    /// <summary>It could not begin, or broke off.</summary>
    Failed,
}

/// <summary>What was captured at one point, without the packets.</summary>
/// <param name="Point">Where, with the interface that it was.</param>
public sealed record CapturedPoint(CapturePoint Point)
{
    /// <summary>MAC of the interface; empty when it has none or it is not known.</summary>
    public string Mac { get; init; } = "";

    /// <summary>Packets.</summary>
    public int Packets { get; init; }

    /// <summary>Bytes of the file.</summary>
    public long Bytes { get; init; }

    /// <summary>How it ended.</summary>
    public CaptureEnd End { get; init; }

    /// <summary>Why it failed, or what else is to be said; null when nothing.</summary>
    public string? Detail { get; init; }

    /// <summary>Since when it surely listened, by the host's clock; null when that is not known.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Until when it surely listened, by the host's clock; null when that is not known.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>By how much the host's clock seemed ahead of the console's; null when no packet told.</summary>
    public TimeSpan? ClockAhead { get; init; }

    /// <summary>Packets that the kernel could not hand over; null when that is not known.</summary>
    public int? Missed { get; init; }
}

/// <summary>Bounds of a capture.</summary>
/// <param name="Seconds">How long it listens.</param>
/// <param name="Packets">How many packets at each point.</param>
/// <param name="MiB">How much of the console's memory and database, all points together.</param>
public sealed record CaptureLimits(int Seconds = 10, int Packets = 1000, int MiB = 4)
{
    /// <summary>Most seconds.</summary>
    public const int MostSeconds = 60;

    /// <summary>Most packets at a point.</summary>
    public const int MostPackets = 10_000;

    /// <summary>Most MiB.</summary>
    public const int MostMiB = 16;

    /// <summary>How much of each packet is kept: its heads, and a little of what it carries.</summary>
    public const int PacketBytes = 256;

    /// <summary>What is wrong with them, by field.</summary>
    public IEnumerable<FieldError> Errors()
    {
        foreach (var (field, value, most) in new[] { ("seconds", Seconds, MostSeconds), ("packets", Packets, MostPackets), ("mib", MiB, MostMiB) })
        {
            if (value < 1 || value > most)
            {
                yield return new FieldError(field, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value} is not from 1 to {most}"));
            }
        }
    }
}
