using System.Collections.Immutable;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Policies;
using CalicoConsole.Web.Kit;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.HostEndpoints;

public sealed partial class HostEndpointPage
{
    private static readonly PageTab[] Views = [PageTab.Overview, PageTab.Document, PageTab.History];

    private HostEndpointRow? _row;
    private ImmutableArray<PolicyRow> _policies = [];
    private ImmutableArray<LabelOrigin> _labels = [];
    private EndpointClasses _classes = EndpointClasses.Empty;
    private string _inbound = "";
    private string _outbound = "";

    private WrittenName? _written;

    [Parameter]
    public string Node { get; set; } = "";

    /// <summary>Its name; it may hold slashes.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    private string Real => (_written ?? new(Name)).Read(n => Snapshot.Calico.FindHostEndpoint(Node, n) is not null);

    protected override void OnParametersSet()
    {
        (_written, var node) = (WrittenName.From(Navigation, Name, 2, rest: true), WrittenName.From(Navigation, Node, 1));
        // Both are read alike: whoever wrote one wrote the other.
        Node = WrittenName.Readings.FirstOrDefault(r => Snapshot.Calico.FindHostEndpoint(r(node.Text), r(_written.Text)) is not null) is { } reading
            ? reading(node.Text) : node.Read(Snapshot.Calico.Nodes.ContainsKey);
        OnSnapshot();
    }

    protected override void OnSnapshot()
    {
        var calico = Snapshot.Calico;
        _row = HostEndpointRow.AllIn(Snapshot, e => e.Node == Node && e.Name == Real).FirstOrDefault();
        if (_row is not { } row)
        {
            return;
        }

        var labels = EffectiveLabels.For(calico, row.Endpoint);
        _classes = EndpointClasses.From(calico, _classes);
        _policies = [.. PolicyRow.AllIn(calico, _classes).Where(p => p.View.Selector?.Matches(labels) == true)];
        _labels = LabelOrigins.For(calico, row.Endpoint.Labels, row.Endpoint.ProfileIds);
        _inbound = EffectiveConfiguration.Felix(calico, "FailsafeInboundHostPorts", Node).Value;
        _outbound = EffectiveConfiguration.Felix(calico, "FailsafeOutboundHostPorts", Node).Value;
    }
}
