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

    private Does _does;
    private AttachmentTarget? _fromAddress;
    private AttachmentTarget? _chosen;
    private string _profile = "";
    private string _to = "";
    private bool _remember;
    private (Does, string?, string?, string?, string?, string?, string?)? _read;
    private Operation? _operation;
    private ReachabilityProposal? _proposal;
    private string? _asks;
    private ImmutableArray<FieldError> _errors = [];
    private ImmutableArray<FormOption> _all = [];
    private ImmutableArray<FormOption> _carried = [];
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

    /// <summary>The profile that comes, where one is put in the place of another.</summary>
    [SupplyParameterFromQuery]
    public string? To { get; set; }

    private AttachWords Words => AttachWords.For(_does);

    private AttachmentTarget? Target => _fromAddress ?? _chosen;

    private string Said => Target is { } target ? target.Endpoint is { } id ? Label(id) : target.Name : "endpoints";

    private (string Href, string Text) Back => Target switch
    {
        { Network: { } network } when Snapshot.Views.Networks.FirstOrDefault(n => n.IsCalico && n.Network.Name == network) is { } view =>
            (Links.Network(view.Network.Id), network),
        { Container: { } container, Host: { } host } when Snapshot.Hosts.GetValueOrDefault(host)?.Containers.Values.FirstOrDefault(c =>
            c.Name == container) is { } found => (Links.Container(host, found.Id), container),
        { Endpoint: { } e } => (Links.Endpoint(e.Node, e.Orchestrator, e.Workload, e.Name), "Endpoint"),
        _ when Profile is { Length: > 0 } => (Links.Profile(Profile), Profile),
        _ => (Links.Profiles, "Profiles"),
    };

    protected override void OnParametersSet()
    {
        var path = new Uri(Navigation.Uri).AbsolutePath;
        _does = path.EndsWith("detach-profile", StringComparison.Ordinal) ? Does.Detach
            : path.EndsWith("swap-profile", StringComparison.Ordinal) ? Does.Swap : Does.Attach;
        var asked = (_does, Network, Host, Container, Endpoint, Profile, To);
        if (_read != asked)
        {
            _read = asked;
            (_profile, _to) = (Profile ?? "", To ?? "");
            _fromAddress = Network is { Length: > 0 } ? AttachmentTarget.OfNetwork(Network)
                : Host is { Length: > 0 } && Container is { Length: > 0 } ? AttachmentTarget.OfContainer(Host, Container)
                : Endpoint?.Split('/').Select(Uri.UnescapeDataString).ToArray() is [var node, var orchestrator, var workload, var name]
                    ? AttachmentTarget.OfEndpoint(new WorkloadEndpointId(node, orchestrator, workload, name))
                : null;
            _remember = Target is { Lasts: true };
        }

        OnSnapshot();
    }

    protected override void OnSnapshot() => Make();

    private void Choose(AttachmentTarget? target)
    {
        // What can last is remembered unless somebody says otherwise.
        _remember = _chosen is null ? target is { Lasts: true } : _remember;
        _chosen = target;
        Make();
    }

    private void Make()
    {
        _endpoints = Target is null ? [] : [.. Target.Endpoints(Snapshot).Select(e => e.Value)];
        _all = [.. Snapshot.Calico.Profiles.Keys.Select(p => new FormOption(p, p))];
        _carried =
        [
            .. _endpoints.SelectMany(e => e.ProfileIds).Concat(Attachment.All(Snapshot).Where(a => a.Target == Target).Select(a => a.Profile))
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(p => new FormOption(p, p)),
        ];
        _remember &= Target is not { Lasts: false };
        _errors = [.. Missing()];
        var next = Target is not { } target || !_errors.IsEmpty ? null : Asked(target);
        _operation = next;
        var asks = next is null ? null
            : $"{_does} {_profile} {_to} {string.Join(' ', _endpoints.Select(e => $"{FlowEnds.NameOf(e.Id)} {string.Join(',', e.ProfileIds)}"))}";
        if (asks == _asks)
        {
            return;
        }

        _asks = asks;
        _proposal = next is null ? null : ReachabilityProposal.From(_endpoints.Where(e => e.ProfileIds.Contains(_profile) == (_does != Does.Attach))
            .Select(e => e with { ProfileIds = After(e.ProfileIds) }));
    }

    private IEnumerable<FieldError> Missing()
    {
        if (Target is null)
        {
            yield return new("target", "choose a network, a container or an endpoint that is there");
        }

        if (_profile.Length == 0)
        {
            yield return new(_does == Does.Swap ? "from" : "profile", "choose a profile");
        }

        if (_does == Does.Swap && _to.Length == 0)
        {
            yield return new("to", "choose a profile");
        }
    }

    private Operation Asked(AttachmentTarget target) => _does switch
    {
        Does.Attach => new AttachProfile(_profile, target, _remember),
        Does.Detach => new DetachProfile(_profile, target, _remember),
        Does.Swap => new SwapProfile(_profile, _to, target, _remember),
    };

    private ImmutableArray<string> After(ImmutableArray<string> profiles) => _does switch
    {
        Does.Attach => profiles.Add(_profile),
        Does.Detach => [.. profiles.Where(p => p != _profile)],
        Does.Swap => SwapProfile.Swapped(profiles, _profile, _to),
    };

    private string Label(WorkloadEndpointId id) => Snapshot.Views.ContainerByEndpointId.TryGetValue(id.Name, out var key)
        && Snapshot.Views.Containers.TryGetValue(key, out var view) ? FlowEnds.NameOf(view) : FlowEnds.NameOf(id);

    private void Restored(Operation operation)
    {
        (_profile, _to, _chosen, _remember) = operation switch
        {
            AttachProfile o => (o.Profile, _to, o.Target, o.Remember),
            DetachProfile o => (o.Profile, _to, o.Target, o.Remember),
            SwapProfile o => (o.From, o.To, o.Target, o.Remember),
            _ => (_profile, _to, _chosen, _remember),
        };
        Make();
    }
}
