namespace CalicoConsole.Core.Reachability;

/// <summary>What connection tracking of a host makes of the packet.</summary>
internal ref partial struct FlowEvaluation
{
    private void Track(string node, bool untracked)
    {
        IsUntracked |= untracked;
        _state = _tracking is not null ? _tracking.Pass(node, _flow.Protocol, untracked) : untracked ? PacketState.Untracked : PacketState.New;
        if (_hidden && !untracked && node == DestinationNode)
        {
            // Connection tracking translates the answer back.
            _packet = new Packet(_packet.Source, _model.Table.Resolve(_flow.Destination.Address), _packet.Traffic);
        }
    }

    /// <summary>What connection tracking decides alone; null when the rules decide.</summary>
    private readonly bool? TrackedVerdict(FlowDirection direction, TraceStage stage, string endpoint)
    {
        if (_state is PacketState.New or PacketState.Untracked)
        {
            return null;
        }

        var passes = _state == PacketState.Established;
        _trace?.Add(new TraceStep(direction, TraceSubject.Tracking, "", passes ? TraceOutcome.Allowed : TraceOutcome.Denied)
        {
            Stage = stage,
            Endpoint = endpoint,
            Reason = passes ? "it belongs to a connection that was let through" : _tracking!.Role == PacketRole.Confirmation
                ? "connection tracking did not see the answer, so that what completes the handshake is INVALID to it, which Felix drops"
                : "connection tracking did not see the request, so that the answer is INVALID to it, which Felix drops",
        });
        return passes;
    }
}
