using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace CalicoConsole.Core.Model;

/// <summary>An IPv4 or IPv6 address as a value, ordered by family and then numerically. Text form is Go's (IPv6 by RFC 5952).</summary>
/// <param name="Bits">The address as a number: 32 bits for IPv4, 128 for IPv6.</param>
/// <param name="IsIPv6">The family.</param>
public readonly record struct Ip(UInt128 Bits, bool IsIPv6) : IComparable<Ip>
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

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
        if (!text.Contains(':'))
        {
            return TryParseIPv4(text, out ip);
        }

        if (!TryParseIPv6(text, out var bits))
        {
            return false;
        }

        // Go holds an IPv4-mapped address as IPv4.
        ip = bits >> 32 == 0xFFFF ? new Ip(bits & 0xFFFFFFFF, false) : new Ip(bits, true);
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

    /// <summary>Go's text form: RFC 5952 without dotted parts, whatever the address is about.</summary>
    public override string ToString() => IsIPv6 ? TextOfIPv6() : string.Create(CultureInfo.InvariantCulture, $"{Part(24)}.{Part(16)}.{Part(8)}.{Part(0)}");

    private byte Part(int shift) => (byte)(Bits >> shift);

    private ushort Group(int index) => (ushort)(Bits >> (112 - (16 * index)));

    private string TextOfIPv6()
    {
        // The longest run of at least two zero groups, the first of equals.
        var (start, length) = (-1, 1);
        for (var i = 0; i < 8; i++)
        {
            var end = i;
            while (end < 8 && Group(end) == 0)
            {
                end++;
            }

            if (end - i > length)
            {
                (start, length) = (i, end - i);
            }

            i = Math.Max(i, end);
        }

        var text = new StringBuilder(39);
        for (var i = 0; i < 8; i++)
        {
            if (i == start)
            {
                text.Append("::");
                i += length - 1;
                continue;
            }

            text.Append(text.Length == 0 || text[^1] == ':' ? "" : ":").Append(CultureInfo.InvariantCulture, $"{Group(i):x}");
        }

        return text.ToString();
    }

    // Groups of hex digits of any number whose value fits, "::" for at least one group, and an IPv4 address in place of the last two.
    private static bool TryParseIPv6(ReadOnlySpan<char> text, out UInt128 bits)
    {
        var (before, after, seen, count, at) = (UInt128.Zero, UInt128.Zero, -1, 0, 0);
        bits = 0;
        if (text.StartsWith("::"))
        {
            (seen, at) = (0, 2);
        }

        while (at < text.Length)
        {
            var rest = text[at..];
            var digits = rest.IndexOfAnyExcept(HexDigits);
            digits = digits < 0 ? rest.Length : digits;
            if (digits < rest.Length && rest[digits] == '.')
            {
                if (count > 6 || (seen < 0 && count != 6) || !TryParseIPv4(rest, out var tail))
                {
                    return false;
                }

                (after, count, at) = ((after << 32) | tail.Bits, count + 2, text.Length);
                break;
            }

            var number = rest[..digits].TrimStart('0');
            if (digits == 0 || count == 8 || number.Length > 4)
            {
                return false;
            }

            var group = number.IsEmpty ? (ushort)0 : ushort.Parse(number, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            (after, count, at) = ((after << 16) | group, count + 1, at + digits);
            if (at == text.Length)
            {
                break;
            }

            if (text[at] != ':' || ++at == text.Length)
            {
                return false;
            }

            if (text[at] == ':')
            {
                if (seen >= 0)
                {
                    return false;
                }

                (before, after, seen, at) = (after, 0, count, at + 1);
            }
        }

        if (seen < 0 ? count != 8 : count >= 8)
        {
            return false;
        }

        bits = seen <= 0 ? after : (before << (128 - (16 * seen))) | after;
        return true;
    }

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
