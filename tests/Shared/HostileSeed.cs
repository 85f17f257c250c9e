using System.Globalization;
using System.Net;
using System.Text;

namespace CalicoConsole.Tests;

/// <summary>Writes keys of any name into an etcd, without a client that would mend them on the way.</summary>
internal static class HostileSeed
{
    private static readonly UriCreationOptions AsItStands = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Puts every key once.</summary>
    /// <returns>How many etcd refused, because a key cannot lie below another one.</returns>
    public static async Task<int> PutAsync(string endpoint, IEnumerable<KeyValuePair<string, byte[]>> keys, CancellationToken cancellationToken) =>
        await PutPathsAsync(endpoint, keys.Select(k => KeyValuePair.Create(Path(k.Key), k.Value)), cancellationToken);

    /// <summary>The same of keys as a URL writes them.</summary>
    public static async Task<int> PutPathsAsync(string endpoint, IEnumerable<KeyValuePair<string, byte[]>> paths, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var refused = 0;
        await Parallel.ForEachAsync(paths, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken }, async (path, cancel) =>
        {
            using var body = new ByteArrayContent([.. "value="u8, .. WebUtility.UrlEncodeToBytes(path.Value, 0, path.Value.Length)]);
            body.Headers.ContentType = new("application/x-www-form-urlencoded");
            Assert.True(Uri.TryCreate($"{endpoint}/v2/keys{path.Key}", AsItStands, out var uri));
            using var response = await http.PutAsync(uri, body, cancel);
            if (!response.IsSuccessStatusCode)
            {
                var answer = await response.Content.ReadAsStringAsync(cancel);
                // Not a file, or a directory.
                Assert.True(answer.Contains("\"errorCode\":102", StringComparison.Ordinal) || answer.Contains("\"errorCode\":104", StringComparison.Ordinal),
                    $"{path.Key}: {(int)response.StatusCode} {answer}");
                Interlocked.Increment(ref refused);
            }
        });
        return refused;
    }

    private static string Path(string key) => string.Join('/', key.Split('/').Select(part =>
    {
        var text = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(part))
        {
            text.Append(char.IsAsciiLetterOrDigit((char)b) || "-_:".Contains((char)b, StringComparison.Ordinal) ? ((char)b).ToString()
                : string.Create(CultureInfo.InvariantCulture, $"%{b:X2}"));
        }

        return text.ToString();
    }));
}
