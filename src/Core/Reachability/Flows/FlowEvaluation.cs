using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Reachability.Flows;

/// <summary>
/// One flow's way from its source to its destination: workload egress, hosts on the way, workload ingress (docs/calico-v1.md). For one flow only.
/// </summary>
internal struct FlowEvaluation
{
    private FlowPacket _at;

    public FlowEvaluation(ReachabilityModel model, Flow flow, bool leaks, List<TraceStep>? trace, ConnectionTracking? tracking = null) =>
        _at = new FlowPacket(model, flow, leaks, trace, tracking);

    /// <summary>Why nobody can say; null when it is known. Set by <see cref="Run"/>.</summary>
    public readonly string? Doubt => _at.WayDoubt ?? _at.Walk.Doubt;

    /// <summary>Whether the doubt is about the interfaces of a host that forwards it.</summary>
    public readonly bool IsWayUnknown => _at.WayDoubt is not null;

    /// <summary>Whether an untracked policy took the flow out of connection tracking; known after <see cref="Run"/>.</summary>
    public readonly bool IsUntracked => _at.IsUntracked;

    public bool Run()
    {
        if (!CanExist(_at.Source, FlowDirection.Egress, _at.Flow.Source) || !CanExist(_at.Destination, FlowDirection.Ingress, _at.Flow.Destination))
        {
            return false;
        }

        if (_at.SourceNode is { } at && (_at.Flow.Source.Node is null || at == _at.DestinationNode))
        {
            // What leaves a workload is never taken out of connection tracking.
            _at.Track(at, untracked: false);
        }

        var polices = _at.Source is not null && Polices(_at.Source, FlowDirection.Egress);
        if (polices && _at.Flow.Destination.Node == _at.Source!.Endpoint.Id.Node)
        {
            return ToOwnHost(_at.Source);
        }

        if (polices && !Workload(_at.Source!, FlowDirection.Egress))
        {
            return false;
        }

        var sameHost = _at.SourceNode is { } from && from == _at.DestinationNode;
        if (sameHost && _at.Flow.Source.Node is not null)
        {
            // A host reaches its own workloads and itself without policy.
            if (_at.Destination is not null)
            {
                _at.Note(FlowDirection.Ingress, _at.Destination.Endpoint.Id.Name, TraceOutcome.Allowed, "a host reaches its own workloads without policy");
            }

            return true;
        }

        if (!sameHost)
        {
            if (_at.Flow.Source is { Node: { } sender } && !FromHost(sender))
            {
                return false;
            }

            if (_at.Tracking is { Role: PacketRole.Answer } && !_at.DialBack())
            {
                return false;
            }

            // The mark is a property of the packet on one host.
            _at.Walk.Mark = false;
            if (_at.Tracking is not { Role: PacketRole.Answer })
            {
                _at.MasqueradeSource();
            }
            else if (_at.State == PacketState.New && _at.Source is not null && HostRules.IsMasqueraded(_at.Model, _at.Flow.Source.Address, _at.Far))
            {
                _at.Note(FlowDirection.Egress, _at.Source.Endpoint.Id.Name, TraceOutcome.Denied,
                    "NAT outgoing replaces the source of the answer, which belongs to no tracked connection: the sender does not know it");
                return false;
            }

            if (_at.Flow.Via is { } hop && !HostForwarding.Through(ref _at, hop))
            {
                return false;
            }

            // As above, on the next host.
            _at.Walk.Mark = false;
            if (_at.DestinationNode is { } receiver && IntoHost(receiver) is { } decided)
            {
                return decided;
            }
        }

        _at.Translate();
        return _at.Destination is null || !Polices(_at.Destination, FlowDirection.Ingress) || Workload(_at.Destination, FlowDirection.Ingress);
    }

    private readonly bool CanExist(EndpointEntry? entry, FlowDirection direction, FlowEnd end)
    {
        var reason = entry switch
        {
            null when end.UnregisteredOn is { } node => $"the workload has no endpoint in the datastore: Felix on {node} drops all packets of its interface",
            null => null,
            { IsActive: false } when _at.Model.IsEnforced(entry.Endpoint.Id.Node) => "the endpoint is not active: it has no route",
            _ => null,
        };
        if (reason is not null)
        {
            _at.Note(direction, entry?.Endpoint.Id.Name ?? end.Address.ToString(), TraceOutcome.Denied, reason);
        }

        return reason is null;
    }

    private readonly bool Polices(EndpointEntry entry, FlowDirection direction)
    {
        var (node, name) = (entry.Endpoint.Id.Node, entry.Endpoint.InterfaceName);
        var reason = !_at.Model.IsEnforced(node)
            ? $"nothing enforces rules on node {node}"
            : !_at.Model.HostOf(node).IsWorkloadInterface(name)
                ? $"Felix on {node} polices interfaces that begin with {string.Join(", ", _at.Model.HostOf(node).InterfacePrefixes)}, and '{name}' does not"
                : null;
        if (reason is not null)
        {
            _at.Note(direction, entry.Endpoint.Id.Name, TraceOutcome.Allowed, reason);
        }

        return reason is null;
    }

    private bool Workload(EndpointEntry entry, FlowDirection direction)
    {
        // Felix drops what connection tracking calls INVALID, and accepts what belongs to a connection, in front of every endpoint's rules.
        return _at.TrackedVerdict(direction, TraceStage.Workload, entry.Endpoint.Id.Name)
            ?? _at.Walk.Run(_at.Model.GovernanceOf(entry.LabelClass, direction), _at.Packet, TraceStage.Workload, entry.Endpoint.Id.Name);
    }

