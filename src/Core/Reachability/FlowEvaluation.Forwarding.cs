namespace CalicoConsole.Core.Reachability;

/// <summary>
/// What a host does with a packet that it only forwards: the chains <c>cali-PREROUTING</c> of raw and mangle and <c>cali-FORWARD</c> of filter (golden
/// <c>felix/006</c>).
/// </summary>
internal ref partial struct FlowEvaluation
{
    private bool Through(FlowHop hop)
    {
        var settings = _model.HostOf(hop.Node);
        if (!_model.IsEnforced(hop.Node))
        {
            Note(FlowDirection.Ingress, hop.Node, TraceOutcome.Allowed, $"nothing enforces rules on node {hop.Node}");
            Track(hop.Node, untracked: false);
            return true;
        }

        var entry = HostRules.FindForwarding(_model, hop.Node, hop.Entry, out var doubt);
        var exit = HostRules.FindForwarding(_model, hop.Node, hop.Exit, out var second);
        _doubt ??= doubt ?? second;
        var accepted = false;
        if (entry is { } into)
        {
            if (Untracked(into, FlowDirection.Ingress, HostRules.IsFailsafe(settings.FailsafeInbound, settings.FailsafeOutbound, _packet.Traffic))
                is { } decided)
            {
                Track(hop.Node, untracked: decided);
                if (!decided)
                {
                    return false;
                }

                accepted = true;
            }
            else
            {
                Track(hop.Node, untracked: false);
                if (BeforeDnat(into, settings, out accepted) is { } ended)
                {
                    return ended;
                }
            }
        }
        else
        {
            Track(hop.Node, untracked: false);
            Unpoliced(hop.Node, hop.Entry, FlowDirection.Ingress, doubt);
        }

        // Felix clears its marks in front of what is forwarded, but for the one that says that an early policy accepted. A pass on the way in is still there on
        // the way out.
        _walk.Mark = false;
        if (entry is { } from && !accepted && Forwarded(from, settings.FailsafeInbound, FlowDirection.Ingress) is { } verdict)
        {
            return verdict;
        }

        if (exit is not { } to)
        {
            Unpoliced(hop.Node, hop.Exit, FlowDirection.Egress, second);
            return true;
        }

        return Forwarded(to, settings.FailsafeOutbound, FlowDirection.Egress) ?? true;
    }

    /// <summary>The mangle table: a verdict when it ends the matter, null when the filter table follows.</summary>
    private bool? BeforeDnat(HostMatch host, HostSettings settings, out bool accepted)
    {
        accepted = false;
        var stages = _model.StagesOf(host.Entry.LabelClass);
        if (!stages.HasPreDnat || _state == PacketState.Established)
        {
            return null;
        }

        if (TrackedVerdict(FlowDirection.Ingress, TraceStage.HostPreDnat, host.Describe) is { } invalid)
        {
            return invalid;
        }

        // A failsafe port is let through here, and asked about once more in the filter table.
        if (HostRules.IsFailsafe(settings.FailsafeInbound, _packet.Traffic) || stages.PreDnat.Policies.Length == 0)
        {
            return null;
        }

        var outcome = _walk.RunPolicies(stages.PreDnat, _packet, TraceStage.HostPreDnat, host.Describe);
        accepted = outcome == TraceOutcome.Allowed;
        return outcome == TraceOutcome.Denied ? false : null;
    }

    /// <summary>The filter table's rules of one interface: a verdict when they end the matter, null when they accept and the other interface follows.</summary>
    private bool? Forwarded(HostMatch host, ImmutableArray<FailsafePort> failsafe, FlowDirection direction)
    {
        // What belongs to a connection, and a failsafe port, are accepted for good: the other interface is not asked.
        if (TrackedVerdict(direction, TraceStage.Host, host.Describe) is { } tracked)
        {
            return tracked;
        }

        return IsFailsafe(failsafe, direction, TraceStage.Host, host.Describe) ? true
            : _walk.Run(_model.GovernanceOf(host.Entry.LabelClass, direction), _packet, TraceStage.Host, host.Describe) ? null
            : false;
    }

    private readonly void Unpoliced(string node, PassedInterface? passed, FlowDirection direction, string? doubt)
    {
        if (doubt is null && passed is not null)
        {
            Note(direction, node, TraceOutcome.Noted, $"no host endpoint polices {passed}, by which the packet is forwarded");
        }
    }
}
