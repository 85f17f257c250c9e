using System.Text.Json;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Reconciliation;

/// <summary>An endpoint as libnetwork keeps it in Docker's cluster store.</summary>
/// <param name="NetworkId">Its network.</param>
/// <param name="EndpointId">Its id, which is the workload endpoint's name.</param>
/// <param name="Name">Its name, which is its container's.</param>
/// <param name="Address">Its address; null when it has none that can be read.</param>
/// <param name="Mac">Its MAC in lower case; empty when the store has none.</param>
public sealed record DockerStoreEndpoint(string NetworkId, string EndpointId, string Name, Ip? Address, string Mac);

/// <summary>Docker's cluster store, as far as it tells of endpoints (<c>/docker/network/v1.0</c>). Pure.</summary>
/// <param name="Networks">Ids of the networks that it has a record of. Of another network it proves nothing: that may live in another store.</param>
/// <param name="Endpoints">Its endpoints by id.</param>
public sealed record DockerStore(ImmutableHashSet<string> Networks, ImmutableSortedDictionary<string, DockerStoreEndpoint> Endpoints)
{
    /// <summary>Where Docker keeps it.</summary>
    public const string Root = "/docker/network/v1.0";

    private const string NetworkRecords = Root + "/network/";
    private const string EndpointRecords = Root + "/endpoint/";

    /// <summary>Reads the keys and values below <see cref="Root"/>. A record that is no JSON object counts as there, with nothing known of it.</summary>
    public static DockerStore From(IEnumerable<(string Key, ReadOnlyMemory<byte> Value)> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var networks = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        var endpoints = ImmutableSortedDictionary.CreateBuilder<string, DockerStoreEndpoint>(StringComparer.Ordinal);
        foreach (var (key, value) in keys)
        {
            if (key.StartsWith(NetworkRecords, StringComparison.Ordinal))
            {
                networks.Add(key[NetworkRecords.Length..]);
            }
            else if (key.StartsWith(EndpointRecords, StringComparison.Ordinal) && key[EndpointRecords.Length..].Split('/') is [var network, var id])
            {
                endpoints[id] = Read(network, id, value);
            }
        }

        return new DockerStore(networks.ToImmutable(), endpoints.ToImmutable());
    }

    private static DockerStoreEndpoint Read(string network, string id, ReadOnlyMemory<byte> value)
    {
        try
        {
            using var record = JsonDocument.Parse(value);
            var root = record.RootElement;
            var face = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("ep_iface", out var found) ? found : default;
            return new(
                network, id, Text(root, "name"), Ip.TryParse(Text(face, "addr").Split('/')[0], out var address) ? address : null,
                Text(face, "mac").ToLowerInvariant());
        }
        catch (JsonException)
        {
            return new(network, id, "", null, "");
        }
    }

    private static string Text(JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()! : "";
}
