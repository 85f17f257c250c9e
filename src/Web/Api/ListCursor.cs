using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CalicoConsole.Web.Api;

/// <summary>
/// The text of a cursor: what tells where a list goes on, in base64url, with a check sum that is another for each list, so that a cut one, or one of another
/// list, is refused and does not begin somewhere. It is no secret and outlives a restart.
/// </summary>
internal static class ListCursor
{
    /// <summary>The longest cursor; longer ones would not fit into an address.</summary>
    public const int MostCharacters = 4096;

    private const int Check = 6;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes one.</summary>
    /// <param name="list">Whose.</param>
    /// <param name="after">What it tells; UTF-16 without halves of pairs.</param>
    public static string Write(string list, string after)
    {
        var bytes = Strict.GetBytes(after);
        return Base64Url.EncodeToString([.. Sum(list, bytes), .. bytes]);
    }

    /// <summary>What a cursor tells; null when this list never gave it.</summary>
    public static string? Read(string list, string cursor)
    {
        if (cursor.Length > MostCharacters || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(cursor).AsSpan();
        if (bytes.Length <= Check || !Sum(list, bytes[Check..]).SequenceEqual(bytes[..Check]) || !System.Text.Unicode.Utf8.IsValid(bytes[Check..]))
        {
            return null;
        }

        return Strict.GetString(bytes[Check..]);
    }

    private static ReadOnlySpan<byte> Sum(string list, ReadOnlySpan<byte> bytes) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes(list), 0, .. bytes]).AsSpan(0, Check);
}
