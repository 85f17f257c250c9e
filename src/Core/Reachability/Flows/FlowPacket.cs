using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Reachability.Flows;

/// <summary>
/// The packet of one flow on its way: what it looks like by now, what connection tracking makes of it, and what was noted. Passed on by reference from host to
/// host.
/// </summary>
internal struct FlowPacket
{
    public readonly ReachabilityModel Model;
    public readonly Flow Flow;
    public readonly bool IPv6;
    public readonly EndpointEntry? Source;
    public readonly EndpointEntry? Destination;
    public readonly ConnectionTracking? Tracking;
    public RuleWalk Walk;
    public Packet Packet;
    public PacketState State;

    /// <summary>Why nobody can say by which interfaces a host forwards it; null when it is known.</summary>
    public string? WayDoubt;

    private readonly List<TraceStep>? _trace;

    // Whether the packet answers one whose source NAT outgoing replaced.
    private readonly bool _hidden;

    // What the request addressed before DNAT on the receiver's host; null where nothing replaces it on the way.
    private readonly DialledTarget? _dialled;

    public FlowPacket(ReachabilityModel model, Flow flow, bool leaks, List<TraceStep>? trace, ConnectionTracking? tracking)
    {
        (Model, Flow, _trace, Tracking) = (model, flow, trace, tracking);
        IPv6 = flow.Source.Address.IsIPv6;
        Source = Find(model, flow.Source);
        Destination = Find(model, flow.Destination);
        Walk = new RuleWalk(model.Members, IPv6, leaks, trace);
        Packet = new Packet(model.Table.Resolve(flow.Source.Address), model.Table.Resolve(flow.Destination.Address), flow.Transport);
        var answers = tracking is { Role: PacketRole.Answer };
        // On one host every rule that asks sees the packet after DNAT.
        _dialled = SourceNode is { } here && here == DestinationNode ? null : flow.Dialled;
        if (!answers && _dialled is not null)
        {
            Packet = new Packet(Packet.Source, model.Table.Resolve(_dialled.Address), flow.AsDialled.Transport);
        }

        _hidden = answers && Destination is not null && HostRules.IsMasqueraded(model, flow.Destination.Address, _dialled?.Address ?? flow.Source.Address);
        if (_hidden)
        {
            Packet = new Packet(Packet.Source, HostRules.AddressOf(model, Destination!.Endpoint.Id.Node, IPv6), Packet.Transport);
        }
    }

    /// <summary>Whether an untracked policy took the flow out of connection tracking, as far as the packet has come.</summary>
    public bool IsUntracked { get; private set; }

    public readonly string? SourceNode => Source?.Endpoint.Id.Node ?? Flow.Source.UnregisteredOn ?? Flow.Source.Node;

    public readonly string? DestinationNode => Destination?.Endpoint.Id.Node ?? Flow.Destination.UnregisteredOn ?? Flow.Destination.Node;

    /// <summary>Where the packet is on its way to, as hosts before the receiver's see it.</summary>
    public readonly Ip Far => Tracking is { Role: PacketRole.Answer } ? Flow.Destination.Address : _dialled?.Address ?? Flow.Destination.Address;

    /// <summary>
    /// Whether what a doNotTrack policy has just taken out of connection tracking still gets to the receiver: untracked, nothing is replaced.
    /// </summary>
    public readonly bool Translates()
    {
        if (_dialled is null || Tracking is { Role: PacketRole.Answer })
        {
            return true;
        }

        Step(
            FlowDirection.Ingress, TraceSubject.Note, Flow.Destination.Address.ToString(), TraceOutcome.Denied,
            $"untracked, {_dialled} is not replaced by DNAT: the packet stays with what has that address");
        return false;
    }

    /// <summary>
    /// The request behind DNAT on the receiver's host: connection tracking replaces what was dialled after the raw and the mangle table, and puts it back in
    /// what answers.
    /// </summary>
    public void Translate()
    {
        if (_dialled is not null && Tracking is not { Role: PacketRole.Answer })
        {
            Packet = new Packet(Packet.Source, Model.Table.Resolve(Flow.Destination.Address), Flow.Transport);
        }
    }

    /// <summary>
    /// The answer as it leaves the receiver's host: from what was dialled. False when it is untracked and so keeps the receiver's own address, which the sender
    /// did not ask.
    /// </summary>
    public bool DialBack()
    {
        if (_dialled is null)
        {
            return true;
        }

        if (State is PacketState.Untracked or PacketState.New)
        {
            Step(
                FlowDirection.Egress, TraceSubject.Note, Flow.Source.Address.ToString(), TraceOutcome.Denied,
                $"the answer belongs to no tracked connection and does not come from {_dialled}: the sender does not know it");
            return false;
        }

        Packet = new Packet(Model.Table.Resolve(_dialled.Address), Packet.Destination,
            Packet.Transport with { SourcePort = _dialled.Port ?? Packet.Transport.SourcePort });
        return true;
    }

