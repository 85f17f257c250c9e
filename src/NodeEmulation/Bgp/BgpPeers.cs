using System.Globalization;
using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.NodeEmulation.Bgp;

/// <summary>A neighbour of BIRD.</summary>
/// <param name="Kind">Mesh, Global or Node: what <c>calicoctl node status</c> takes the type from.</param>
/// <param name="Address">Its address.</param>
/// <param name="AsNumber">Its AS number, decimal.</param>
internal sealed record BgpNeighbour(string Kind, Ip Address, string AsNumber)
{
    /// <summary>The protocol's name, with dots as underscores.</summary>
    public string Protocol => $"{Kind}_{Address.ToString().Replace('.', '_')}";
}

/// <summary>Reads a node's neighbours from the datastore.</summary>
internal static class BgpPeers
{
    /// <summary>The node's own AS number, or the global one.</summary>
    public static StoredKey? AsNumber(KeyTree keys, string node) => keys.Find(V1Keys.Node(node, NodePart.AsNumber)) ?? keys.Find(V1Keys.BgpGlobal("as_num"));

    /// <summary>Whether BIRD 1.6 takes it as an AS number.</summary>
    public static bool IsAsNumber(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;

    /// <summary>All other nodes with an IPv4 address, in order of their names; none when the mesh is off.</summary>
    public static ImmutableArray<BgpNeighbour> Mesh(KeyTree keys, string node, Ip? own, ImmutableArray<string>.Builder problems)
    {
        var neighbours = ImmutableArray.CreateBuilder<BgpNeighbour>();
        if (!IsMeshOn(keys, problems))
        {
            return [];
        }

        foreach (var other in keys.Below(V1Keys.BgpHostDirectory).Select(k => V1Key.Parse(k.Key)).OfType<V1Key.NodeKey>()
            .Where(k => k.Part == NodePart.IPv4 && k.Node != node))
        {
            var stored = keys.Find(V1Keys.Node(other.Node, NodePart.IPv4))!;
            if (stored.Text.Length == 0)
            {
                continue;
            }

            if (!Ip.TryParse(stored.Text, out var ip) || ip.IsIPv6)
            {
                problems.Add($"{stored.Key} holds no IPv4 address: '{stored.Text}'");
            }
            else if (ip == own)
            {
                // Another node with this node's address: confd's template takes it for this node.
            }
            else if (AsNumber(keys, other.Node) is not { } number || !IsAsNumber(number.Text))
            {
                problems.Add($"node {other.Node} has no AS number that BIRD takes");
            }
            else
            {
                neighbours.Add(new BgpNeighbour("Mesh", ip, number.Text));
            }
        }

        return Distinct(neighbours, problems);
    }

    /// <summary>The peers below a directory. One that cannot be read is a problem of the whole configuration.</summary>
    public static ImmutableArray<BgpNeighbour> Configured(KeyTree keys, string kind, string directory, ImmutableArray<string>.Builder problems)
    {
        var neighbours = ImmutableArray.CreateBuilder<BgpNeighbour>();
        foreach (var stored in keys.Below(directory))
        {
            if (Json(stored.Text) is { } peer && Ip.TryParse(Text(peer, "ip"), out var ip) && !ip.IsIPv6 && Text(peer, "as_num") is { } number
                && IsAsNumber(number))
            {
                neighbours.Add(new BgpNeighbour(kind, ip, number));
            }
            else
            {
                problems.Add($"{stored.Key} is no BGP peer that BIRD takes: {stored.Text}");
            }
        }

        return Distinct(neighbours, problems);
    }

    private static bool IsMeshOn(KeyTree keys, ImmutableArray<string>.Builder problems)
    {
        var key = V1Keys.BgpGlobal("node_mesh");
        if (keys.Find(key) is not { } stored)
        {
            problems.Add($"{key} is missing");
            return false;
        }

        if (Json(stored.Text) is not { } mesh)
        {
            problems.Add($"{key} cannot be read: {stored.Text}");
            return false;
        }

        return mesh.TryGetProperty("enabled", out var enabled) && enabled.ValueKind == JsonValueKind.True;
    }

    // BIRD refuses two protocols of one name.
    private static ImmutableArray<BgpNeighbour> Distinct(ImmutableArray<BgpNeighbour>.Builder neighbours, ImmutableArray<string>.Builder problems)
    {
        problems.AddRange(neighbours.GroupBy(n => n.Protocol, StringComparer.Ordinal).Where(g => g.Count() > 1)
            .Select(g => $"two peers have the address {g.First().Address}"));
        return neighbours.ToImmutable();
    }

    // A template prints a number as it prints a string.
    private static string? Text(JsonElement value, string member) => value.TryGetProperty(member, out var found)
        ? found.ValueKind switch
        {
            JsonValueKind.String => found.GetString(),
            JsonValueKind.Number => found.GetRawText(),
            _ => null,
        }
        : null;

    private static JsonElement? Json(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            // The caller names the key and shows the value.
            return null;
        }
    }
}
