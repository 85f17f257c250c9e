using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET|POST bgppeers</c>, <c>GET|PUT|DELETE bgppeers/{peerIP}?node=</c>; without node the peer of scope global.</summary>
internal static class BgpPeersApi
{
    private static readonly KindRoutes<BgpPeer> Routes = new(KindNames.BgpPeer, "bgppeers", "BgpPeer", "BgpPeers", "BGP peers");

    public static void Map(IEndpointRouteBuilder api) => Routes.Map(api, "{peerIP}", List, CreateAsync, Get, UpdateAsync, DeleteAsync);

    private static IResult List(IClusterState state, ConsoleSettings settings, string? node) =>
        Routes.List(state, settings, p => node is null || p.Node == node);

    private static Task<IResult> CreateAsync(HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings) =>
        Routes.CreateAsync(http, changes, state, settings, id => id.Node.Length == 0 ? id.Name : $"{id.Name}?node={Uri.EscapeDataString(id.Node)}");

    private static IResult Get(string peerIP, string? node, HttpContext http, IClusterState state, ConsoleSettings settings) =>
        Routes.Get(Id(peerIP, node), http, state, settings);

    private static Task<IResult> UpdateAsync(string peerIP, string? node, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings) =>
        Routes.UpdateAsync(Id(peerIP, node), http, changes, state, settings);

    private static Task<IResult> DeleteAsync(string peerIP, string? node, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings) =>
        Routes.DeleteAsync(Id(peerIP, node), http, changes, state, settings);

    private static ResourceId Id(string peerIP, string? node) =>
        new(KindNames.BgpPeer, Ip.TryParse(peerIP, out var ip) ? ip.ToString() : peerIP) { Node = node ?? "" };
}
