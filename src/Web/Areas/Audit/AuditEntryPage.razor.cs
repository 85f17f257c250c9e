using System.Collections.Immutable;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Audit;

public sealed partial class AuditEntryPage
{
    private AuditEntry? _entry;
    private ImmutableArray<DocumentChange> _changes = [];
    private ImmutableArray<string> _consents = [];
    private string? _unreadable;
    private string? _failed;
    private bool _really;
    private bool _asked;
    private bool _gone;
    private Guid _loaded;

    [Parameter]
    public Guid OperationId { get; set; }

    protected override void OnInitialized() => Running.Changed += OnOperations;

    protected override async Task OnParametersSetAsync()
    {
        if (_loaded != OperationId)
        {
            _loaded = OperationId;
            await LoadAsync();
        }
    }

    public void Dispose()
    {
        _gone = true;
        Running.Changed -= OnOperations;
    }

    private void OnOperations()
    {
        if (_entry?.Outcome is null)
        {
            _ = InvokeAsync(async () =>
            {
                if (!_gone && _entry?.Outcome is null)
                {
                    await LoadAsync();
                    StateHasChanged();
                }
            });
        }
    }

    private async Task LoadAsync()
    {
        try
        {
            _entry = (await Log.QueryAsync(new AuditQuery { OperationId = OperationId, Limit = 1 }, CancellationToken.None)).Items.FirstOrDefault();
            _failed = null;
        }
        catch (CalicoConsole.Adapters.Audit.ConsoleDatabaseException e)
        {
            _failed = e.Message;
        }

        _asked = true;
        if (_entry is not { } entry)
        {
            return;
        }

        _consents = Consents(entry.Intent.Writes);
        var text = entry.Outcome?.Changes ?? entry.Intent.Changes;
        try
        {
            _changes = CalicoConsole.Adapters.Audit.AuditDocuments.Read(text);
            _really = entry.Outcome is not null;
            if (_changes.IsDefaultOrEmpty)
            {
                // An operation that failed or was found at start has no documents of its own: what was planned says more.
                _changes = CalicoConsole.Adapters.Audit.AuditDocuments.Read(entry.Intent.Changes);
                _really &= _changes.IsDefaultOrEmpty;
            }

            _unreadable = null;
        }
        catch (System.Text.Json.JsonException)
        {
            // The log is append-only: what an older version wrote is shown as it is.
            (_changes, _unreadable) = ([], text);
        }
    }

    private static ImmutableArray<string> Consents(string writes)
    {
        try
        {
            return CalicoConsole.Adapters.Audit.IntentWrites.Parse(writes).Consents;
        }
        catch (System.Text.Json.JsonException)
        {
            return [];
        }
    }
}
