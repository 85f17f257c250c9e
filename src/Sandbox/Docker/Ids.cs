using System.Security.Cryptography;
using System.Text;

namespace CalicoConsole.Sandbox.Docker;

/// <summary>Docker's ids, 64 hexadecimal digits: the same in every life of the sandbox as long as the same things are made. Thread-safe.</summary>
internal sealed class Ids(string seed)
{
    private int _made;

    /// <summary>An id that was not given before.</summary>
    public string Next() => From(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{seed}/{Interlocked.Increment(ref _made)}"));

    /// <summary>The id of a text.</summary>
    public static string From(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
