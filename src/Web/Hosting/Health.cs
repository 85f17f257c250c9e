using CalicoConsole.Core.Snapshot;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CalicoConsole.Web.Hosting;

/// <summary>Answers whether the process lives and whether it is ready to answer questions.</summary>
internal static class Health
{
    public static void MapConsoleHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Text("ok")).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/readyz", Ready).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>Feeds that have neither synced nor failed once, by name; empty once the console is ready.</summary>
    public static string[] Waiting(ClusterSnapshot snapshot, ConsoleSettings settings)
    {
        var tried = snapshot.Feeds.Where(f => f.Status is FeedStatus.Live or FeedStatus.Stale || f.LastLive is not null).Select(f => f.Name);
        return [.. settings.HostNames.Select(h => $"docker/{h}").Prepend("etcd-cluster").Prepend("etcd").Except(tried, StringComparer.Ordinal)];
    }

    private static ContentHttpResult Ready(IClusterState state, ConsoleSettings settings) => Waiting(state.Current, settings) is { Length: > 0 } waiting
        ? TypedResults.Text($"waiting for {string.Join(", ", waiting)}", statusCode: StatusCodes.Status503ServiceUnavailable)
        : TypedResults.Text("ready");
}
