using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Shell.Palette;

/// <summary>Everything the palette can open in a snapshot: pages, actions without an object, objects, actions on objects. Pure.</summary>
internal static class PaletteEntries
{
    public static List<PaletteEntry> AllIn(ClusterSnapshot snapshot)
    {
        var entries = new List<PaletteEntry>();
        entries.AddRange(NavigationGroup.All().SelectMany(g => g.Items).Select(i => new PaletteEntry("page", i.Title, "", i.Href)));
        entries.AddRange(
        [
            Action("Create IP pool", Links.CreatePool),
            Action("Create network", Links.CreateNetwork()),
            Action("Create container", Links.CreateContainer()),
            Action("Create profile", Links.CreateProfile),
            Action("Attach a profile to the endpoints of a network", Links.AttachProfileForm),
            Action("Join VMs and containers", Links.JoinVmsForm),
            Action("Find an address", $"{Links.IPPools}?find="),
            Action("Release leaked addresses", Links.ReleaseLeaks(null)),
        ]);
        Nodes(snapshot, entries);
        Pools(snapshot, entries);
        Networks(snapshot, entries);
        Profiles(snapshot, entries);
        Containers(snapshot, entries);
        entries.AddRange(ResourceEntries.AllIn(snapshot));
        entries.AddRange(snapshot.Calico.WorkloadEndpoints.Values.Select(e => Endpoint(snapshot, e.Value)));
        return entries;
    }

    private static PaletteEntry Action(string name, string href) => new("action", name, "", href);

    private static void Nodes(ClusterSnapshot snapshot, List<PaletteEntry> entries)
    {
        foreach (var node in snapshot.Views.Nodes)
        {
            entries.Add(new PaletteEntry("node", node.Name, node.Node?.Value.IPv4?.Address.ToString() ?? "", Links.Node(node.Name)));
            if (node.Host is { } host)
            {
                entries.Add(Action($"Deploy calico-node on {host.Name}", Links.DeployCalicoNode(host.Name)));
                if (node.CalicoNode is not null)
                {
                    entries.Add(Action($"Remove calico-node from {host.Name}", Links.RemoveCalicoNode(host.Name)));
                }
            }
        }
    }

    private static void Pools(ClusterSnapshot snapshot, List<PaletteEntry> entries)
    {
        foreach (var cidr in snapshot.Calico.IPPools.Keys)
        {
            entries.Add(new PaletteEntry("IP pool", cidr.ToString(), "", Links.IPPool(cidr)));
            entries.Add(Action($"Edit IP pool {cidr}", Links.EditPool(cidr)));
            entries.Add(Action($"Delete IP pool {cidr}", Links.DeletePool(cidr)));
        }
    }

    private static void Networks(ClusterSnapshot snapshot, List<PaletteEntry> entries)
    {
        foreach (var view in snapshot.Views.Networks)
        {
            entries.Add(new PaletteEntry("network", view.Network.Name,
                $"{view.Network.Driver} {string.Join(' ', view.Network.Subnets)} {view.Network.Id[..Math.Min(12, view.Network.Id.Length)]}",
                Links.Network(view.Network.Id)));
            if (view.IsCalico)
            {
                entries.Add(Action($"Create container on {view.Network.Name}", Links.CreateContainer(view.Hosts[0], view.Network.Name)));
                entries.Add(Action($"Delete network {view.Network.Name}", Links.DeleteNetwork(view.Hosts[0], view.Network.Name)));
            }
        }
    }

    private static void Profiles(ClusterSnapshot snapshot, List<PaletteEntry> entries)
    {
        foreach (var (name, stored) in snapshot.Calico.Profiles)
        {
            entries.Add(new PaletteEntry("profile", name, string.Join(' ', stored.Value.Tags), Links.Profile(name)));
            entries.Add(Action($"Edit profile {name}", Links.EditProfile(name)));
            entries.Add(Action($"Delete profile {name}", Links.DeleteProfile(name)));
        }
    }

    private static void Containers(ClusterSnapshot snapshot, List<PaletteEntry> entries)
    {
        foreach (var view in snapshot.Views.Containers.Values)
        {
            var (host, container) = (view.Host, view.Container);
            entries.Add(new PaletteEntry(
                "container", container.Name,
                    $"{host} {container.Image} {string.Join(' ', container.Networks.Select(n => n.IPv4))} {container.Id[..Math.Min(12, container.Id.Length)]}",
                    Links.Container(host, container.Id)));
            var running = container.State == "running";
            foreach (var action in ContainerAction.All.Where(a => a.AppliesTo(container.State)))
            {
                entries.Add(Action($"{action.Label} container {container.Name}",
                    Links.ChangeContainer(action.Verb, host, container.Id)) with
                { Detail = host });
            }

            if (running)
            {
                entries.Add(Action($"Ping from {container.Name}", Links.Ping(host, container.Id)) with { Detail = host });
                entries.Add(Action($"Connect by TCP from {container.Name}", Links.Connect(host, container.Id)) with { Detail = host });
            }
        }
    }

    private static PaletteEntry Endpoint(ClusterSnapshot snapshot, WorkloadEndpoint endpoint)
    {
        var id = endpoint.Id;
        var container = snapshot.Views.ContainerByEndpointId.TryGetValue(id.Name, out var key)
            ? snapshot.Views.Containers.GetValueOrDefault(key)?.Container.Name : null;
        return new PaletteEntry(
            "endpoint",
            endpoint.IPv4Nets.Concat(endpoint.IPv6Nets).Select(n => n.Address.ToString()).FirstOrDefault() ?? id.Name[..Math.Min(12, id.Name.Length)],
            $"{container} {id.Node} {id.Orchestrator} {(container is null ? id.Workload : "")} {id.Name[..Math.Min(12, id.Name.Length)]}",
            Links.Endpoint(id.Node, id.Orchestrator, id.Workload, id.Name));
    }
}
