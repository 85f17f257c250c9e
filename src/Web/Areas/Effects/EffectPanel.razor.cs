using System.Collections.Immutable;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Changes;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Web.Live;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Effects;

/// <summary>
/// What a draft would do to who may talk to whom, against the newest snapshot. Worked out beside the circuit, a moment after the last change of
/// the draft; a newer draft, and leaving the page, end what is under way.
/// </summary>
public sealed partial class EffectPanel
{
    private readonly CancellationTokenSource _left = new();
    private CancellationTokenSource? _running;
    private ReachabilityDraft? _asked;
    private ReachabilityModel? _model;
    private DraftEffect? _effect;
    private ImmutableArray<EffectRow> _rows = [];
    private ImmutableArray<ReachabilityWarning> _warnings = [];
    private bool _busy;

    /// <summary>How long it waits for the next key before it begins.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromMilliseconds(150);

    /// <summary>What would be written or deleted; null while that cannot be read. Compared by reference: another object is worked out anew.</summary>
    [Parameter, EditorRequired]
    public ReachabilityDraft? Draft { get; set; }

    /// <summary>The heading.</summary>
    [Parameter]
    public string Title { get; set; } = "Effect on who may talk to whom";

    /// <summary>What is said while there is no draft.</summary>
    [Parameter]
    public string Waiting { get; set; } = "Shown as soon as the form can be read.";

    /// <summary>Raised with each effect that was worked out, such as for its warnings.</summary>
    [Parameter]
    public EventCallback<DraftEffect> Computed { get; set; }

    [Inject]
    internal ReachabilityModels Models { get; set; } = default!;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (ReferenceEquals(Draft, _asked))
        {
            return;
        }

        var first = _asked is null;
        _asked = Draft;
        _busy = Draft is not null;
        Begin(first ? TimeSpan.Zero : Pause);
    }

    /// <inheritdoc/>
    protected override void OnSnapshot()
    {
        // One that waits for its moment looks at the newest snapshot by itself.
        if (_asked is not null && !_busy)
        {
            Begin(TimeSpan.Zero);
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask DisposeCoreAsync()
    {
        await _left.CancelAsync();
        _running?.Dispose();
        _left.Dispose();
        await base.DisposeCoreAsync();
    }

    private void Begin(TimeSpan pause)
    {
        _running?.Cancel();
        _running?.Dispose();
        _running = null;
        if (_asked is { } draft)
        {
            _running = CancellationTokenSource.CreateLinkedTokenSource(_left.Token);
            _ = RunAsync(draft, pause, _running.Token);
        }
    }

    private async Task RunAsync(ReachabilityDraft draft, TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, Time, cancellationToken);
            }

            var (known, model) = (_effect, _model);
            var (now, effect) = await Task.Run(
                () =>
                {
                    var current = Models.Current.Model;
                    return ReferenceEquals(current, model) && ReferenceEquals(known?.Draft, draft) ? (current, known)
                        : (current, DraftEffect.From(current, draft, EndpointGroups.ByProfile, cancellationToken));
                },
                cancellationToken);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            _busy = false;
            _model = now;
            if (!ReferenceEquals(effect, known))
            {
                _effect = effect;
                _rows = EffectRow.For(effect!);
                _warnings = [.. effect!.Warnings.OrderByDescending(w => EffectWords.State(w.Kind))];
                await Computed.InvokeAsync(effect);
            }

            StateHasChanged();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // A newer draft, or nobody looks any more.
            return;
        }
        catch (Exception e)
        {
            await DispatchExceptionAsync(e);
        }
    }
}
