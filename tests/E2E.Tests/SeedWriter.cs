using System.Text;
using CalicoConsole.Tests;

namespace CalicoConsole.E2E.Tests;

/// <summary>Writes keys through etcd's v2 API as etcdctl does. Safe for concurrent use.</summary>
internal sealed class SeedWriter(EtcdServer etcd) : IAsyncDisposable
{
    private readonly HttpClient _http = new();

    public Task PutAsync(string key, byte[] value, CancellationToken cancellationToken) => PutAsync(key, Encoding.UTF8.GetString(value), cancellationToken);

    public async Task PutAsync(string key, string value, CancellationToken cancellationToken)
    {
        using var body = new FormUrlEncodedContent([KeyValuePair.Create("value", value)]);
        using var response = await _http.PutAsync(new Uri($"{etcd.Endpoint}/v2/keys{key.Replace("%", "%25", StringComparison.Ordinal)}"), body,
            cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }
}
