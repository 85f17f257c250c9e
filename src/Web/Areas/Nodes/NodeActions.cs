using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kinds;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Lists;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Nodes;

/// <summary>What can be done to a node, as its page and the rows of its list offer it.</summary>
internal static class NodeActions
{
    /// <summary>What can be done to many: calico-node leaves the hosts that have it, and what etcd holds of a node is deleted as it was seen.</summary>
    /// <param name="now">The cluster as it is shown.</param>
    public static ImmutableArray<ListAction<NodeRow>> Bulk(Func<ClusterSnapshot> now) =>
    [
        new("remove", "Remove calico-node", row => new RemoveCalicoNode(row.View.Host?.Name ?? row.View.Name))
        {
            Skip = row => row.View.Host is null ? "no Docker host has its name" : row.View.CalicoNode is null ? "calico-node is not deployed" : null,
            BeforeNumber = "Remove calico-node from",
            Destructive = true,
        },
        KindActions.Delete<NodeRow>(row => new(KindNames.Node, row.View.Name), now) with
        {
            Skip = row => row.View.Node is null ? "etcd does not know it" : null,
        },
    ];

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
