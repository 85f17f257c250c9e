using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Reachability;

/// <summary>
/// DNAT on the receiver's host: connection tracking replaces what was dialled after the raw and the mangle table, and puts it back in what answers.
/// </summary>
internal ref partial struct FlowEvaluation
{
    /// <summary>Where the packet is on its way to, as hosts before the receiver's see it.</summary>
    private readonly Ip Far => _tracking is { Role: PacketRole.Answer } ? _flow.Destination.Address : _dialled?.Address ?? _flow.Destination.Address;

    /// <summary>
    /// Whether what a doNotTrack policy has just taken out of connection tracking still gets to the receiver: untracked, nothing is replaced.
    /// </summary>
    private readonly bool Translates
    {
        get
        {
            if (_dialled is null || _tracking is { Role: PacketRole.Answer })
            {
                return true;
            }

            Step(
                FlowDirection.Ingress, TraceSubject.Note, _flow.Destination.Address.ToString(), TraceOutcome.Denied,
                $"untracked, {_dialled} is not replaced by DNAT: the packet stays with what has that address");
            return false;
        }
    }

    /// <summary>The request behind DNAT.</summary>
    private void Translate()
    {
        if (_dialled is not null && _tracking is not { Role: PacketRole.Answer })
        {
            _packet = new Packet(_packet.Source, _model.Table.Resolve(_flow.Destination.Address), Traffic.Of(_flow));
        }
    }

    /// <summary>
    /// The answer as it leaves the receiver's host: from what was dialled. False when it is untracked and so keeps the receiver's own address, which the sender
    /// did not ask.
    /// </summary>
    private bool DialBack()
    {
        if (_dialled is null)
        {
            return true;
        }

        if (_state is PacketState.Untracked or PacketState.New)
        {
            Step(
                FlowDirection.Egress, TraceSubject.Note, _flow.Source.Address.ToString(), TraceOutcome.Denied,
                $"the answer belongs to no tracked connection and does not come from {_dialled}: the sender does not know it");
            return false;
        }

        _packet = new Packet(_model.Table.Resolve(_dialled.Address), _packet.Destination,
            _packet.Traffic with { SourcePort = _dialled.Port ?? _packet.Traffic.SourcePort });
        return true;
    }
}
