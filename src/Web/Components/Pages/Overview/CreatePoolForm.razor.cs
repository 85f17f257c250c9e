using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Web.State;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Components.Pages.Overview;

/// <summary>Makes an ipPool: fields on one side, what will happen on the other, and how it ended.</summary>
public sealed partial class CreatePoolForm
{
    private static readonly Dictionary<string, object?> CidrAttributes = new(StringComparer.Ordinal) { ["autocomplete"] = "off", ["spellcheck"] = "false" };

    private readonly PoolForm _form = new();
    private OperationContext? _context;
    private FieldError? _error;
    private Plan? _plan;
    private OperationResult? _result;
    private string _asked = "";
    private Guid _operationId;
    private bool _touched;
    private bool _running;

    /// <summary>Raised when the form is to go.</summary>
    [Parameter]
    public EventCallback OnClose { get; set; }

    [Inject]
    internal IOperationRunner Runner { get; set; } = default!;

    [Inject]
    internal IRunningOperations Running { get; set; } = default!;

    [Inject]
    internal CurrentActor Actor { get; set; } = default!;

    private string? CidrError => _touched ? _error?.Reason ?? ErrorOf("metadata.cidr") : null;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        Running.Changed += OnProgress;
        _context = await Actor.ContextAsync();
        MakePlan();
    }

    /// <inheritdoc/>
    protected override ValueTask DisposeCoreAsync()
    {
        Running.Changed -= OnProgress;
        return base.DisposeCoreAsync();
    }

    /// <inheritdoc/>
    protected override void OnSnapshot() => MakePlan();

    private static string IpipWords(string? mode) => mode switch
    {
        "always" => "Always",
        "cross-subnet" => "Between subnets only",
        _ => "Off",
    };

    private string? ErrorOf(string field) =>
        _plan?.Errors.FirstOrDefault(e => e.Field == field || e.Field.StartsWith(field + ".", StringComparison.Ordinal))?.Reason;

    private void Set(string cidr) => Set(() => _form.Cidr = cidr);

    private void SetIpip(string? mode) => Set(() => _form.Ipip = mode ?? "");

    private void Set(Action change)
    {
        change();
        _result = null;
        MakePlan();
    }

    private void Touch() => _touched = _form.Cidr.Length > 0;

    private void MakePlan()
    {
        if (_context is null)
        {
            return;
        }

        (var pool, _error) = _form.ToPool();
        _plan = pool is null || _result is not null ? null : Runner.Plan(new CreateIPPool(pool), _context);
    }

    private async Task CreateAsync()
    {
        _touched = true;
        if (_running || _context is null || _form.ToPool().Pool is not { } pool)
        {
            return;
        }

        _asked = pool.Cidr.ToString();
        _operationId = Guid.NewGuid();
        _running = true;
        try
        {
            // Not cancelled with the page: an operation goes on when its page is left.
            _result = await Runner.RunAsync(new CreateIPPool(pool), _context with { OperationId = _operationId }, null, CancellationToken.None);
        }
        finally
        {
            _running = false;
        }

        if (_result.Outcome is OperationOutcome.Succeeded or OperationOutcome.NotYetSeen or OperationOutcome.Unchanged)
        {
            _form.Cidr = "";
            _touched = false;
        }

        MakePlan();
    }

    private void OnProgress() => _ = InvokeAsync(StateHasChanged);
}
