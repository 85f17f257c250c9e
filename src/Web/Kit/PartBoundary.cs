using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;

namespace CalicoConsole.Web.Kit;

/// <summary>
/// Keeps what fails in a part of a page, such as a row or a panel, from taking the page with it. It tries again when it is given something else to draw.
/// </summary>
public sealed class PartBoundary : ErrorBoundaryBase
{
    private object? _of;

    /// <summary>What is drawn: another one is tried anew; null tries anew whenever the parent draws.</summary>
    [Parameter]
    public object? Of { get; set; }

    /// <summary>What it is, for people.</summary>
    [Parameter]
    public string What { get; set; } = "This part";

    [Inject]
    internal IErrorBoundaryLogger Logger { get; set; } = default!;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (CurrentException is not null && (Of is null || !Equals(Of, _of)))
        {
            Recover();
        }

        _of = Of;
    }

    /// <inheritdoc/>
    protected override async Task OnErrorAsync(Exception exception) => await Logger.LogErrorAsync(exception);

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (CurrentException is not { } failure)
        {
            builder.AddContent(0, ChildContent);
        }
        else if (ErrorContent is not null)
        {
            builder.AddContent(1, ErrorContent(failure));
        }
        else
        {
            var said = $"{What} cannot be shown: {failure.Message} The rest of the page works; the console's log has the details.";
            builder.OpenComponent<Notice>(2);
            builder.AddComponentParameter(3, nameof(Notice.State), ChipState.Broken);
            builder.AddComponentParameter(4, "data-failed-part", "true");
            builder.AddComponentParameter(5, "role", "alert");
            builder.AddComponentParameter(6, nameof(Notice.ChildContent), (RenderFragment)(content => content.AddContent(7, said)));
            builder.CloseComponent();
        }
    }
}
