using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Reachability;

/// <summary>
/// What a host's own interface lets in and out, for all traffic at once: what <see cref="FlowEvaluation"/> does with one packet between a host and an address that is no
/// workload's of the host (calico-v1 reference 5.3). Agrees with it on every packet. Pure.
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
        bool Applies(CompiledRule rule) => (rule.Source is null || rule.Source.Matches(source, model.Members)) && (rule.Destination is null || rule.Destination.Matches(destination, model.Members));
        var labelClass = match.Entry.LabelClass;

        // Failsafe ports are let through before any stage.
        var open = (ulong[])space.MaskOf(direction == FlowDirection.Ingress ? model.HostOf(node).FailsafeInbound : model.HostOf(node).FailsafeOutbound).Clone();
        var rest = space.Everything.Zip(open, (all, safe) => all & ~safe).ToArray();
        var marked = new ulong[rest.Length];
        PolicyStage[] stages = direction == FlowDirection.Ingress ? [PolicyStage.Untracked, PolicyStage.PreDnat] : [PolicyStage.Untracked];
        foreach (var governance in stages.Select(s => model.MakeGovernance(labelClass, direction, s)).Where(g => g.Policies.Length > 0))
        {
            var (allowed, denied, passed) = TrafficWalk.RunPolicies(governance, space, Applies);
            for (var i = 0; i < rest.Length; i++)
            {
                open[i] |= rest[i] & allowed[i];
                rest[i] &= ~(allowed[i] | denied[i]);
                marked[i] = rest[i] & passed[i];
            }
        }

        var normal = model.GovernanceOf(labelClass, direction);
        var (plain, withMark) = (TrafficWalk.Run(normal, space, marked: false, Applies), TrafficWalk.Run(normal, space, marked: true, Applies));
        for (var i = 0; i < rest.Length; i++)
        {
            open[i] |= (rest[i] & ~marked[i] & (plain.Unmarked[i] | plain.Marked[i])) | (marked[i] & (withMark.Unmarked[i] | withMark.Marked[i]));
        }

        return open;
    }
}
