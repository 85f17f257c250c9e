using System.Globalization;

namespace CalicoConsole.Core.Reachability;

/// <summary>One flow's way from its source to its destination: workload egress, hosts on the way, workload ingress (calico-v1 reference 5.1 to 5.3). For one flow only.</summary>
internal ref struct FlowEvaluation
{
    private readonly ReachabilityModel _model;
    private readonly Flow _flow;
    private readonly List<TraceStep>? _trace;
    private readonly bool _ipv6;
    private readonly EndpointEntry? _source;
    private readonly EndpointEntry? _destination;
    private RuleWalk _walk;
    private Packet _packet;

    public FlowEvaluation(ReachabilityModel model, Flow flow, bool leaks, List<TraceStep>? trace)
    {
        (_model, _flow, _trace) = (model, flow, trace);
        _ipv6 = flow.Source.Address.IsIPv6;
        _source = Find(model, flow.Source);
        _destination = Find(model, flow.Destination);
        _walk = new RuleWalk(model.Members, _ipv6, leaks, trace);
        _packet = new Packet(model.Table.Resolve(flow.Source.Address), model.Table.Resolve(flow.Destination.Address), Traffic.Of(flow));
    }

    /// <summary>Whether an untracked policy took the flow out of connection tracking; known after <see cref="Run"/>.</summary>
    public bool IsUntracked { get; private set; }

    private readonly string? SourceNode => _source?.Endpoint.Id.Node ?? _flow.Source.UnregisteredOn ?? _flow.Source.Node;

    private readonly string? DestinationNode => _destination?.Endpoint.Id.Node ?? _flow.Destination.UnregisteredOn ?? _flow.Destination.Node;

    public bool Run()
    {
        if (!CanExist(_source, FlowDirection.Egress, _flow.Source) || !CanExist(_destination, FlowDirection.Ingress, _flow.Destination))
        {
            return false;
        }

        var polices = _source is not null && Polices(_source, FlowDirection.Egress);
        if (polices && _flow.Destination.Node == _source!.Endpoint.Id.Node)
        {
            return ToOwnHost(_source);
        }

        if (polices && !Workload(_source!, FlowDirection.Egress))
        {
            return false;
        }

        var sameHost = SourceNode is { } from && from == DestinationNode;
        if (sameHost && _flow.Source.Node is not null)
        {
            // A host reaches its own workloads and itself without policy.
            if (_destination is not null)
            {
                Note(FlowDirection.Ingress, _destination.Endpoint.Id.Name, TraceOutcome.Allowed, "a host reaches its own workloads without policy");
            }

            return true;
        }

        if (!sameHost)
        {
            if (_flow.Source is { Node: { } sender } && !FromHost(sender))
            {
                return false;
            }

            // The mark is a property of the packet on one host.
            _walk.Mark = false;
            MasqueradeSource();
            if (DestinationNode is { } receiver && IntoHost(receiver) is { } decided)
            {
                return decided;
            }
        }

        return _destination is null || !Polices(_destination, FlowDirection.Ingress) || Workload(_destination, FlowDirection.Ingress);
    }

    private static EndpointEntry? Find(ReachabilityModel model, FlowEnd end) => end.Endpoint is { } id ? model.Table.Endpoints.GetValueOrDefault(id) : null;

    private readonly bool CanExist(EndpointEntry? entry, FlowDirection direction, FlowEnd end)
    {
        var reason = entry switch
        {
            null when end.UnregisteredOn is { } node => $"the workload has no endpoint in the datastore: Felix on {node} drops all packets of its interface",
            null => null,
            { IsActive: false } when _model.IsEnforced(entry.Endpoint.Id.Node) => "the endpoint is not active: it has no route",
            _ => null,
        };
        if (reason is not null)
        {
            Note(direction, entry?.Endpoint.Id.Name ?? end.Address.ToString(), TraceOutcome.Denied, reason);
        }

        return reason is null;
    }

    private readonly bool Polices(EndpointEntry entry, FlowDirection direction)
    {
        var (node, name) = (entry.Endpoint.Id.Node, entry.Endpoint.InterfaceName);
        var reason = !_model.IsEnforced(node)
            ? $"nothing enforces rules on node {node}"
            : !_model.HostOf(node).IsWorkloadInterface(name)
                ? $"Felix on {node} polices interfaces that begin with {string.Join(", ", _model.HostOf(node).InterfacePrefixes)}, and '{name}' does not"
                : null;
        if (reason is not null)
        {
            Note(direction, entry.Endpoint.Id.Name, TraceOutcome.Allowed, reason);
        }

        return reason is null;
    }

    private bool Workload(EndpointEntry entry, FlowDirection direction) =>
        _walk.Run(_model.GovernanceOf(entry.LabelClass, direction), _packet, TraceStage.Workload, entry.Endpoint.Id.Name);

    private bool ToOwnHost(EndpointEntry source)
    {
        var node = source.Endpoint.Id.Node;
        var settings = _model.HostOf(node);
        if (HostRules.BeforeEgressToHost(settings, _packet.Destination.Ip, _packet.Traffic, _ipv6) is { } exception)
        {
            Step(FlowDirection.Egress, TraceSubject.EndpointToHost, node, TraceOutcome.Allowed, exception);
            return true;
        }

        if (!Workload(source, FlowDirection.Egress))
        {
            return false;
        }

        var action = settings.EndpointToHost ?? _model.Settings.EndpointToHost;
        var allowed = action != EndpointToHostAction.Drop;
        var words = action == EndpointToHostAction.Return ? "RETURN: the host's own INPUT rules, which are not Calico's, have the last word" : action.ToString().ToUpperInvariant();
        Step(FlowDirection.Egress, TraceSubject.EndpointToHost, node, allowed ? TraceOutcome.Allowed : TraceOutcome.Denied, $"DefaultEndpointToHostAction is {words}");
        return allowed;
    }

    private bool FromHost(string node)
    {
        if (HostRules.Find(_model, node, _flow.Source.Address, _flow.Source.Interface) is not { } host)
        {
            return true;
        }

        var endpoint = host.Describe;
        if (host.Assumption is { } assumption)
        {
            Step(FlowDirection.Egress, TraceSubject.Note, endpoint, TraceOutcome.Noted, assumption);
        }

        var failsafe = IsFailsafe(_model.HostOf(node).FailsafeOutbound, FlowDirection.Egress, TraceStage.Host, endpoint);
        var labelClass = host.Entry.LabelClass;
        var untracked = _model.MakeGovernance(labelClass, FlowDirection.Egress, PolicyStage.Untracked);
        if (!failsafe && untracked.Policies.Length > 0)
        {
            var outcome = _walk.RunPolicies(untracked, _packet, TraceStage.HostUntracked, endpoint);
            if (outcome is TraceOutcome.Allowed or TraceOutcome.Denied)
            {
                IsUntracked |= outcome == TraceOutcome.Allowed;
                return outcome == TraceOutcome.Allowed;
            }
        }

        return failsafe || _walk.Run(_model.GovernanceOf(labelClass, FlowDirection.Egress), _packet, TraceStage.Host, endpoint);
    }

    /// <summary>The host endpoint where the packet arrives: a verdict when it decides, null when the workload's rules follow.</summary>
    private bool? IntoHost(string node)
    {
        var toHost = _flow.Destination.Node is not null;
        var arrival = toHost ? _flow.Destination.Address : _model.HostOf(node).Address(_ipv6);
        if (!toHost && HostRules.IsTunnelled(_model, SourceNode, node, _flow.Destination.Address))
        {
            return null;
        }

        if (HostRules.Find(_model, node, arrival, _flow.Destination.Interface) is not { } host)
        {
            return toHost ? true : null;
        }

        var endpoint = host.Describe;
        var labelClass = host.Entry.LabelClass;
        var failsafe = false;
        foreach (var (policies, stage) in (ReadOnlySpan<(PolicyStage, TraceStage)>)[(PolicyStage.Untracked, TraceStage.HostUntracked), (PolicyStage.PreDnat, TraceStage.HostPreDnat)])
        {
            var governance = _model.MakeGovernance(labelClass, FlowDirection.Ingress, policies);
            if (governance.Policies.Length == 0)
            {
                continue;
            }

            failsafe = failsafe || IsFailsafe(_model.HostOf(node).FailsafeInbound, FlowDirection.Ingress, stage, endpoint);
            var outcome = failsafe ? TraceOutcome.NoMatch : _walk.RunPolicies(governance, _packet, stage, endpoint);
            if (outcome == TraceOutcome.Denied)
            {
                return false;
            }

            if (outcome == TraceOutcome.Allowed)
            {
                // Accepting skips the later stages of the host endpoint, not the workload's own rules.
                IsUntracked |= policies == PolicyStage.Untracked;
                return toHost ? true : null;
            }
        }

        if (!toHost)
        {
            return null;
        }

        if (host.Assumption is { } assumption)
        {
            Step(FlowDirection.Ingress, TraceSubject.Note, endpoint, TraceOutcome.Noted, assumption);
        }

        return failsafe || IsFailsafe(_model.HostOf(node).FailsafeInbound, FlowDirection.Ingress, TraceStage.Host, endpoint)
            || _walk.Run(_model.GovernanceOf(labelClass, FlowDirection.Ingress), _packet, TraceStage.Host, endpoint);
    }

    private readonly bool IsFailsafe(ImmutableArray<FailsafePort> ports, FlowDirection direction, TraceStage stage, string endpoint)
    {
        if (!HostRules.IsFailsafe(ports, _packet.Traffic))
        {
            return false;
        }

        var port = _packet.Traffic.DestinationPort!.Value.ToString(CultureInfo.InvariantCulture);
        _trace?.Add(new TraceStep(direction, TraceSubject.Failsafe, port, TraceOutcome.Allowed) { Stage = stage, Endpoint = endpoint, Reason = $"port {port} is a failsafe port" });
        return true;
    }

    private void MasqueradeSource()
    {
        if (_source is null || !HostRules.IsMasqueraded(_model, _flow.Source.Address, _flow.Destination.Address))
        {
            return;
        }

        var address = _model.HostOf(_source.Endpoint.Id.Node).Address(_ipv6);
        _packet = new Packet(address is { } known ? _model.Table.Resolve(known) : new ResolvedAddress(HostRules.UnknownAddress(_ipv6), -1, default), _packet.Destination, _packet.Traffic);
        Step(FlowDirection.Egress, TraceSubject.Note, _source.Endpoint.Id.Node, TraceOutcome.Noted,
            $"NAT outgoing: the destination is in no pool, so it sees the address of host {_source.Endpoint.Id.Node}{(address is { } a ? $" ({a})" : "")}; tags and selectors no longer match the workload");
    }

    private readonly void Note(FlowDirection direction, string name, TraceOutcome outcome, string reason) => Step(direction, TraceSubject.Endpoint, name, outcome, reason);

    private readonly void Step(FlowDirection direction, TraceSubject subject, string name, TraceOutcome outcome, string reason) =>
        _trace?.Add(new TraceStep(direction, subject, name, outcome) { Endpoint = name, Reason = reason });
}