    /// <summary>NAT outgoing on the sender's host, where it replaces the source.</summary>
    public void MasqueradeSource()
    {
        if (Source is null || !HostRules.IsMasqueraded(Model, Flow.Source.Address, Far))
        {
            return;
        }

        var address = Model.HostOf(Source.Endpoint.Id.Node).Address(IPv6);
        Packet = new Packet(HostRules.AddressOf(Model, Source.Endpoint.Id.Node, IPv6), Packet.Destination, Packet.Transport);
        Step(FlowDirection.Egress, TraceSubject.Note, Source.Endpoint.Id.Node, TraceOutcome.Noted,
            $"NAT outgoing: the destination is in no pool, so it sees the address of host {Source.Endpoint.Id.Node}{(address is { } a ? $" ({a})" : "")}; "
                + "tags and selectors no longer match the workload");
    }

    /// <summary>What connection tracking of a host makes of the packet.</summary>
    public void Track(string node, bool untracked)
    {
        IsUntracked |= untracked;
        State = Tracking is not null ? Tracking.Pass(node, Flow.Protocol, untracked) : untracked ? PacketState.Untracked : PacketState.New;
        if (_hidden && !untracked && node == DestinationNode)
        {
            // Connection tracking translates the answer back.
            Packet = new Packet(Packet.Source, Model.Table.Resolve(Flow.Destination.Address), Packet.Transport);
        }
    }

    /// <summary>What connection tracking decides alone; null when the rules decide.</summary>
    public readonly bool? TrackedVerdict(FlowDirection direction, TraceStage stage, string endpoint)
    {
        if (State is PacketState.New or PacketState.Untracked)
        {
            return null;
        }

        var passes = State == PacketState.Established;
        _trace?.Add(new TraceStep(direction, TraceSubject.Tracking, "", passes ? TraceOutcome.Allowed : TraceOutcome.Denied)
        {
            Stage = stage,
            Endpoint = endpoint,
            Reason = passes ? "it belongs to a connection that was let through" : Tracking!.Role == PacketRole.Confirmation
                ? "connection tracking did not see the answer, so that what completes the handshake is INVALID to it, which Felix drops"
                : "connection tracking did not see the request, so that the answer is INVALID to it, which Felix drops",
        });
        return passes;
    }

    /// <summary>
    /// Felix's raw table: whether its doNotTrack policies let the packet through untracked (true), drop it (false), or leave it to connection tracking (null).
    /// </summary>
    public bool? Untracked(HostMatch host, FlowDirection direction, bool failsafe)
    {
        var stages = Model.StagesOf(host.Entry.LabelClass);
        var governance = direction == FlowDirection.Ingress ? stages.UntrackedIngress : stages.UntrackedEgress;
        if (failsafe || governance.Policies.Length == 0)
        {
            return null;
        }

        var outcome = Walk.RunPolicies(governance, Packet, TraceStage.HostUntracked, host.Describe);
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

    /// <summary>Whether a failsafe port lets it through whatever the rules say.</summary>
    public readonly bool IsFailsafe(ImmutableArray<FailsafePort> ports, FlowDirection direction, TraceStage stage, string endpoint)
    {
        if (!HostRules.IsFailsafe(ports, Packet.Transport))
        {
            return false;
        }

        var port = Packet.Transport.DestinationPort!.Value.ToString(CultureInfo.InvariantCulture);
        _trace?.Add(new TraceStep(direction, TraceSubject.Failsafe, port, TraceOutcome.Allowed)
        {
            Stage = stage,
            Endpoint = endpoint,
            Reason = $"port {port} is a failsafe port"
        });
        return true;
    }

    public readonly void Note(FlowDirection direction, string name, TraceOutcome outcome, string reason) =>
        Step(direction, TraceSubject.Endpoint, name, outcome, reason);

    public readonly void Step(FlowDirection direction, TraceSubject subject, string name, TraceOutcome outcome, string reason) =>
        _trace?.Add(new TraceStep(direction, subject, name, outcome) { Endpoint = name, Reason = reason });

    private static EndpointEntry? Find(ReachabilityModel model, FlowEnd end) => end.Endpoint is { } id ? model.Table.Endpoints.GetValueOrDefault(id) : null;
}
