using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Lists;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Bgp;

public sealed partial class BgpPage
{
    private static readonly ImmutableArray<ListColumn<BgpNodeRow>> NodeColumns =
    [
        new("name", "Node", r => r.Node.Name),
        new("state", "State", r => r.State.Words) { Facet = true, Cell = r => Cells.State(r.State) },
        new("v4", "IPv4 address", r => r.Node.IPv4?.ToString()) { Mono = true, Order = ListOrder.By<BgpNodeRow, Cidr?>(r => r.Node.IPv4) },
        new("v6", "IPv6 address", r => r.Node.IPv6?.ToString()) { Mono = true, Secondary = true, Order = ListOrder.By<BgpNodeRow, Cidr?>(r => r.Node.IPv6) },
        new("as", "AS number", r => r.As) { Numeric = true, Secondary = true },
        new("from", "AS number from", r => r.From) { Facet = true, Secondary = true },
        new("peers", "Own peers", r => r.Peers.Grouped()) { Numeric = true, Secondary = true,
            Order = ListOrder.By<BgpNodeRow, int>(r => r.Peers) },
    ];

    private ImmutableArray<BgpPeerRow> _peers = [];
    private ImmutableArray<BgpNodeRow> _nodes = [];
    private ImmutableArray<(string Name, string Title, string Value)> _settings = [];
    private bool _mesh;
    private PageTab[] _tabs = [];
    private (EmptyKind Kind, string? Reason) _empty;

    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    protected override void OnSnapshot()
    {
        var calico = Snapshot.Calico;
        _peers = BgpPeerRow.AllIn(Snapshot);
        _nodes = BgpNodeRow.AllIn(calico);
        _mesh = calico.Configuration.NodeToNodeMesh ?? true;
        _settings = [Setting("asNumber", "AS number"), Setting("nodeToNodeMesh", "Node-to-node mesh"), Setting("logLevel", "Log level")];
        _tabs = [PageTab.Overview, new("peers", "Peers", _peers.Length), new("nodes", "Nodes", _nodes.Length)];
        _empty = FeedWords.Empty(Snapshot, FeedWords.Etcd);
    }

    private (string Name, string Title, string Value) Setting(string name, string title) =>
        (name, title, ConfigurationReader.Read(Snapshot.Calico, name, null, RawConfiguration.None)?.Value ?? "");
}
