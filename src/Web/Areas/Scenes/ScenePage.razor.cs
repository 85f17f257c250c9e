using System.Collections.Immutable;
using CalicoConsole.Core.Diagnostics;
using CalicoConsole.Core.Diagnostics.Decision;
using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Scenes;
using CalicoConsole.Web.Areas.Connectivity;
using CalicoConsole.Web.Auth;
using CalicoConsole.Web.Hosting;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Live;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Scenes;

/// <summary>The stage of one scene: one button goes on, what was seen stays on the page.</summary>
public sealed partial class ScenePage
{
    private const int Requests = 3;

    private readonly CancellationTokenSource _left = new();
    private Scene? _scene;
    private string _from = "";
    private string _to = "";
    private int _step;
    private bool _large;
    private bool _notes = true;
    private string? _problem;
    private string? _busy;
    private string? _failed;
    private string? _said;
    private Plan? _made;
    private ImmutableArray<string> _lines = [];
    private DiagnosisReport? _report;
    private MendOutcome? _mended;
    private ImmutableArray<string> _players = [];
    private string? _begun;
    private readonly ElementReference[] _items = new ElementReference[Scene.Steps.Length];
    private int? _reveal;

    /// <summary>The scene's code.</summary>
    [Parameter]
    public string Code { get; set; } = "";

    /// <summary>The container that asks.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    public string? FromAsked { get; set; }

    /// <summary>The container that is asked.</summary>
    [SupplyParameterFromQuery(Name = "to")]
    public string? ToAsked { get; set; }

    [Inject]
    internal ConsoleSettings Settings { get; set; } = default!;

    [Inject]
    internal Browser Browser { get; set; } = default!;

    [Inject]
    internal IOperationRunner Runner { get; set; } = default!;

    [Inject]
    internal IDiagnosisReports Reports { get; set; } = default!;

    [Inject]
    internal SceneHistory History { get; set; } = default!;

    [Inject]
    internal CurrentActor Actor { get; set; } = default!;

    private PlayScene Make => new(Code, _from, _to);

    private Operation? Mend => _report?.Cause?.Mend is { } mend ? MendOperations.For(mend, Snapshot) : null;

