using CalicoConsole.Tests;

namespace CalicoConsole.E2E.Tests;

/// <summary>The console over a real etcd with twenty thousand hostile keys, and one browser.</summary>
public sealed class HostileCluster : ConsoleFixture
{
    internal const string Token = "token-of-the-hostile-tests-0123456789";

    // Some cannot be stored, because another key stands where their directory would be.
    private const int Keys = 20_000;

    private EtcdServer? _etcd;

    protected override async Task<IReadOnlyDictionary<string, string>> SettingsAsync()
    {
        _etcd = await EtcdServer.StartAsync();
        await HostileSeed.PutAsync(_etcd.Endpoint, HostileKeys.Make(Keys + 1_000), CancellationToken.None);
        await HostileSeed.PutPathsAsync(_etcd.Endpoint, HostileKeys.Bytes.Select(p => KeyValuePair.Create(p, "{}"u8.ToArray())), CancellationToken.None);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ETCD_ENDPOINTS"] = _etcd.Endpoint,
            ["Auth__ApiToken"] = Token,
            ["Cluster__Name"] = "hostile cluster"
        };
    }

    protected override async ValueTask EndAsync()
    {
        if (_etcd is not null)
        {
            await _etcd.DisposeAsync();
        }
    }
}
