using CalicoConsole.Web.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace CalicoConsole.Web.Auth;

/// <summary>
/// Before Blazor's hub: pages of this console alone may open it, where nobody signs in only so many at once, and its connections end with
/// the session that opened them.
/// </summary>
internal sealed class HubGuard(RequestDelegate next, ConsoleSettings settings, SessionWatch watch, ILogger<HubGuard> logger)
{
    /// <summary>The hub's path.</summary>
    public const string Hub = "/_blazor";

    /// <summary>Connections of visitors who did not sign in, at once.</summary>
    public const int AnonymousConnections = 60;

    // Time for the page to leave by itself, which it is told to.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private int _anonymous;

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments(Hub))
        {
            await next(context);
        }
        else if (!IsOwn(context.Request))
        {
            logger.LogWarning("A page of another origin was refused at the hub, from {Source}", RequestSource.For(context));
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "Only pages of this console may connect here.");
        }
        else if (settings.RequiresSignIn)
        {
            await WhileSessionStandsAsync(context);
        }
        else
        {
            await BoundedAsync(context);
        }
    }

    /// <summary>Whether a request comes from a page of this console, or from no page: a browser names the origin of every page that opens a socket.</summary>
    internal static bool IsOwn(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
        {
            return false;
        }

        var origins = request.Headers.Origin;
        if (origins.Count == 0)
        {
            return true;
        }

        // The scheme is compared only where it is known: a proxy that is not configured hides that the page came by https.
        return origins.Count == 1 && Uri.TryCreate(origins[0], UriKind.Absolute, out var origin)
            && (origin.Scheme == Uri.UriSchemeHttps || (origin.Scheme == Uri.UriSchemeHttp && !request.IsHttps))
            && Uri.TryCreate($"{origin.Scheme}://{request.Host.Value}", UriKind.Absolute, out var own)
            && own.Port == origin.Port && string.Equals(own.IdnHost, origin.IdnHost, StringComparison.OrdinalIgnoreCase);
    }

    private async Task WhileSessionStandsAsync(HttpContext context)
    {
        if (SessionClaims.Session(context.User) is not { } session)
        {
            await next(context);
            return;
        }

        using var ending = new CancellationTokenSource();
        await using var abort = ending.Token.Register(context.Abort);
        using var watching = watch.Watch(session, () =>
        {
            try
            {
                ending.CancelAfter(Grace);
            }
            catch (ObjectDisposedException)
            {
                // The connection ended by itself in this moment.
            }
        });
        await next(context);
    }

    private async Task BoundedAsync(HttpContext context)
    {
        if (context.Request.Path == Hub && !IsSocket(context))
        {
            // Long polling holds a circuit without holding a request, which would escape the bound; it is for proxies, and there is none before loopback.
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "Connect by WebSocket.");
            return;
        }

        if (Interlocked.Increment(ref _anonymous) > AnonymousConnections)
        {
            Interlocked.Decrement(ref _anonymous);
            context.Response.Headers[HeaderNames.RetryAfter] = "10";
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"{AnonymousConnections} pages are open already. Close some, then try again.");
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            Interlocked.Decrement(ref _anonymous);
        }
    }

    private static bool IsSocket(HttpContext context) =>
        context.WebSockets.IsWebSocketRequest || context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
            || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    private static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(reason, context.RequestAborted);
    }
}
