using System.Text.Json;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET|POST policies</c>, <c>GET|PUT|DELETE policies/{**name}</c>; names may hold slashes.</summary>
internal static class PoliciesApi
{
    private static readonly KindRoutes<Policy> Routes = new(KindNames.Policy, "policies");

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("policies", List).WithName("listPolicies").WithSummary("Policies, as calicoctl's v1 documents").Produces<ApiList<JsonElement>>();
        api.MapPost("policies", CreateAsync).WithName("createPolicy").WithSummary("Creates a policy").Accepts<JsonElement>("application/json")
            .WithChangeAnswers();
        api.MapGet("policies/{**name}", Get).WithName("getPolicy").WithSummary("One policy; its ETag serves If-Match").Produces<JsonElement>().GivesETag();
        api.MapPut("policies/{**name}", UpdateAsync).WithName("updatePolicy")
            .WithSummary("Replaces a policy; If-Match refuses it when somebody changed it meanwhile")
            .Accepts<JsonElement>("application/json").WithChangeAnswers().TakesIfMatch();
        api.MapDelete("policies/{**name}", DeleteAsync).WithName("deletePolicy").WithSummary("Deletes a policy").WithChangeAnswers().TakesIfMatch();
    }

    private static IResult List(IClusterState state, ConsoleSettings settings) => Routes.List(state, settings);

    private static Task<IResult> CreateAsync(HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings) =>
        Routes.CreateAsync(http, changes, state, settings, id => Uri.EscapeDataString(id.Name));

    private static IResult Get(string name, HttpContext http, IClusterState state, ConsoleSettings settings) => Routes.Get(Id(name), http, state, settings);

    private static Task<IResult> UpdateAsync(string name, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings) =>
        Routes.UpdateAsync(Id(name), http, changes, state, settings);

    private static Task<IResult> DeleteAsync(string name, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings) =>
        Routes.DeleteAsync(Id(name), http, changes, state, settings);

    private static ResourceId Id(string name) => new(KindNames.Policy, name);
}
