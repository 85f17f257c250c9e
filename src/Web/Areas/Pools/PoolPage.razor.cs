using System.Collections.Immutable;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Routing;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Pools;

public sealed partial class PoolPage
{
    private PoolRow? _row;
    private IpamIndex _index = IpamIndex.Empty;
    private int _problems;
    private IpamBlock? _open;
    private ImmutableArray<IpamBlock> _blocks = [];
    private ImmutableArray<NetworkView> _networks = [];
    private PageTab[] _tabs = [];

    /// <summary>The CIDR, with a dash as our links write it or with a slash as calicoctl does.</summary>
    [Parameter]
    public string Dashed { get; set; } = "";

    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    /// <summary>The block whose addresses are shown.</summary>
    [SupplyParameterFromQuery]
    public string? Block { get; set; }

    /// <summary>The address that is looked for.</summary>
    [SupplyParameterFromQuery]
    public string? Find { get; set; }

    /// <summary>How far back its use is shown.</summary>
    [SupplyParameterFromQuery]
    public string? Back { get; set; }

    private string Name => TryRead(out var cidr) ? cidr.ToString() : Dashed;

    protected override void OnParametersSet() => OnSnapshot();

    protected override void OnSnapshot()
    {
        _row = null;
        if (!TryRead(out var cidr) || !Snapshot.Calico.IPPools.TryGetValue(cidr, out var stored))
        {
            return;
        }

        _blocks = [.. Snapshot.Calico.Blocks.Values.Select(b => b.Value).Where(b => cidr.Contains(b.Cidr))];
        _index = Ipam.Current;
        _problems = _index.FindingsIn(cidr).Count(_index.IsProblem);
        _row = new PoolRow(stored.Value, Utilisation.ByPool([cidr], _blocks)[0], _problems);
        _networks = [.. Snapshot.Views.Networks.Where(n => n.Pools.Any(p => p.Value.Cidr == cidr))];
        Cidr? asked = Cidr.TryParse(Block, out var block) ? block : Ip.TryParse(Find?.Trim(), out var ip) ? BlockArithmetic.BlockOf(ip) : null;
        _open = _blocks.FirstOrDefault(b => b.Cidr == asked);
        _tabs = [PageTab.Overview, new("networks", "Networks", _networks.Length), PageTab.Document, PageTab.History];
    }

    private bool TryRead(out Cidr cidr) => Cidr.TryParseKeyPart(Dashed.Replace('/', '-'), out cidr);

    private string OfBlock(IpamBlock block) => Links.Block(_row!.Pool.Cidr, block.Cidr);
}
