using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Bgp;

public sealed partial class BgpSessions
{
    private readonly CancellationTokenSource _gone = new();
    private BgpStatus? _near;
    private Row[]? _rows;
    private string? _failure;
    private bool _reading;
    private string _shown = "";

    /// <summary>The configured name of the Docker host.</summary>
    [Parameter, EditorRequired]
    public string Host { get; set; } = "";

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    // Not while prerendering: a host that does not answer must not hold the page up.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_shown != Host)
        {
            _shown = Host;
            await ReadAsync();
        }
    }

    private static ChipState ChipOf(BgpSession session) => session.IsEstablished ? ChipState.Healthy : session.State == "start" ? ChipState.Working
        : ChipState.Broken;

    private async Task ReadAsync()
    {
        var host = Host;
        var token = _gone.Token;
        (_near, _rows, _failure, _reading) = (null, null, null, true);
        StateHasChanged();
        try
        {
            var near = await Bgp.ReadAsync(host, token);
            var snapshot = State.Current;
            var own = snapshot.Hosts.GetValueOrDefault(host)?.NodeName ?? host;
            var sessions = near.IPv4.Sessions.Select(s => (Session: s, IPv6: false)).Concat(near.IPv6.Sessions.Select(s => (Session: s, IPv6: true))).ToArray();
            var rows = await Task.WhenAll(sessions.Select(s => RowAsync(snapshot, own, s.Session, s.IPv6, token)));
            if (host == Host)
            {
                (_near, _rows) = (near, rows);
            }
        }
        catch (DockerHostException e)
        {
            _failure = e.Message;
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return;
        }

        _reading = false;
        StateHasChanged();
    }

    private async Task<Row> RowAsync(ClusterSnapshot snapshot, string own, BgpSession session, bool ipv6, CancellationToken token)
    {
        var node = BgpNodes.NodeOf(snapshot, session);
        if (node is null)
        {
            return new(session, null, null, "not a node of this cluster");
        }

        if (snapshot.Hosts.Values.FirstOrDefault(h => h.NodeName == node) is not { } farHost)
        {
            return new(session, node, null, "its Docker host is not configured");
        }

        try
        {
            var far = await Bgp.ReadAsync(farHost.Name, token);
            var daemon = ipv6 ? far.IPv6 : far.IPv4;
            return new(session, node, BgpNodes.Towards(snapshot, own, far, ipv6), daemon.IsRunning ? "no session towards this node" : daemon.Problem);
        }
        catch (DockerHostException e)
        {
            return new(session, node, null, e.Message);
        }
    }

    private sealed record Row(BgpSession Session, string? Node, BgpSession? Far, string? WhyNoFar);
}
