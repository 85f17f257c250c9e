using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Web.Areas.Operations;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Rules;

public sealed partial class DraftEditor<TDraft>
{
    private static readonly ImmutableArray<FormOption> Protocols = [new("tcp", "TCP"), new("udp", "UDP")];

    private DraftHistory<TDraft> _history = default!;
    private TemplateInput _input = TemplateInput.Empty;
    private TDraft? _seen;
    private (TDraft? Draft, string Text) _kept = (null, "");
    private RuleTemplate? _template;
    private TDraft? _tried;
    private string _yaml = "";
    private string _said = "";
    private bool _open;
    private bool _broken;
    private bool _old;

    [Parameter, EditorRequired]
    public TDraft Draft { get; set; } = default!;

    [Parameter]
    public EventCallback<TDraft> DraftChanged { get; set; }

    /// <summary>Raised with a draft whose effect is to be seen before it is taken; null when that is over.</summary>
    [Parameter]
    public EventCallback<TDraft?> Tried { get; set; }

    /// <summary>The name of the resource that is changed; null for a new one.</summary>
    [Parameter]
    public string? Name { get; set; }

    /// <summary>The kind, at the beginning of a sentence.</summary>
    [Parameter, EditorRequired]
    public string What { get; set; } = "";

    [Parameter]
    public RuleChoices Choices { get; set; } = RuleChoices.Empty;

    /// <summary>Whether the rules are a policy's.</summary>
    [Parameter]
    public bool InPolicy { get; set; }

    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    [CascadingParameter]
    private FormContext Form { get; set; } = default!;

    private ImmutableArray<TextMark> Marks => !_broken ? [] :
    [
        .. Form.Errors.Where(e => e.Field == "yaml").Select(e => (Place: DraftText.PlaceIn(e.Reason), e.Reason)).Where(e => e.Place.Line > 0)
            .Select(e => new TextMark(e.Place.Line, e.Place.Column, true, e.Reason)),
    ];

    string IKeptField.Name => "draft";

    string IKeptField.Label => $"the {char.ToLowerInvariant(What[0])}{What[1..]}";

    string IKeptField.Text => ReferenceEquals(_kept.Draft, Draft) ? _kept.Text : (_kept = (Draft, DraftJson.Write(Draft))).Text;

    Task IKeptField.TakeAsync(string text) => DraftJson.Read<TDraft>(text) is { } draft ? DraftChanged.InvokeAsync(draft) : Task.CompletedTask;

    protected override void OnInitialized() => Form.Memory.Add(this);

    public void Dispose() => Form.Memory.Remove(this);

    protected override void OnParametersSet()
    {
        if (_history is null)
        {
            _history = DraftHistory<TDraft>.From(Draft);
        }
        else if (!ReferenceEquals(Draft, _seen) && !ReferenceEquals(Draft, _history.Present))
        {
            _history = _history.Push(Draft, DraftChanges.Between(_history.Present, Draft), Time.GetUtcNow());
            (_template, _tried, _said) = (null, null, "");
        }

        // Between a step back and the page's taking of it this may be drawn once more with the draft of before, which is no change.
        _seen = Draft;
        _broken = Draft.Yaml is not null && Form.Errors.Any(e => e.Field == "yaml");
        _open |= _broken;
        ReadYaml();
    }

    private void ReadYaml()
    {
        if (_open)
        {
            var text = Draft.Yaml ?? Draft.ToYaml();
            (_old, _yaml) = (text is null, text ?? _yaml);
        }
    }

    private IEnumerable<(bool Ingress, int Index, Rule Rule)> Inserted(TDraft tried) =>
        New(true, Draft.Ingress, tried.Ingress).Concat(New(false, Draft.Egress, tried.Egress));

    private static IEnumerable<(bool Ingress, int Index, Rule Rule)> New(bool ingress, ImmutableArray<RuleDraft> before, ImmutableArray<RuleDraft> after) =>
        after.Select((r, i) => (ingress, i, r)).Where(r => before.All(b => b.Id != r.r.Id)).Select(r => (r.ingress, r.i, r.r.ToRule().Rule));

    private Task UndoAsync() => StepAsync("Undone", _history.Undoes, _history.Undo());

    private Task RedoAsync() => StepAsync("Done again", _history.Redoes, _history.Redo());

    private Task StepAsync(string done, string? what, DraftHistory<TDraft> history)
    {
        if (what is null || Form.Busy)
        {
            return Task.CompletedTask;
        }

        Form.Memory.Edit();
        (_history, _said, _template, _tried) = (history, $"{done}: {what}", null, null);
        return DraftChanged.InvokeAsync(history.Present);
    }

    private Task ChooseAsync(string? kind)
    {
        _template = RuleTemplates.All.FirstOrDefault(t => t.Kind.ToString() == kind);
        return TryAsync(TemplateInput.Empty);
    }

    private Task TryAsync(TemplateInput input)
    {
        _input = input;
        _tried = _template is { } template && (template.Kind != TemplateKind.AllowFrom || input.From.Trim().Length > 0)
            ? RuleTemplates.Insert(Draft, template.Kind, input).WithYaml(null, null) : null;
        return Tried.InvokeAsync(_tried);
    }

    private Task InsertAsync()
    {
        Form.Memory.Edit();
        return _tried is { } tried ? DraftChanged.InvokeAsync(tried) : Task.CompletedTask;
    }

    private void ToggleYaml()
    {
        // A document that cannot be read stays in sight.
        _open = !_open || _broken;
        ReadYaml();
    }

    private Task TypeAsync(string text) => DraftChanged.InvokeAsync(Draft.WithYaml(text, Name));

    private Task GiveUpAsync() => DraftChanged.InvokeAsync(Draft.WithYaml(null, null));
}
