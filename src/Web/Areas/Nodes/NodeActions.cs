using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Nodes;

/// <summary>What can be done to a node, as its page and the rows of its list offer it.</summary>
internal static class NodeActions
{
    /// <summary>In the order in which it is offered.</summary>
    public static IEnumerable<ObjectAction> For(NodeView view)
    {
        if (view.Host is { } host)
        {
            yield return view.CalicoNode is null ? new("Deploy calico-node", Links.DeployCalicoNode(host.Name), ActionPlace.Primary)
                : new("Redeploy calico-node", Links.DeployCalicoNode(host.Name), ActionPlace.Button);
            yield return new("Create container here", Links.CreateContainer(host.Name));
            yield return new("Create network here", Links.CreateNetwork(host.Name));
        }

        if (view.Node is not null)
        {
            yield return new("Edit node", Links.Do("edit", KindNames.Node, view.Name), view.Host is null ? ActionPlace.Button : ActionPlace.Menu);
        }

        if (view is { Host: { } on, CalicoNode: not null })
        {
            yield return new("Remove calico-node", Links.RemoveCalicoNode(on.Name), ActionPlace.Apart);
        }

        if (view.Node is not null)
        {
            yield return new("Delete node", Links.Do("delete", KindNames.Node, view.Name), ActionPlace.Apart);
        }
    }
}
