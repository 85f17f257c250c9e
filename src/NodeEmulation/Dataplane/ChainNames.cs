using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CalicoConsole.Core.Counters;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>Names of chains and sets: chains as Felix names them. Whatever a name holds, it cannot break out of a line.</summary>
internal static partial class ChainNames
{
    // The kernel's limit for a set.
    private const int SetLimit = 31;

    public static string Profile(string name, bool egress) => IsSafe(name) ? FelixChains.Profile(name, egress)
        : FelixChains.Hashed(egress ? "cali-pro-" : "cali-pri-", name);

    public static string Policy(string name, bool egress) => IsSafe(name) ? FelixChains.Policy(name, egress)
        : FelixChains.Hashed(egress ? "cali-po-" : "cali-pi-", name);

    public static string Set(string prefix, string content) => prefix + Hash(content, SetLimit - prefix.Length);

    // Calico's own names are; Felix would write others down as they are, and the lab does not.
    private static bool IsSafe(string name) => Plain().IsMatch(name);

    private static string Hash(string text, int length) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..length];

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_./-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
