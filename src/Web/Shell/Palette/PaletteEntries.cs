using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.Configuration;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Shell.Palette;

/// <summary>Everything the palette can open in a snapshot: pages, actions without an object, objects, actions on objects. Pure.</summary>
internal static class PaletteEntries
{
    public static List<PaletteEntry> AllIn(ClusterSnapshot snapshot, bool scenes = false)
    {
        var entries = new List<PaletteEntry>();
        entries.AddRange(NavigationGroup.All(scenes).SelectMany(g => g.Items).Select(i => new PaletteEntry("page", i.Title, "", i.Href)));
        entries.AddRange(KindEntries.Creating());
        entries.AddRange(
        [
            Action("Create network", Links.CreateNetwork()),
            Action("Create container", Links.CreateContainer()),
            Action("Create assertion", Links.CreateAssertion),
            Action("Attach a profile to the endpoints of a network", Links.AttachProfileForm),
            Action("Join VMs and containers", Links.JoinVmsForm),
            Action("Find an address", $"{Links.IPPools}?find="),
            Action("Release leaked addresses", Links.ReleaseLeaks(null)),
            Action("Change the order of the policies", Links.PolicyBoard),
            Action("Turn the node-to-node mesh on or off", Links.SetParameter(RawConfiguration.None, "nodeToNodeMesh")),
            Action("Set the AS number", Links.SetParameter(RawConfiguration.None, "asNumber")),
            Action("Set the log level", Links.SetParameter(RawConfiguration.None, "logLevel")),
        ]);
        Nodes(snapshot, entries);
        entries.AddRange(KindEntries.AllIn(snapshot));
        Networks(snapshot, entries);
        Containers(snapshot, entries);
        entries.AddRange(snapshot.Calico.Policies.Keys.Select(name => Action($"Disable policy {name}", Links.Do("disable", KindNames.Policy, name))));
        Kept(snapshot, entries);
        entries.AddRange(FelixParameters.All.Select(p => Parameter("Felix", p.Name, p.Group, RawConfiguration.Felix)));
        entries.AddRange(BgpParameters.All.Select(p => Parameter("BGP", p.Name, p.Group, RawConfiguration.Bgp)));
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

    private static void Kept(ClusterSnapshot snapshot, List<PaletteEntry> entries)
    {
        foreach (var item in snapshot.Kept.Values)
        {
            entries.AddRange(item.Kind switch
            {
                KeptKinds.DisabledPolicy =>
                [
                    Action($"Enable policy {item.Name}", Links.Do("enable", KindNames.Policy, item.Name)),
                    Action($"Delete disabled policy {item.Name}", Links.Do("delete-disabled", KindNames.Policy, item.Name)),
                ],
                KeptKinds.Draft => [new PaletteEntry("draft", item.Name, "", Links.Draft(item.Name))],
                KeptKinds.Assertion =>
                [
                    new PaletteEntry("assertion", item.Name, "", Links.Assertion(item.Name)),
                    Action($"Edit assertion {item.Name}", Links.EditAssertion(item.Name)),
                    Action($"Delete assertion {item.Name}", Links.DeleteAssertion(item.Name)),
                ],
                _ => (PaletteEntry[])[],
            });
        }
    }

    private static PaletteEntry Parameter(string of, string name, string group, RawConfiguration raw) =>
        new($"{of} parameter", name, group, Links.Parameter(raw, name));

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
