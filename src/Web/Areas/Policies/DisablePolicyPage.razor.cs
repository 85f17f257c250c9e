using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Policies;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Operations;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Policies;

public sealed partial class DisablePolicyPage
{
    private readonly SeenObject _seen = new();
    private string? _asked;
    private string _actor = "";
    private ReachabilityProposal? _proposal;
    private DisablePolicy? _operation;

    [SupplyParameterFromQuery(Name = "name")]
    public string? Name { get; set; }

    private Stored<Policy>? Stored => Name is null ? null : Snapshot.Calico.Policies.GetValueOrDefault(Name);

    protected override async Task OnInitializedAsync()
    {
        _actor = (await Actor.ContextAsync()).Actor;
        Make();
    }

    protected override void OnParametersSet()
    {
        if (Name != _asked)
        {
            (_asked, _operation) = (Name, null);
            _proposal = Name is null ? null : ReachabilityProposal.Empty.Without(new ResourceId(KindNames.Policy, Name));
            Make();
        }
    }

    protected override void OnSnapshot() => Make();

    private void Make()
    {
        _seen.See(Name, Stored, ResourceDocument.ToYaml, Time.GetUtcNow());
        if (Name is { } name && _seen.Revision is { } seen && _actor.Length > 0 && _operation?.ExpectedRevision != seen)
        {
            _operation = new DisablePolicy(name, _actor, Time.GetUtcNow(), seen);
        }
    }

    private void LookAgain()
    {
        _seen.LookAgain();
        Make();
    }
}
