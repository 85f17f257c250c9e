using System.Net;

namespace CalicoConsole.Web.Hosting;

/// <summary>The addresses on which the server will listen, as configured.</summary>
internal static class ListenAddresses
{
    /// <summary>Where the console listens when nothing is configured.</summary>
    public const string Default = "http://127.0.0.1:5080";

    /// <summary>Whether configuration names any address itself.</summary>
    public static bool AreConfigured(IConfiguration configuration) => Configured(configuration).Any();

    /// <summary>Whether every configured address is loopback; reports addresses that cannot be read.</summary>
    public static bool AreLoopback(IConfiguration configuration, Action<SettingError> report)
    {
        var loopback = true;
        foreach (var (setting, address) in Configured(configuration))
        {
            try
            {
                var host = BindingAddress.Parse(address).Host;
                loopback &= host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                    || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip))
                    || host.StartsWith("unix:", StringComparison.Ordinal);
            }
            catch (FormatException e)
            {
                report(new(setting, $"'{address}' is not an address such as {Default}: {e.Message}"));
            }
        }

        return loopback;
    }

    private static IEnumerable<(string Setting, string Address)> Configured(IConfiguration configuration)
    {
        // Kestrel: endpoints win over urls, urls over ports.
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Where(e => e["Url"] is not null).ToArray();
        if (endpoints.Length > 0)
        {
            return endpoints.Select(e => ($"{e.Path}:Url", e["Url"]!));
        }

        if (Split(configuration[WebHostDefaults.ServerUrlsKey]) is { Length: > 0 } urls)
        {
            return urls.Select(u => ("ASPNETCORE_URLS", u));
        }

        return Split(configuration[WebHostDefaults.HttpPortsKey]).Select(p => ("ASPNETCORE_HTTP_PORTS", $"http://*:{p}"))
            .Concat(Split(configuration[WebHostDefaults.HttpsPortsKey]).Select(p => ("ASPNETCORE_HTTPS_PORTS", $"https://*:{p}")));
    }

    private static string[] Split(string? text) =>
        text?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
