using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Operations.Policies;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Components.Shared;

namespace CalicoConsole.Web.Components.Forms;

/// <summary>A link behind a finished operation.</summary>
/// <param name="Text">What it leads to.</param>
/// <param name="Href">The address.</param>
/// <param name="IsNext">Whether it is the step that usually follows.</param>
internal sealed record NextStep(string Text, string Href, bool IsNext = false);

/// <summary>Where to go when an operation has ended: what was made, what usually follows, its audit entry. Pure.</summary>
internal static class NextSteps
{
    public static ImmutableArray<NextStep> Of(Operation? operation, OperationResult result, ClusterSnapshot snapshot)
    {
        var done = result.Outcome is OperationOutcome.Succeeded or OperationOutcome.NotYetSeen or OperationOutcome.Unchanged;
        var steps = done ? Done(operation, result, snapshot) : Remains(operation, result, snapshot);
        return [.. steps, .. HasEntry(result) ? [new NextStep("Audit entry", Links.AuditEntry(result.OperationId))] : (NextStep[])[]];
    }

    // Refusals of validation are not audited: they cannot have changed anything.
    private static bool HasEntry(OperationResult result) => result.Outcome != OperationOutcome.Refused || result.Plan.Errors.Any(e => e.Field == "permission");

    private static IEnumerable<NextStep> Done(Operation? operation, OperationResult result, ClusterSnapshot snapshot)
    {
        switch (operation)
        {
            case WriteResource or DeleteResource or SetConfiguration when ResourceSteps.Of(operation) is { } step:
                yield return step;
                if (ResourceSteps.After(operation) is { } further)
                {
                    yield return further;
                }

                break;
            case AttachProfile o:
                yield return new($"Profile {o.Profile}", Links.Profile(o.Profile));
                yield return new("Detach it again", Links.DetachProfile(o.Target, o.Profile));
                break;
            case DetachProfile o:
                yield return new($"Profile {o.Profile}", Links.Profile(o.Profile));
                break;
            case JoinVms o:
                yield return new($"Profile {o.Network}", Links.Profile(o.Network));
                yield return new(o.Undo ? "Join them again" : "Take it back", Links.JoinVms(o with { Undo = !o.Undo }));
                break;
            case CreateNetwork o:
                var network = (result.Answer as OperationAnswer.CreatedNetwork)?.Id ?? snapshot.Views.Networks.FirstOrDefault(n => n.Network.Name == o.NetworkName && n.Hosts.Contains(o.Host))?.Network.Id;
                if (network is not null)
                {
                    yield return new($"Network {o.NetworkName}", Links.Network(network));
                }

                yield return new("Create a container on this network", Links.CreateContainer(o.Host, network ?? o.NetworkName), true);
                break;
            case DeleteNetwork:
                yield return new("Networks", Links.Networks);
                break;
            case CreateContainer o when result.Answer is OperationAnswer.Container { Id: { } id } made:
                yield return new($"Container {o.ContainerName}", Links.Container(o.Host, id));
                if (snapshot.Calico.Profiles.Keys.FirstOrDefault(p => p == made.Address?.Network) is { } profile)
                {
                    yield return new($"Profile {profile}, which says who may reach it", Links.Profile(profile));
                }

                yield return o.Start
                    ? new("Ping from this container", Links.Ping(o.Host, id), true)
                    : new("Start this container", Links.ChangeContainer(ContainerAction.Start.Verb, o.Host, id), true);
                break;
            case CreateContainer or ChangeContainer { Action.After: null }:
                yield return new("Containers", Links.Containers);
                break;
            case ChangeContainer o:
                var now = result.Answer as OperationAnswer.Container;
                var container = now?.Id ?? o.Container;
                yield return new($"Container {now?.Name ?? o.Container}", Links.Container(o.Host, container));
                if (o.Action.After == "running")
                {
                    yield return new("Ping from this container", Links.Ping(o.Host, container), true);
                }

                break;
            case ReleaseEndpoint o when result.Answer is OperationAnswer.ReleasedFor { Id: var released }:
                yield return new($"Container {o.Container}", Links.Container(o.Host, released));
                break;
            case ReleaseEndpoint:
                yield return new("Networks", Links.Networks);
                break;
            case DeployCalicoNode o:
                yield return Node(o.Host, snapshot);
                yield return snapshot.Calico.IPPools.IsEmpty
                    ? new("Create an IP pool", Links.CreatePool, true)
                    : new("Create a network", Links.CreateNetwork(o.Host), true);
                break;
            case RemoveCalicoNode o:
                yield return Node(o.Host, snapshot);
                break;
            case ReorderPolicies:
                yield return new("Policies", Links.Policies);
                break;
            case DisablePolicy or DeleteDisabledPolicy:
                yield return new("Policy board", Links.PolicyBoard);
                break;
            case RemoveKey:
                yield return new("Overview", Links.Overview);
                break;
            case EnablePolicy o:
                yield return new($"Policy {o.PolicyName}", Links.Policy(o.PolicyName));
                yield return new("Policy board", Links.PolicyBoard);
                break;
            case SaveKept { Kind: KeptKinds.Assertion } o:
                yield return new($"Assertion {o.ItemName}", Links.Assertion(o.ItemName));
                break;
            case SaveKept { Kind: KeptKinds.Draft } or DeleteKept { Kind: KeptKinds.Draft }:
                yield return new("Drafts", Links.Drafts);
                break;
            case DeleteKept { Kind: KeptKinds.Assertion }:
                yield return new("Assertions", Links.Assertions);
                break;
            case SaveKept { Kind: KeptKinds.DisabledPolicy } or DeleteKept { Kind: KeptKinds.DisabledPolicy }:
                yield return new("Policy board", Links.PolicyBoard);
                break;
            case SaveKept or DeleteKept:
                yield return new("Profiles", Links.Profiles);
                break;
            case ResetSandbox:
                yield return new("Overview", Links.Overview);
                break;
            case ApplyManifest:
                yield return new("Manifests", Links.Manifests);
                break;
            case IpamOperation:
                yield return new("IPAM findings", $"{Links.IPPools}?tab=findings");
                break;
            case Ping o:
                yield return Container(o.Host, o.Container, snapshot);
                break;
            case ConnectTcp o:
                yield return Container(o.Host, o.Container, snapshot);
                yield return new("Ask whether it may reach it", Links.MayReach(snapshot.Views.Containers.GetValueOrDefault($"{o.Host}/{o.Container}") is { } view ? FlowEnds.NameOf(view) : o.Container, o.Target, "tcp", o.Port.ToString(CultureInfo.InvariantCulture)));
                break;
        }
    }

