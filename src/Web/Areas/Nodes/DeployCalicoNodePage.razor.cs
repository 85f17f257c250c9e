using System.Collections.Immutable;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Nodes;

public sealed partial class DeployCalicoNodePage
{
    private static readonly ImmutableArray<FormOption> Autodetect = [new("autodetect", "find it at every start")];
    private static readonly ImmutableArray<FormOption> Backends = [new("bird", "bird: BGP between the nodes"), new("gobgp", "gobgp: BGP, experimental"),
        new("none", "none: policy only, no routes")];
    private static readonly ImmutableArray<FormOption> Methods = [new("first-found", "the first address of the first interface"),
        new("can-reach=", "the address that reaches another"), new("interface=", "of an interface by name"), new("skip-interface=", "of any other interface")];

    private string _host = "";
    private bool _begun;
    private bool _more;
    private CalicoNodeOptions _options = new();
    private ImmutableArray<FormOption> _hosts = [];
    private ImmutableArray<FormOption> _images = [];

    [SupplyParameterFromQuery(Name = "host")]
    public string? HostAsked { get; set; }

    private DockerHostState? HostNow => Snapshot.Hosts.GetValueOrDefault(_host);

    private DockerContainer? Standing => HostNow?.Containers.Values.FirstOrDefault(c => c.Name == CalicoNames.NodeContainer);

    private string ClusterStore => HostNow?.Info?.ClusterStore ?? "";

    private string NodeName => HostNow?.NodeName ?? "";

    private string HostHelp => Standing is { } node ? $"calico-node is there ({node.Image}, {node.State}): it is replaced."
        : "calico-node is not on this host yet.";

    private string PoolHelp => Snapshot.Calico.IPPools.IsEmpty
        ? "There is no pool yet: 192.168.0.0/16 is made, and fd80:24e2:f998:72d6::/64 where the host has IPv6. Turn it off to make your own."
        : $"There {(Snapshot.Calico.IPPools.Count == 1 ? "is one pool" : $"are {Snapshot.Calico.IPPools.Count} pools")}: "
            + "a default one is made only for an address family that has none.";

    protected override void OnParametersSet()
    {
        if (!_begun)
        {
            _begun = true;
            Begin();
            OnSnapshot();
        }
    }

    // As the page was opened, and nothing of what was typed before.
    private void Begin() => (_host, _options, _more) = (FormQuery.Host(Snapshot, HostAsked) ?? "", new CalicoNodeOptions(), false);

    protected override void OnSnapshot()
    {
        _hosts = FormChoices.Hosts(Snapshot);
        _images = [.. (HostNow?.Images ?? []).SelectMany(i => i.Tags).Where(t => t.Contains("calico", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(t => new FormOption(t, "on the host"))];
    }

    private void Restore(Operation operation)
    {
        if (operation is DeployCalicoNode o)
        {
            (_host, _options, _more) = (o.Host, o.Options, true);
            OnSnapshot();
        }
    }
}
