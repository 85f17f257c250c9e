using System.Collections.Immutable;
using CalicoConsole.Core.Reachability.Assertions;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit.Forms;
using CalicoConsole.Web.Live;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Assertions;

public sealed partial class AssertionFields
{
    private static readonly ImmutableArray<FormOption> Ends =
    [
        new("tag", "Endpoints with a tag"), new("profile", "Endpoints with a profile"), new("selector", "Endpoints that a selector matches"),
            new("network", "Endpoints on a network"),
        new("endpoint", "One container or endpoint"), new("host", "A host"), new("net", "An address or a network of addresses"), new("anything", "Anything"),
    ];

    private static readonly ImmutableArray<FormOption> Expectations = [new("must", "Must reach"), new("mustNot", "Must not reach")];

    private static readonly ImmutableArray<FormOption> Protocols = [new("tcp", "TCP"), new("udp", "UDP"), new("icmp", "ICMP"), new("sctp", "SCTP"),
        new("", "Any traffic")];

    private static readonly ImmutableArray<FormOption> Versions = [new("", "Each that both ends have an address of"), new("4", "IPv4"), new("6", "IPv6")];

    private AssertionResult? _now;

    [Parameter, EditorRequired]
    public AssertionDraft Draft { get; set; } = default!;

    [Parameter]
    public EventCallback<AssertionDraft> DraftChanged { get; set; }

    /// <summary>Whether the name may be typed.</summary>
    [Parameter]
    public bool Named { get; set; } = true;

    /// <summary>The cluster, for suggestions.</summary>
    [Parameter, EditorRequired]
    public ClusterSnapshot Snapshot { get; set; } = default!;

    [Inject]
    internal ReachabilityModels Models { get; set; } = default!;

    protected override void OnParametersSet()
    {
        var (snapshot, model) = Models.Current;
        _now = Draft.Read().Assertion is { } assertion ? AssertionEvaluator.Evaluate(snapshot, model, assertion) : null;
    }

    private Task SetAsync(AssertionDraft draft) => DraftChanged.InvokeAsync(draft);

    private static string Word(string kind) => kind switch { "endpoint" => "container or endpoint", "net" => "address or network", _ => kind };

    private static string Example(string kind) => kind switch
    {
        "tag" => "web",
        "profile" => "my_net",
        "selector" => "role == 'web'",
        "network" => "my_net",
        "endpoint" => "docker01/my_workload1",
        "host" => "docker01",
        _ => "10.0.0.0/8",
    };

    private ImmutableArray<FormOption> Known(string kind) => kind switch
    {
        "tag" => FormChoices.Tags(Snapshot),
        "profile" => FormChoices.Profiles(Snapshot),
        "network" => [.. Snapshot.Views.Networks.Where(n => n.IsCalico).Select(n => new FormOption(n.Network.Name, ""))],
        "endpoint" => [.. FlowEnds.Complete(Snapshot, "", 300).Where(e => !Snapshot.Calico.Nodes.ContainsKey(e)).Select(e => new FormOption(e, ""))],
        "host" => FormChoices.Nodes(Snapshot),
        _ => [],
    };
}
