using System.Collections.Immutable;
using CalicoConsole.Core.Counters;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Changes;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace CalicoConsole.Web.Areas.Rules;

public sealed partial class RuleTable
{
    private readonly Dictionary<Guid, ElementReference> _buttons = [];
    private Guid? _open;
    private Guid? _focus;
    private Guid? _dragged;

    [Parameter, EditorRequired]
    public bool Ingress { get; set; }

    [Parameter, EditorRequired]
    public ImmutableArray<RuleDraft> Rules { get; set; } = [];

    [Parameter]
    public EventCallback<ImmutableArray<RuleDraft>> RulesChanged { get; set; }

    /// <summary>What fields offer.</summary>
    [Parameter]
    public RuleChoices Choices { get; set; } = RuleChoices.Empty;

    /// <summary>Whether they are a policy's: there a pass leads to the profiles.</summary>
    [Parameter]
    public bool InPolicy { get; set; }

    /// <summary>What happens to traffic that no rule names.</summary>
    [Parameter]
    public RuleSentence Rest { get; set; } = RuleSentences.Rest;

    /// <summary>What to know about a rule, by its draft's identity.</summary>
    [Parameter]
    public ImmutableDictionary<Guid, ImmutableArray<ReachabilityWarning>> Warnings { get; set; } = ImmutableDictionary<Guid,
        ImmutableArray<ReachabilityWarning>>.Empty;

    /// <summary>The list as it is stored, to show what the kernels counted for each of its rules; null while it is new.</summary>
    [Parameter]
    public RuleListKey? Counted { get; set; }

    [CascadingParameter]
    private FormContext Form { get; set; } = default!;

    private string List => $"spec.{Direction}";

    protected override void OnInitialized() => Form.Register(List, Ingress ? "Ingress rules" : "Egress rules");

    public void Dispose() => Form.Unregister(List);

    // A row shows the count of the stored rule that it was read from, wherever it was moved to since.
    private (RuleListKey List, int Index)? Place(RuleDraft draft)
    {
        if (Counted is not { } list)
        {
            return null;
        }

        var calico = Cluster.Current.Calico;
        ImmutableArray<Rule> rules = list.IsPolicy
            ? calico.Policies.GetValueOrDefault(list.Name)?.Value is { } policy ? list.Egress ? policy.Egress : policy.Ingress : []
            : calico.Profiles.GetValueOrDefault(list.Name)?.Value is { } profile ? list.Egress ? profile.Egress : profile.Ingress : [];
        for (var i = 0; i < rules.Length; i++)
        {
            if (ReferenceEquals(rules[i], draft.Origin))
            {
                return (list, i);
            }
        }

        return null;
    }

    private string Direction => Ingress ? "ingress" : "egress";

    // Rows that move lose the focus in the browser: it is given back to the row that was acted on.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focus is { } id && _buttons.TryGetValue(id, out var button))
        {
            _focus = null;
            await Browser.GiveFocusAsync(button);
        }
    }

    private static string Lower(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string IconOf(string action) => action switch
    {
        "allow" => Icons.Material.Filled.CheckCircle,
        "deny" => Icons.Material.Filled.Block,
        "log" => Icons.Material.Filled.ReceiptLong,
        "pass" => Icons.Material.Filled.SkipNext,
        _ => Icons.Material.Filled.HelpOutline,
    };

    private void Toggle(Guid id) => _open = _open == id ? null : id;

    private void Close(Guid id) => (_open, _focus) = (null, id);

    private Task AddAsync()
    {
        var added = RuleDraft.New(Ingress) with { Protocol = "tcp" };
        _open = added.Id;
        _focus = added.Id;
        return SayAsync(Rules.Add(added));
    }

    private Task DuplicateAsync(int index)
    {
        var copy = Rules[index] with { Id = Guid.NewGuid() };
        _focus = copy.Id;
        return SayAsync(Rules.Insert(index + 1, copy));
    }

    private Task MoveAsync(int index, int by) => index + by < 0 || index + by >= Rules.Length ? Task.CompletedTask : PutAsync(index, index + by);

    // A rule of the other list is not known here: its sides mean the contrary.
    private Task DropAsync(int at)
    {
        var from = Rules.IndexOf(Rules.FirstOrDefault(r => r.Id == _dragged)!);
        _dragged = null;
        return from < 0 || from == at || Form.Busy ? Task.CompletedTask : PutAsync(from, at);
    }

    private Task PutAsync(int from, int to)
    {
        var moved = Rules[from];
        _focus = moved.Id;
        return SayAsync(Rules.RemoveAt(from).Insert(to, moved));
    }

    private Task RemoveAsync(int index)
    {
        var rest = Rules.RemoveAt(index);
        _focus = rest.Length == 0 ? null : rest[Math.Min(index, rest.Length - 1)].Id;
        return SayAsync(rest);
    }

    private Task SayAsync(ImmutableArray<RuleDraft> rules)
    {
        Form.Memory.Edit();
        return RulesChanged.InvokeAsync(rules);
    }

    private Task KeyAsync(KeyboardEventArgs key, int index) => Form.Busy ? Task.CompletedTask : key switch
    {
        { AltKey: true, Key: "ArrowUp" } => MoveAsync(index, -1),
        { AltKey: true, Key: "ArrowDown" } => MoveAsync(index, 1),
        { Key: "Delete" } => RemoveAsync(index),
        { Key: "d" or "D", CtrlKey: false, MetaKey: false, AltKey: false } => DuplicateAsync(index),
        _ => Task.CompletedTask,
    };
}
