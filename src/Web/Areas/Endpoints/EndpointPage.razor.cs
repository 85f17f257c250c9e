using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Endpoints;

public sealed partial class EndpointPage
{
    private static readonly PageTab[] Views = [PageTab.Overview, new("what-if", "What if …"), PageTab.Document, PageTab.History];

    private EndpointRow? _row;
    private WrittenName? _written;
    private Cidr[] _pools = [];
    private OpenStackVm? _vm;
    private ImmutableArray<LabelOrigin> _labels = [];
    private ImmutableArray<PolicyView> _policies = [];

    /// <summary>Node, orchestrator, workload and endpoint; any of them may hold slashes.</summary>
    [Parameter]
    public string Path { get; set; } = "";

    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    /// <summary>The network that <em>What if</em> asks about at first.</summary>
    [SupplyParameterFromQuery]
    public string? Network { get; set; }

    // A container's name outlives its endpoints.
    protected override void OnParametersSet()
    {
        _written = WrittenName.From(Navigation, Path, 1, rest: true);
        OnSnapshot();
    }

    protected override void OnSnapshot()
    {
        _row = WrittenName.Readings.Select(r => Find((_written ?? new(Path)).Text, r)).FirstOrDefault(found => found is not null) is { } id
            ? EndpointRow.AllIn(Snapshot, e => e.Id == id).FirstOrDefault() : null;
        _vm = _row is null ? null : OpenStackVm.From(_row.Endpoint);
        _labels = _row is null ? [] : LabelOrigins.For(Snapshot.Calico, _row.Endpoint.Labels, _row.Endpoint.ProfileIds);
        _policies = _row is null ? [] : Selecting(_row.Endpoint);
        _pools = _row is null ? [] : [.. Snapshot.Calico.IPPools.Keys.Where(p => _row.Endpoint.IPv4Nets.Concat(_row.Endpoint.IPv6Nets)
            .Any(n => p.Contains(n.Address)))];
    }

    private ImmutableArray<PolicyView> Selecting(WorkloadEndpoint endpoint)
    {
        var labels = EffectiveLabels.For(Snapshot.Calico, endpoint);
        return [.. PolicyViews.AllIn(Snapshot.Calico, EndpointClasses.Empty).Where(p => !p.OnlyHosts && p.Selector?.Matches(labels) == true)];
    }

    // Four parts as our links write them; by hand any of them may hold slashes.
    private WorkloadEndpointId? Find(string path, Func<string, string> read)
    {
        var calico = Snapshot.Calico;
        if (path.Split('/') is [var node, var orchestrator, var workload, var name])
        {
            var id = new WorkloadEndpointId(read(node), read(orchestrator), read(workload), read(name));
            return calico.Find(id) is null ? null : id;
        }

        var text = read(path);
        return calico.WorkloadEndpoints.Values.FirstOrDefault(e =>
            $"{e.Value.Id.Node}/{e.Value.Id.Orchestrator}/{e.Value.Id.Workload}/{e.Value.Id.Name}" == text)?.Value.Id;
    }
}
