using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace CalicoConsole.Web.Hosting;

/// <summary>The console behind a proxy that ends TLS, perhaps below a path of its host.</summary>
internal static class ReverseProxy
{
    /// <summary>
    /// Takes the client's address, scheme and host from the proxies that are configured, and from nobody else. Where none is, a proxy on this machine is
    /// believed that the page came by https, which makes cookies Secure and is worth nothing to a liar; addresses, which limits and the audit go by, are not
    /// taken.
    /// </summary>
    public static void UseReverseProxy(this IApplicationBuilder app, ConsoleSettings settings)
    {
        var known = !settings.KnownProxies.IsEmpty;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = known ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost
                : ForwardedHeaders.XForwardedProto,
            ForwardLimit = known ? null : 1,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in known ? settings.KnownProxies : [new IPNetwork(IPAddress.Parse("127.0.0.0"), 8), new IPNetwork(IPAddress.IPv6Loopback, 128)])
        {
            options.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(options);
        app.Use(async (context, next) =>
        {
            Settle(context.Request, settings.PathBase);
            context.Response.OnStarting(() =>
            {
                MakeRelative(context);
                return Task.CompletedTask;
            });
            await next(context);
        });
    }

    /// <summary>Whether the proxy leaves the sub-path in the request or takes it away, the console lives below it.</summary>
    private static void Settle(HttpRequest request, string pathBase)
    {
        if (pathBase.Length > 0)
        {
            request.Path = request.Path.StartsWithSegments(pathBase, out var rest) ? rest.HasValue ? rest : "/" : request.Path;
            request.PathBase = pathBase;
        }
    }

    /// <summary>A redirect within the console names neither scheme nor host: what the browser knows of them is right, whatever a proxy told.</summary>
    private static void MakeRelative(HttpContext context)
    {
        var location = context.Response.Headers.Location.ToString();
        if (Uri.TryCreate(location, UriKind.Absolute, out var target) && (target.Scheme == Uri.UriSchemeHttp || target.Scheme == Uri.UriSchemeHttps)
            && location.StartsWith($"{target.Scheme}://{context.Request.Host.ToUriComponent()}", StringComparison.OrdinalIgnoreCase)
            && Uri.TryCreate($"{target.Scheme}://{context.Request.Host.ToUriComponent()}", UriKind.Absolute, out var own) && own.Authority == target.Authority)
        {
            context.Response.Headers.Location = target.PathAndQuery + target.Fragment;
        }
    }
}
