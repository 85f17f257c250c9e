using System.Collections.Immutable;
using Bunit;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Lists;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor.Services;

namespace CalicoConsole.Web.Tests.Components;

/// <summary>What is typed into a list's filter reaches its address after a pause, unless the page was left.</summary>
public sealed class ObjectListTypingTests : IAsyncDisposable
{
    private readonly BunitContext _context = new();
    private readonly FakeTimeProvider _time = new();

    public ObjectListTypingTests()
    {
        _context.JSInterop.Mode = JSRuntimeMode.Loose;
        _context.Services.AddMudServices();
        _context.Services.AddSingleton<TimeProvider>(_time);
        _context.Services.AddSingleton<SharedLists>();
        _context.Services.AddScoped<ListPreferences>();
    }

    private NavigationManager Navigation => _context.Services.GetRequiredService<NavigationManager>();

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    [Theory]
    [InlineData(null, "things?q=web")]
    [InlineData("things/web1", "things/web1")]
    [InlineData("things?sort=name", "things?sort=name&q=web")]
    public async Task Typed_AfterThePause_IsInTheAddressOfTheListOnly(string? wentTo, string address)
    {
        Navigation.NavigateTo("things");
        var list = _context.Render<ObjectList<string>>(p => p
            .Add(l => l.Items, ImmutableArray.Create("web1", "db1"))
            .Add(l => l.Columns, [new ListColumn<string>("name", "Name", n => n)])
            .Add(l => l.KeyOf, n => n).Add(l => l.HrefOf, n => $"things/{n}").Add(l => l.What, "things"));
        await list.InvokeAsync(() => list.Find("input[type=search]").Input("web"));
        if (wentTo is not null)
        {
            await list.InvokeAsync(() => Navigation.NavigateTo(wentTo));
        }

        await list.InvokeAsync(() => _time.Advance(TimeSpan.FromSeconds(1)));

        list.WaitForAssertion(() => Assert.Equal(address, Navigation.ToBaseRelativePath(Navigation.Uri)));
    }

    [Fact]
    public void Row_NamesItsAttributeSoThatABrowserTakesIt()
    {
        // A browser throws on any other name, and the circuit ends with it.
        var list = _context.Render<ObjectList<string>>(p => p
            .Add(l => l.Items, ImmutableArray.Create("web1"))
            .Add(l => l.Columns, [new ListColumn<string>("name", "Name", n => n)])
            .Add(l => l.KeyOf, n => n).Add(l => l.HrefOf, n => $"things/{n}").Add(l => l.What, "things").Add(l => l.Name, "other Thing/1"));
        var row = list.Find("tr[data-row]");
        Assert.Equal("web1", row.GetAttribute("data-other-thing-1"));
        Assert.All(row.Attributes, a => Assert.Matches("^[a-z][a-z0-9-]*$", a.Name));
    }
}
