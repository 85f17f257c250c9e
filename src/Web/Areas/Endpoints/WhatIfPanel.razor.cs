using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Endpoints;

public sealed partial class WhatIfPanel : IDisposable
{
    private readonly FormContext _form = new("what-if");
    private ImmutableArray<FormOption> _networks = [];
    private string _network = "";
    private string _labels = "";
    private string? _asks;
    private WhatIf? _answer;
    private ReachabilityProposal? _proposal;
    private WorkloadEndpointId? _of;

    /// <summary>The cluster.</summary>
    [Parameter, EditorRequired]
    public ClusterSnapshot Snapshot { get; set; } = default!;

    /// <summary>The endpoint as it is.</summary>
    [Parameter, EditorRequired]
    public WorkloadEndpoint Endpoint { get; set; } = default!;

    /// <summary>What people call it.</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    /// <summary>The Docker host that it is on; null where none is configured.</summary>
    [Parameter]
    public string? Host { get; set; }

    /// <summary>The network that is asked about at first.</summary>
    [Parameter]
    public string? Network { get; set; }

    private bool IsDocker => Endpoint.Id.Orchestrator != OpenStackView.Orchestrator;

    private bool IsRelabelled => _answer?.Endpoint is { } asked && !asked.Labels.SequenceEqual(Endpoint.Labels);

    /// <inheritdoc/>
    public void Dispose() => _form.Changed -= StateHasChanged;

    /// <inheritdoc/>
    protected override void OnInitialized() => _form.Changed += StateHasChanged;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (_of != Endpoint.Id)
        {
            (_of, _labels, _network) = (Endpoint.Id, WhatIf.Typed(Endpoint), Network ?? "");
        }

        _networks =
        [
            new("", "the one that it is on"),
            .. Snapshot.Views.Networks.Where(n => n.IsCalico).Select(n => n.Network.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(n => new FormOption(n, n)),
        ];
        Ask(_labels, _network);
    }

    private void Ask(string labels, string network)
    {
        (_labels, _network) = (labels, network);
        _answer = WhatIf.For(Snapshot, Endpoint, labels, network);
        _form.Errors = _answer.Errors;
        // The same question again, as after each snapshot, is not worked out anew.
        var asks = _answer.Endpoint is { } asked ? $"{string.Join(' ', asked.ProfileIds)} {string.Join(' ', asked.IPv4Nets)} {WhatIf.Typed(asked)}" : null;
        if (asks != _asks)
        {
            _asks = asks;
            _proposal = _answer.Endpoint is { } endpoint ? ReachabilityProposal.From(endpoint) : null;
        }
    }

    // The endpoint stands by itself: it leaves one group and joins another.
    private IEnumerable<string> GroupsOf(WorkloadEndpoint endpoint) => endpoint.Id == _of ? [Name] : EndpointGroups.ByProfile(endpoint);
}
