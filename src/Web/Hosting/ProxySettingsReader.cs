using System.Collections.Immutable;
using System.Net;

namespace CalicoConsole.Web.Hosting;

/// <summary>Reads <c>Proxy:Known</c> and <c>PathBase</c>.</summary>
internal static class ProxySettingsReader
{
    private const string Known = "Proxy:Known";
    private const string Base = "PathBase";

    /// <summary>The addresses and networks of the proxies whose word counts.</summary>
    public static ImmutableArray<IPNetwork> Proxies(IConfiguration configuration, Action<SettingError> report)
    {
        var proxies = ImmutableArray.CreateBuilder<IPNetwork>();
        foreach (var text in (configuration[Known] ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPAddress.TryParse(text, out var address))
            {
                proxies.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else if (IPNetwork.TryParse(text, out var network))
            {
                proxies.Add(network);
            }
            else
            {
                report(new(Known, $"'{text}' is neither an address such as 127.0.0.1 nor a network such as 192.0.2.0/24"));
            }
        }

        return proxies.ToImmutable();
    }

    /// <summary>The path below which the console lives, without a slash at its end; empty for the root.</summary>
    public static string Path(IConfiguration configuration, Action<SettingError> report)
    {
        var path = (configuration[Base] ?? "").Trim().TrimEnd('/');
        if (path.Length > 0 && (path[0] != '/' || path.Contains("//", StringComparison.Ordinal)
            || !path.All(c => char.IsAsciiLetterOrDigit(c) || "/-._~".Contains(c, StringComparison.Ordinal))))
        {
            report(new(Base, $"'{path}' is not a path such as /calico: a slash, then letters, digits and - . _ ~ /"));
            return "";
        }

        return path;
    }
}
