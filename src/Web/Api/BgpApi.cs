using System.Net;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET nodes/{host}/bgp</c>.</summary>
internal static class BgpApi
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("nodes/{host}/bgp", ReadAsync)
        .WithName("readBgpSessions")
        .WithSummary("BGP sessions of a host's calico-node, read from BIRD now, as calicoctl node status lists them")
        .Produces<BgpAnswer>();

    private static async Task<IResult> ReadAsync(string host, HttpContext http, IBgpSessions bgp, IClusterState state, ConsoleSettings settings)
    {
        if (!settings.HostNames.Contains(host, StringComparer.Ordinal))
        {
            return FeedGate.HostMissing(state, settings, host) ?? ApiProblems.NotFound("Docker host", host);
        }

        try
        {
            return TypedResults.Ok(BgpAnswer.From(await bgp.ReadAsync(host, http.RequestAborted), state.Current));
        }
        catch (DockerHostException e)
        {
            return ApiProblems.Problem((int)HttpStatusCode.BadGateway, "The Docker host did not answer", e.Message);
        }
    }
}

/// <summary>Both BIRD processes of a host.</summary>
internal sealed record BgpAnswer(string Host, DateTimeOffset At, BgpDaemonAnswer Ipv4, BgpDaemonAnswer Ipv6)
{
    public static BgpAnswer From(BgpStatus status, ClusterSnapshot snapshot) =>
        new(status.Host, status.At, BgpDaemonAnswer.From(status.IPv4, snapshot), BgpDaemonAnswer.From(status.IPv6, snapshot));
}

/// <summary>One BIRD process; <c>problem</c> says why there are no sessions to show.</summary>
internal sealed record BgpDaemonAnswer(bool Running, string? Problem, BgpSessionAnswer[] Sessions)
{
    public static BgpDaemonAnswer From(BgpDaemon daemon, ClusterSnapshot snapshot) =>
        new(daemon.IsRunning, daemon.Problem, [.. daemon.Sessions.Select(s => BgpSessionAnswer.From(s, snapshot))]);
}

/// <summary>A row of calicoctl node status; <c>node</c> is the Calico node with the peer's address, if there is one.</summary>
internal sealed record BgpSessionAnswer(string Peer, string Type, string State, string Since, string Info, string? Node)
{
    public static BgpSessionAnswer From(BgpSession s, ClusterSnapshot snapshot) => new(
        s.Peer, s.Type.Words(), s.State, s.Since, s.Info, BgpNodes.NodeOf(snapshot, s));
}
