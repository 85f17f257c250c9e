using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace CalicoConsole.Web.Api;

/// <summary>
/// Gives the API's routes their names as the client wrote them, unescaped exactly once. What servers hand on has been unescaped but for <c>%2F</c>, so that
/// nobody can tell <c>a%2Fb</c>, which is the name a/b, from <c>a%252Fb</c>, which is the name a%2Fb: both are names that etcd may hold.
/// </summary>
internal static class ExactNames
{
    /// <summary>After routing, before the routes run.</summary>
    public static void UseExactNames(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.GetEndpoint() is RouteEndpoint { RoutePattern: { Parameters.Count: > 0 } pattern }
            && pattern.RawText?.StartsWith("/api/", StringComparison.Ordinal) == true)
        {
            Take(context, pattern);
        }

        return next(context);
    });

    private static void Take(HttpContext context, RoutePattern pattern)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var path = target.Split('?', 2)[0];
        if (Uri.TryCreate(path, UriKind.Absolute, out var absolute) && !path.StartsWith('/'))
        {
            // Clients of proxies name the host as well.
            path = absolute.GetComponents(UriComponents.Path | UriComponents.KeepDelimiter, UriFormat.UriEscaped);
        }

        var parts = path.Split('/');
        if (!path.StartsWith('/') || parts.Any(IsDots))
        {
            // What the client wrote is not known, or not where the pattern has it: then %2F is what it most often is.
            foreach (var parameter in pattern.Parameters)
            {
                if (context.Request.RouteValues[parameter.Name] is string value)
                {
                    context.Request.RouteValues[parameter.Name] = value.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
                }
            }

            return;
        }

        // The first part is what stands before the first slash: nothing.
        var at = 1 + (context.Request.PathBase.Value ?? "").Count(c => c == '/');
        foreach (var segment in pattern.PathSegments)
        {
            if (segment.Parts is [RoutePatternParameterPart { Name: var name, IsCatchAll: var all }] && at < parts.Length
                && context.Request.RouteValues.ContainsKey(name))
            {
                context.Request.RouteValues[name] = string.Join('/', parts[at..(all ? parts.Length : at + 1)].Select(Uri.UnescapeDataString));
            }

            at++;
        }
    }

    // The server resolved these, so that the parts are not where the pattern has them.
    private static bool IsDots(string part) => part.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or "..";
}
