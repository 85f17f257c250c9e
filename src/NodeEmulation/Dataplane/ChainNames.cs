using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>Names of chains and sets: readable where the kernel allows it, else a hash. Whatever a name holds, it cannot break out of a line.</summary>
internal static partial class ChainNames
{
    // Limits of the kernel: 28 characters for a chain, 31 for a set.
    private const int ChainLimit = 28;
    private const int SetLimit = 31;

    public static string Profile(string name, bool egress) => Chain(egress ? "cali-pro-" : "cali-pri-", name);

    public static string Policy(string name, bool egress) => Chain(egress ? "cali-po-" : "cali-pi-", name);

    public static string Set(string prefix, string content) => prefix + Hash(content, SetLimit - prefix.Length);

    private static string Chain(string prefix, string name) =>
        Plain().IsMatch(name) && prefix.Length + name.Length <= ChainLimit ? prefix + name : prefix + "_" + Hash(name, ChainLimit - prefix.Length - 1);

    private static string Hash(string text, int length) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..length];

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
