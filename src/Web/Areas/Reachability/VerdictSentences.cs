using System.Globalization;
using CalicoConsole.Core.Reachability.Assertions;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Web.Areas.Rules;

namespace CalicoConsole.Web.Areas.Reachability;

/// <summary>Makes sentences of verdicts, for pages and the API alike. Pure.</summary>
internal static class VerdictSentences
{
    /// <summary>The verdict in one sentence.</summary>
    public static string For(Verdict verdict, string from, string to, string traffic) => verdict switch
    {
        { Unknown: { } reason } => $"It is not known whether {from} may reach {to} with {traffic}: {reason}.",
        { Allowed: false } => $"{from} may not reach {to} with {traffic}.",
        { ReplyAllowed: false } => $"{from} may reach {to} with {traffic}, but the exchange does not work.",
        _ => $"{from} may reach {to} with {traffic}.",
    };

    /// <summary>Why an exchange does not work although its request arrives; null when it works or the request does not arrive.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="ends">The ends of the flow, to call endpoints by the names that were asked about.</param>
    public static string? Reply(Verdict verdict, params ReadOnlySpan<FlowEndMatch> ends) => verdict is { Allowed: true, ReplyAllowed: false }
        ? "A doNotTrack policy has a part in it, and the way back ends "
            + $"{(verdict.ReplyDecisive is { } step ? For(step, ends) : "without a rule that allows it")}."
        : null;

    /// <summary>The traffic of a flow, such as <c>tcp port 5432</c> or <c>ping</c>.</summary>
    public static string Traffic(Flow flow)
    {
        var name = ProtocolNumbers.NameOf(flow.Protocol);
        var kind = flow switch
        {
            { Protocol: ProtocolNumbers.Icmp, IcmpType: 8 } or { Protocol: ProtocolNumbers.IcmpV6, IcmpType: 128 } => "ping",
            { IcmpType: { } type } => string.Create(CultureInfo.InvariantCulture, $"{name} type {type}"),
            { DestinationPort: { } port, SourcePort: { } source and not Assertion.ClientPort } =>
                string.Create(CultureInfo.InvariantCulture, $"{name} port {port} from source port {source}"),
            { DestinationPort: { } port } => string.Create(CultureInfo.InvariantCulture, $"{name} port {port}"),
            _ => $"protocol {name}",
        };
        var dialled = flow.Dialled is { } target ? $"{kind}, dialled as {target}" : kind;
        return flow.Via is { } via ? $"{dialled} through {via}" : dialled;
    }

    /// <summary>A step of a trace.</summary>
    /// <param name="step">The step.</param>
    /// <param name="ends">The ends of the flow, to call endpoints by the names that were asked about.</param>
    public static string For(TraceStep step, params ReadOnlySpan<FlowEndMatch> ends)
    {
        var text = $"{Where(step, ends)}: {What(step)}";
        return step.Reason is { } reason && !IsReason(step.Subject)
            ? $"{text} ({reason})"
            : text;
    }

    /// <summary>Whose rules a step is about.</summary>
    /// <param name="step">The step.</param>
    /// <param name="ends">The ends of the flow, to call endpoints by the names that were asked about.</param>
    public static string Where(TraceStep step, params ReadOnlySpan<FlowEndMatch> ends)
    {
        var way = step.Direction == FlowDirection.Egress ? "out of" : "into";
        return step.Stage switch
        {
            TraceStage.HostUntracked => $"{way} host endpoint {step.Endpoint}, before connection tracking",
            TraceStage.HostPreDnat => $"{way} host endpoint {step.Endpoint}, before DNAT",
            TraceStage.Host => $"{way} host endpoint {step.Endpoint}",
            _ when step.Subject == TraceSubject.EndpointToHost => "to the workload's own host",
            _ => $"{way} {Name(step.Endpoint, ends)}",
        };
    }

    // Of these a step says nothing but its reason.
    private static bool IsReason(TraceSubject subject) =>
        subject is TraceSubject.Endpoint or TraceSubject.Note or TraceSubject.Failsafe or TraceSubject.EndpointToHost or TraceSubject.Tracking
            or TraceSubject.Default;

    /// <summary>What a step found.</summary>
    public static string What(TraceStep step)
    {
        var subject = step.Subject switch
        {
            TraceSubject.Policy => $"policy {step.Name}{(step.Tier.Length > 0 ? $" of tier {step.Tier}" : "")}",
            TraceSubject.Profile => $"profile {step.Name}",
            _ => ""
        };
        return step switch
        {
            { Subject: TraceSubject.Default } => $"denied, because {step.Reason}",
            _ when IsReason(step.Subject) => $"{Outcome(step.Outcome)}{step.Reason}",
            { RuleIndex: { } index, Rule: { } rule } => string.Create(
                CultureInfo.InvariantCulture,
                $"{subject}, rule {index + 1} {Verb(step.Outcome)}: "
                    + $"{RuleSentences.For(rule, step.Direction == FlowDirection.Ingress, step.Subject == TraceSubject.Policy)}"),
            { Outcome: TraceOutcome.NoMatch } => $"{subject} has no rule that matches",
            _ => $"{subject} denies",
        };
    }

    /// <summary>A near miss.</summary>
    public static string For(NearMiss miss) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(miss.Direction == FlowDirection.Egress ? "Egress" : "Ingress")}: rule {miss.RuleIndex + 1} of "
            + $"{(miss.Subject == TraceSubject.Policy ? "policy" : "profile")} {miss.Name} matches but for this: "
            + $"{string.Join(", and ", miss.Failed.Select(f => f.Reason))}.");

    /// <summary>Where Felix differs from what the configuration means; null when it does not.</summary>
    public static string? Quirk(Verdict verdict) => verdict.Allowed == verdict.Meant
        ? null
        : $"The configuration means {(verdict.Meant ? "allow" : "deny")}, but Felix 2.6 {(verdict.Allowed ? "allows" : "denies")}: the mark of an earlier pass "
            + "leaks into a later profile.";

    private static string Name(string endpoint, ReadOnlySpan<FlowEndMatch> ends)
    {
        foreach (var end in ends)
        {
            if (end.End.Endpoint?.Name == endpoint)
            {
                return end.Container is null ? Short(endpoint) + end.FullName[end.Name.Length..] : end.FullName;
            }
        }

        return Short(endpoint);
    }

    private static string Short(string name) => name.Length == 64 && name.All(char.IsAsciiHexDigitLower) ? name[..12] : name;

    private static string Outcome(TraceOutcome outcome) => outcome switch { TraceOutcome.Allowed => "allowed: ", TraceOutcome.Denied => "denied: ", _ => "" };

    private static string Verb(TraceOutcome outcome) => outcome switch { TraceOutcome.Allowed => "allows", TraceOutcome.Denied => "denies", _ => "passes" };
}
