using System.Text.Json;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;

namespace CalicoConsole.Web.Api;

/// <summary>The five requests of a Calico kind that has no rules of its own in the API: list, create, get, replace, delete.</summary>
/// <param name="kind">One of <see cref="KindNames"/>.</param>
/// <param name="path">Below <c>/api/v1</c>, such as <c>policies</c>.</param>
internal sealed class KindRoutes<T>(string kind, string path)
    where T : class
{
    public IResult List(IClusterState state, ConsoleSettings settings, Func<T, bool>? fits = null) => FeedGate.EtcdMissing(state, settings)
        ?? TypedResults.Ok(ApiList.Of<JsonElement>([.. state.Current.Calico.ResourcesOf(kind).Where(r => fits is null || fits((T)r.Value)).Select(r => Resources.Document(r.Value))]));

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

        var id = ResourceId.Of(resource);
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

        if (ResourceId.Of(resource) is var given && given != id)
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