    private static IEnumerable<NextStep> Remains(Operation? operation, OperationResult result, ClusterSnapshot snapshot)
    {
        var container = result.Answer as OperationAnswer.Container;
        if (container?.Left is { } left)
        {
            yield return new($"Release the endpoint {left.Name}", Links.ReleaseEndpoint(container.Host, left.NetworkId, left.Name), true);
        }

        switch (operation)
        {
            case CreateContainer o when container?.Id is { } id:
                yield return new($"Container {o.ContainerName}, which was created", Links.Container(o.Host, id));
                break;
            case ChangeContainer o:
                yield return new("The container", Links.Container(o.Host, container?.Id ?? o.Container));
                break;
            case DeployCalicoNode o:
                yield return Node(o.Host, snapshot);
                break;
            case WriteResource { Verb: WriteVerb.Create } o when snapshot.Calico.FindResource(o.Id) is not null && ResourceSteps.Of(o) is { } step:
                yield return step with { Text = $"{step.Text}, which exists" };
                break;
        }
    }

    private static NextStep Container(string host, string id, ClusterSnapshot snapshot) =>
        new($"Container {snapshot.Views.Containers.GetValueOrDefault($"{host}/{id}")?.Container.Name ?? id}", Links.Container(host, id));

    private static NextStep Node(string host, ClusterSnapshot snapshot)
    {
        var name = snapshot.Hosts.GetValueOrDefault(host)?.NodeName ?? host;
        return new($"Node {name}", Links.Node(name));
    }
}
