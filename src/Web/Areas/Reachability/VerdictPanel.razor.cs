using System.Collections.Immutable;
using CalicoConsole.Core.Counters;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Changes;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Routing;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Reachability;

public sealed partial class VerdictPanel
{
    private AskedFlow? _asked;
    private Verdict? _verdict;
    private ImmutableArray<(Flow Flow, bool? Allowed)> _others = [];
    private ImmutableArray<SuggestedChange>? _suggestions;
    private (ReachabilityModel, ReachabilityQuestion)? _answered;

    [Parameter, EditorRequired]
    public ClusterSnapshot Snapshot { get; set; } = default!;

    [Parameter, EditorRequired]
    public ReachabilityModel Model { get; set; } = default!;

    [Parameter, EditorRequired]
    public ReachabilityQuestion Question { get; set; } = default!;

    protected override void OnParametersSet()
    {
        _asked = Question.Read(Snapshot);
        if (_answered is { } last && ReferenceEquals(last.Item1, Model) && last.Item2 == Question && _verdict is not null)
        {
            return;
        }

        _answered = (Model, Question);
        _verdict = _asked.Flow is { } flow ? Model.Explain(flow) : null;
        _others = [.. _asked.OtherFlows.Select(f => (f, Model.Known(f)))];
        _suggestions = null;
    }

    private bool IsSameAtOthers => _others.All(o => o.Allowed == (_verdict is { Unknown: null } known ? known.Allowed : null));

    private static string Word(Verdict verdict) => verdict.Unknown is not null ? "unknown" : verdict.Allowed ? "allowed" : "denied";

    private static string? HrefOf(TraceStep step) => step.Subject switch
    {
        TraceSubject.Policy => step.Tier.Length == 0 ? Links.Policy(step.Name) : null,
        TraceSubject.Profile => Links.Profile(step.Name),
        _ => null,
    };

    private static RuleListKey? CountedBy(TraceStep step) => step.Subject switch
    {
        TraceSubject.Policy => new RuleListKey(true, step.Name, step.Direction == FlowDirection.Egress),
        TraceSubject.Profile => new RuleListKey(false, step.Name, step.Direction == FlowDirection.Egress),
        _ => null,
    };

    private void Suggest() => _suggestions = _asked?.Flow is { } flow ? SuggestedChanges.For(Model, flow) : [];

    private static string OtherPairs(long count) => count switch { 0 => "no other pair", 1 => "1 other pair", _ => $"{count.Grouped()} other pairs" };
}
