using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Reachability.Flows;

/// <summary>
/// What a host does with a packet that it only forwards: the chains <c>cali-PREROUTING</c> of raw and mangle and <c>cali-FORWARD</c> of filter (golden
/// <c>felix/006</c>).
/// </summary>
internal static class HostForwarding
{
    /// <summary>Whether the host lets the packet through.</summary>
    public static bool Through(ref FlowPacket at, FlowHop hop)
    {
        var settings = at.Model.HostOf(hop.Node);
        if (!at.Model.IsEnforced(hop.Node))
        {
            at.Note(FlowDirection.Ingress, hop.Node, TraceOutcome.Allowed, $"nothing enforces rules on node {hop.Node}");
            at.Track(hop.Node, untracked: false);
            return true;
        }

        var entry = HostRules.FindForwarding(at.Model, hop.Node, hop.Entry, out var doubt);
        var exit = HostRules.FindForwarding(at.Model, hop.Node, hop.Exit, out var second);
        at.WayDoubt ??= doubt ?? second;
        var accepted = false;
        if (entry is { } into)
        {
            if (at.Untracked(into, FlowDirection.Ingress, HostRules.IsFailsafe(settings.FailsafeInbound, settings.FailsafeOutbound, at.Packet.Transport))
                is { } decided)
            {
                at.Track(hop.Node, untracked: decided);
                if (!decided)
                {
                    return false;
                }

                accepted = true;
            }
            else
            {
                at.Track(hop.Node, untracked: false);
                if (BeforeDnat(ref at, into, settings, out accepted) is { } ended)
                {
                    return ended;
                }
            }
        }
        else
        {
            at.Track(hop.Node, untracked: false);
            Unpoliced(at, hop.Node, hop.Entry, FlowDirection.Ingress, doubt);
        }

        // Felix clears its marks in front of what is forwarded, but for the one that says that an early policy accepted. A pass on the way in is still there on
        // the way out.
        at.Walk.Mark = false;
        if (entry is { } from && !accepted && Forwarded(ref at, from, settings.FailsafeInbound, FlowDirection.Ingress) is { } verdict)
        {
            return verdict;
        }

        if (exit is not { } to)
        {
            Unpoliced(at, hop.Node, hop.Exit, FlowDirection.Egress, second);
            return true;
        }

        return Forwarded(ref at, to, settings.FailsafeOutbound, FlowDirection.Egress) ?? true;
    }

    /// <summary>The mangle table: a verdict when it ends the matter, null when the filter table follows.</summary>
    private static bool? BeforeDnat(ref FlowPacket at, HostMatch host, HostSettings settings, out bool accepted)
    {
        accepted = false;
        var stages = at.Model.StagesOf(host.Entry.LabelClass);
        if (!stages.HasPreDnat || at.State == PacketState.Established)
        {
            return null;
        }

        if (at.TrackedVerdict(FlowDirection.Ingress, TraceStage.HostPreDnat, host.Describe) is { } invalid)
        {
            return invalid;
        }

        // A failsafe port is let through here, and asked about once more in the filter table.
        if (HostRules.IsFailsafe(settings.FailsafeInbound, at.Packet.Transport) || stages.PreDnat.Policies.Length == 0)
        {
            return null;
        }

        var outcome = at.Walk.RunPolicies(stages.PreDnat, at.Packet, TraceStage.HostPreDnat, host.Describe);
        accepted = outcome == TraceOutcome.Allowed;
        return outcome == TraceOutcome.Denied ? false : null;
    }

    /// <summary>The filter table's rules of one interface: a verdict when they end the matter, null when they accept and the other interface follows.</summary>
    private static bool? Forwarded(ref FlowPacket at, HostMatch host, ImmutableArray<FailsafePort> failsafe, FlowDirection direction)
    {
        // What belongs to a connection, and a failsafe port, are accepted for good: the other interface is not asked.
        if (at.TrackedVerdict(direction, TraceStage.Host, host.Describe) is { } tracked)
        {
            return tracked;
        }

        return at.IsFailsafe(failsafe, direction, TraceStage.Host, host.Describe) ? true
            : at.Walk.Run(at.Model.GovernanceOf(host.Entry.LabelClass, direction), at.Packet, TraceStage.Host, host.Describe) ? null
            : false;
    }

    private static void Unpoliced(in FlowPacket at, string node, PassedInterface? passed, FlowDirection direction, string? doubt)
    {
        if (doubt is null && passed is not null)
        {
            at.Note(direction, node, TraceOutcome.Noted, $"no host endpoint polices {passed}, by which the packet is forwarded");
        }
    }
}
