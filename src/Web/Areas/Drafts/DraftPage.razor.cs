using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Drafts;

public sealed partial class DraftPage
{
    private KeptItem? _item;
    private CalicoState? _seen;
    private StagedDraft? _draft;
    private DraftStanding? _standing;
    private ApplyManifest? _operation;
    private ReachabilityProposal? _effect;
    private string? _problem;

    private WrittenName? _written;

    /// <summary>The draft's name; it may hold slashes.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    private string Real => (_written ?? new(Name)).Read(n => Snapshot.Kept.ContainsKey(KeptKeys.For(KeptKinds.Draft, n)));

    protected override void OnParametersSet()
    {
        _written = WrittenName.From(Navigation, Name, 1, rest: true);
        OnSnapshot();
    }

    protected override void OnSnapshot()
    {
        var item = Snapshot.Kept.GetValueOrDefault(KeptKeys.For(KeptKinds.Draft, Real));
        if (ReferenceEquals(item, _item) && ReferenceEquals(Snapshot.Calico, _seen))
        {
            return;
        }

        var same = ReferenceEquals(item, _item);
        (_item, _seen) = (item, Snapshot.Calico);
        _draft = item is null ? null : StagedDraft.Read(item);
        _standing = _draft?.On(Snapshot);
        if (!same || _operation is null || _standing is null || !_operation.Expected!.SequenceEqual(_standing.Operation.Expected!))
        {
            _operation = _standing?.Operation;
        }

        if (!same || _effect is null)
        {
            _effect = _operation is null ? null : ReachabilityProposal.From(_operation.Manifest.Items.Select(i => i.Resource).OfType<object>());
        }
    }

    private async Task RestageAsync()
    {
        if (_draft is not { } draft || _item is not { } item)
        {
            return;
        }

        var context = await Actor.ContextAsync();
        var again = StagedDraft.From(draft.Manifest, Snapshot, draft.Note, context.Actor, Time.GetUtcNow());
        var result = await Runner.RunAsync(new SaveKept(KeptKinds.Draft, item.Name, again.ToJson(), item.Revision),
            context with { OperationId = Guid.NewGuid() }, null, CancellationToken.None);
        _problem = result.Outcome is OperationOutcome.Succeeded or OperationOutcome.NotYetSeen ? null : result.Message
            ?? string.Join("; ", result.Plan.Errors.Select(e => e.Reason));
    }
}
