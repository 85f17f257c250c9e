using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ports;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Audit;

public sealed partial class ChangedBy
{
    private const int MostEntries = 20;
    private static readonly TimeSpan LongestOpen = TimeSpan.FromMinutes(1);
    private (string, string, DateTimeOffset, string?)? _asked;
    private AuditEntry? _found;
    private bool _looked;

    /// <summary>Kind of the object, as operations name it.</summary>
    [Parameter, EditorRequired]
    public string Kind { get; set; } = "";

    /// <summary>Its name, as operations name it.</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    /// <summary>When the form saw the object as it was before.</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset Since { get; set; }

    /// <summary>What stands there now; another text is another change.</summary>
    [Parameter, EditorRequired]
    public string? Now { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (_asked == (Kind, Name, Since, Now))
        {
            return;
        }

        _asked = (Kind, Name, Since, Now);
        try
        {
            var page = await Log.QueryAsync(new AuditQuery { Kind = Kind, Object = Name, Limit = MostEntries }, CancellationToken.None);
            (_found, _looked) = (page.Items.FirstOrDefault(IsLater), true);
        }
        catch (ConsoleDatabaseException)
        {
            // Nobody is named rather than the wrong one; the history of the object says why.
            (_found, _looked) = (null, false);
        }
    }

    // An operation ends when the page can see what it did: what had ended before is not this change.
    private bool IsLater(AuditEntry entry) => entry.Outcome is { } outcome
        ? outcome.At >= Since && (outcome.Outcome is "partial" || AuditOutcomes.Done.Contains(outcome.Outcome))
        : entry.Intent.At >= Since - LongestOpen;
}
