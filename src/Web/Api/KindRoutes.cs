using System.Text.Json;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;

namespace CalicoConsole.Web.Api;

/// <summary>The five requests of a Calico kind that has no rules of its own in the API: list, create, get, replace, delete.</summary>
/// <param name="kind">One of <see cref="KindNames"/>.</param>
/// <param name="path">Below <c>/api/v1</c>, such as <c>policies</c>.</param>
/// <param name="one">One of them in the names of OpenAPI, such as <c>HostEndpoint</c>.</param>
/// <param name="many">Several there.</param>
/// <param name="words">Several at the beginning of a sentence.</param>
internal sealed class KindRoutes<T>(string kind, string path, string one, string many, string words)
    where T : class
{
    /// <summary>Adds the five.</summary>
    /// <param name="api">Where.</param>
    /// <param name="address">The address of one of them below their path, such as <c>{**name}</c>.</param>
    /// <param name="list">Answers the list.</param>
    /// <param name="create">Creates one.</param>
    /// <param name="get">Answers one.</param>
    /// <param name="update">Replaces one.</param>
    /// <param name="delete">Deletes one.</param>
    public void Map(IEndpointRouteBuilder api, string address, Delegate list, Delegate create, Delegate get, Delegate update, Delegate delete)
    {
        var (word, single) = (KindWords.For(kind), $"{path}/{address}");
        api.MapGet(path, list).WithName($"list{many}").WithSummary($"{words}, as calicoctl's v1 documents").AnswersList<JsonElement>();
        api.MapPost(path, create).WithName($"create{one}").WithSummary($"Creates a {word}").Accepts<JsonElement>("application/json").WithChangeAnswers();
        api.MapGet(single, get).WithName($"get{one}").WithSummary($"One {word}; its ETag serves If-Match").Produces<JsonElement>().GivesETag();
        api.MapPut(single, update).WithName($"update{one}").WithSummary($"Replaces a {word}; If-Match refuses it when somebody changed it meanwhile")
            .Accepts<JsonElement>("application/json").WithChangeAnswers().TakesIfMatch();
        api.MapDelete(single, delete).WithName($"delete{one}").WithSummary($"Deletes a {word}").WithChangeAnswers().TakesIfMatch();
    }

    /// <summary>Adds the five of a kind whose identity is its name, which may hold slashes.</summary>
    public void MapByName(IEndpointRouteBuilder api) => Map(
        api,
        "{**name}",
        (IClusterState state, ConsoleSettings settings) => List(state, settings),
        (HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings) =>
            CreateAsync(http, changes, state, settings, id => Uri.EscapeDataString(id.Name)),
        (string name, HttpContext http, IClusterState state, ConsoleSettings settings) => Get(new(kind, name), http, state, settings),
        (string name, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings) =>
            UpdateAsync(new(kind, name), http, changes, state, settings),
        (string name, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings) =>
            DeleteAsync(new(kind, name), http, changes, state, settings));

    public IResult List(IClusterState state, ConsoleSettings settings, Func<T, bool>? fits = null) => FeedGate.EtcdMissing(state, settings)
        ?? ApiList.InOrder(
            state.Current.Calico.ResourcesOf(kind).Where(r => fits is null || fits((T)r.Value)), r => StoredResources.PlaceOf(kind, r),
            r => Resources.Document(r.Value), StoredResources.OrderOf(kind));

    public async Task<IResult> CreateAsync(HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings, Func<ResourceId, string> address)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var body = await Resources.ReadAsync<T>(http.Request);
        if (body.Value is not { } resource)
        {
            return body.Refusal!;
        }

        var id = ResourceId.From(resource);
        return await changes.AnswerAsync(http, new WriteResource(WriteVerb.Create, resource), $"/api/v1/{path}/{address(id)}", Now(id), FeedGate.Etcd);
    }

    public IResult Get(ResourceId id, HttpContext http, IClusterState state, ConsoleSettings settings)
    {
        if (Find(id, state, settings, out var refusal) is not { } found)
        {
            return refusal!;
        }

        http.Response.Headers.ETag = $"\"{found.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture)}\"";
        return TypedResults.Ok(Resources.Document(found.Value));
    }

    public async Task<IResult> UpdateAsync(ResourceId id, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (Find(id, state, settings, out var refusal) is null)
        {
            return refusal!;
        }

        var body = await Resources.ReadAsync<T>(http.Request);
        if (body.Value is not { } resource)
        {
            return body.Refusal!;
        }

        if (ResourceId.From(resource) is var given && given != id)
        {
            return Resources.OtherName(id.Field, given.Label, id.Label);
        }

        var (revision, wrong) = Resources.IfMatch(http.Request);
        return wrong ?? await changes.AnswerAsync(http, new WriteResource(WriteVerb.Replace, resource, revision), null, Now(id), FeedGate.Etcd);
    }

    public async Task<IResult> DeleteAsync(ResourceId id, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (Find(id, state, settings, out var refusal) is null)
        {
            return refusal!;
        }

        var (revision, wrong) = Resources.IfMatch(http.Request);
        return wrong ?? await changes.AnswerAsync(http, new DeleteResource(id, revision), null, Now(id), FeedGate.Etcd);
    }

    private static Func<ClusterSnapshot, object?> Now(ResourceId id) =>
        s => s.Calico.FindResource(id) is { } stored ? Resources.Document(stored.Value) : null;

    private StoredResource? Find(ResourceId id, IClusterState state, ConsoleSettings settings, out IResult? refusal)
    {
        refusal = FeedGate.EtcdMissing(state, settings);
        var found = refusal is null ? state.Current.Calico.FindResource(id) : null;
        refusal ??= found is null ? ApiProblems.NotFound(kind, id.Label) : null;
        return found;
    }
}
