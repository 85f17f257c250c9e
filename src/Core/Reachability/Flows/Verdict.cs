using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Reachability.Flows;

/// <summary>What was looked at in a step of a trace.</summary>
public enum TraceSubject
{
    /// <summary>The endpoint itself: its state, whether its node enforces anything.</summary>
    Endpoint,

    /// <summary>A policy.</summary>
    Policy,

    /// <summary>A profile.</summary>
    Profile,

    /// <summary>What happens when nothing matched.</summary>
    Default,

    /// <summary>Felix's setting for packets from a workload to its own host.</summary>
    EndpointToHost,

    /// <summary>A failsafe port of a host endpoint.</summary>
    Failsafe,

    /// <summary>Connection tracking: what belongs to a connection passes before the rules, what cannot is dropped.</summary>
    Tracking,

    /// <summary>Something on the way that is no rule: NAT outgoing, a policy that Felix refuses, an assumption.</summary>
    Note,
}

/// <summary>Whose rules a step of a trace belongs to, and which of them.</summary>
public enum TraceStage
{
    /// <summary>Policies and profiles of a workload endpoint.</summary>
    Workload,

    /// <summary>DoNotTrack policies of a host endpoint: before connection tracking.</summary>
    HostUntracked,

    /// <summary>PreDNAT policies of a host endpoint.</summary>
    HostPreDnat,

    /// <summary>Policies and profiles of a host endpoint.</summary>
    Host,
}

/// <summary>How a step ended.</summary>
public enum TraceOutcome
{
    /// <summary>No rule matched; the next step decides.</summary>
    NoMatch,

    /// <summary>A rule passed the packet on.</summary>
    Passed,

    /// <summary>Allowed in this direction.</summary>
    Allowed,

    /// <summary>Dropped.</summary>
    Denied,

    /// <summary>Decides nothing: something to know.</summary>
    Noted,
}

/// <summary>One step of the way to a verdict.</summary>
/// <param name="Direction">Which side's evaluation.</param>
/// <param name="Subject">What was looked at.</param>
/// <param name="Name">Its name; empty for defaults.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record TraceStep(FlowDirection Direction, TraceSubject Subject, string Name, TraceOutcome Outcome)
{
    /// <summary>Whose rules.</summary>
    public TraceStage Stage { get; init; }

    /// <summary>
    /// The endpoint whose rules these are: name of the workload endpoint, or <c>node/name</c> of the host endpoint. Empty when there is none.
    /// </summary>
    public string Endpoint { get; init; } = "";

    /// <summary>The tier of a policy that is in another than Calico's own; empty otherwise.</summary>
    public string Tier { get; init; } = "";

    /// <summary>Index of the rule that decided, from 0, in the stored order; null when none did.</summary>
    public int? RuleIndex { get; init; }

    /// <summary>The rule that decided.</summary>
    public Rule? Rule { get; init; }

    /// <summary>Why, when no rule says it.</summary>
    public string? Reason { get; init; }
}

/// <summary>Whether a flow gets through, and why.</summary>
/// <param name="Allowed">What Felix 2.6 does.</param>
/// <param name="Trace">Each thing looked at, in order.</param>
public sealed record Verdict(bool Allowed, ImmutableArray<TraceStep> Trace)
{
    /// <summary>What the configuration means. Differs from <see cref="Allowed"/> only where Felix 2.6 leaks its pass mark.</summary>
    public required bool Meant { get; init; }

    /// <summary>
    /// Why nobody can say whether the flow gets through, as a sentence: Felix cannot program a rule of an endpoint on the way, or two policies have one name.
    /// Null when it is known;
    /// else <see cref="Allowed"/> is what the rules say.
    /// </summary>
    public string? Unknown { get; init; }

    /// <summary>Whether <see cref="Unknown"/> is about the interfaces of a host that forwards the flow: saying them makes it known.</summary>
    public bool IsWayUnknown { get; init; }

    /// <summary>The step that decided; null when nothing had to.</summary>
    public TraceStep? Decisive => Trace.LastOrDefault(s => s.Outcome is TraceOutcome.Allowed or TraceOutcome.Denied);

    /// <summary>Of a denied flow, the rules that came closest to allowing it: one for each direction that does.</summary>
    public ImmutableArray<NearMiss> NearMisses { get; init; } = [];

    /// <summary>
    /// Whether the whole exchange works where a doNotTrack policy has a part in it: the answer gets back and, of TCP, the handshake completes. Null where
    /// connection tracking
    /// lets the answer through, so that it needs no rule.
    /// </summary>
    public bool? ReplyAllowed { get; init; }

    /// <summary>Each thing looked at on the way back, and on what completes a TCP handshake; empty where the answer needs no rule.</summary>
    public ImmutableArray<TraceStep> ReplyTrace { get; init; } = [];

    /// <summary>The step of the way back that decided; null when none had to.</summary>
    public TraceStep? ReplyDecisive => ReplyTrace.LastOrDefault(s => s.Outcome is TraceOutcome.Allowed or TraceOutcome.Denied);
}
