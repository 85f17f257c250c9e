using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Manifests;

/// <summary>What is ambiguous in an address that can be read.</summary>
public static class ManifestAddress
{
    /// <summary>
    /// What to say of an IPv4 address or network with a leading zero in a part; null of any other text. Go before 1.17, with which calicoctl 1.6.3 was
    /// released, reads the part as decimal; later Go refuses it, and the C library reads it as octal.
    /// </summary>
    public static string? LeadingZeros(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('/')[0].Split(':')[^1].Split('.');
        return parts.Length == 4 && Array.Exists(parts, p => p.Length > 1 && p[0] == '0') && Cidr.TryParse(text, out var read)
            ? $"{text} is read and stored as {(text.Contains('/', StringComparison.Ordinal) ? read : read.Address)}: "
                + "a part with a leading zero counts as decimal here, other programs take it as octal or not at all; write it without"
            : null;
    }
}
