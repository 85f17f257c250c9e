using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Audit;

public sealed partial class ObjectHistory
{
    private ImmutableArray<AuditEntry>? _entries;
    private string? _failed;
    private string _asked = "";
    private string _seen = "";
    private bool _gone;

    /// <summary>Kind of the object, as operations name it.</summary>
    [Parameter, EditorRequired]
    public string Kind { get; set; } = "";

    /// <summary>Every name under which operations may have changed it.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<string> Names { get; set; } = [];

    /// <summary>Another kind and name under which it is known, such as the endpoint of a container.</summary>
    [Parameter]
    public (string Kind, string Name)? Also { get; set; }

    private IEnumerable<(string Kind, string Name)> Asked => Names.Select(n => (Kind, n)).Concat(Also is { } also ? [also] : []).Distinct();

    // A manifest, or the deletion of a node, may have changed it too; the log knows.
    private string Mine => string.Join(' ', Running.Operations.Where(o => o.Operation.ObjectKind is "manifest" or KindNames.Node
        || o.Operation.AlsoAbout.Prepend(o.Operation.ObjectName).Any(name => Asked.Contains((o.Operation.ObjectKind, name))))
        .Select(o => $"{o.Id}{o.Finished is null}"));

    protected override void OnInitialized() => Running.Changed += OnChanged;

    protected override async Task OnParametersSetAsync()
    {
        var ask = string.Join('\n', Asked);
        if (ask != _asked)
        {
            _asked = ask;
            await LoadAsync();
        }
    }

    public void Dispose()
    {
        _gone = true;
        Running.Changed -= OnChanged;
    }

    private void OnChanged() => _ = InvokeAsync(async () =>
    {
        if (!_gone && Mine != _seen)
        {
            await LoadAsync();
            StateHasChanged();
        }
    });

    private async Task LoadAsync()
    {
        _seen = Mine;
        try
        {
            var found = new List<AuditEntry>();
            foreach (var (kind, name) in Asked.ToArray())
            {
                found.AddRange((await Log.QueryAsync(new AuditQuery { Kind = kind, Object = name, Limit = 200 }, CancellationToken.None)).Items);
            }

            _entries = [.. found.DistinctBy(e => e.Id).OrderByDescending(e => e.Id)];
            _failed = null;
        }
        catch (CalicoConsole.Adapters.Audit.ConsoleDatabaseException e)
        {
            _failed = e.Message;
        }
    }
}
