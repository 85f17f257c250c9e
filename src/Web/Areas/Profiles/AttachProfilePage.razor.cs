using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Web.Kit.Forms;
using CalicoConsole.Web.Routing;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Profiles;

public sealed partial class AttachProfilePage
{
    private const int Listed = 10;

    private AttachmentTarget? _target;
    private string _network = "";
    private string _profile = "";
    private bool _remember;
    private (string?, string?, string?, string?, string?)? _read;
    private Operation? _operation;
    private ReachabilityProposal? _proposal;
    private string? _asks;
    private ImmutableArray<FieldError> _errors = [];
    private ImmutableArray<FormOption> _profiles = [];
    private ImmutableArray<FormOption> _networks = [];
    private ImmutableArray<WorkloadEndpoint> _endpoints = [];

    [SupplyParameterFromQuery]
    public string? Network { get; set; }

    [SupplyParameterFromQuery]
    public string? Host { get; set; }

    /// <summary>The container's name.</summary>
    [SupplyParameterFromQuery]
    public string? Container { get; set; }

    /// <summary>node/orchestrator/workload/endpoint, each escaped.</summary>
    [SupplyParameterFromQuery]
    public string? Endpoint { get; set; }

    [SupplyParameterFromQuery]
    public string? Profile { get; set; }

    private bool Detach => new Uri(Navigation.Uri).AbsolutePath.EndsWith("detach-profile", StringComparison.Ordinal);

    private AttachmentTarget? Target => _target ?? (_network.Length > 0 ? AttachmentTarget.OfNetwork(_network) : null);

    private string Said => Target is { } target ? target.Endpoint is { } id ? Label(id) : target.Name : "endpoints";

    private (string Href, string Text) Back => Target switch
    {
        { Network: { } network } when Snapshot.Views.Networks.FirstOrDefault(n => n.IsCalico && n.Network.Name == network) is { } view =>
            (Links.Network(view.Network.Id), network),
        { Container: { } container, Host: { } host } when Snapshot.Hosts.GetValueOrDefault(host)?.Containers.Values.FirstOrDefault(c =>
            c.Name == container) is { } found => (Links.Container(host, found.Id), container),
        { Endpoint: { } e } => (Links.Endpoint(e.Node, e.Orchestrator, e.Workload, e.Name), "Endpoint"),
        _ => (Links.Profiles, "Profiles"),
    };

    protected override void OnParametersSet()
    {
        var asked = (Network, Host, Container, Endpoint, Profile);
        if (_read != asked)
        {
            _read = asked;
            _profile = Profile ?? "";
            _target = Network is { Length: > 0 } ? AttachmentTarget.OfNetwork(Network)
                : Host is { Length: > 0 } && Container is { Length: > 0 } ? AttachmentTarget.OfContainer(Host, Container)
                : Endpoint?.Split('/').Select(Uri.UnescapeDataString).ToArray() is [var node, var orchestrator, var workload, var name]
                    ? AttachmentTarget.OfEndpoint(new WorkloadEndpointId(node, orchestrator, workload, name))
                : null;
            _remember = Target is { Lasts: true };
        }

        OnSnapshot();
    }

    protected override void OnSnapshot()
    {
        _networks = [.. Snapshot.Views.Networks.Where(n => n.IsCalico).Select(n => n.Network.Name).Distinct(StringComparer.Ordinal)
            .Select(n => new FormOption(n, n))];
        Make();
    }

    private void Make()
    {
        _endpoints = Target is null ? [] : [.. Target.Endpoints(Snapshot).Select(e => e.Value)];
        _profiles = Detach
            ? [.. _endpoints.SelectMany(e => e.ProfileIds).Concat(Attachment.All(Snapshot).Where(a => a.Target == Target).Select(a => a.Profile))
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(p => new FormOption(p, p))]
            : [.. Snapshot.Calico.Profiles.Keys.Select(p => new FormOption(p, p))];
        _errors = [.. Target is null ? (FieldError[])[new("network", "choose a network")] : [], .. _profile.Length == 0
            ? (FieldError[])[new("profile", "choose a profile")] : []];
        var next = Target is null || _profile.Length == 0 ? null : Detach ? new DetachProfile(_profile, Target, _remember)
            : (Operation)new AttachProfile(_profile, Target, _remember);
        _operation = next;
        var asks = next is null ? null
            : $"{Detach} {_profile} {string.Join(' ', _endpoints.Select(e => $"{FlowEnds.NameOf(e.Id)} {string.Join(',', e.ProfileIds)}"))}";
        if (asks == _asks)
        {
            return;
        }

        _asks = asks;
        _proposal = next is null ? null : ReachabilityProposal.From(_endpoints
            .Where(e => e.ProfileIds.Contains(_profile) == Detach)
            .Select(e => e with { ProfileIds = Detach ? [.. e.ProfileIds.Where(p => p != _profile)] : e.ProfileIds.Add(_profile) }));
    }

    private string Label(WorkloadEndpointId id) => Snapshot.Views.ContainerByEndpointId.TryGetValue(id.Name, out var key)
        && Snapshot.Views.Containers.TryGetValue(key, out var view) ? FlowEnds.NameOf(view) : FlowEnds.NameOf(id);

    private void Restored(Operation operation)
    {
        (_profile, _target, _remember) = operation switch
        {
            AttachProfile o => (o.Profile, o.Target, o.Remember),
            DetachProfile o => (o.Profile, o.Target, o.Remember),
            _ => (_profile, _target, _remember),
        };
        Make();
    }
}
