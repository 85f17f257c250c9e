using System.Collections.Immutable;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.OpenStack;

public sealed partial class JoinVmsPage
{
    private static readonly ImmutableArray<FormOption> Protocols = [new("tcp", "TCP"), new("udp", "UDP"), new("icmp", "ICMP (ping)"),
        new("any", "every protocol")];

    private string _network = "";
    private string _group = "";
    private string _protocol = "tcp";
    private string _ports = "";
    private bool _toVms;
    private bool _fromVms = true;
    private (string?, string?, string?, string?, string?)? _read;
    private Operation? _operation;
    private ReachabilityProposal? _proposal;
    private string? _document;
    private ImmutableArray<FieldError> _errors = [];
    private ImmutableArray<FormOption> _networks = [];
    private ImmutableArray<FormOption> _groups = [];

    [SupplyParameterFromQuery]
    public string? Network { get; set; }

    [SupplyParameterFromQuery]
    public string? Group { get; set; }

    /// <summary><c>to</c>, <c>from</c>, or <c>both</c>, seen from the containers' side: to the VMs, from the VMs.</summary>
    [SupplyParameterFromQuery]
    public string? Direction { get; set; }

    [SupplyParameterFromQuery]
    public string? Protocol { get; set; }

    [SupplyParameterFromQuery]
    public string? Ports { get; set; }

    [SupplyParameterFromQuery]
    public bool Undo { get; set; }

    protected override void OnParametersSet()
    {
        var asked = (Network, Group, Direction, Protocol, Ports);
        if (_read != asked)
        {
            _read = asked;
            (_network, _group, _protocol, _ports) = (Network ?? _network, Group ?? _group, Protocol ?? _protocol, Ports ?? _ports);
            if (Direction is not null)
            {
                (_toVms, _fromVms) = (Direction is "to" or "both", Direction is "from" or "both");
            }
        }

        OnSnapshot();
    }

    protected override void OnSnapshot()
    {
        _networks = [.. Snapshot.Views.Networks.Where(n => n.IsCalico && n.Profile is not null).Select(n => n.Network.Name).Distinct(StringComparer.Ordinal)
            .Select(n => new FormOption(n, n))];
        _groups = [.. Snapshot.Calico.Profiles.Keys.Where(OpenStackView.IsSecurityGroup)
            .Select(g => new FormOption(g, $"{g[OpenStackView.ProfilePrefix.Length..]} ({Members(g)})"))];
        Make();
    }

    private string Members(string group) => Snapshot.Calico.WorkloadEndpoints.Values.Count(e => e.Value.ProfileIds.Contains(group)) switch
    {
        1 => "1 VM",
        var n => $"{n} VMs"
    };

    private void Make()
    {
        var ports = _protocol is "tcp" or "udp" ? PortList.Read(_ports) : [];
        _errors =
        [
            .. _network.Length == 0 ? (FieldError[])[new("network", "choose a network")] : [],
            .. _group.Length == 0 ? (FieldError[])[new("securityGroup", "choose a security group")] : [],
            .. !_toVms && !_fromVms ? (FieldError[])[new("direction", "choose at least one direction")] : [],
            .. ports is null ? (FieldError[])[new("ports", PortList.Reason)] : [],
        ];
        var next = _errors.IsEmpty ? new JoinVms(_network, _group, _toVms, _fromVms)
        {
            Protocol = _protocol == "any" ? null : _protocol,
            Ports = ports!.Value,
            Undo = Undo
        } : null;
        _operation = next;
        var after = next is null ? null : VmJoin.From(next, Snapshot).After;
        var document = after is null ? null : ResourceDocument.ToYaml(after);
        if (document != _document)
        {
            (_document, _proposal) = (document, after is null ? null : ReachabilityProposal.From(after));
        }
    }

    private void Restored(Operation operation)
    {
        if (operation is JoinVms o)
        {
            (_network, _group, _toVms, _fromVms, _protocol, _ports) = (o.Network, o.SecurityGroup, o.ToVms, o.FromVms, o.Protocol ?? "any",
                string.Join(", ", o.Ports));
            Make();
        }
    }
}
