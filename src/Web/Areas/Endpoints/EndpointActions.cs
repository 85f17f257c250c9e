using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Endpoints;

/// <summary>What can be done to a workload endpoint, as its page and the rows of its lists offer it.</summary>
internal static class EndpointActions
{
    /// <summary>In the order in which it is offered.</summary>
    public static IEnumerable<ObjectAction> For(EndpointRow row)
    {
        var id = row.Endpoint.Id;
        if (row.Container is { Container.State: "running" } running)
        {
            yield return new("Ping from here", Links.Ping(running.Host, running.Container.Id), ActionPlace.Button);
        }

        yield return new("May reach …", Links.MayReach(FlowEnds.NameOf(id)), ActionPlace.Button);
        if (id.Orchestrator == OpenStackView.Orchestrator)
        {
            var group = row.Endpoint.ProfileIds.FirstOrDefault(OpenStackView.IsSecurityGroup) ?? "";
            yield return new("Join with containers", $"{Links.JoinVmsForm}?group={Uri.EscapeDataString(group)}", ActionPlace.Button);
            yield break;
        }

        var own = row.Container is { } c ? AttachmentTarget.OfContainer(c.Host, c.Container.Name) : AttachmentTarget.OfEndpoint(id);
        yield return new("Attach profile", Links.AttachProfile(own));
        yield return new("Detach profile", Links.DetachProfile(own));
    }
}
