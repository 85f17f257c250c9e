using System.Net;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;
using CalicoConsole.Web.Live;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET nodes/{host}/bgp</c>, <c>GET bgp/matrix</c>.</summary>
internal static class BgpApi
{
    // Beyond it what works is counted only.
    private const int MostSessions = 10_000;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("nodes/{host}/bgp", ReadAsync)
            .WithName("readBgpSessions")
            .WithSummary("BGP sessions of a host's calico-node, read from BIRD now, as calicoctl node status lists them")
            .Produces<BgpAnswer>();
        api.MapGet("bgp/matrix", MatrixAsync)
            .WithName("readBgpMatrix")
            .WithSummary(
                "BGP sessions of all nodes, each as both of its ends see it, read from BIRD on every Docker host now. established counts pairs that both "
                + "ends call so, wrong those of which an end does not; sessions that work are left out where there are more than 10,000, and complete is "
                + "false then. A host that did not answer is in silent, with the reason")
            .Produces<BgpMatrixAnswer>();
    }

    private static async Task<IResult> MatrixAsync(HttpContext http, BgpReadings readings, IClusterState state)
    {
        var taken = await readings.ReadAsync(http.RequestAborted);
        return TypedResults.Ok(new BgpMatrixAnswer(taken.At,
            [.. taken.Matrices(state.Current).Select(m => BgpFamilyAnswer.From(m.Family, m.Matrix, MostSessions))]));
    }

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

/// <summary>The sessions of all nodes.</summary>
internal sealed record BgpMatrixAnswer(DateTimeOffset At, BgpFamilyAnswer[] Families);

/// <summary>The sessions of one family: <c>IPv4</c> or <c>IPv6</c>.</summary>
internal sealed record BgpFamilyAnswer(string Family, int Nodes, int Established, int Wrong, bool Complete, BgpCellAnswer[] Sessions,
    BgpOutsideAnswer[] Outside, BgpSilentAnswer[] Silent)
{
    public static BgpFamilyAnswer From(string family, BgpMatrix matrix, int most)
    {
        BgpCellAnswer[] cells =
        [
            .. from i in Enumerable.Range(0, matrix.Nodes.Length)
               from j in Enumerable.Range(0, matrix.Nodes.Length)
               where matrix.Cells[i][j] is { } cell && (cell.Session is not null || cell.Expected)
               select BgpCellAnswer.From(matrix.Nodes[i], matrix.Nodes[j], matrix.Cells[i][j]!),
        ];
        var complete = cells.Length <= most;
        return new(family, matrix.Nodes.Length, matrix.Established, matrix.Wrong, complete, complete ? cells : [.. cells.Where(c => c.Wrong).Take(most)],
            [.. matrix.Outside.Take(most).Select(o => new BgpOutsideAnswer(o.Node, o.Session.Peer, o.Session.Type.Words(), o.Session.State, o.Session.Since,
                o.Session.Info))],
            [.. matrix.Silent.Select(n => new BgpSilentAnswer(n.Node, n.Reason))]);
    }
}

/// <summary>How a node sees its session to another one; <c>info</c> is null where it has none, or where <c>why</c> says why that is not known.</summary>
internal sealed record BgpCellAnswer(string Node, string To, string? Type, string? State, string? Since, string? Info, bool Expected, bool Wrong, string? Why)
{
    public static BgpCellAnswer From(string node, string to, BgpCell cell) => new(
        node, to, cell.Session?.Type.Words(), cell.Session?.State, cell.Session?.Since, cell.Session?.Info, cell.Expected, cell.IsWrong, cell.Why);
}

/// <summary>A session to a peer that is no node of the cluster.</summary>
internal sealed record BgpOutsideAnswer(string Node, string Peer, string Type, string State, string Since, string Info);

/// <summary>A node whose BIRD said nothing.</summary>
internal sealed record BgpSilentAnswer(string Node, string Reason);
