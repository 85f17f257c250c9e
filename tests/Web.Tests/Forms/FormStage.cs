using AngleSharp.Dom;
using Bunit;
using CalicoConsole.Web.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Forms;

/// <summary>A browser tab over a cluster that several tabs may share.</summary>
internal sealed class FormStage : IAsyncDisposable
{
    private readonly BunitContext _context = new();

    public FormStage(ManualClusterState? state = null, FormRunner? runner = null)
    {
        State = state ?? new ManualClusterState();
        if (state is null)
        {
            State.Publish(Cluster.Snapshot());
        }

        Runner = runner ?? new FormRunner(State);
        _context.AddConsole(State, Runner, Runner);
        _context.Services.AddSingleton<ReachabilityModels>();
        _context.Render<MudBlazor.MudPopoverProvider>();
    }

    public ManualClusterState State { get; }

    public FormRunner Runner { get; }

    public string Address => _context.Services.GetRequiredService<NavigationManager>().Uri;

    /// <summary>Follows a link.</summary>
    public void GoTo(string address) => _context.Services.GetRequiredService<NavigationManager>().NavigateTo(address);

    public IRenderedComponent<T> Open<T>(string address)
        where T : class, IComponent
    {
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return _context.Render<T>();
    }

    /// <summary>Opens any page by its type, with what its route gives it.</summary>
    public IRenderedComponent<IComponent> Open(Type page, string address, params (string Name, object Value)[] route)
    {
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return _context.Render(builder =>
        {
            builder.OpenComponent(0, page);
            builder.AddMultipleAttributes(1, route.Select(r => KeyValuePair.Create(r.Name, r.Value)));
            builder.CloseComponent();
        });
    }

    public static IElement Field<T>(IRenderedComponent<T> page, string label, int nth = 0)
        where T : IComponent =>
            page.FindAll("label").Where(l => l.TextContent.Trim() == label).ElementAt(nth) is var found && found.GetAttribute("for") is { } id
            ? page.Find($"#{id}")
            : throw new InvalidOperationException($"no field {label}");

    public static IElement Button<T>(IRenderedComponent<T> page, string name)
        where T : IComponent => page.FindAll("button").First(b => b.TextContent.Trim() == name || b.GetAttribute("aria-label") == name);

    /// <summary>
    /// Submits once the form knows who may change, which is asked beside the first rendering; on the page's own dispatcher, so that no rendering comes between
    /// finding the form and sending it.
    /// </summary>
    public static Task SubmitAsync<T>(IRenderedComponent<T> page)
        where T : IComponent
    {
        page.WaitForState(() => page.FindAll("button[type=submit][disabled]").Count == 0, TimeSpan.FromSeconds(20));
        return page.InvokeAsync(() => page.Find("form").Submit());
    }

    /// <summary>The chips of a field, without what is explained beside them.</summary>
    public static string[] Chips<T>(IRenderedComponent<T> page, string label)
        where T : IComponent => [.. Field(page, label).ParentElement!.QuerySelectorAll(".edit-chip").Select(c => c.ChildNodes[0].TextContent.Trim())];

    /// <summary>Types into a field, on the page's own dispatcher.</summary>
    public static Task InputAsync<T>(IRenderedComponent<T> page, string label, string text, int nth = 0)
        where T : IComponent => page.InvokeAsync(() => Field(page, label, nth).Input(text));

    /// <summary>Chooses an option, on the page's own dispatcher.</summary>
    public static Task ChangeAsync<T>(IRenderedComponent<T> page, string label, string value)
        where T : IComponent => page.InvokeAsync(() => Field(page, label).Change(value));

    /// <summary>Leaves a field, on the page's own dispatcher.</summary>
    public static Task BlurAsync<T>(IRenderedComponent<T> page, string label)
        where T : IComponent => page.InvokeAsync(() => Field(page, label).Blur());

    /// <summary>Acts on what a selector finds, on the page's own dispatcher.</summary>
    public static Task OnAsync<T>(IRenderedComponent<T> page, string selector, Action<IElement> act)
        where T : IComponent => page.InvokeAsync(() => act(page.Find(selector)));

    /// <summary>Clicks on the page's own dispatcher.</summary>
    public static Task ClickAsync<T>(IRenderedComponent<T> page, string name)
        where T : IComponent => page.InvokeAsync(() => Button(page, name).Click());

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeComponentsAsync();
        await _context.DisposeAsync();
    }
}
