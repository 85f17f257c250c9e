using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Reachability.Assertions;
using CalicoConsole.Web.Auth;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Operations;

/// <summary>
/// The frame of every change: fields on one side, what will happen on the other. It plans with every change of the form and of the
/// cluster, runs the operation under an id that stands in the address, and shows it again to whoever comes back to that address.
/// </summary>
public sealed partial class OperationForm
{
    private const string Parameter = "operation";

    private readonly FormContext _form = new();
    private OperationContext? _context;
    private Plan? _plan;
    private Plan? _asPlanned;
    private Operation? _asked;
    private Guid? _operationId;
    private Guid? _leftBehind;
    private RunningOperation? _running;
    private OperationResult? _result;
    private Phase _phase;
    private string? _key;
    private string _typed = "";
    private AssertionEffect? _effect;
    private bool _agreed;
    private bool _agreedUnprogrammable;
    private string? _unprogrammable;
    private bool _asksUnprogrammable;

    private enum Phase
    {
        Editing,
        Running,
        Succeeded,
        Failed,
        Lost,
    }

    /// <summary>The page's title: a verb with its object.</summary>
    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>What it is about, beside the title.</summary>
    [Parameter]
    public string? Lead { get; set; }

    /// <summary>Where the person came from.</summary>
    [Parameter, EditorRequired]
    public string BackHref { get; set; } = "";

    /// <summary>Its name.</summary>
    [Parameter, EditorRequired]
    public string BackText { get; set; } = "";

    /// <summary>The button: a verb with its object.</summary>
    [Parameter, EditorRequired]
    public string Submit { get; set; } = "";

    /// <summary>What stands above the plan while the form is edited, such as an <c>EffectPanel</c>.</summary>
    [Parameter]
    public RenderFragment? Effect { get; set; }

    /// <summary>The button that begins anew after success; null offers none.</summary>
    [Parameter]
    public string? Again { get; set; }

    /// <summary>What the form stands for; null while it cannot be read.</summary>
    [Parameter, EditorRequired]
    public Operation? Operation { get; set; }

    /// <summary>What is wrong with the form itself, before an operation can be made of it.</summary>
    [Parameter]
    public ImmutableArray<FieldError> Errors { get; set; } = [];

    /// <summary>The fields.</summary>
    [Parameter]
    public RenderFragment? Fields { get; set; }

    /// <summary>Shown above the fields while the object was changed by somebody else.</summary>
    [Parameter]
    public RenderFragment? Conflict { get; set; }

    /// <summary>
    /// What the form is about as the person saw it, whose revision the operation carries; null where the form itself keeps the versions apart, as an edit does.
    /// </summary>
    [Parameter]
    public SeenObject? Seen { get; set; }

    /// <summary>Raised when the person takes what is there now for what was seen; <see cref="SeenObject.LookAgain"/> does it.</summary>
    [Parameter]
    public EventCallback LookAgain { get; set; }

    /// <summary>The name to be typed before a destructive change; null for other changes.</summary>
    [Parameter]
    public string? ConfirmName { get; set; }

    /// <summary>Whether the fields stay after success, for what is done again and again.</summary>
    [Parameter]
    public bool KeepFields { get; set; }

    /// <summary>Whether the fields need the greater part of the width.</summary>
    [Parameter]
    public bool Wide { get; set; }

    /// <summary>Whether the form may be saved as a draft, where its operation is a change of profiles and policies.</summary>
    [Parameter]
    public bool Drafts { get; set; } = true;

    /// <summary>Shown with the result, such as why nobody answered.</summary>
    [Parameter]
    public RenderFragment<OperationResult>? Outcome { get; set; }

    /// <summary>Why it cannot be done whatever is typed; null while it can.</summary>
    [Parameter]
    public string? Blocked { get; set; }

    /// <summary>Whether Enter in a field sends the form: only where that changes nothing.</summary>
    [Parameter]
    public bool EnterSubmits { get; set; }

    /// <summary>Whether leaving asks first when something was typed.</summary>
    [Parameter]
    public bool AsksBeforeLeaving { get; set; } = true;

    /// <summary>Under what name its text is kept; null for the page's address.</summary>
    [Parameter]
    public string? KeptAs { get; set; }

    /// <summary>Raised with an operation that was found by the address, to fill the fields with what was asked.</summary>
    [Parameter]
    public EventCallback<Operation> Restore { get; set; }

    /// <summary>Raised when the operation ended.</summary>
    [Parameter]
    public EventCallback<OperationResult> Finished { get; set; }

    /// <summary>Raised when the form is to be empty again.</summary>
    [Parameter]
    public EventCallback Cleared { get; set; }

    [Inject]
    internal IOperationRunner Runner { get; set; } = default!;

    [Inject]
    internal IRunningOperations Running { get; set; } = default!;

    [Inject]
    internal CurrentActor Actor { get; set; } = default!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = default!;

    private Operation? Agreed => Operation is { } operation && (_agreed || _agreedUnprogrammable)
        ? operation with
        {
            EvenIfBreaksAssertions = _agreed || operation.EvenIfBreaksAssertions,
            EvenIfUnprogrammable = _agreedUnprogrammable || operation.EvenIfUnprogrammable
        }
        : Operation;

