using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Reachability.Flows;

/// <summary>A criterion of a rule that a flow did not meet.</summary>
/// <param name="Field">The rule's field as calicoctl names it, such as <c>destination.ports</c>; <c>order</c> when the rule comes too late.</param>
/// <param name="Reason">What was asked and what the flow has, such as <c>port 5432 is not in 80, 443</c>.</param>
public sealed record FailedCriterion(string Field, string Reason);

/// <summary>The rule that came closest to allowing a flow in one direction.</summary>
/// <param name="Direction">The direction that denied.</param>
/// <param name="Stage">Whose rules.</param>
/// <param name="Subject">Policy or profile.</param>
/// <param name="Name">Its name.</param>
/// <param name="RuleIndex">Index of the rule, from 0.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Failed">What failed; at least one.</param>
public sealed record NearMiss(FlowDirection Direction, TraceStage Stage, TraceSubject Subject, string Name, int RuleIndex, Rule Rule,
    ImmutableArray<FailedCriterion> Failed);

/// <summary>Finds near misses. Pure.</summary>
internal static class NearMissFinder
{
    /// <summary>One for each direction whose rules deny the flow; none where no allow rule exists.</summary>
    public static ImmutableArray<NearMiss> For(ReachabilityModel model, Flow flow)
    {
        var found = ImmutableArray.CreateBuilder<NearMiss>();
        foreach (var side in DeniedSides(model, flow))
        {
            if (Closest(model, flow, side) is { } miss)
            {
                found.Add(miss);
            }
        }

        return found.ToImmutable();
    }

    /// <summary>The directions that would deny a flow, each taken by itself.</summary>
    internal static IEnumerable<DeniedSide> DeniedSides(ReachabilityModel model, Flow flow)
    {
        foreach (var side in Sides(model, flow))
        {
            var trace = new List<TraceStep>();
            var seen = SeenBy(side, flow);
            var packet = new Packet(model.Table.Resolve(seen.Source.Address), model.Table.Resolve(seen.Destination.Address), seen.Transport);
            if (!new RuleWalk(model.Members, flow.Source.Address.IsIPv6, leaks: true, trace).Run(side.Governance, packet, side.Stage, side.Endpoint))
            {
                yield return side with { Trace = [.. trace] };
            }
        }
    }

    /// <summary>The flow as a side sees it: before DNAT everywhere but at the receiver.</summary>
    internal static Flow SeenBy(DeniedSide side, Flow flow) => flow.Dialled is null || side.IsReceiver
        || ((flow.Source.Endpoint?.Node ?? flow.Source.Node) is { } node && node == (flow.Destination.Endpoint?.Node ?? flow.Destination.Node))
            ? flow : flow.AsDialled;

    // In the order in which the packet meets them.
    private static IEnumerable<DeniedSide> Sides(ReachabilityModel model, Flow flow)
    {
        if (SideOf(model, flow, FlowDirection.Egress) is { } sender)
        {
            yield return sender;
        }

        if (flow.Via is { } hop)
        {
            var settings = model.HostOf(hop.Node);
            if (!HostRules.IsFailsafe(settings.FailsafeInbound, flow.Transport))
            {
                foreach (var (passed, direction, failsafe) in new[] { (hop.Entry, FlowDirection.Ingress, settings.FailsafeInbound),
                    (hop.Exit, FlowDirection.Egress, settings.FailsafeOutbound) })
                {
                    if (!HostRules.IsFailsafe(failsafe, flow.Transport) && HostRules.FindForwarding(model, hop.Node, passed, out _) is { } host)
                    {
                        yield return new DeniedSide(direction, TraceStage.Host, host.Describe, model.GovernanceOf(host.Entry.LabelClass, direction), []);
                    }
                }
            }
        }

        if (SideOf(model, flow, FlowDirection.Ingress) is { } receiver)
        {
            yield return receiver with { IsReceiver = true };
        }
    }

