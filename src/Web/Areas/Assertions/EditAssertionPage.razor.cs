using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Reachability.Assertions;
using CalicoConsole.Core.Snapshot;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Assertions;

public sealed partial class EditAssertionPage
{
    private AssertionDraft _draft = new();
    private KeptItem? _base;
    private DateTimeOffset _baseAt;
    private string? _asked;
    private DateTimeOffset? _changedAt;
    private SaveKept? _operation;
    private ImmutableArray<FieldError> _errors = [];

    [SupplyParameterFromQuery(Name = "name")]
    public string? Name { get; set; }

    private KeptItem? Now => Name is null ? null : Snapshot.Kept.GetValueOrDefault(KeptKeys.For(KeptKinds.Assertion, Name));

    protected override void OnParametersSet()
    {
        if (Name != _asked)
        {
            (_asked, _base) = (Name, null);
            OnSnapshot();
        }
    }

    protected override void OnSnapshot()
    {
        if (_base is null)
        {
            TakeTheirs();
        }

        _changedAt = _base is null || Now?.Revision == _base.Revision ? null : _changedAt ?? Time.GetUtcNow();
    }

    private void TakeTheirs()
    {
        (_base, _baseAt) = (Now ?? _base, Time.GetUtcNow());
        _changedAt = null;
        if (_base is not null)
        {
            Set(AssertionCodec.TryRead(_base.Json, out var assertion, out _) ? AssertionDraft.For(_base.Name, assertion)
                : new AssertionDraft { Name = _base.Name });
        }
    }

    private void ApplyMine()
    {
        (_base, _baseAt) = (Now ?? _base, Time.GetUtcNow());
        _changedAt = null;
        Set(_draft);
    }

    private void Set(AssertionDraft draft)
    {
        _draft = draft;
        (var assertion, _errors) = draft.Read();
        _operation = assertion is null || _base is null ? null : new SaveKept(KeptKinds.Assertion, _base.Name, AssertionCodec.Write(assertion), _base.Revision);
    }

    private void OnFinished(OperationResult result)
    {
        if (result.Outcome is OperationOutcome.Succeeded or OperationOutcome.Unchanged)
        {
            (_base, _baseAt) = (State.Current.Kept.GetValueOrDefault(KeptKeys.For(KeptKinds.Assertion, Name!)) ?? _base, Time.GetUtcNow());
            _changedAt = null;
            Set(_draft);
        }
    }

    private void Restore(Operation operation)
    {
        if (operation is SaveKept { Kind: KeptKinds.Assertion } o && AssertionCodec.TryRead(o.Json, out var assertion, out _))
        {
            Set(AssertionDraft.For(o.ItemName, assertion));
        }
    }
}
