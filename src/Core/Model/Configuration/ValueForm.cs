using System.Globalization;

namespace CalicoConsole.Core.Model.Configuration;

/// <summary>Which texts a parameter takes, as Felix 2.6 reads them. Immutable.</summary>
public abstract record ValueForm
{
    private ValueForm()
    {
    }

    /// <summary>The allowed values in words.</summary>
    public abstract string Words { get; }

    /// <summary>Values to choose from; empty when there are too many.</summary>
    public virtual ImmutableArray<string> Choices => [];

    /// <summary>Why a text is none of them; null when it is one.</summary>
    public abstract string? Problem(string value);

    /// <summary>Any text.</summary>
    public sealed record Text : ValueForm
    {
        /// <inheritdoc/>
        public override string Words => "any text";

        /// <inheritdoc/>
        public override string? Problem(string value) => null;
    }

    /// <summary>Yes or no, in the spellings that Felix knows.</summary>
    public sealed record Flag : ValueForm
    {
        /// <inheritdoc/>
        public override string Words => "true or false";

        /// <inheritdoc/>
        public override ImmutableArray<string> Choices => ["true", "false"];

        /// <inheritdoc/>
        public override string? Problem(string value) =>
            value.ToLowerInvariant() is "true" or "1" or "yes" or "y" or "t" or "false" or "0" or "no" or "n" or "f"
                ? null : $"'{value}' is neither true nor false";
    }

    /// <summary>One of some words, in any case.</summary>
    public sealed record OneOf(ImmutableArray<string> Values) : ValueForm
    {
        /// <inheritdoc/>
        public override string Words => string.Join(", ", Values);

        /// <inheritdoc/>
        public override ImmutableArray<string> Choices => Values;

        /// <inheritdoc/>
        public override string? Problem(string value) => Values.Contains(value, StringComparer.OrdinalIgnoreCase) ? null : $"'{value}' is not one of {Words}";
    }

    /// <summary>A whole number between two bounds.</summary>
    public sealed record Whole(long Least, long Most) : ValueForm
    {
        /// <inheritdoc/>
        public override string Words => Most == int.MaxValue ? $"a whole number, {Least} or more" : $"a whole number from {Least} to {Most}";

        /// <inheritdoc/>
        public override string? Problem(string value) =>
            long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= Least && number <= Most
                ? null : $"'{value}' is not {Words}";
    }

    /// <summary>Seconds, fractions allowed.</summary>
    public sealed record Seconds : ValueForm
    {
        /// <inheritdoc/>
        public override string Words => "a number of seconds, such as 30 or 0.5";

        /// <inheritdoc/>
        public override string? Problem(string value) =>
            double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? null : $"'{value}' is not {Words}";
    }

    /// <summary>An IPv4 address.</summary>
    public sealed record Address : ValueForm
    {
        /// <inheritdoc/>
        public override string Words => "an IPv4 address";

        /// <inheritdoc/>
        public override string? Problem(string value) => Ip.TryParse(value, out var ip) && !ip.IsIPv6 ? null : $"'{value}' is not {Words}";
    }

    /// <summary>A host name or an address.</summary>
    public sealed record HostName : ValueForm
    {
        /// <inheritdoc/>
        public override string Words => "a host name or an IPv4 address";

        /// <inheritdoc/>
        public override string? Problem(string value) => value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-')
            ? null : $"'{value}' is not {Words}";
    }

    /// <summary>Prefixes of interface names with commas between.</summary>
    public sealed record Interfaces : ValueForm
    {
        /// <inheritdoc/>
        public override string Words => "prefixes of 1 to 15 characters with commas between, such as cali,tap";

        /// <inheritdoc/>
        public override string? Problem(string value) =>
            value.Split(',').FirstOrDefault(p => !Validation.ValueRules.IsInterface(p)) is { } wrong
                ? $"'{wrong}' is not a prefix of 1 to 15 letters, digits, '_', '-'; no blanks around commas" : null;
    }

    /// <summary>Ports with their protocol, commas between.</summary>
    public sealed record Ports : ValueForm
    {
        /// <inheritdoc/>
        public override string Words => "tcp:PORT or udp:PORT with commas between; a bare port means tcp; none closes all";

        /// <inheritdoc/>
        public override string? Problem(string value) =>
            value.Split(',').Select(p => p.Trim()).FirstOrDefault(p => p.Length > 0 && !IsPort(p.ToLowerInvariant())) is { } wrong
            ? $"'{wrong}' is not a port such as tcp:22" : null;

        private static bool IsPort(string text)
        {
            var parts = text.Split(':');
            return parts is [_] or ["tcp" or "udp", _] && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                && port is >= 0 and <= 65535;
        }
    }

    /// <summary>A 32-bit mask with enough bits set.</summary>
    public sealed record Mask(int LeastBits) : ValueForm
    {
        /// <inheritdoc/>
        public override string Words => $"a 32-bit number with at least {LeastBits} bits set, such as 0xff000000";

        /// <inheritdoc/>
        public override string? Problem(string value)
        {
            var hex = value.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
            return uint.TryParse(hex ? value[2..] : value, hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var mask)
                && uint.PopCount(mask) >= LeastBits
                ? null
                : $"'{value}' is not {Words}";
        }
    }

    /// <summary>An AS number.</summary>
    public sealed record AsNumber : ValueForm
    {
        /// <inheritdoc/>
        public override string Words => "an AS number, 64512 or 1.10";

        /// <inheritdoc/>
        public override string? Problem(string value) => V1.AsNumbers.TryParse(value, out _) ? null : $"'{value}' is not {Words}";
    }
}
