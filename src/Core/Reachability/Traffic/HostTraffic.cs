using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Reachability.Traffic;

/// <summary>
/// What a host's own interface lets in and out, for all traffic at once: what <see cref="FlowEvaluation"/> does with one packet between a host and an address
/// that is no
/// workload's of the host (docs/calico-v1.md#host-endpoints). Agrees with it on every packet. Pure.
/// </summary>
internal static class HostTraffic
{
    /// <summary>The traffic that gets into a host.</summary>
    /// <param name="model">The model.</param>
    /// <param name="space">The traffic.</param>
    /// <param name="host">The host: its address, node and, where the address does not say it, its interface.</param>
    /// <param name="peer">The sender's address, as the host sees it.</param>
    public static ulong[] Into(ReachabilityModel model, TrafficSpace space, FlowEnd host, Ip peer) => Run(model, space, host, peer, FlowDirection.Ingress);

    /// <summary>The traffic that gets out of a host; parameters as of <see cref="Into"/>.</summary>
    public static ulong[] OutOf(ReachabilityModel model, TrafficSpace space, FlowEnd host, Ip peer) => Run(model, space, host, peer, FlowDirection.Egress);

    private static ulong[] Run(ReachabilityModel model, TrafficSpace space, FlowEnd host, Ip peer, FlowDirection direction)
    {
        if (host.Node is not { } node || HostRules.Find(model, node, host.Address, host.Interface) is not { } match)
        {
            return space.Everything;
        }

        var (own, far) = (model.Table.Resolve(host.Address), model.Table.Resolve(peer));
        var (source, destination) = direction == FlowDirection.Ingress ? (far, own) : (own, far);
        bool Applies(CompiledRule rule) => (rule.Source is null || rule.Source.Matches(source, model.Members))
            && (rule.Destination is null || rule.Destination.Matches(destination, model.Members));
        var labelClass = match.Entry.LabelClass;

        // What the early stages leave over, and the failsafe ports, come to the host's own rules without a mark.
        var (open, _) = Early(model, space, node, model.StagesOf(labelClass), direction, Applies, out var rest);
        var failsafe = space.MaskOf(direction == FlowDirection.Ingress ? model.HostOf(node).FailsafeInbound : model.HostOf(node).FailsafeOutbound);
        var plain = TrafficWalk.Run(model.GovernanceOf(labelClass, direction), space, marked: false, Applies);
        for (var i = 0; i < rest.Length; i++)
        {
            open[i] |= rest[i] & (failsafe[i] | plain.Unmarked[i] | plain.Marked[i]);
        }

        return open;
    }

    /// <summary>What doNotTrack and preDNAT policies of a host endpoint let through, and what of the rest carries the mark of a pass.</summary>
    /// <param name="model">The model.</param>
    /// <param name="space">The traffic.</param>
    /// <param name="node">The host.</param>
    /// <param name="stages">Its early policies.</param>
    /// <param name="direction">Into or out of it.</param>
    /// <param name="applies">Whether a rule's addresses hold.</param>
    /// <param name="rest">What they leave to the rules that follow.</param>
    public static (ulong[] Open, ulong[] Marked) Early(
        ReachabilityModel model, TrafficSpace space, string node, HostStages stages, FlowDirection direction, Func<CompiledRule, bool> applies,
            out ulong[] rest)
    {
        var settings = model.HostOf(node);
        var isInto = direction == FlowDirection.Ingress;
        var (own, answers) = isInto ? (settings.FailsafeInbound, settings.FailsafeOutbound) : (settings.FailsafeOutbound, settings.FailsafeInbound);
        var (open, marked) = (new ulong[space.Everything.Length], new ulong[space.Everything.Length]);
        rest = (ulong[])space.Everything.Clone();
        Stage(isInto ? stages.UntrackedIngress : stages.UntrackedEgress, () => space.MaskOf(own, answers), rest);
        Stage(isInto ? stages.PreDnat : null, () => space.MaskOf(own), rest);
        return (open, marked);

        void Stage(Governance? governance, Func<ulong[]> exempt, ulong[] left)
        {
            if (governance is not { Policies.Length: > 0 })
            {
                return;
            }

            // Felix clears the mark in front of policies, but not for what does not come to them.
            var safe = exempt();
            var (allowed, denied, passed) = TrafficWalk.RunPolicies(governance, space, applies);
            for (var i = 0; i < left.Length; i++)
            {
                var reached = left[i] & ~safe[i];
                open[i] |= reached & allowed[i];
                left[i] &= ~(reached & (allowed[i] | denied[i]));
                marked[i] = (marked[i] & ~reached) | (reached & passed[i]);
            }
        }
    }
}
