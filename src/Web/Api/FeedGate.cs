using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;

namespace CalicoConsole.Web.Api;

/// <summary>Tells "there is none" from "not known yet": a list of a source that never answered would be a lie.</summary>
internal static class FeedGate
{
    /// <summary>The feed of Calico's datastore.</summary>
    public const string Etcd = "etcd";

    /// <summary>The feed of a Docker host.</summary>
    public static string Docker(string host) => $"docker/{host}";

    /// <summary>503 while the datastore was never read, null once it was.</summary>
    public static IResult? EtcdMissing(IClusterState state, ConsoleSettings settings) => settings.Mode == ConsoleMode.Sandbox && state.Current.Feeds.IsEmpty
        ? Unavailable("The sandbox is still starting: try again in a moment.")
        : Missing(state.Current, Etcd);

    /// <summary>404 for a host that is not configured, 503 while it was never read, null once it was.</summary>
    public static IResult? HostMissing(IClusterState state, ConsoleSettings settings, string host) =>
        !state.Current.Hosts.ContainsKey(host) && !settings.HostNames.Contains(host, StringComparer.Ordinal)
            ? ApiProblems.Problem(
                StatusCodes.Status404NotFound,
                "Not found",
                $"There is no Docker host '{host}' in Docker:Hosts.",
                [new("host", $"unknown; configured are {(settings.HostNames.Any() ? string.Join(", ", settings.HostNames) : "none")}")])
            : Missing(state.Current, Docker(host));

    private static IResult? Missing(ClusterSnapshot snapshot, string feed)
    {
        var found = snapshot.Feeds.FirstOrDefault(f => f.Name == feed);
        return found is not null && (found.Status == FeedStatus.Live || found.LastLive is not null)
            ? null
            : Unavailable($"The feed {feed} has not been read yet{(found?.Detail is { Length: > 0 } detail ? $": {detail}" : ".")}");
    }

    private static IResult Unavailable(string detail) => ApiProblems.Problem(StatusCodes.Status503ServiceUnavailable, "Not available", detail);
}
