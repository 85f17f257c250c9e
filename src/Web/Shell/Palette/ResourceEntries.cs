using CalicoConsole.Core.Model.Configuration;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Shell.Palette;

/// <summary>What the palette knows of policies, assertions, BGP peers, host endpoints, nodes and configuration. Pure.</summary>
internal static class ResourceEntries
{
    public static IEnumerable<PaletteEntry> AllIn(ClusterSnapshot snapshot)
    {
        yield return Action("Create policy", Links.CreatePolicy);
        yield return Action("Change the order of the policies", Links.PolicyBoard);
        yield return Action("Create assertion", Links.CreateAssertion);
        yield return Action("Create BGP peer", Links.CreateBgpPeer());
        yield return Action("Create host endpoint", Links.CreateHostEndpoint());
        yield return Action("Turn the node-to-node mesh on or off", Links.SetParameter(RawConfiguration.None, "nodeToNodeMesh"));
        yield return Action("Set the AS number", Links.SetParameter(RawConfiguration.None, "asNumber"));
        yield return Action("Set the log level", Links.SetParameter(RawConfiguration.None, "logLevel"));
        foreach (var (name, stored) in snapshot.Calico.Policies)
        {
            yield return new PaletteEntry("policy", name, stored.Value.Selector, Links.Policy(name));
            yield return Action($"Edit policy {name}", Links.EditPolicy(name));
            yield return Action($"Disable policy {name}", Links.DisablePolicy(name));
            yield return Action($"Delete policy {name}", Links.DeletePolicy(name));
        }

        foreach (var item in snapshot.Kept.Values.Where(k => k.Kind == KeptKinds.DisabledPolicy))
        {
            yield return Action($"Enable policy {item.Name}", Links.EnablePolicy(item.Name));
            yield return Action($"Delete disabled policy {item.Name}", Links.DeleteDisabledPolicy(item.Name));
        }

        foreach (var item in snapshot.Kept.Values.Where(k => k.Kind == KeptKinds.Draft))
        {
            yield return new PaletteEntry("draft", item.Name, "", Links.Draft(item.Name));
        }

        foreach (var item in snapshot.Kept.Values.Where(k => k.Kind == KeptKinds.Assertion))
        {
            yield return new PaletteEntry("assertion", item.Name, "", Links.Assertion(item.Name));
            yield return Action($"Edit assertion {item.Name}", Links.EditAssertion(item.Name));
            yield return Action($"Delete assertion {item.Name}", Links.DeleteAssertion(item.Name));
        }

        foreach (var peer in snapshot.Calico.BgpPeers.Values.Select(p => p.Value))
        {
            var scope = peer.Node ?? "global";
            yield return new PaletteEntry("BGP peer", peer.PeerIP.ToString(), scope, Links.BgpPeer(peer.PeerIP, peer.Node));
            yield return Action($"Edit BGP peer {peer.PeerIP}", Links.EditBgpPeer(peer.PeerIP, peer.Node)) with { Detail = scope };
            yield return Action($"Delete BGP peer {peer.PeerIP}", Links.DeleteBgpPeer(peer.PeerIP, peer.Node)) with { Detail = scope };
        }

        foreach (var endpoint in snapshot.Calico.HostEndpoints.Values.Select(e => e.Value))
        {
            yield return new PaletteEntry("host endpoint", endpoint.Name,
                $"{endpoint.Node} {endpoint.InterfaceName} {string.Join(' ', endpoint.ExpectedIPv4.Concat(endpoint.ExpectedIPv6))}",
                Links.HostEndpoint(endpoint.Node, endpoint.Name));
            yield return Action($"Edit host endpoint {endpoint.Name}", Links.EditHostEndpoint(endpoint.Node, endpoint.Name)) with { Detail = endpoint.Node };
            yield return Action($"Delete host endpoint {endpoint.Name}",
                Links.DeleteHostEndpoint(endpoint.Node, endpoint.Name)) with
            { Detail = endpoint.Node };
        }

        foreach (var node in snapshot.Calico.Nodes.Keys)
        {
            yield return Action($"Edit node {node}", Links.EditNode(node));
            yield return Action($"Delete node {node}", Links.DeleteNode(node));
        }

        foreach (var parameter in FelixParameters.All)
        {
            yield return new PaletteEntry("Felix parameter", parameter.Name, parameter.Group, Links.Parameter(RawConfiguration.Felix, parameter.Name));
        }

        foreach (var parameter in BgpParameters.All)
        {
            yield return new PaletteEntry("BGP parameter", parameter.Name, parameter.Group, Links.Parameter(RawConfiguration.Bgp, parameter.Name));
        }
    }

    private static PaletteEntry Action(string name, string href) => new("action", name, "", href);
}
