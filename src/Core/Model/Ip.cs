using System.Net;
using System.Net.Sockets;

namespace CalicoConsole.Core.Model;

/// <summary>An IPv4 or IPv6 address as a value, ordered by family and then numerically. Text form is Go's (IPv6 by RFC 5952).</summary>
/// <param name="Bits">The address as a number: 32 bits for IPv4, 128 for IPv6.</param>
/// <param name="IsIPv6">The family.</param>
public readonly record struct Ip(UInt128 Bits, bool IsIPv6) : IComparable<Ip>
{
    /// <summary>4 or 6.</summary>
    public int Version => IsIPv6 ? 6 : 4;

    /// <summary>32 or 128.</summary>
    public int Width => IsIPv6 ? 128 : 32;

    /// <summary>Parses the strict text form that Go's <c>net.ParseIP</c> takes: four decimal parts, or IPv6 without a zone.</summary>
    public static bool TryParse(string? text, out Ip ip) => TryParse(text.AsSpan(), out ip);

    /// <summary>The same of a part of a text.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Ip ip)
    {
        ip = default;
        if (text.IsEmpty || text.ContainsAny('%', '['))
        {
            return false;
        }

        if (!text.Contains(':'))
        {
            return TryParseIPv4(text, out ip);
        }

        if (!IPAddress.TryParse(text, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        var bits = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
        // Go holds an IPv4-mapped address as IPv4.
        ip = address.IsIPv4MappedToIPv6 ? new Ip(bits & 0xFFFFFFFF, false) : new Ip(bits, true);
        return true;
    }

    /// <summary>Parses or throws <see cref="FormatException"/>.</summary>
    public static Ip Parse(string text) => TryParse(text, out var ip) ? ip : throw new FormatException($"'{text}' is not an IP address");

    /// <summary>The address <paramref name="offset"/> further on; wraps like unsigned arithmetic.</summary>
    public Ip Plus(UInt128 offset) => new(IsIPv6 ? Bits + offset : (Bits + offset) & 0xFFFFFFFF, IsIPv6);

    /// <summary>The address as .NET has it.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);
        return new IPAddress(IsIPv6 ? bytes : bytes[12..]);
    }

    /// <inheritdoc/>
    public int CompareTo(Ip other) => IsIPv6 == other.IsIPv6 ? Bits.CompareTo(other.Bits) : IsIPv6.CompareTo(other.IsIPv6);

    /// <summary>Go's text form.</summary>
    public override string ToString() => ToIPAddress().ToString();

    private static bool TryParseIPv4(ReadOnlySpan<char> text, out Ip ip)
    {
        ip = default;
        var (bits, parts, part, digits) = (0u, 0, 0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            // Go refuses leading zeros since 1.17; calicoctl 1.6.3 is older, takes them and reads them as decimal.
            if (i < text.Length && char.IsAsciiDigit(text[i]))
            {
                part = (part * 10) + (text[i] - '0');
                if (++digits > 3)
                {
                    return false;
                }
            }
            else if ((i < text.Length && text[i] != '.') || digits == 0 || part > 255 || ++parts > 4)
            {
                return false;
            }
            else
            {
                (bits, part, digits) = ((bits << 8) | (uint)part, 0, 0);
            }
        }

        if (parts != 4)
        {
            return false;
        }

        ip = new Ip(bits, false);
        return true;
    }

    /// <summary>Compares by family, then numerically.</summary>
    public static bool operator <(Ip left, Ip right) => left.CompareTo(right) < 0;

    /// <summary>Compares by family, then numerically.</summary>
    public static bool operator >(Ip left, Ip right) => left.CompareTo(right) > 0;

    /// <summary>Compares by family, then numerically.</summary>
    public static bool operator <=(Ip left, Ip right) => left.CompareTo(right) <= 0;

    /// <summary>Compares by family, then numerically.</summary>
    public static bool operator >=(Ip left, Ip right) => left.CompareTo(right) >= 0;
}
