using System.Collections.Immutable;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Overview;

/// <summary>A step towards a first container that is policed.</summary>
/// <param name="Id">Which.</param>
/// <param name="What">What to do.</param>
/// <param name="Why">What it is for.</param>
/// <param name="Href">Where it is done; null when that is outside the console.</param>
/// <param name="Command">What to set or to run outside the console; null when nothing is.</param>
/// <param name="IsDone">Whether it is done.</param>
/// <param name="Waits">Why it cannot be done yet; null when it can.</param>
public sealed record FirstStep(string Id, string What, string Why, string? Href, string? Command, bool IsDone, string? Waits);

/// <summary>The way from an empty cluster to a first container. Pure.</summary>
internal static class FirstSteps
{
    /// <summary>The steps; empty once the cluster has Docker hosts, is ready, and has a calico-node and a network, or while it is not known yet.</summary>
    public static ImmutableArray<FirstStep> For(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (!FeedWords.WasLive(snapshot, FeedWords.Etcd) || snapshot.Hosts.Keys.Any(h => !FeedWords.WasLive(snapshot, FeedWords.Docker + h)))
        {
            return [];
        }

        var ready = snapshot.Calico.Keys.Find(V1Keys.Ready)?.Text == "true";
        var noHost = snapshot.Hosts.IsEmpty ? FirstStepWords.NoHost : null;
        var node = snapshot.Views.Nodes.Any(n => n.CalicoNode is not null) || (noHost is not null && !snapshot.Calico.Nodes.IsEmpty);
        if (noHost is null && ready && node)
        {
            return [];
        }

        var noNode = noHost ?? (node ? null : "calico-node is deployed first");
        return
        [
            new("host", "Tell the console about a Docker host",
                "It deploys calico-node there and makes networks and containers. Without one it reads and writes etcd alone.", null, FirstStepWords.Setting,
                noHost is null, null),
            new("node", "Deploy calico-node", "Felix, BIRD and the Docker plugin of a host, in one container.", Links.Nodes, null, node, noHost),
            new("ready", "Make the datastore ready",
                "Every Felix waits until /calico/v1/Ready is true, and polices nothing before. calico-node writes it at its first start; "
                + "so does writing any node from here.", Links.Configuration, null, ready, null),
            new("pool", "Create an IP pool", "The addresses of containers come from it.", Links.CreatePool, null, !snapshot.Calico.IPPools.IsEmpty, null),
            new("network", "Create a network", "Containers on it reach each other as profiles and policies say.", Links.CreateNetwork(), null,
                snapshot.Views.Networks.Any(n => n.IsCalico), noNode),
            new("container", "Create a container", "It gets its address and its profile from the network.", Links.CreateContainer(), null,
                !snapshot.Calico.WorkloadEndpoints.IsEmpty, noNode),
        ];
    }
}
