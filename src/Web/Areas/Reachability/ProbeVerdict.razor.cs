using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Live;
using CalicoConsole.Web.Routing;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Reachability;

public sealed partial class ProbeVerdict
{
    private ReachabilityQuestion _question = new("", "", "", "", "");
    private AskedFlow? _asked;
    private Verdict? _verdict;
    private OperationResult? _seen;

    [Parameter, EditorRequired]
    public OperationResult Result { get; set; } = default!;

    [Parameter, EditorRequired]
    public ClusterSnapshot Snapshot { get; set; } = default!;

    /// <summary>The container that asked.</summary>
    [Parameter, EditorRequired]
    public ContainerView? From { get; set; }

    /// <summary>Whom it asked.</summary>
    [Parameter, EditorRequired]
    public string Target { get; set; } = "";

    /// <summary>The TCP port; empty for a ping.</summary>
    [Parameter]
    public string Port { get; set; } = "";

    [Inject]
    internal ReachabilityModels Models { get; set; } = default!;

    // Answered by nobody: a refusal is an answer of the other end.
    private bool Silent => Result.Answer is OperationAnswer.PingCount { Received: 0 } or OperationAnswer.TcpProbe { Answer: TcpAnswer.NoAnswer };

    private TraceStep? Decisive => _verdict?.Trace.LastOrDefault(s => s.Outcome == TraceOutcome.Denied) ?? _verdict?.Trace.LastOrDefault();

    protected override void OnParametersSet()
    {
        // About the probe that was run, not about what is typed for the next one.
        if (ReferenceEquals(Result, _seen) || !Silent || From is not { } from)
        {
            return;
        }

        _seen = Result;
        _question = new ReachabilityQuestion(FlowEnds.NameOf(from), Target.Trim(), Port.Length > 0 ? "tcp" : "", Port.Trim(), "");
        var (snapshot, model) = Models.Current;
        _asked = _question.Read(snapshot);
        _verdict = _asked.Flow is { } flow ? model.Explain(flow) : null;
    }

    private static string? HrefOf(TraceStep step) => step.Subject switch
    {
        TraceSubject.Policy => Links.Policy(step.Name),
        TraceSubject.Profile => Links.Profile(step.Name),
        _ => null,
    };

    private static string Upper(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].TrimEnd('.');
}
