using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET|POST bgppeers</c>, <c>GET|PUT|DELETE bgppeers/{peerIP}?node=</c>; without node the peer of scope global.</summary>
internal static class BgpPeersApi
{
    private static readonly KindRoutes<BgpPeer> Routes = new(KindNames.BgpPeer, "bgppeers", "BgpPeer", "BgpPeers", "BGP peers");

<<<<<<< HEAD
    public static void Map(IEndpointRouteBuilder api) => Routes.Map(api, "{peerIP}", List, CreateAsync, Get, UpdateAsync, DeleteAsync);
=======
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("bgppeers", List).WithName("listBgpPeers").WithSummary("BGP peers, as calicoctl's v1 documents").Produces<ApiList<JsonElement>>();
        api.MapPost("bgppeers", CreateAsync).WithName("createBgpPeer").WithSummary("Creates a BGP peer").Accepts<JsonElement>("application/json")
            .WithChangeAnswers();
        api.MapGet("bgppeers/{peerIP}", Get).WithName("getBgpPeer").WithSummary("One BGP peer; its ETag serves If-Match").Produces<JsonElement>().GivesETag();
        api.MapPut("bgppeers/{peerIP}", UpdateAsync).WithName("updateBgpPeer")
            .WithSummary("Replaces a BGP peer; If-Match refuses it when somebody changed it meanwhile")
            .Accepts<JsonElement>("application/json").WithChangeAnswers().TakesIfMatch();
        api.MapDelete("bgppeers/{peerIP}", DeleteAsync).WithName("deleteBgpPeer").WithSummary("Deletes a BGP peer").WithChangeAnswers().TakesIfMatch();
    }
>>>>>>> ddad8ca (Lines within 160 characters in the code of Adapters, Sandbox, Lab and Web, and of their tests)

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
