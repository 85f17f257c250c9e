using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET|POST hostendpoints</c>, <c>GET|PUT|DELETE hostendpoints/{node}/{**name}</c>.</summary>
internal static class HostEndpointsApi
{
    private static readonly KindRoutes<HostEndpoint> Routes = new(KindNames.HostEndpoint, "hostendpoints", "HostEndpoint", "HostEndpoints", "Host endpoints");

    public static void Map(IEndpointRouteBuilder api) => Routes.Map(api, "{node}/{**name}", List, CreateAsync, Get, UpdateAsync, DeleteAsync);

    private static IResult List(IClusterState state, ConsoleSettings settings, string? node) =>
        Routes.List(state, settings, e => node is null || e.Node == node);

    private static Task<IResult> CreateAsync(HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings) =>
        Routes.CreateAsync(http, changes, state, settings, id => $"{Uri.EscapeDataString(id.Node)}/{Uri.EscapeDataString(id.Name)}");

    private static IResult Get(string node, string name, HttpContext http, IClusterState state, ConsoleSettings settings) =>
        Routes.Get(Id(node, name), http, state, settings);

    private static Task<IResult> UpdateAsync(string node, string name, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings) =>
        Routes.UpdateAsync(Id(node, name), http, changes, state, settings);

    private static Task<IResult> DeleteAsync(string node, string name, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings) =>
        Routes.DeleteAsync(Id(node, name), http, changes, state, settings);

    private static ResourceId Id(string node, string name) => new(KindNames.HostEndpoint, name) { Node = node };
}
