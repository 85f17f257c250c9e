using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Reachability.Flows;

/// <summary>A packet's way through policies and profiles (docs/calico-v1.md#how-felix-decides), with Felix's pass mark. For one packet only.</summary>
internal struct RuleWalk(MemberSets members, bool ipv6, bool leaks, List<TraceStep>? trace)
{
    /// <summary>The iptables mark that a pass sets. Felix clears it in front of policies only.</summary>
    public bool Mark { get; set; }

    /// <summary>Why nobody can say what Felix does with the packet; null when nothing that was looked at is in doubt.</summary>
    public string? Doubt { get; private set; }

    /// <summary>Whether a direction lets the packet through: policies, then profiles, then nothing.</summary>
    public bool Run(Governance governance, in Packet packet, TraceStage stage, string endpoint)
    {
        Doubt ??= governance.DoubtOf(ipv6);
        if (governance.Policies.Length > 0)
        {
            var outcome = RunPolicies(governance, packet, stage, endpoint);
            if (outcome is TraceOutcome.Allowed or TraceOutcome.Denied)
            {
                return outcome == TraceOutcome.Allowed;
            }

            if (outcome == TraceOutcome.NoMatch)
            {
                trace?.Add(new TraceStep(governance.Direction, TraceSubject.Default, "", TraceOutcome.Denied)
                {
                    Stage = stage,
                    Endpoint = endpoint,
                    Reason = "policies govern this direction and none of their rules matched",
                });
                return false;
            }
        }

        foreach (var profile in governance.Profiles)
        {
            if (profile.Problem is { } problem)
            {
                trace?.Add(new TraceStep(governance.Direction, TraceSubject.Profile, profile.Name, TraceOutcome.Denied)
                {
                    Stage = stage,
                    Endpoint = endpoint,
                    Reason = problem
                });
                return false;
            }

            var outcome = Walk(profile, TraceSubject.Profile, governance.Direction, packet, stage, endpoint);
            if (outcome is TraceOutcome.Allowed or TraceOutcome.Denied)
            {
                return outcome == TraceOutcome.Allowed;
            }
        }

        trace?.Add(new TraceStep(governance.Direction, TraceSubject.Default, "", TraceOutcome.Denied)
        {
            Stage = stage,
            Endpoint = endpoint,
            Reason = governance.Profiles.Length == 0 ? "the endpoint has no profile" : "no rule of its profiles matched",
        });
        return false;
    }

    /// <summary>What the policies alone say: passed and no match leave the decision to what follows.</summary>
    public TraceOutcome RunPolicies(Governance governance, in Packet packet, TraceStage stage, string endpoint)
    {
        Mark = false;
        Doubt ??= governance.DoubtOf(ipv6);
        foreach (var policy in governance.Policies)
        {
            var outcome = Walk(policy, TraceSubject.Policy, governance.Direction, packet, stage, endpoint);
            if (outcome != TraceOutcome.NoMatch)
            {
                return outcome;
            }
        }

        return TraceOutcome.NoMatch;
    }

    private TraceOutcome Walk(CompiledRules rules, TraceSubject subject, FlowDirection direction, in Packet packet, TraceStage stage, string endpoint)
    {
        foreach (var rule in rules.For(direction, ipv6))
        {
            if (rule.Action == RuleAction.Log)
            {
                continue;
            }

            if (rule.Matches(packet, members))
            {
                var outcome = rule.Action switch
                {
                    RuleAction.Allow => TraceOutcome.Allowed,
                    RuleAction.Deny => TraceOutcome.Denied,
                    _ => TraceOutcome.Passed,
                };
                Mark |= rule.Action == RuleAction.Pass;
                trace?.Add(new TraceStep(direction, subject, rules.Name, outcome)
                {
                    Tier = rules.Tier,
                    Stage = stage,
                    Endpoint = endpoint,
                    RuleIndex = rule.Index,
                    Rule = rule.Rule
                });
                return outcome;
            }

            if (rule.Action == RuleAction.Pass && Mark && leaks && subject == TraceSubject.Profile)
            {
                trace?.Add(new TraceStep(direction, subject, rules.Name, TraceOutcome.Passed)
                {
                    Stage = stage,
                    Endpoint = endpoint,
                    RuleIndex = rule.Index,
                    Rule = rule.Rule,
                    Reason = "Felix 2.6 still carries the mark of an earlier pass and leaves the profile here although the rule does not match",
                });
                return TraceOutcome.Passed;
            }
        }

        trace?.Add(new TraceStep(direction, subject, rules.Name, TraceOutcome.NoMatch) { Tier = rules.Tier, Stage = stage, Endpoint = endpoint });
        return TraceOutcome.NoMatch;
    }
}
