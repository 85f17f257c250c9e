using System.Collections.Immutable;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Profiles;

public sealed partial class TargetFields
{
    // More suggestions than these only slow the browser down; what is not suggested is typed.
    private const int Suggested = 500;

    private static readonly ImmutableArray<FormOption> Kinds =
        [new("network", "All of a network"), new("container", "Those of one container"), new("endpoint", "One endpoint")];

    private string _kind = "network";
    private string _text = "";
    private AttachmentTarget? _said;
    private ImmutableArray<FormOption> _networks = [];
    private ImmutableArray<FormOption> _containers = [];
    private ImmutableArray<FormOption> _endpoints = [];

    /// <summary>What is chosen; null while that is not enough.</summary>
    [Parameter]
    public AttachmentTarget? Value { get; set; }

    /// <summary>Raised when something else is chosen.</summary>
    [Parameter]
    public EventCallback<AttachmentTarget?> ValueChanged { get; set; }

    [CascadingParameter]
    private FormContext Form { get; set; } = default!;

    protected override void OnParametersSet()
    {
        // An operation that is looked at again brings its own.
        if (Value is not null && Value != _said)
        {
            _said = Value;
            (_kind, _text) = Value switch
            {
                { Network: { } network } => ("network", network),
                { Container: { } container, Host: var host } => ("container", $"{host}/{container}"),
                { Endpoint: { } e } => ("endpoint", $"{e.Node}/{e.Orchestrator}/{e.Workload}/{e.Name}"),
                _ => (_kind, _text),
            };
        }

        OnSnapshot();
    }

    protected override void OnSnapshot()
    {
        var views = Snapshot.Views;
        _networks = [.. views.Networks.Where(n => n.IsCalico).Select(n => n.Network.Name).Distinct(StringComparer.Ordinal).Select(n => new FormOption(n, n))];
        _containers = _kind != "container" ? [] :
        [
            .. views.Containers.Values.Where(c => c.Endpoints.Any(e => e.Endpoint is not null)).Take(Suggested)
                .Select(c => new FormOption($"{c.Host}/{c.Container.Name}", string.Join(", ", c.Endpoints.Select(e => e.Attachment.NetworkName)))),
        ];
        _endpoints = _kind != "endpoint" ? [] :
        [
            .. Snapshot.Calico.WorkloadEndpoints.Values.Select(e => e.Value).Where(e => e.Id.Orchestrator != OpenStackView.Orchestrator).Take(Suggested)
                .Select(e => new FormOption($"{e.Id.Node}/{e.Id.Orchestrator}/{e.Id.Workload}/{e.Id.Name}", string.Join(", ", e.ProfileIds))),
        ];
    }

    private Task SayAsync(string kind, string text)
    {
        (_kind, _text) = (kind, text);
        OnSnapshot();
        Form.Memory.Edit();
        _said = Read(kind, text.Trim());
        return ValueChanged.InvokeAsync(_said);
    }

    private AttachmentTarget? Read(string kind, string text) => (kind, text.Split('/')) switch
    {
        (_, [""]) => null,
        ("network", _) => AttachmentTarget.OfNetwork(text),
        ("container", [var host, var name]) when host.Length > 0 && name.Length > 0 => AttachmentTarget.OfContainer(host, name),
        ("endpoint", _) => Snapshot.Calico.WorkloadEndpoints.Values.Select(e => e.Value.Id)
            .Where(id => $"{id.Node}/{id.Orchestrator}/{id.Workload}/{id.Name}" == text)
            .Select(AttachmentTarget.OfEndpoint).FirstOrDefault(),
        _ => null,
    };
}
