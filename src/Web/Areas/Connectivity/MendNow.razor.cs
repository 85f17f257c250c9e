using CalicoConsole.Core.Diagnostics;
using CalicoConsole.Core.Diagnostics.Decision;
using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Web.Auth;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Connectivity;

public sealed partial class MendNow
{
    private readonly CancellationTokenSource _left = new();
    private Operation? _operation;
    private Plan? _plan;
    private Phase _phase;
    private string _said = "";
    private bool _mayChange;
    private MendOutcome? _outcome;

    private enum Phase
    {
        Offered,
        Asking,
        Running,
        Ended,
    }

    /// <summary>The cause that is mended.</summary>
    [Parameter, EditorRequired]
    public ReportedCause Cause { get; set; } = default!;

    /// <summary>The report that names it: its question is asked again.</summary>
    [Parameter, EditorRequired]
    public DiagnosisReport Report { get; set; } = default!;

    [Inject]
    internal IOperationRunner Runner { get; set; } = default!;

    [Inject]
    internal IDiagnosisReports Reports { get; set; } = default!;

    [Inject]
    internal CurrentActor Actor { get; set; } = default!;

    private (string Text, string Href)? Link => Cause.Mend is { } mend ? MendLinks.For(mend) : null;

    /// <inheritdoc/>
    protected override void OnParametersSet() => OnSnapshot();

    /// <inheritdoc/>
    protected override void OnSnapshot() => _operation = Cause?.Mend is { } mend ? MendOperations.For(mend, Snapshot) : null;

    /// <inheritdoc/>
    protected override async ValueTask DisposeCoreAsync()
    {
        await _left.CancelAsync();
        _left.Dispose();
        await base.DisposeCoreAsync();
    }

    private async Task Ask()
    {
        var context = await Actor.ContextAsync();
        _mayChange = context.Permissions.HasFlag(OperationPermissions.Change);
        (_plan, _phase) = (Runner.Plan(_operation!, context), Phase.Asking);
    }

    private async Task RunAsync()
    {
        var (operation, question) = (_operation!, new DiagnosisQuestion(Report.From, Report.To, Report.Protocol, Report.Port));
        (_phase, _said) = (Phase.Running, "");
        try
        {
            _outcome = await new MendRun(Runner, Reports, Time).RunAsync(operation, question, await Actor.ContextAsync(), Say, _left.Token);
            _phase = Phase.Ended;
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // The page was left: what was mended stands, and nobody waits for the answer.
        }
    }

    private void Say(string words)
    {
        _said = words;
        _ = InvokeAsync(StateHasChanged);
    }
}
