using System.Collections.Immutable;
using Bunit;
using CalicoConsole.Core.Ports;
using CalicoConsole.Web.Kit.Lists;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Kit.Lists;

/// <summary>A thing in a list of things.</summary>
internal sealed record Thing(string Name, string State, int Size = 0);

/// <summary>A list of things on a page, with what it stands on, and preferences that outlive a circuit.</summary>
internal sealed class ListStage : IAsyncDisposable
{
    public static readonly ImmutableArray<ListColumn<Thing>> Columns =
    [
        new("name", "Thing", t => t.Name),
        new("state", "State", t => t.State) { Facet = true },
        new("size", "Size", t => $"{t.Size}") { Numeric = true, Secondary = true, Order = ListOrder.By<Thing, int>(t => t.Size) },
        new("mac", "MAC", _ => "00:11") { Hidden = true },
    ];

    private readonly KeptPreferences _kept;

    public ListStage(KeptPreferences? kept = null)
    {
        _kept = kept ?? new();
        Context.AddConsole(new ManualClusterState(), Runner, Runner);
        Context.Services.AddSingleton<IPreferences>(_kept);
    }

    public BunitContext Context { get; } = new();

    public RecordingRunner Runner { get; } = new();

    public NavigationManager Navigation => Context.Services.GetRequiredService<NavigationManager>();

    public string Address => Navigation.ToBaseRelativePath(Navigation.Uri);

    public IRenderedComponent<ObjectList<Thing>> Show(string address, ImmutableArray<Thing> things, params ListAction<Thing>[] actions)
    {
        Navigation.NavigateTo(address);
        var list = Context.Render<ObjectList<Thing>>(p => p.Add(l => l.Items, things).Add(l => l.Columns, Columns).Add(l => l.KeyOf, t => t.Name)
            .Add(l => l.HrefOf, t => $"things/{t.Name}").Add(l => l.What, "things").Add(l => l.Name, "thing").Add(l => l.Actions, actions)
            .Add(l => l.Menu, t => [new($"Edit {t.Name}", $"do/edit?name={t.Name}")]));
        Assert.Empty(list.FindAll("[data-column-choice]"));
        list.Find("[data-columns-menu]").TriggerEvent("ontoggle", EventArgs.Empty);
        return list;
    }

    public static IEnumerable<string> Names(IRenderedComponent<ObjectList<Thing>> list) =>
        list.FindAll("tr[data-row] td.name").Select(c => c.TextContent.Trim());

    public static IEnumerable<string> Heads(IRenderedComponent<ObjectList<Thing>> list) =>
        list.FindAll("th[data-column]").Select(h => h.GetAttribute("data-column")!);

    public ValueTask DisposeAsync() => Context.DisposeAsync();
}

/// <summary>Preferences in memory, which live as long as a console: the store in SQLite has tests of its own.</summary>
internal sealed class KeptPreferences : IPreferences
{
    private ImmutableDictionary<(string Person, string Name), string> _all = ImmutableDictionary<(string, string), string>.Empty;

    public Exception? Fails { get; set; }

    public Task<ImmutableDictionary<string, string>> ReadAsync(string person, CancellationToken cancellationToken) => Fails is { } e
        ? Task.FromException<ImmutableDictionary<string, string>>(e)
        : Task.FromResult(_all.Where(p => p.Key.Person == person).ToImmutableDictionary(p => p.Key.Name, p => p.Value, StringComparer.Ordinal));

    public Task WriteAsync(string person, string name, string? value, CancellationToken cancellationToken)
    {
        if (Fails is { } e)
        {
            return Task.FromException(e);
        }

        _all = value is null ? _all.Remove((person, name)) : _all.SetItem((person, name), value);
        return Task.CompletedTask;
    }
}