    // What the page knows of why the write will be refused: only what may be said already, so that nothing is said before it was typed.
    private string? Against => _phase == Phase.Running ? null
        : Blocked ?? _form.Refused ?? (_form.Said.Length switch { 0 => null, 1 => "One thing prevents it", var n => $"{n} things prevent it" });

    private string WaitingWords => _form.Open is { IsEmpty: false } open
        ? $"Still needed: {string.Join(", ", open)}."
        : "Fill in the form to see it.";

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        Running.Changed += OnRunning;
        _form.Changed += OnTouched;
        _context = await Actor.ContextAsync();
        _key = KeyOf(_context.Actor);
        MakePlan();
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        _key = _context is { } context ? KeyOf(context.Actor) : null;
        await FollowAddressAsync();
        MakePlan();
    }

    /// <inheritdoc/>
    protected override void OnSnapshot() => MakePlan();

    /// <inheritdoc/>
    protected override ValueTask DisposeCoreAsync()
    {
        Running.Changed -= OnRunning;
        _form.Changed -= OnTouched;
        return base.DisposeCoreAsync();
    }

    private static RenderFragment OutputLines(ImmutableArray<string> lines) => builder =>
    {
        if (!lines.IsEmpty)
        {
            builder.OpenElement(0, "pre");
            builder.AddAttribute(1, "class", "output");
            builder.AddAttribute(2, "tabindex", "0");
            builder.AddAttribute(3, "role", "log");
            builder.AddAttribute(4, "aria-label", "Output");
            builder.AddContent(5, string.Join('\n', lines));
            builder.CloseElement();
        }
    };

    // Of the person and of the address, without the operation that may stand in it.
    private string KeyOf(string actor) => $"typed {actor} {KeptAs ?? new Uri(Navigation.GetUriWithQueryParameter(Parameter, (string?)null)).PathAndQuery}";

    private async Task FollowAddressAsync()
    {
        var asked = System.Web.HttpUtility.ParseQueryString(Navigation.ToAbsoluteUri(Navigation.Uri).Query)[Parameter];
        if (!Guid.TryParse(asked, out var id))
        {
            _leftBehind = null;
            if (_operationId is not null)
            {
                Forget();
            }

            return;
        }

        if (id == _operationId || id == _leftBehind)
        {
            return;
        }

        Forget();
        (_operationId, _running) = (id, Running.Find(id));
        if (_running is null)
        {
            _phase = Phase.Lost;
            return;
        }

        (_asked, _phase, _form.Busy) = (_running.Operation, Phase.Running, true);
        await Restore.InvokeAsync(_asked);
        await TakeAsync(_running.Result);
    }

    private async Task SubmitAsync()
    {
        MakePlan();
        _form.Submitted = true;
        if (_phase == Phase.Running || _context is null || Agreed is not { } operation || !_form.Errors.IsEmpty)
        {
            return;
        }

        var id = Guid.NewGuid();
        (_operationId, _asked, _asPlanned, _running, _result, _phase, _form.Busy) = (id, operation, _plan, null, null, Phase.Running, true);

        // Not cancelled with the page: an operation goes on when its page is left, and its address finds it again.
        var ending = Runner.RunAsync(operation, _context with { OperationId = id }, null, CancellationToken.None);
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(Parameter, id.ToString()), replace: true);
        StateHasChanged();
        var result = await ending;
        if (_operationId == id)
        {
            _running = Running.Find(id) ?? _running;
            await TakeAsync(result);
        }
    }

    private async Task TakeAsync(OperationResult? result)
    {
        if (result is null || _result is not null)
        {
            return;
        }

        _result = result;
        _asPlanned = result.Plan with { Changes = result.Changes.IsEmpty ? result.Plan.Changes : result.Changes };
        _phase = result.Outcome is OperationOutcome.Succeeded or OperationOutcome.NotYetSeen or OperationOutcome.Unchanged ? Phase.Succeeded : Phase.Failed;
        _form.Busy = false;
        _form.Submitted = false;
        _typed = "";
        (_agreed, _agreedUnprogrammable) = (false, false);
        if (_phase == Phase.Succeeded)
        {
            _form.Memory.Forget();
        }

        await Finished.InvokeAsync(result);
        MakePlan();
    }

    private void Cancel()
    {
        if (_operationId is { } id)
        {
            Running.Cancel(id);
        }
    }

    private async Task StartAgain()
    {
        // The browser says later that the address has changed: until then it must not fill the fields with this operation again.
        _leftBehind = _operationId;
        Forget();
        _form.Reset();
        _form.Memory.Forget();
        await Cleared.InvokeAsync();
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(Parameter, (string?)null));
    }

    private void Forget()
    {
        (_operationId, _asked, _asPlanned, _running, _result, _phase, _form.Busy) = (null, null, null, null, null, Phase.Editing, false);
        (_typed, _agreed, _agreedUnprogrammable) = ("", false, false);
    }

    private void OnTouched() => StateHasChanged();

    // Progress of all operations comes here, and often: only this form's own counts.
    private void OnRunning()
    {
        if (_operationId is { } id && Running.Find(id) is { } now && !ReferenceEquals(now, _running))
        {
            _ = InvokeAsync(async () =>
            {
                if (_operationId == id && Running.Find(id) is { } newest)
                {
                    _running = newest;
                    await TakeAsync(newest.Result);
                    StateHasChanged();
                }
            });
        }
    }
}