    private static DeniedSide? SideOf(ReachabilityModel model, Flow flow, FlowDirection direction)
    {
        var (end, settings) = direction == FlowDirection.Egress
            ? (flow.Source, model.HostOf(flow.Source.Node ?? "")) : (flow.Destination, model.HostOf(flow.Destination.Node ?? ""));
        if (end.Endpoint is { } id && model.Table.Endpoints.TryGetValue(id, out var entry))
        {
            return entry.IsActive && model.IsEnforced(id.Node) && model.HostOf(id.Node).IsWorkloadInterface(entry.Endpoint.InterfaceName)
                && !(direction == FlowDirection.Ingress && flow.Source.Node == id.Node)
                    ? new DeniedSide(direction, TraceStage.Workload, id.Name, model.GovernanceOf(entry.LabelClass, direction), [])
                    : null;
        }

        var other = direction == FlowDirection.Egress ? flow.Destination : flow.Source;
        var failsafe = direction == FlowDirection.Egress ? settings.FailsafeOutbound : settings.FailsafeInbound;
        return end.Node is { } node && other.Node != node && other.Endpoint?.Node != node && !HostRules.IsFailsafe(failsafe, flow.Transport)
            && HostRules.Find(model, node, end.Address, end.Interface) is { } host
                ? new DeniedSide(direction, TraceStage.Host, host.Describe, model.GovernanceOf(host.Entry.LabelClass, direction), [])
                : null;
    }

    /// <summary>The rule of a side that came closest; null when there is none.</summary>
    internal static NearMiss? Closest(ReachabilityModel model, Flow flow, DeniedSide side)
    {
        flow = SeenBy(side, flow);
        NearMiss? best = null;
        var decisive = side.Trace.IsEmpty ? null : side.Trace[^1];
        var late = false;
        foreach (var (rules, subject) in side.Candidates)
        {
            var stored = rules.Stored(side.Direction);
            for (var i = 0; i < stored.Length; i++)
            {
                if (stored[i].Action is "" or "allow")
                {
                    var failed = FailedCriteria.For(model, stored[i], flow);
                    if (rules.Problem is { } problem)
                    {
                        failed = failed.Add(new FailedCriterion("order", problem));
                    }
                    else if (late)
                    {
                        failed = failed.Add(new FailedCriterion("order", $"{Words(decisive!)} comes before and ends the matter"));
                    }

                    if (!failed.IsEmpty && (best is null || failed.Length < best.Failed.Length))
                    {
                        best = new NearMiss(side.Direction, side.Stage, subject, rules.Name, i, stored[i], failed);
                    }
                }

                late |= decisive is { RuleIndex: { } index } && decisive.Name == rules.Name && decisive.Subject == subject && index == i;
            }

            late |= rules.Problem is not null;
            if (late && decisive?.RuleIndex is null)
            {
                decisive = new TraceStep(side.Direction, subject, rules.Name, TraceOutcome.Denied);
            }
        }

        return best;
    }

    private static string Words(TraceStep step) =>
        $"{(step.RuleIndex is { } i ? $"rule {(i + 1).ToString(CultureInfo.InvariantCulture)} of " : "")}"
            + $"{(step.Subject == TraceSubject.Policy ? "policy" : "profile")} {step.Name}";
}

/// <summary>A direction that denies a flow.</summary>
internal sealed record DeniedSide(FlowDirection Direction, TraceStage Stage, string Endpoint, Governance Governance, ImmutableArray<TraceStep> Trace)
{
    /// <summary>Whether it is the receiver's.</summary>
    public bool IsReceiver { get; init; }

    /// <summary>The rules whose change could allow: the policies where they govern, and the profiles where no policy governs or one passed.</summary>
    public IEnumerable<(CompiledRules Rules, TraceSubject Subject)> Candidates
    {
        get
        {
            foreach (var policy in Governance.Policies)
            {
                yield return (policy, TraceSubject.Policy);
            }

            if (Governance.Policies.Length == 0 || Trace.Any(s => s is { Subject: TraceSubject.Policy, Outcome: TraceOutcome.Passed }))
            {
                foreach (var profile in Governance.Profiles)
                {
                    yield return (profile, TraceSubject.Profile);
                }
            }
        }
    }
}
