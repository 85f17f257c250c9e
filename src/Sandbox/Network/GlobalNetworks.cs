using System.Text.Json;
using CalicoConsole.Core.Ports;
using CalicoConsole.NodeEmulation.Store;

namespace CalicoConsole.Sandbox.Network;

/// <summary>Networks and endpoints of global scope in the cluster store, which all engines share. Thread-safe.</summary>
internal sealed class GlobalNetworks(IEtcdKeys keys)
{
    private readonly KeyStore _store = new(keys);

    /// <summary>All networks.</summary>
    public async Task<ImmutableArray<NetworkRecord>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await _store.ListAsync(NetworkRecords.Directory, cancellationToken).ConfigureAwait(false)).Select(e => NetworkRecords.Decode(e.Value.Span))
            .OfType<NetworkRecord>()];

    /// <summary>Keeps a network.</summary>
    public async Task AddAsync(NetworkRecord network, CancellationToken cancellationToken)
    {
        await _store.ApplyAsync(NetworkRecords.Key(network.Id), NetworkRecords.Encode(network), cancellationToken).ConfigureAwait(false);
        await _store.ApplyAsync(EndpointRecords.CountKey(network.Id), EndpointRecords.EncodeCount(0), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Forgets a network.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        _ = await _store.DeleteAsync(EndpointRecords.CountKey(id), cancellationToken).ConfigureAwait(false);
        _ = await _store.DeleteAsync(NetworkRecords.Key(id), cancellationToken).ConfigureAwait(false);
        await _store.DeleteEmptyAsync([EndpointRecords.Directory(id)], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How many endpoints a network has, over all engines.</summary>
    public async Task<long> CountAsync(string id, CancellationToken cancellationToken) =>
        await _store.GetAsync(EndpointRecords.CountKey(id), cancellationToken).ConfigureAwait(false) is { } entry ? Count(entry.Value.Span) : 0;

    /// <summary>Names and addresses of the endpoints of a network: what its name service knows.</summary>
    public async Task<ImmutableArray<(string Name, string Address)>> NamesAsync(string id, CancellationToken cancellationToken) =>
    [
        .. (await _store.ListAsync(EndpointRecords.Directory(id), cancellationToken).ConfigureAwait(false))
            .Select(e => JsonElement.Parse(e.Value.Span))
            .Select(e => (e.GetProperty("name").GetString()!, e.GetProperty("ep_iface").GetProperty("addr").GetString()!.Split('/')[0])),
    ];

    /// <summary>Id and address of a network's endpoint of a name; null when there is none.</summary>
    public async Task<(string Id, string Address)?> EndpointAsync(string id, string name, CancellationToken cancellationToken)
    {
        foreach (var entry in await _store.ListAsync(EndpointRecords.Directory(id), cancellationToken).ConfigureAwait(false))
        {
            var endpoint = JsonElement.Parse(entry.Value.Span);
            if (endpoint.GetProperty("name").GetString() == name)
            {
                return (endpoint.GetProperty("id").GetString()!, endpoint.GetProperty("ep_iface").GetProperty("addr").GetString()!);
            }
        }

        return null;
    }

    /// <summary>Keeps an endpoint and counts it.</summary>
    public async Task AddAsync(EndpointRecord endpoint, CancellationToken cancellationToken)
    {
        await _store.ApplyAsync(EndpointRecords.Key(endpoint.Network.Id, endpoint.Id), EndpointRecords.Encode(endpoint), cancellationToken)
            .ConfigureAwait(false);
        await CountAsync(endpoint.Network.Id, 1, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Forgets an endpoint.</summary>
    public async Task RemoveAsync(string networkId, string endpointId, CancellationToken cancellationToken)
    {
        if (await _store.DeleteAsync(EndpointRecords.Key(networkId, endpointId), cancellationToken).ConfigureAwait(false))
        {
            await CountAsync(networkId, -1, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CountAsync(string id, long more, CancellationToken cancellationToken)
    {
        while (await _store.GetAsync(EndpointRecords.CountKey(id), cancellationToken).ConfigureAwait(false) is { } entry)
        {
            if (await _store.UpdateAsync(entry.Key, EndpointRecords.EncodeCount(Count(entry.Value.Span) + more), entry.Index, cancellationToken)
                .ConfigureAwait(false))
            {
                return;
            }
        }
    }

    private static long Count(ReadOnlySpan<byte> value) => JsonElement.Parse(value).GetProperty("Count").GetInt64();
}
