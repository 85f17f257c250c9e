using System.Collections.Immutable;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Rules;

public sealed partial class RuleEditor
{
    private static readonly ImmutableArray<FormOption> Actions = [new("allow", "Allow"), new("deny", "Deny"), new("log", "Log, then go on"),
        new("pass", "Pass to the next profile")];
    private static readonly ImmutableArray<FormOption> PolicyActions = [.. Actions[..3], new("pass", "Pass to the profiles")];
    private static readonly ImmutableArray<FormOption> Versions = [new("", "any"), new("4", "IPv4"), new("6", "IPv6")];
    private static readonly ImmutableArray<FormOption> Protocols = [new("tcp", ""), new("udp", ""), new("icmp", ""), new("icmpv6", ""), new("sctp", ""),
        new("udplite", "")];

    private FormContext _form = new();
    private bool _more;

    [Parameter, EditorRequired]
    public RuleDraft Draft { get; set; } = default!;

    [Parameter]
    public EventCallback<RuleDraft> DraftChanged { get; set; }

    /// <summary>The name of the rule: "Ingress rule 2".</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>The direction.</summary>
    [Parameter, EditorRequired]
    public bool Ingress { get; set; }

    /// <summary>What fields offer.</summary>
    [Parameter]
    public RuleChoices Choices { get; set; } = RuleChoices.Empty;

    /// <summary>Whether it is a policy's.</summary>
    [Parameter]
    public bool InPolicy { get; set; }

    /// <summary>The list it stands in, as the form around it knows it.</summary>
    [Parameter, EditorRequired]
    public string List { get; set; } = "";

    [Parameter]
    public EventCallback OnClose { get; set; }

    [CascadingParameter]
    private FormContext Outer { get; set; } = default!;

    protected override void OnInitialized()
    {
        _form = new FormContext($"rule-{Draft.Id:N}");
        _form.Changed += OnForm;
    }

    protected override void OnParametersSet()
    {
        (_form.Busy, _form.Submitted) = (Outer.Busy, Outer.Submitted);
        _more |= Draft.HasMore(Ingress);
        var (rule, errors) = Draft.ToRule();
        const string prefix = "spec.ingress[0].";
        _form.Errors =
        [
            .. errors,
            .. ResourceValidator.Validate(new Profile { Name = "rule", Ingress = [rule] })
                .Errors.Where(e => e.Field.StartsWith(prefix, StringComparison.Ordinal))
                .Select(e => e with { Field = FieldOf(e.Field[prefix.Length..]) }),
        ];
    }

    public void Dispose() => _form.Changed -= OnForm;

    private void OnForm()
    {
        if (_form.IsTouched)
        {
            Outer.Touch(List);
        }

        StateHasChanged();
    }

    // The validator names the deprecated single network apart; here both are one field.
    private static string FieldOf(string field) => field switch
    {
        "source.net" or "destination.net" or "source.notNet" or "destination.notNet" => $"{field}s",
        "source" or "destination" => $"{field}.nets",
        _ => field,
    };

    // Ports and ICMP types go with their protocol: they have no meaning without it, and would be hidden.
    private Task AnyProtocolAsync() => SetAsync(Draft with
    {
        Protocol = "",
        IcmpType = "",
        IcmpCode = "",
        NotIcmpType = "",
        NotIcmpCode = "",
        Source = Draft.Source with { Ports = "", NotPorts = "" },
        Destination = Draft.Destination with { Ports = "", NotPorts = "" },
    });

    private Task PortsAsync(string ports) => SetAsync(Draft with { Destination = (Draft.Destination with { Ports = ports }).After(Draft.Destination) });

    private Task PeerAsync(EntityDraft peer) => SetAsync(Ingress ? Draft with { Source = peer } : Draft with { Destination = peer });

    private Task SetAsync(RuleDraft draft) => DraftChanged.InvokeAsync(draft);
}
