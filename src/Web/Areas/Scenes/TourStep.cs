using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Scenes;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Scenes;

/// <summary>A step of the walk-through as the cluster stands now.</summary>
/// <param name="Title">What is done.</param>
/// <param name="Text">How, and what to look at.</param>
/// <param name="Link">Where it is done, filled in; null where nothing is left to do.</param>
/// <param name="IsDone">Whether the cluster shows it; null where nothing of it stays in the cluster.</param>
internal sealed record TourStep(string Title, string Text, (string Text, string Href)? Link, bool? IsDone)
{
    private const string Network = "my_net";
    private static readonly Cidr Pool = Cidr.Parse("192.0.2.0/24");
    private static readonly ImmutableArray<(string Name, Ip Address)> Workloads =
        [("my_workload1", Ip.Parse("192.0.2.1")), ("my_workload2", Ip.Parse("192.0.2.2"))];

    /// <summary>All steps, in order (docs/walkthrough.md).</summary>
    public static ImmutableArray<TourStep> All(ClusterSnapshot snapshot)
    {
        var bare = snapshot.Hosts.Values.Where(h => h.Containers.Values.All(c => c.Name != CalicoNames.NodeContainer || c.State != "running"))
            .Select(h => h.Name).Order(StringComparer.Ordinal).FirstOrDefault();
        var pool = snapshot.Calico.IPPools.Values.Any(p => p.Value.Cidr == Pool);
        var network = snapshot.Views.Networks.Any(n => n.IsCalico && n.Network.Name == Network);
        var places = Places(snapshot);
        var made = Workloads.Select(w => snapshot.Views.Containers.Values.FirstOrDefault(c => c.Container.Name == w.Name && c.Container.State == "running"))
            .ToArray();
        return
        [
            new("Look around", "Overview names what is wrong; Topology draws it; Ctrl K finds anything.", ("Open the overview", Links.Overview), null),
            new("Deploy calico-node", "Docker hosts need it for Calico networks. The defaults are those of calicoctl node run 1.6.3.",
                bare is null ? null : ($"Deploy calico-node on {bare}", Links.DeployCalicoNode(bare)), bare is null),
            new("Create an IP pool", "192.0.2.0/24, with NAT to the outside.",
                pool ? null : Links.Create(KindNames.IPPool, ("cidr", Pool.ToString())) is { } href ? ("Create the pool", href) : null, pool),
            new("Create a network", $"Name {Network}, with that pool. One host is asked; it appears on all hosts of the same cluster store.",
                network || !pool ? null : ("Create the network", Links.CreateNetwork(places[0], Pool)), network),
            .. Workloads.Select((w, i) => new TourStep(
                $"Create {w.Name}", $"Image busybox, command sleep 3600, address {w.Address}.",
                made[i] is not null || !network ? null : ("Create the container", Links.CreateContainer(places[i], Network, w.Address)), made[i] is not null)),
            new("Ping", "From one to the other, across hosts.",
                made is [{ } one, not null] ? ("Ping my_workload2", Links.Ping(one.Host, one.Container.Id, Workloads[1].Address.ToString())) : null, null),
            new("See who may talk", $"The profile {Network} lets in whoever carries its tag. Open the matrix, then edit the profile and see what it opens.",
                ("Open Reachability", Links.Reachability), null),
            new("The ping that nobody could explain", "Make the fault that the walk-through ended with, and let the doctor name it.",
                ("Play the scene", made is [{ } from, { } to]
                    ? Links.Scene(AllScenes.InOrder[0].Code, FlowEnds.NameOf(from), FlowEnds.NameOf(to)) : Links.Scene(AllScenes.InOrder[0].Code)), null),
            new("What was done", "The audit has every change, with who made it, the documents before and after, and the same as commands.",
                ("Open the audit", Links.Audit), null),
        ];
    }

    // Two hosts where there are two, the one without guests first, as in the written walk-through.
    private static ImmutableArray<string?> Places(ClusterSnapshot snapshot)
    {
        string?[] hosts = [.. snapshot.Hosts.Values.OrderBy(h => h.Containers.Count).ThenByDescending(h => h.Name, StringComparer.Ordinal).Select(h => h.Name)];
        return [hosts.FirstOrDefault(), hosts.Skip(1).FirstOrDefault() ?? hosts.FirstOrDefault()];
    }
}
