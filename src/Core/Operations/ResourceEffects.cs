using CalicoConsole.Core.Model;
using CalicoConsole.Core.Selectors;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations;

/// <summary>What follows from writing or deleting a resource, in sentences for the review.</summary>
internal static class ResourceEffects
{
    public static void OfWrite(PlanBuilder plan, ClusterSnapshot snapshot, object resource)
    {
        switch (resource)
        {
            case Policy policy:
                OfPolicy(plan, snapshot, policy);
                break;
            case HostEndpoint endpoint:
                plan.Consequence($"From the moment it exists, {(endpoint.InterfaceName.Length > 0 ? $"interface {endpoint.InterfaceName}" : "every interface with one of its addresses")} of {endpoint.Node} is policed: everything is dropped but the failsafe ports and what a policy or profile allows.");
                Missing(plan, snapshot, endpoint.ProfileIds);
                if (endpoint.ProfileIds.Any(p => p.Contains('/', StringComparison.Ordinal)))
                {
                    plan.Warn("Felix refuses profile names with '/' on host endpoints and then treats the whole host endpoint as missing.");
                }

                break;
            case WorkloadEndpoint endpoint:
                plan.Warn("Workload endpoints belong to their orchestrator's plugin, which writes them again when the workload restarts.");
                Missing(plan, snapshot, endpoint.ProfileIds.IsDefault ? [] : endpoint.ProfileIds);
                break;
            case BgpPeer peer:
                plan.Consequence($"BIRD on {(peer.Node is null ? "every node" : peer.Node)} keeps a session to {peer.PeerIP}, AS {peer.AsNumber}.");
                if (peer.AsNumber == 0)
                {
                    plan.Warn("AS number 0 is stored when none is given, and BIRD refuses such a peer.");
                }

                if (peer.Node is { } on && !snapshot.Calico.Nodes.ContainsKey(on))
                {
                    plan.Warn($"There is no node {on} yet.");
                }

                break;
            case Node node:
                plan.Consequence(node.IPv4 is null && node.IPv6 is null
                    ? "Without a BGP address the node takes no part in BGP."
                    : $"Every node of the mesh peers with {node.IPv4?.Address.ToString() ?? node.IPv6?.Address.ToString()}.");
                break;
        }

        if (HasUnknown(resource))
        {
            plan.Consequence("Stored members that calicoctl does not know are kept; the calicoctl command shown would lose them.");
        }
    }

    private static void OfPolicy(PlanBuilder plan, ClusterSnapshot snapshot, Policy policy)
    {
        if (!Selector.TryParse(policy.Selector, out var selector, out _))
        {
            return;
        }

        var state = snapshot.Calico;
        var workloads = state.WorkloadEndpoints.Values.Count(e => selector.Matches(EffectiveLabels.Of(state, e.Value)));
        var hosts = state.HostEndpoints.Values.Count(e => selector.Matches(EffectiveLabels.Of(state, e.Value)));
        var onlyHosts = policy.DoNotTrack || policy.PreDnat;
        plan.Consequence(onlyHosts
            ? $"It governs {Counted.Of(hosts, "host endpoint")} at present; workload endpoints are not touched by {(policy.PreDnat ? "preDNAT" : "doNotTrack")} policies."
            : $"It governs {Counted.Of(workloads, "workload endpoint")} and {Counted.Of(hosts, "host endpoint")} at present; there, profiles count no longer for {Directions(policy)} unless a rule passes.");
        if (!onlyHosts && workloads + hosts > 0 && policy.Ingress.IsDefaultOrEmpty && policy.Egress.IsDefaultOrEmpty)
        {
            plan.Warn($"It has no rules: it drops all {Directions(policy)} of what it selects.");
        }
    }

    private static string Directions(Policy policy)
    {
        ImmutableArray<string> types = policy switch
        {
            { Types.IsDefaultOrEmpty: false } => policy.Types,
            { Egress.IsDefaultOrEmpty: true } => ["ingress"],
            { Ingress.IsDefaultOrEmpty: true } => ["egress"],
            _ => ["ingress", "egress"],
        };
        return string.Join(" and ", types);
    }

    private static void Missing(PlanBuilder plan, ClusterSnapshot snapshot, ImmutableArray<string> profiles)
    {
        foreach (var name in profiles.Where(p => !snapshot.Calico.Profiles.ContainsKey(p)).Distinct(StringComparer.Ordinal))
        {
            plan.Warn($"There is no profile {name}: where no policy governs the endpoint, a missing profile denies everything.");
        }
    }

    private static bool HasUnknown(object resource) => resource switch
    {
        IPPool r => !r.Unknown.Members.IsEmpty,
        Profile r => !r.Unknown.Members.IsEmpty,
        Policy r => !r.Unknown.Members.IsEmpty || r.Ingress.Concat(r.Egress).Any(rule => !rule.Unknown.Members.IsEmpty),
        Node r => !r.Unknown.Members.IsEmpty,
        BgpPeer r => !r.Unknown.Members.IsEmpty,
        HostEndpoint r => !r.Unknown.Members.IsEmpty,
        WorkloadEndpoint r => !r.Unknown.Members.IsEmpty,
        _ => false,
    };
}
