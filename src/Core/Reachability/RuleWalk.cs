namespace CalicoConsole.Core.Reachability;

/// <summary>One direction of one endpoint: its policies, then its profiles (calico-v1 reference 5.1), with Felix's pass mark (5.5).</summary>
internal struct RuleWalk(FlowDirection direction, Flow flow, bool leaks, List<TraceStep>? trace)
{
    /// <summary>The iptables mark that a pass sets. Felix clears it in front of policies only.</summary>
    public bool Mark { get; set; }

    public bool Run(CompiledEndpoint endpoint)
    {
        var policies = endpoint.Policies(direction);
        if (policies.Length > 0)
        {
            Mark = false;
            var passed = false;
            foreach (var policy in policies)
            {
                var outcome = Walk(policy, TraceSubject.Policy);
                if (outcome is TraceOutcome.Allowed or TraceOutcome.Denied)
                {
                    return outcome == TraceOutcome.Allowed;
                }

                if (outcome == TraceOutcome.Passed)
                {
                    passed = true;
                    break;
                }
            }

            if (!passed)
            {
                trace?.Add(new TraceStep(direction, TraceSubject.Default, "", TraceOutcome.Denied) { Reason = "policies govern this direction and none of their rules matched" });
                return false;
            }
        }

        foreach (var profile in endpoint.Profiles)
        {
            if (profile.Problem is { } problem)
            {
                trace?.Add(new TraceStep(direction, TraceSubject.Profile, profile.Name, TraceOutcome.Denied) { Reason = problem });
                return false;
            }

            var outcome = Walk(profile, TraceSubject.Profile);
            if (outcome is TraceOutcome.Allowed or TraceOutcome.Denied)
            {
                return outcome == TraceOutcome.Allowed;
            }
        }

        trace?.Add(new TraceStep(direction, TraceSubject.Default, "", TraceOutcome.Denied)
        {
            Reason = endpoint.Profiles.Length == 0 ? "the endpoint has no profile" : "no rule of its profiles matched",
        });
        return false;
    }

    private TraceOutcome Walk(CompiledRules rules, TraceSubject subject)
    {
        foreach (var rule in rules.Of(direction, flow.Source.Address.IsIPv6))
        {
            var isPass = rule.Action == "pass";
            if (rule.Action == "log")
            {
                continue;
            }

            if (rule.Matches(flow))
            {
                var outcome = rule.Action switch
                {
                    "allow" => TraceOutcome.Allowed,
                    "deny" => TraceOutcome.Denied,
                    _ => TraceOutcome.Passed,
                };
                Mark |= isPass;
                trace?.Add(new TraceStep(direction, subject, rules.Name, outcome) { RuleIndex = rule.Index, Rule = rule.Rule });
                return outcome;
            }

            if (isPass && Mark && leaks && subject == TraceSubject.Profile)
            {
                trace?.Add(new TraceStep(direction, subject, rules.Name, TraceOutcome.Passed)
                {
                    RuleIndex = rule.Index,
                    Rule = rule.Rule,
                    Reason = "Felix 2.6 still carries the mark of an earlier pass and leaves the profile here although the rule does not match",
                });
                return TraceOutcome.Passed;
            }
        }

        trace?.Add(new TraceStep(direction, subject, rules.Name, TraceOutcome.NoMatch));
        return TraceOutcome.NoMatch;
    }
}