    private bool ToOwnHost(EndpointEntry source)
    {
        var node = source.Endpoint.Id.Node;
        var settings = _at.Model.HostOf(node);
        if (HostRules.BeforeEgressToHost(settings, _at.Packet.Destination.Ip, _at.Packet.Transport, _at.IPv6) is { } exception)
        {
            _at.Step(FlowDirection.Egress, TraceSubject.EndpointToHost, node, TraceOutcome.Allowed, exception);
            return true;
        }

        if (_at.State == PacketState.Established)
        {
            return true;
        }

        if (!Workload(source, FlowDirection.Egress))
        {
            return false;
        }

        var action = settings.EndpointToHost ?? _at.Model.Settings.EndpointToHost;
        var allowed = action != EndpointToHostAction.Drop;
        var words = action == EndpointToHostAction.Return
            ? "RETURN: the host's own INPUT rules, which are not Calico's, have the last word" : action.ToString().ToUpperInvariant();
        _at.Step(FlowDirection.Egress, TraceSubject.EndpointToHost, node, allowed
            ? TraceOutcome.Allowed : TraceOutcome.Denied, $"DefaultEndpointToHostAction is {words}");
        return allowed;
    }

    private bool FromHost(string node)
    {
        var settings = _at.Model.HostOf(node);
        if (HostRules.Find(_at.Model, node, _at.Flow.Source.Address, _at.Flow.Source.Interface) is not { } host)
        {
            _at.Track(node, untracked: false);
            return true;
        }

        var endpoint = host.Describe;
        Assume(host, FlowDirection.Egress);
        var isSpared = HostRules.IsFailsafe(settings.FailsafeOutbound, settings.FailsafeInbound, _at.Packet.Transport);
        if (_at.Untracked(host, FlowDirection.Egress, isSpared) is { } decided)
        {
            _at.Track(node, untracked: decided);
            return decided;
        }

        // Felix clears its marks in front of what leaves or enters a host, so that a pass of an earlier stage ends here.
        _at.Walk.Mark = false;
        _at.Track(node, untracked: false);
        return _at.TrackedVerdict(FlowDirection.Egress, TraceStage.Host, endpoint)
            ?? (_at.IsFailsafe(settings.FailsafeOutbound, FlowDirection.Egress, TraceStage.Host, endpoint)
                || _at.Walk.Run(_at.Model.GovernanceOf(host.Entry.LabelClass, FlowDirection.Egress), _at.Packet, TraceStage.Host, endpoint));
    }

    /// <summary>The host endpoint where the packet arrives: a verdict when it decides, null when the workload's rules follow.</summary>
    private bool? IntoHost(string node)
    {
        var toHost = _at.Flow.Destination.Node is not null;
        var settings = _at.Model.HostOf(node);
        if ((!toHost && HostRules.IsTunnelled(_at.Model, _at.SourceNode, node, _at.Far))
            || HostRules.Find(_at.Model, node, toHost
                ? _at.Flow.Destination.Address : settings.Address(_at.IPv6), _at.Flow.Destination.Interface) is not { } host)
        {
            _at.Track(node, untracked: false);
            return toHost ? true : null;
        }

        var endpoint = host.Describe;
        var stages = _at.Model.StagesOf(host.Entry.LabelClass);
        if (!toHost && (stages.HasPreDnat || stages.UntrackedIngress.Policies.Length > 0))
        {
            Assume(host, FlowDirection.Ingress);
        }

        var isSpared = HostRules.IsFailsafe(settings.FailsafeInbound, settings.FailsafeOutbound, _at.Packet.Transport);
        if (_at.Untracked(host, FlowDirection.Ingress, isSpared) is { } decided)
        {
            _at.Track(node, untracked: decided);
            if (decided && !_at.Translates())
            {
                return false;
            }

            // Accepting skips the later stages of the host endpoint, not the workload's own rules.
            return !decided ? false : toHost ? true : null;
        }

        _at.Track(node, untracked: false);
        var failsafe = false;
        if (stages.HasPreDnat && _at.State != PacketState.Established)
        {
            if (_at.TrackedVerdict(FlowDirection.Ingress, TraceStage.HostPreDnat, endpoint) is { } invalid)
            {
                return invalid;
            }

            failsafe = _at.IsFailsafe(settings.FailsafeInbound, FlowDirection.Ingress, TraceStage.HostPreDnat, endpoint);
            var outcome = failsafe || stages.PreDnat.Policies.Length == 0
                ? TraceOutcome.NoMatch : _at.Walk.RunPolicies(stages.PreDnat, _at.Packet, TraceStage.HostPreDnat, endpoint);
            if (outcome is TraceOutcome.Denied or TraceOutcome.Allowed)
            {
                return outcome == TraceOutcome.Denied ? false : toHost ? true : null;
            }
        }

        if (!toHost)
        {
            return null;
        }

        _at.Translate();
        _at.Walk.Mark = false;
        Assume(host, FlowDirection.Ingress);
        return _at.TrackedVerdict(FlowDirection.Ingress, TraceStage.Host, endpoint)
            ?? (failsafe || _at.IsFailsafe(settings.FailsafeInbound, FlowDirection.Ingress, TraceStage.Host, endpoint)
                || _at.Walk.Run(_at.Model.GovernanceOf(host.Entry.LabelClass, FlowDirection.Ingress), _at.Packet, TraceStage.Host, endpoint));
    }

    private readonly void Assume(HostMatch host, FlowDirection direction)
    {
        if (host.Assumption is { } assumption)
        {
            _at.Step(direction, TraceSubject.Note, host.Describe, TraceOutcome.Noted, assumption);
        }
    }
}
