using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.NodeEmulation.Startup;

namespace CalicoConsole.Lab.Kernel;

/// <summary>Reads links, addresses and routes of this network namespace with <c>ip -json</c>.</summary>
internal static class HostState
{
    /// <summary>Names of all links.</summary>
    public static async Task<HashSet<string>> LinksAsync(CancellationToken cancellationToken)
    {
        using var document = await JsonAsync(["link", "show"], cancellationToken).ConfigureAwait(false);
        return [.. document.RootElement.EnumerateArray().Select(link => link.GetProperty("ifname").GetString()!)];
    }

    /// <summary>All interfaces with their addresses, by index.</summary>
    public static async Task<ImmutableArray<HostInterface>> InterfacesAsync(CancellationToken cancellationToken)
    {
        using var document = await JsonAsync(["address", "show"], cancellationToken).ConfigureAwait(false);
        return [.. document.RootElement.EnumerateArray()
            .OrderBy(link => link.GetProperty("ifindex").GetInt32())
            .Select(link => new HostInterface(link.GetProperty("ifname").GetString()!, [.. Addresses(link)]))];
    }

    /// <summary>Destinations of the main table's routes of one family with the link that they go by.</summary>
    public static async Task<ImmutableArray<(string Destination, string Interface)>> RoutesAsync(bool isIPv6, CancellationToken cancellationToken)
    {
        using var document = await JsonAsync([isIPv6 ? "-6" : "-4", "route", "show"], cancellationToken).ConfigureAwait(false);
        return [.. document.RootElement.EnumerateArray()
            .Where(route => route.TryGetProperty("dev", out _))
            .Select(route => (route.GetProperty("dst").GetString()!, route.GetProperty("dev").GetString()!))];
    }

    public static async Task<JsonDocument> JsonAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var answer = (await Command.RunAsync("ip", ["-json", .. arguments], cancellationToken).ConfigureAwait(false)).Demand().Output;
        return JsonDocument.Parse(string.IsNullOrWhiteSpace(answer) ? "[]" : answer);
    }

    private static IEnumerable<Cidr> Addresses(JsonElement link)
    {
        foreach (var address in link.GetProperty("addr_info").EnumerateArray())
        {
            if (address.TryGetProperty("local", out var local) && Ip.TryParse(local.GetString(), out var ip))
            {
                yield return new Cidr(ip, address.GetProperty("prefixlen").GetInt32());
            }
        }
    }
}
