using System.Globalization;

namespace CalicoConsole.Core.Reachability;

/// <summary>
/// One flow's way from its source to its destination: workload egress, hosts on the way, workload ingress (docs/calico-v1.md). For one flow only.
/// </summary>
internal ref partial struct FlowEvaluation
{
    private readonly ReachabilityModel _model;
    private readonly Flow _flow;
    private readonly List<TraceStep>? _trace;
    private readonly bool _ipv6;
    private readonly EndpointEntry? _source;
    private readonly EndpointEntry? _destination;
    private readonly ConnectionTracking? _tracking;

    // Whether the packet answers one whose source NAT outgoing replaced.
    private readonly bool _hidden;
    private RuleWalk _walk;
    private Packet _packet;
    private PacketState _state;
    private string? _doubt;

    // What the request addressed before DNAT on the receiver's host; null where nothing replaces it on the way.
    private readonly DialledTarget? _dialled;

    public FlowEvaluation(ReachabilityModel model, Flow flow, bool leaks, List<TraceStep>? trace, ConnectionTracking? tracking = null)
    {
        (_model, _flow, _trace, _tracking) = (model, flow, trace, tracking);
        _ipv6 = flow.Source.Address.IsIPv6;
        _source = Find(model, flow.Source);
        _destination = Find(model, flow.Destination);
        _walk = new RuleWalk(model.Members, _ipv6, leaks, trace);
        _packet = new Packet(model.Table.Resolve(flow.Source.Address), model.Table.Resolve(flow.Destination.Address), Traffic.Of(flow));
        var answers = tracking is { Role: PacketRole.Answer };
        // On one host every rule that asks sees the packet after DNAT.
        _dialled = SourceNode is { } here && here == DestinationNode ? null : flow.Dialled;
        if (!answers && _dialled is not null)
        {
            _packet = new Packet(_packet.Source, model.Table.Resolve(_dialled.Address), Traffic.Of(flow.AsDialled));
        }

        _hidden = answers && _destination is not null && HostRules.IsMasqueraded(model, flow.Destination.Address, _dialled?.Address ?? flow.Source.Address);
        if (_hidden)
        {
            _packet = new Packet(_packet.Source, HostRules.AddressOf(model, _destination!.Endpoint.Id.Node, _ipv6), _packet.Traffic);
        }
    }

    /// <summary>Why nobody can say; null when it is known. Set by <see cref="Run"/>.</summary>
    public readonly string? Doubt => _doubt ?? _walk.Doubt;

    /// <summary>Whether the doubt is about the interfaces of a host that forwards it.</summary>
    public readonly bool IsWayUnknown => _doubt is not null;

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

        if (SourceNode is { } at && (_flow.Source.Node is null || at == DestinationNode))
        {
            // What leaves a workload is never taken out of connection tracking.
            Track(at, untracked: false);
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

            if (_tracking is { Role: PacketRole.Answer } && !DialBack())
            {
                return false;
            }

            // The mark is a property of the packet on one host.
            _walk.Mark = false;
            if (_tracking is not { Role: PacketRole.Answer })
            {
                MasqueradeSource();
            }
            else if (_state == PacketState.New && _source is not null && HostRules.IsMasqueraded(_model, _flow.Source.Address, Far))
            {
                Note(FlowDirection.Egress, _source.Endpoint.Id.Name, TraceOutcome.Denied,
                    "NAT outgoing replaces the source of the answer, which belongs to no tracked connection: the sender does not know it");
                return false;
            }

            if (_flow.Via is { } hop && !Through(hop))
            {
                return false;
            }

            // As above, on the next host.
            _walk.Mark = false;
            if (DestinationNode is { } receiver && IntoHost(receiver) is { } decided)
            {
                return decided;
            }
        }

        Translate();
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

    private bool Workload(EndpointEntry entry, FlowDirection direction)
    {
        // Felix drops what connection tracking calls INVALID, and accepts what belongs to a connection, in front of every endpoint's rules.
        return TrackedVerdict(direction, TraceStage.Workload, entry.Endpoint.Id.Name)
            ?? _walk.Run(_model.GovernanceOf(entry.LabelClass, direction), _packet, TraceStage.Workload, entry.Endpoint.Id.Name);
    }

    private bool ToOwnHost(EndpointEntry source)
    {
        var node = source.Endpoint.Id.Node;
        var settings = _model.HostOf(node);
        if (HostRules.BeforeEgressToHost(settings, _packet.Destination.Ip, _packet.Traffic, _ipv6) is { } exception)
        {
            Step(FlowDirection.Egress, TraceSubject.EndpointToHost, node, TraceOutcome.Allowed, exception);
            return true;
        }

        if (_state == PacketState.Established)
        {
            return true;
        }

        if (!Workload(source, FlowDirection.Egress))
        {
            return false;
        }

        var action = settings.EndpointToHost ?? _model.Settings.EndpointToHost;
        var allowed = action != EndpointToHostAction.Drop;
        var words = action == EndpointToHostAction.Return
            ? "RETURN: the host's own INPUT rules, which are not Calico's, have the last word" : action.ToString().ToUpperInvariant();
        Step(FlowDirection.Egress, TraceSubject.EndpointToHost, node, allowed
            ? TraceOutcome.Allowed : TraceOutcome.Denied, $"DefaultEndpointToHostAction is {words}");
        return allowed;
    }

    private bool FromHost(string node)
    {
        var settings = _model.HostOf(node);
        if (HostRules.Find(_model, node, _flow.Source.Address, _flow.Source.Interface) is not { } host)
        {
            Track(node, untracked: false);
            return true;
        }

        var endpoint = host.Describe;
        Assume(host, FlowDirection.Egress);
        if (Untracked(host, FlowDirection.Egress, HostRules.IsFailsafe(settings.FailsafeOutbound, settings.FailsafeInbound, _packet.Traffic)) is { } decided)
        {
            Track(node, untracked: decided);
            return decided;
        }

        // Felix clears its marks in front of what leaves or enters a host, so that a pass of an earlier stage ends here.
        _walk.Mark = false;
        Track(node, untracked: false);
        return TrackedVerdict(FlowDirection.Egress, TraceStage.Host, endpoint)
            ?? (IsFailsafe(settings.FailsafeOutbound, FlowDirection.Egress, TraceStage.Host, endpoint)
            || _walk.Run(_model.GovernanceOf(host.Entry.LabelClass, FlowDirection.Egress), _packet, TraceStage.Host, endpoint));
    }

    /// <summary>The host endpoint where the packet arrives: a verdict when it decides, null when the workload's rules follow.</summary>
    private bool? IntoHost(string node)
    {
        var toHost = _flow.Destination.Node is not null;
        var settings = _model.HostOf(node);
        if ((!toHost && HostRules.IsTunnelled(_model, SourceNode, node, Far))
            || HostRules.Find(_model, node, toHost ? _flow.Destination.Address : settings.Address(_ipv6), _flow.Destination.Interface) is not { } host)
        {
            Track(node, untracked: false);
            return toHost ? true : null;
        }

        var endpoint = host.Describe;
        var stages = _model.StagesOf(host.Entry.LabelClass);
        if (!toHost && (stages.HasPreDnat || stages.UntrackedIngress.Policies.Length > 0))
        {
            Assume(host, FlowDirection.Ingress);
        }

        if (Untracked(host, FlowDirection.Ingress, HostRules.IsFailsafe(settings.FailsafeInbound, settings.FailsafeOutbound, _packet.Traffic)) is { } decided)
        {
            Track(node, untracked: decided);
            if (decided && !Translates)
            {
                return false;
            }

            // Accepting skips the later stages of the host endpoint, not the workload's own rules.
            return !decided ? false : toHost ? true : null;
        }

        Track(node, untracked: false);
        var failsafe = false;
        if (stages.HasPreDnat && _state != PacketState.Established)
        {
            if (TrackedVerdict(FlowDirection.Ingress, TraceStage.HostPreDnat, endpoint) is { } invalid)
            {
                return invalid;
            }

            failsafe = IsFailsafe(settings.FailsafeInbound, FlowDirection.Ingress, TraceStage.HostPreDnat, endpoint);
            var outcome = failsafe || stages.PreDnat.Policies.Length == 0
                ? TraceOutcome.NoMatch : _walk.RunPolicies(stages.PreDnat, _packet, TraceStage.HostPreDnat, endpoint);
            if (outcome is TraceOutcome.Denied or TraceOutcome.Allowed)
            {
                return outcome == TraceOutcome.Denied ? false : toHost ? true : null;
            }
        }

        if (!toHost)
        {
            return null;
        }

        Translate();
        _walk.Mark = false;
        Assume(host, FlowDirection.Ingress);
        return TrackedVerdict(FlowDirection.Ingress, TraceStage.Host, endpoint)
            ?? (failsafe || IsFailsafe(settings.FailsafeInbound, FlowDirection.Ingress, TraceStage.Host, endpoint)
            || _walk.Run(_model.GovernanceOf(host.Entry.LabelClass, FlowDirection.Ingress), _packet, TraceStage.Host, endpoint));
    }

    /// <summary>
    /// Felix's raw table: whether its doNotTrack policies let the packet through untracked (true), drop it (false), or leave it to connection tracking (null).
    /// </summary>
    private bool? Untracked(HostMatch host, FlowDirection direction, bool failsafe)
    {
        var stages = _model.StagesOf(host.Entry.LabelClass);
        var governance = direction == FlowDirection.Ingress ? stages.UntrackedIngress : stages.UntrackedEgress;
        if (failsafe || governance.Policies.Length == 0)
        {
            return null;
        }

        var outcome = _walk.RunPolicies(governance, _packet, TraceStage.HostUntracked, host.Describe);
        if (outcome == TraceOutcome.Allowed && _hidden)
        {
            Step(direction, TraceSubject.Note, host.Describe, TraceOutcome.Denied,
                "the answer goes to the host's address, which NAT outgoing put in place of the workload's; untracked, it is not translated back");
            return false;
        }

        return outcome switch
        {
            TraceOutcome.Allowed => true,
            TraceOutcome.Denied => false,
            TraceOutcome.NoMatch or TraceOutcome.Passed or TraceOutcome.Noted => null,
            _ => throw new InvalidOperationException($"unknown outcome {outcome}"),
        };
    }

    private readonly void Assume(HostMatch host, FlowDirection direction)
    {
        if (host.Assumption is { } assumption)
        {
            Step(direction, TraceSubject.Note, host.Describe, TraceOutcome.Noted, assumption);
        }
    }

    private readonly bool IsFailsafe(ImmutableArray<FailsafePort> ports, FlowDirection direction, TraceStage stage, string endpoint)
    {
        if (!HostRules.IsFailsafe(ports, _packet.Traffic))
        {
            return false;
        }

        var port = _packet.Traffic.DestinationPort!.Value.ToString(CultureInfo.InvariantCulture);
        _trace?.Add(new TraceStep(direction, TraceSubject.Failsafe, port, TraceOutcome.Allowed)
        {
            Stage = stage,
            Endpoint = endpoint,
            Reason = $"port {port} is a failsafe port"
        });
        return true;
    }

    private void MasqueradeSource()
    {
        if (_source is null || !HostRules.IsMasqueraded(_model, _flow.Source.Address, Far))
        {
            return;
        }

        var address = _model.HostOf(_source.Endpoint.Id.Node).Address(_ipv6);
        _packet = new Packet(HostRules.AddressOf(_model, _source.Endpoint.Id.Node, _ipv6), _packet.Destination, _packet.Traffic);
        Step(FlowDirection.Egress, TraceSubject.Note, _source.Endpoint.Id.Node, TraceOutcome.Noted,
            $"NAT outgoing: the destination is in no pool, so it sees the address of host {_source.Endpoint.Id.Node}{(address is { } a ? $" ({a})" : "")}; "
                + "tags and selectors no longer match the workload");
    }

    private readonly void Note(FlowDirection direction, string name, TraceOutcome outcome, string reason) =>
        Step(direction, TraceSubject.Endpoint, name, outcome, reason);

    private readonly void Step(FlowDirection direction, TraceSubject subject, string name, TraceOutcome outcome, string reason) =>
        _trace?.Add(new TraceStep(direction, subject, name, outcome) { Endpoint = name, Reason = reason });
}
