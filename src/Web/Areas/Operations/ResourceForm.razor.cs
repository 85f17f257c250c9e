using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Operations;

/// <summary>Draws the form of a kind's page.</summary>
/// <typeparam name="T">The resource.</typeparam>
/// <typeparam name="TDraft">What is typed.</typeparam>
public sealed partial class ResourceForm<T, TDraft>
    where T : class
    where TDraft : class, new()
{
    /// <summary>The page, which passes itself.</summary>
    [Parameter, EditorRequired]
    public ResourceFormBase<T, TDraft> Page { get; set; } = default!;

    /// <summary>The fields of a resource that is created or edited.</summary>
    [Parameter, EditorRequired]
    public RenderFragment? Fields { get; set; }

    /// <summary>What follows from deleting it, and what must be agreed to.</summary>
    [Parameter, EditorRequired]
    public RenderFragment? Deletion { get; set; }

    /// <summary>What it is about, beside the title of an edit or a deletion.</summary>
    [Parameter]
    public string? Lead { get; set; }

    /// <summary>What buttons call it; null for the word of the kind.</summary>
    [Parameter]
    public string? Noun { get; set; }

    /// <summary>Whether the fields need the greater part of the width.</summary>
    [Parameter]
    public bool Wide { get; set; }

    /// <summary>Where somebody comes from who creates one; null for the list of the kind.</summary>
    [Parameter]
    public string? ListHref { get; set; }

    /// <summary>What that is called.</summary>
    [Parameter]
    public string? ListText { get; set; }

    private string Word => Page.Kind.Word;

    private string Href => Page.Pages.Page(Page.Id) ?? Page.Pages.List;

    private bool Exists => Page.Exists;

    private RenderFragment? Effect => !Page.Kind.DecidesTraffic ? null : Page.Mode == ResourceFormMode.Delete ? EffectOfDeletion : EffectOfProposal;

    // The page and not this component is drawn anew after what happens here: the fields are its own.
    private EventCallback On(Action action) => EventCallback.Factory.Create(Page, action);

    private EventCallback<TValue> On<TValue>(Action<TValue> action) => EventCallback.Factory.Create(Page, action);
}