    private string NextWords => _step switch
    {
        0 => "Next: make the fault",
        1 => $"Next: ping {_to}",
        2 => "Next: ask the doctor",
        _ => Mend is not null && MendLinks.For(_report!.Cause!.Mend!) is var (text, _)
            ? $"Next: {char.ToLowerInvariant(text[0])}{text[1..]} and ask again" : "Next: take the fault back and ask again",
    };

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_begun == Code)
        {
            return;
        }

        (_begun, _scene, _step, _made, _lines, _report, _mended, _failed, _said) = (Code, AllScenes.Find(Code), 0, null, [], null, null, null, null);
        (_from, _to) = (FromAsked ?? "", ToAsked ?? "");
        OnSnapshot();
        if (_scene is not null && Settings.OffersScenes)
        {
            var standing = await History.ReadAsync(_left.Token);
            if (standing.FirstOrDefault(f => f.Code == Code && (_from.Length == 0 || (f.From == _from && f.To == _to) || FromAsked is null)) is { } fault)
            {
                // The presenter comes back to a fault that stands.
                (_from, _to, _step, _said) = (fault.From, fault.To, 1, "The fault was made before and stands, unless it was mended otherwise.");
            }
        }
    }

    /// <inheritdoc/>
    protected override void OnSnapshot()
    {
        _players = SceneStage.Players(Snapshot);
        if (_from.Length == 0 && _to.Length == 0 && SceneStage.Proposed(Snapshot) is { } pair)
        {
            (_from, _to) = (FlowEnds.NameOf(pair.From), FlowEnds.NameOf(pair.To));
        }

        Check();
    }

    /// <inheritdoc/>
    protected override async ValueTask DisposeCoreAsync()
    {
        await _left.CancelAsync();
        _left.Dispose();
        await base.DisposeCoreAsync();
    }

    private void Check() => _problem = _scene is null || _step > 0 ? null
        : _players.Length < 2 ? "A scene needs two running containers on one Calico network. The tour of the walk-through makes them."
        : Make.Plan(Snapshot).Plan.Errors is { IsEmpty: false } errors ? errors[0].Reason : null;

    private ImmutableArray<string> Players(string chosen) => _players.Contains(chosen) || chosen.Length == 0 ? _players : _players.Insert(0, chosen);

    private RenderFragment? Shown(int step) => step switch
    {
        0 when _made is { } plan => Pre("What was done", plan.Commands),
        1 when !_lines.IsEmpty => Pre("Output of ping", _lines),
        2 when _report is { } report => builder =>
        {
            builder.OpenComponent<DiagnosisView>(0);
            builder.AddComponentParameter(1, nameof(DiagnosisView.Report), report);
            builder.AddComponentParameter(2, nameof(DiagnosisView.Mends), Mend is null);
            builder.CloseComponent();
        }
        ,
        3 when _mended is { } outcome => builder =>
        {
            builder.OpenComponent<StateChip>(0);
            builder.AddComponentParameter(1, nameof(StateChip.State), outcome.Mended ? ChipState.Healthy : ChipState.Broken);
            builder.AddComponentParameter(2, nameof(StateChip.Text), outcome.Mended ? "mended" : "not mended");
            builder.CloseComponent();
            builder.AddContent(3, $" {outcome.Words}");
        }
        ,
        _ => null,
    };

    private static RenderFragment Pre(string label, ImmutableArray<string> lines) => builder =>
    {
        builder.OpenElement(0, "pre");
        builder.AddAttribute(1, "class", "output");
        builder.AddAttribute(2, "tabindex", "0");
        builder.AddAttribute(3, "role", "log");
        builder.AddAttribute(4, "aria-label", label);
        builder.AddContent(5, string.Join('\n', lines));
        builder.CloseElement();
    };

    private Task NextAsync() => _step switch
    {
        0 => DoAsync("Making the fault …", MakeAsync),
        1 => DoAsync($"Pinging {_to}: {Requests} requests …", PingAsync),
        2 => DoAsync("Looking at both ends and trying it …", AskAsync),
        _ => DoAsync("Mending …", MendAsync),
    };

    private Task TakeBackAsync() => DoAsync("Taking the fault back …", async context =>
    {
        var back = await Runner.RunAsync(Make with { TakesBack = true }, context, null, CancellationToken.None);
        if (!IsDone(back))
        {
            _failed = Why(back);
            return;
        }

        (_step, _made, _lines, _report, _mended) = (0, null, [], null, null);
        _said = "The fault is taken back. The scene can be played again.";
    });

    private async Task MakeAsync(OperationContext context)
    {
        var made = await Runner.RunAsync(Make, context, null, CancellationToken.None);
        if (IsDone(made))
        {
            (_made, _step) = (made.Plan, 1);
        }
        else
        {
            _failed = Why(made);
        }
    }

    private async Task PingAsync(OperationContext context)
    {
        if (SceneStage.Find(Snapshot, _from) is not { } from || FlowEnds.TryFind(Snapshot, _to, false, out var to, out _) is false || to is null)
        {
            // The one that is asked is gone from the network: that is the symptom.
            (_lines, _step) = ([$"{_to} has no address now: there is nothing to ping."], 2);
            return;
        }

        var ping = new Ping(from.Host, from.Container.Id, to.End.Address.ToString(), Requests) { Label = from.Container.Name };
        var result = await Runner.RunAsync(ping, context, null, CancellationToken.None);
        _lines = result.Lines.IsEmpty ? [Why(result)] : result.Lines;
        _step = 2;
    }

    private async Task AskAsync(OperationContext context)
    {
        var asked = await Runner.RunAsync(new Diagnose(new DiagnosisQuestion(_from, _to)), context, null, _left.Token);
        if (asked.Answer is not OperationAnswer.Diagnosed { Report: var id })
        {
            _failed = Why(asked);
            return;
        }

        (_report, _failed) = await KeptDiagnoses.ReadAsync(Reports, id, _left.Token);
        _step = _report is null ? _step : 3;
    }

    private async Task MendAsync(OperationContext context)
    {
        _mended = await new MendRun(Runner, Reports, Time).RunAsync(
            Mend ?? Make with { TakesBack = true }, new DiagnosisQuestion(_from, _to), context, Say, _left.Token);
        _step = _mended.Mended ? Scene.Steps.Length : _step;
    }

    private async Task DoAsync(string busy, Func<OperationContext, Task> work)
    {
        var before = _step;
        (_busy, _failed, _said) = (busy, null, null);
        try
        {
            await work(await Actor.ContextAsync());
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            return;
        }
        finally
        {
            _busy = null;
        }

        _reveal = _step > before ? before : null;
        Check();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_reveal is { } step)
        {
            // What a step has just shown, and not the button: the audience reads.
            _reveal = null;
            await Browser.RevealAsync(_items[step]);
        }
    }

    private void Say(string words)
    {
        _busy = words;
        _ = InvokeAsync(StateHasChanged);
    }

    private static bool IsDone(OperationResult result) =>
        result.Outcome is OperationOutcome.Succeeded or OperationOutcome.Unchanged or OperationOutcome.NotYetSeen;

    private static string Why(OperationResult result) => result.Message
        ?? (result.Plan.Errors.IsEmpty ? $"It ended as {result.Outcome}." : string.Join("; ", result.Plan.Errors.Select(e => e.Reason)));
}
