using System.Globalization;

namespace CalicoConsole.Core.Model;

/// <summary>An address with a prefix length. Host bits are kept as given, as calicoctl 1.6.3 does, unless masked.</summary>
/// <param name="Address">The address, host bits included.</param>
/// <param name="PrefixLength">0 to 32 or 128.</param>
public readonly record struct Cidr(Ip Address, int PrefixLength) : IComparable<Cidr>
{
    /// <summary>Whether the family is IPv6.</summary>
    public bool IsIPv6 => Address.IsIPv6;

    /// <summary>Whether all host bits are zero.</summary>
    public bool IsMasked => Masked().Address == Address;

    /// <summary>Whether it holds a single address.</summary>
    public bool IsSingle => PrefixLength == Address.Width;

    /// <summary>The first address.</summary>
    public Ip First => Masked().Address;

    /// <summary>The last address.</summary>
    public Ip Last => new(First.Bits | HostMask, IsIPv6);

    /// <summary>How many addresses it holds; the whole of IPv6 is given as the largest number.</summary>
    public UInt128 Size => PrefixLength == 0 && IsIPv6 ? UInt128.MaxValue : UInt128.One << (Address.Width - PrefixLength);

    private UInt128 HostMask => PrefixLength == 0 && IsIPv6 ? UInt128.MaxValue : (UInt128.One << (Address.Width - PrefixLength)) - 1;

    /// <summary>Parses a CIDR, or a bare address as /32 or /128 (calicoctl 1.6.3 CIDR fields).</summary>
    public static bool TryParse(string? text, out Cidr cidr) => TryParse(text.AsSpan(), out cidr);

    /// <summary>The same of a part of a text.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Cidr cidr)
    {
        cidr = default;
        var slash = text.IndexOf('/');
        if (!Ip.TryParse(slash < 0 ? text : text[..slash], out var ip))
        {
            return false;
        }

        if (slash < 0)
        {
            cidr = new Cidr(ip, ip.Width);
            return true;
        }

        var length = text[(slash + 1)..];
        if (length.IsEmpty || length.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        length = length.TrimStart('0');
        var prefix = length.IsEmpty ? 0 : length.Length > 3 ? int.MaxValue : int.Parse(length, CultureInfo.InvariantCulture);
        // Of an IPv4 address written as IPv6 (::ffff:10.0.0.0/104) Go keeps what of the length lies within the IPv4 part.
        var mapped = !ip.IsIPv6 && text[..slash].Contains(':');
        if (prefix > (mapped ? 128 : ip.Width))
        {
            return false;
        }

        cidr = new Cidr(ip, mapped ? Math.Max(0, prefix - 96) : prefix);
        return true;
    }

    /// <summary>Parses or throws <see cref="FormatException"/>.</summary>
    public static Cidr Parse(string text) => TryParse(text, out var cidr) ? cidr : throw new FormatException($"'{text}' is not a CIDR");

    /// <summary>The same network with host bits zero.</summary>
    public Cidr Masked() => new(new Ip(Address.Bits & ~HostMask, IsIPv6), PrefixLength);

    /// <summary>Whether an address lies inside.</summary>
    public bool Contains(Ip ip) => ip.IsIPv6 == IsIPv6 && (ip.Bits & ~HostMask) == First.Bits;

    /// <summary>Whether a whole network lies inside.</summary>
    public bool Contains(Cidr other) => other.PrefixLength >= PrefixLength && Contains(other.Address);

    /// <summary>Whether the two share an address.</summary>
    public bool Overlaps(Cidr other) => Contains(other) || other.Contains(this);

    /// <summary>The form used in etcd keys: '/' becomes '-' (libcalico-go keys.go).</summary>
    public string ToKeyPart() => $"{Address}-{PrefixLength.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Parses the form used in etcd keys.</summary>
    public static bool TryParseKeyPart(string text, out Cidr cidr)
    {
        var dash = text.LastIndexOf('-');
        cidr = default;
        return dash > 0 && TryParse(string.Concat(text.AsSpan(0, dash), "/", text.AsSpan(dash + 1)), out cidr);
    }

    /// <inheritdoc/>
    public int CompareTo(Cidr other)
    {
        var byAddress = Address.CompareTo(other.Address);
        return byAddress != 0 ? byAddress : PrefixLength.CompareTo(other.PrefixLength);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Address}/{PrefixLength.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Compares by address, then by prefix length.</summary>
    public static bool operator <(Cidr left, Cidr right) => left.CompareTo(right) < 0;

    /// <summary>Compares by address, then by prefix length.</summary>
    public static bool operator >(Cidr left, Cidr right) => left.CompareTo(right) > 0;

    /// <summary>Compares by address, then by prefix length.</summary>
    public static bool operator <=(Cidr left, Cidr right) => left.CompareTo(right) <= 0;

    /// <summary>Compares by address, then by prefix length.</summary>
    public static bool operator >=(Cidr left, Cidr right) => left.CompareTo(right) >= 0;
}
