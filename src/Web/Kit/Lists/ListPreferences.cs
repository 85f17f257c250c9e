using System.Collections.Immutable;
using System.Text.Json;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ports;
using CalicoConsole.Web.Auth;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>
/// How the person of this circuit wants lists to look, kept by the console: columns are each person's own, saved views are everybody's. One for each
/// circuit; used on its dispatcher only.
/// </summary>
/// <param name="store">Where they are kept; null keeps them as long as the circuit.</param>
/// <param name="actor">Who that is; null where nobody signs in.</param>
public sealed class ListPreferences(IPreferences? store = null, CurrentActor? actor = null)
{
    private string _person = "local";
    private ImmutableDictionary<string, string> _own = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);
    private ImmutableDictionary<string, string> _shared = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);
    private bool _read;

    /// <summary>
    /// Reads them where that was not done yet, so that the first drawing of a list has its columns. What cannot be read is as if nothing was chosen.
    /// </summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        if (_read)
        {
            return;
        }

        _read = true;
        _person = actor is null ? _person : (await actor.ContextAsync()).Actor;
        if (store is null)
        {
            return;
        }

        try
        {
            _own = await store.ReadAsync(_person, cancellationToken);
        }
        catch (ConsoleDatabaseException)
        {
            // The overview names a database that fails; a list without its chosen columns is better than none.
            _read = false;
            return;
        }

        await ReadViewsAsync(cancellationToken);
    }

    /// <summary>Reads the saved views anew: others save them too.</summary>
    public async Task ReadViewsAsync(CancellationToken cancellationToken)
    {
        if (store is null)
        {
            return;
        }

        try
        {
            _shared = await store.ReadAsync(IPreferences.Everybody, cancellationToken);
        }
        catch (ConsoleDatabaseException)
        {
            // As above: what was read before stays.
        }
    }

    /// <summary>The columns of a list as this person wants them.</summary>
    public ListLayout LayoutOf(string list) => Read<ListLayout>(_own.GetValueOrDefault(Columns(list))) is { Choices.IsDefault: false } layout
        && layout.Choices.All(c => c is { Key: not null }) ? layout : ListLayout.Declared;

    /// <summary>The saved views of a list, by name.</summary>
    public ImmutableArray<SavedView> ViewsOf(string list) =>
    [
        .. _shared.Where(s => s.Key.StartsWith(View(list, ""), StringComparison.Ordinal)).Select(s => Read<SavedView>(s.Value))
            .Where(v => v is { Name.Length: > 0, Parameters: not null, Layout.Choices.IsDefault: false }).OfType<SavedView>()
            .OrderBy(v => v.Name, StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>Keeps the columns of a list.</summary>
    /// <returns>Why they are kept only until the page is loaded again; null when they are kept.</returns>
    public Task<string?> KeepAsync(string list, ListLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var value = layout.IsDeclared ? null : JsonSerializer.Serialize(layout);
        _own = value is null ? _own.Remove(Columns(list)) : _own.SetItem(Columns(list), value);
        return WriteAsync(_person, Columns(list), value);
    }

    /// <summary>Saves a view in place of the one of its name.</summary>
    /// <returns>Why it is not saved; null when it is.</returns>
    public Task<string?> SaveAsync(string list, SavedView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var value = JsonSerializer.Serialize(view with { By = _person });
        _shared = _shared.SetItem(View(list, view.Name), value);
        return WriteAsync(IPreferences.Everybody, View(list, view.Name), value);
    }

    /// <summary>Deletes a view.</summary>
    /// <returns>Why it is not deleted; null when it is.</returns>
    public Task<string?> DeleteAsync(string list, string name)
    {
        _shared = _shared.Remove(View(list, name));
        return WriteAsync(IPreferences.Everybody, View(list, name), null);
    }

    private static string Columns(string list) => $"columns of {list}";

    private static string View(string list, string name) => $"view of {list}: {name}";

    private static T? Read<T>(string? json)
        where T : class
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize<T>(json);
        }
        catch (JsonException)
        {
            // Of another version, or edited by hand: as if it was not chosen.
            return null;
        }
    }

    private async Task<string?> WriteAsync(string person, string name, string? value)
    {
        if (store is null)
        {
            return null;
        }

        try
        {
            await store.WriteAsync(person, name, value, CancellationToken.None);
            return null;
        }
        catch (ConsoleDatabaseException e)
        {
            return e.Message;
        }
    }
}
