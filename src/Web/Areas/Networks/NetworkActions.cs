using System.Collections.Immutable;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Lists;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Networks;

/// <summary>What can be done to a network of Calico's driver, as its page and the rows of its lists offer it; nothing to the engine's own.</summary>
internal static class NetworkActions
{
    /// <summary>What can be done to many: those of the engine's own drivers are passed over.</summary>
    public static ImmutableArray<ListAction<NetworkView>> Bulk { get; } =
    [
        new("delete", "Delete", view => new DeleteNetwork(view.Hosts[0], view.Network.Name))
        {
            Skip = view => view.IsCalico ? null : $"its driver is {view.Network.Driver}",
            Destructive = true,
        },
    ];

    /// <summary>In the order in which it is offered.</summary>
    public static IEnumerable<ObjectAction> For(NetworkView view)
    {
        if (!view.IsCalico)
        {
            yield break;
        }

        var (host, name) = (view.Hosts[0], view.Network.Name);
        yield return new("Create container", Links.CreateContainer(host, name), ActionPlace.Primary);
        yield return new("Attach profile to its endpoints", Links.AttachProfile(AttachmentTarget.OfNetwork(name)));
        yield return new("Detach profile from its endpoints", Links.DetachProfile(AttachmentTarget.OfNetwork(name)));
        yield return new("Swap profile of its endpoints", Links.SwapProfile(AttachmentTarget.OfNetwork(name)));
        yield return new("Join with VMs", $"{Links.JoinVmsForm}?network={Uri.EscapeDataString(name)}");
        yield return new("Delete network", Links.DeleteNetwork(host, name), ActionPlace.Apart);
    }
}
