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

        var own = TargetOf(row);
        yield return new("Attach profile", Links.AttachProfile(own));
        yield return new("Detach profile", Links.DetachProfile(own));
        yield return new("Swap profile", Links.SwapProfile(own));
    }

    /// <summary>The same for an endpoint in the list of those that carry a profile: what is done to the profile of this one comes first.</summary>
    public static IEnumerable<ObjectAction> For(EndpointRow row, string profile)
    {
        if (row.Endpoint.Id.Orchestrator == OpenStackView.Orchestrator)
        {
            return For(row);
        }

        var own = TargetOf(row);
        return
        [
            new($"Detach {profile}", Links.DetachProfile(own, profile)),
            new($"Swap {profile} for another", Links.SwapProfile(own, profile)),
            .. For(row).Where(a => a.Href != Links.DetachProfile(own) && a.Href != Links.SwapProfile(own)),
        ];
    }

    /// <summary>What is said when profiles of an endpoint are changed: its container, which lasts, or itself.</summary>
    public static AttachmentTarget TargetOf(EndpointRow row) => row.Container is { } c ? AttachmentTarget.OfContainer(c.Host, c.Container.Name)
        : AttachmentTarget.OfEndpoint(row.Endpoint.Id);
}
