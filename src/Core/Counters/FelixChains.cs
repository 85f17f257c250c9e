using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CalicoConsole.Core.Counters;

/// <summary>Names and comments that Felix 2.6 gives to its chains and rules (golden <c>felix/006</c> and <c>013</c>).</summary>
public static class FelixChains
{
    // The kernel's limit for the name of a chain.
    private const int Longest = 28;

    /// <summary>The chain of a policy's rules of one direction.</summary>
    public static string Policy(string name, bool egress) => Name(egress ? "cali-po-" : "cali-pi-", name);

    /// <summary>The chain of a profile's rules of one direction.</summary>
    public static string Profile(string name, bool egress) => Name(egress ? "cali-pro-" : "cali-pri-", name);

    /// <summary>A prefix and a name; what does not fit is hashed, and so is a name of the full length that looks like a hash.</summary>
    public static string Name(string prefix, string name)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentNullException.ThrowIfNull(name);
        var length = prefix.Length + Encoding.UTF8.GetByteCount(name);
        return length < Longest || (length == Longest && !name.StartsWith('_')) ? prefix + name : Hashed(prefix, name);
    }

    /// <summary>A prefix and the hash of a name, whatever its length.</summary>
    public static string Hashed(string prefix, string name)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return $"{prefix}_{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..(Longest - 1 - prefix.Length)]}";
    }
}
