using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Reachability.Flows;

/// <summary>Answers of a model about one flow. Pure.</summary>
public static class FlowVerdicts
{
    /// <summary>Whether Felix 2.6 lets a flow through. Endpoints that are not known count as outside addresses.</summary>
    public static bool Allows(this ReachabilityModel model, Flow flow) => new FlowEvaluation(model, flow, leaks: true, null).Run();

    /// <summary>Whether a flow gets through; null where nobody can say, see <see cref="Verdict.Unknown"/>.</summary>
    public static bool? Known(this ReachabilityModel model, Flow flow)
    {
        var evaluation = new FlowEvaluation(model, flow, leaks: true, null);
        var allowed = evaluation.Run();
        return evaluation.Doubt is null ? allowed : null;
    }

    /// <summary>The verdict with its trace.</summary>
    public static Verdict Explain(this ReachabilityModel model, Flow flow)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(flow);
        var trace = new List<TraceStep>();
        var tracking = new ConnectionTracking();
        var evaluation = new FlowEvaluation(model, flow, leaks: true, trace, tracking);
        var allowed = evaluation.Run();
        var verdict = new Verdict(allowed, [.. trace])
        {
            Unknown = evaluation.Doubt,
            IsWayUnknown = evaluation.IsWayUnknown,
            Meant = new FlowEvaluation(model, flow, leaks: false, null).Run(),
            NearMisses = allowed ? [] : NearMissFinder.For(model, flow),
        };
        return allowed && model.HasUntracked ? WithReply(model, verdict, flow, tracking) : verdict;
    }

    // The answer and, of TCP, what completes the handshake: connection tracking has seen only what no doNotTrack policy took out.
    private static Verdict WithReply(ReachabilityModel model, Verdict verdict, Flow flow, ConnectionTracking tracking)
    {
        var trace = new List<TraceStep>();
        tracking.Role = PacketRole.Answer;
        var works = new FlowEvaluation(model, Reverse(flow), leaks: true, trace, tracking).Run();
        if (works && flow.Protocol == ProtocolNumbers.Tcp)
        {
            tracking.Role = PacketRole.Confirmation;
            works = new FlowEvaluation(model, flow, leaks: true, trace, tracking).Run();
        }

        return works && !tracking.IsUntracked ? verdict : verdict with { ReplyAllowed = works, ReplyTrace = [.. trace] };
    }

    private static Flow Reverse(Flow flow) => flow with
    {
        Source = flow.Destination,
        Destination = flow.Source,
        Via = flow.Via?.Back,
        SourcePort = flow.DestinationPort,
        DestinationPort = flow.SourcePort,
        IcmpType = flow.IcmpType switch
        {
            8 when flow.Protocol == ProtocolNumbers.Icmp => 0,
            128 when flow.Protocol == ProtocolNumbers.IcmpV6 => 129,
            var type => type
        },
    };
}
