using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Rules;
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
                plan.Consequence($"From the moment it exists, "
                    + $"{(endpoint.InterfaceName.Length > 0 ? $"interface {endpoint.InterfaceName}" : "every interface with one of its addresses")} of "
                    + $"{endpoint.Node} is policed: everything is dropped but the failsafe ports and what a policy or profile allows.");
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

        var classes = EndpointClasses.Of(snapshot.Calico);
        var (workloads, hosts) = (classes.Workloads(selector), classes.HostEndpoints(selector));
        var onlyHosts = policy.DoNotTrack || policy.PreDnat;
        var directions = Directions(policy);
        plan.Consequence(onlyHosts
            ? $"It governs {Counted.Of(hosts, "host endpoint")} at present; workload endpoints are not touched by "
                + $"{(policy.PreDnat ? "preDNAT" : "doNotTrack")} policies."
            : $"It governs {Counted.Of(workloads, "workload endpoint")} and {Counted.Of(hosts, "host endpoint")} at present; there, profiles count no "
                + $"longer for {string.Join(" and ", directions)} unless a rule passes.");
        if (!onlyHosts && workloads + hosts > 0)
        {
            foreach (var direction in directions.Where(d => RulesOf(policy, d).IsDefaultOrEmpty))
            {
                plan.Warn(WithoutRules(snapshot.Calico, classes, policy, selector, direction, hosts > 0));
            }
        }
    }

    /// <summary>
    /// What a policy does in a direction that it governs and has no rules for: it decides nothing, and the packet goes on to the next policy; but a direction
    /// that any policy
    /// governs ends in a drop, and profiles count no longer (docs/calico-v1.md#how-felix-decides).
    /// </summary>
    private static string WithoutRules(CalicoState state, EndpointClasses classes, Policy policy, Selector selector, string direction, bool hosts)
    {
        Selector[] others =
        [
            .. state.Policies.Values.Select(p => p.Value)
                .Where(p => p.Name != policy.Name && !p.DoNotTrack && !p.PreDnat && PolicyViews.Governs(p, direction) && !RulesOf(p, direction).IsDefaultOrEmpty
                    && PolicyViews.Rejected(p) is null)
                .Select(p => Selector.TryParse(p.Selector, out var other, out _) ? other : null).OfType<Selector>(),
        ];
        var all = classes.Count(selector.Matches);
        var decided = classes.Count(l => selector.Matches(l) && others.Any(o => o.Matches(l)));
        var failsafe = hosts ? " (at host endpoints all but the failsafe ports)" : "";
        return (all - decided, decided) switch
        {
            (var dropped, 0) =>
                $"It has no {direction} rules, and no other policy has any for the {Counted.Of(dropped, "endpoint")} that it selects: all {direction} is "
                + $"dropped there{failsafe}.",
            (0, _) =>
                $"It has no {direction} rules, so it decides none itself: other policies do for the {Counted.Of(decided, "endpoint")} that it selects, and "
                + "what none of them allows is dropped.",
            var (dropped, _) =>
                $"It has no {direction} rules: of the {Counted.Of(all, "endpoint")} that it selects, all {direction} is dropped at {dropped}{failsafe}, "
                + $"and other policies decide at {decided}.",
        };
    }

    private static ImmutableArray<Rule> RulesOf(Policy policy, string direction) => direction == "ingress" ? policy.Ingress : policy.Egress;

    private static ImmutableArray<string> Directions(Policy policy) => policy switch
    {
        { Types.IsDefaultOrEmpty: false } => [.. policy.Types.Select(t => t.ToLowerInvariant())],
        { Egress.IsDefaultOrEmpty: true } => ["ingress"],
        { Ingress.IsDefaultOrEmpty: true } => ["egress"],
        _ => ["ingress", "egress"],
    };

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
