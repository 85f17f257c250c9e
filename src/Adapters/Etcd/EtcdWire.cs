using System.Globalization;
using System.Text;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Etcd;

/// <summary>How keys, conditions and values go over the wire of the v2 keys API.</summary>
internal static class EtcdWire
{
    private static readonly UriCreationOptions AsGiven = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>
    /// The address of a key. Each segment is escaped once, so that a stored <c>%2f</c> goes out as <c>%252f</c>, and the result
    /// is kept from being normalised again.
    /// </summary>
    /// <exception cref="ArgumentException">The key is not absolute, or has a segment that etcd would clean away (empty, <c>.</c>, <c>..</c>).</exception>
    public static Uri KeyUri(Uri endpoint, string key, string query)
    {
        CheckKey(key);
        var text = new StringBuilder(endpoint.GetLeftPart(UriPartial.Authority)).Append("/v2/keys");
        foreach (var segment in key[1..].Split('/'))
        {
            text.Append('/').Append(Uri.EscapeDataString(segment));
        }

        return new Uri(text.Append(query.Length == 0 ? "" : "?").Append(query).ToString(), AsGiven);
    }

    /// <summary>Refuses keys that would address something else than they say.</summary>
    public static void CheckKey(string key)
    {
        if (key.Length == 0 || key[0] != '/')
        {
            throw new ArgumentException($"the key '{key}' does not start with '/'", nameof(key));
        }

        if (key.Length > 1 && key[1..].Split('/').Any(segment => segment is "" or "." or ".."))
        {
            throw new ArgumentException($"the key '{key}' has an empty, '.' or '..' segment", nameof(key));
        }
    }

    /// <summary>The query members of a condition.</summary>
    public static string Query(EtcdCondition condition)
    {
        var exist = condition.MustExist switch { true => "prevExist=true", false => "prevExist=false", null => "" };
        var index = condition.MustHaveIndex is { } i ? string.Create(CultureInfo.InvariantCulture, $"prevIndex={i}") : "";
        return exist.Length > 0 && index.Length > 0 ? $"{exist}&{index}" : exist + index;
    }

    /// <summary>A form body with the value, byte for byte.</summary>
    public static HttpContent ValueBody(ReadOnlySpan<byte> value, TimeSpan? timeToLive)
    {
        var body = new MemoryStream((value.Length * 2) + 32);
        body.Write("value="u8);
        foreach (var b in value)
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~')
            {
                body.WriteByte(b);
            }
            else
            {
                body.WriteByte((byte)'%');
                body.WriteByte(Hex(b >> 4));
                body.WriteByte(Hex(b & 15));
            }
        }

        if (timeToLive is { } ttl)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero, nameof(timeToLive));
            body.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"&ttl={Math.Ceiling(ttl.TotalSeconds)}")));
        }

        return Form(body.ToArray());
    }

    /// <summary>A form body that makes a directory.</summary>
    public static HttpContent DirectoryBody() => Form("dir=true"u8.ToArray());

    private static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'A' + digit - 10);

    private static ByteArrayContent Form(byte[] body) => new(body) { Headers = { { "Content-Type", "application/x-www-form-urlencoded" } } };
}
