using System.Net;
using System.Net.Sockets;

namespace CalicoConsole.Web.Auth;

/// <summary>Where a request came from: the client's address, which behind a known proxy is what the proxy says.</summary>
internal static class RequestSource
{
    private const string Local = "this machine";

    /// <summary>The address as text, for the audit.</summary>
    public static string For(HttpContext context) => Plain(context.Connection.RemoteIpAddress)?.ToString() ?? Local;

    /// <summary>What attempts are counted by: an IPv4 address, or the /64 that one IPv6 client has to itself.</summary>
    public static string CountedAs(HttpContext context) => CountedAs(context.Connection.RemoteIpAddress);

    /// <inheritdoc cref="CountedAs(HttpContext)"/>
    internal static string CountedAs(IPAddress? address)
    {
        if (Plain(address) is not { } plain)
        {
            return Local;
        }

        if (plain.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return plain.ToString();
        }

        var bytes = plain.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    private static IPAddress? Plain(IPAddress? address) => address switch
    {
        null => null,
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4(),
        // Without the zone, which names an interface of this machine.
        { AddressFamily: AddressFamily.InterNetworkV6 } => new IPAddress(address.GetAddressBytes()),
        _ => address,
    };
}
