using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Changes;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Web.Live;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Effects;

/// <summary>
/// What a proposal would do to who may talk to whom, against the newest snapshot. Worked out beside the circuit, a moment after the last change of
/// the proposal; a newer proposal, and leaving the page, end what is under way.
/// </summary>
public sealed partial class EffectPanel
{
    private readonly CancellationTokenSource _left = new();
    private CancellationTokenSource? _running;
    private ReachabilityProposal? _asked;
    private ReachabilityModel? _model;
    private ProposalEffect? _effect;
    private ImmutableArray<EffectRow> _rows = [];
    private ImmutableArray<ReachabilityWarning> _warnings = [];
    private bool _busy;

    /// <summary>How long it waits for the next key before it begins.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromMilliseconds(150);

    /// <summary>What would be written or deleted; null while that cannot be read. Compared by reference: another object is worked out anew.</summary>
    [Parameter, EditorRequired]
    public ReachabilityProposal? Proposal { get; set; }

    /// <summary>The heading.</summary>
    [Parameter]
    public string Title { get; set; } = "Effect on who may talk to whom";

    /// <summary>What is said while there is no proposal.</summary>
    [Parameter]
    public string Waiting { get; set; } = "Shown as soon as the form can be read.";

    /// <summary>The names of the groups of an endpoint, for the report.</summary>
    [Parameter]
    public Func<WorkloadEndpoint, IEnumerable<string>> GroupsOf { get; set; } = EndpointGroups.ByProfile;

    /// <summary>Raised with each effect that was worked out, such as for its warnings.</summary>
    [Parameter]
    public EventCallback<ProposalEffect> Computed { get; set; }

    [Inject]
    internal ReachabilityModels Models { get; set; } = default!;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (ReferenceEquals(Proposal, _asked))
        {
            return;
        }

        var first = _asked is null;
        _asked = Proposal;
        _busy = Proposal is not null;
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
        if (_asked is { } proposal)
        {
            _running = CancellationTokenSource.CreateLinkedTokenSource(_left.Token);
            _ = RunAsync(proposal, pause, _running.Token);
        }
    }

    private async Task RunAsync(ReachabilityProposal proposal, TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, Time, cancellationToken);
            }

            var (known, model, groupsOf) = (_effect, _model, GroupsOf);
            var (now, effect) = await Task.Run(
                () =>
                {
                    var current = Models.Current.Model;
                    return ReferenceEquals(current, model) && ReferenceEquals(known?.Proposal, proposal) ? (current, known)
                        : (current, ProposalEffect.From(current, proposal, groupsOf, cancellationToken));
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
            // A newer proposal, or nobody looks any more.
            return;
        }
        catch (Exception e)
        {
            await DispatchExceptionAsync(e);
        }
    }
}
