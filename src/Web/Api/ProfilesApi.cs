using System.Text.Json;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET|POST profiles</c>, <c>GET|PUT|DELETE profiles/{**name}</c>; names may hold slashes.</summary>
internal static class ProfilesApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("profiles", List).WithName("listProfiles").WithSummary("Profiles, as calicoctl's v1 documents").AnswersList<JsonElement>();
        api.MapPost("profiles", CreateAsync).WithName("createProfile").WithSummary("Creates a profile").Accepts<JsonElement>("application/json")
            .WithChangeAnswers()
            .Takes(RouteParameters.EvenIfRewritten);
        api.MapGet("profiles/{**name}", Get).WithName("getProfile").WithSummary("One profile; its ETag serves If-Match").Produces<JsonElement>().GivesETag();
        api.MapPut("profiles/{**name}", UpdateAsync).WithName("updateProfile")
            .WithSummary("Replaces a profile; If-Match refuses it when somebody changed it meanwhile")
            .Accepts<JsonElement>("application/json").WithChangeAnswers().TakesIfMatch().Takes(RouteParameters.EvenIfRewritten);
        api.MapDelete("profiles/{**name}", DeleteAsync).WithName("deleteProfile")
            .WithSummary("Deletes a profile; If-Match refuses it when somebody changed it meanwhile").WithChangeAnswers().TakesIfMatch()
            .Takes(RouteParameters.EvenIfInUse, RouteParameters.EvenIfRewritten);
    }

    private static IResult List(IClusterState state, ConsoleSettings settings) => FeedGate.EtcdMissing(state, settings)
        ?? ApiList.InOrder(state.Current.Calico.Profiles, p => p.Key, p => Resources.Document(p.Value.Value));

    private static async Task<IResult> CreateAsync(HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var body = await Resources.ReadAsync<Profile>(http.Request);
        return body.Value is { } profile
            ? await changes.AnswerAsync(http, new WriteResource(WriteVerb.Create,
                profile)
            { EvenIfRewritten = http.Request.Has(RouteParameters.EvenIfRewritten) }, $"/api/v1/profiles/{Uri.EscapeDataString(profile.Name)}",
                Now(profile.Name), FeedGate.Etcd)
            : body.Refusal!;
    }

    private static IResult Get(string name, HttpContext http, IClusterState state, ConsoleSettings settings) =>
        Find(name, state, settings, out var refusal) is { } found ? Resources.Answer(http, found) : refusal!;

    private static async Task<IResult> UpdateAsync(string name, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (Find(name, state, settings, out var refusal) is not { } found)
        {
            return refusal!;
        }

        var body = await Resources.ReadAsync<Profile>(http.Request);
        if (body.Value is not { } profile)
        {
            return body.Refusal!;
        }

        if (profile.Name != found.Value.Name)
        {
            return Resources.OtherName("metadata.name", profile.Name, found.Value.Name);
        }

        var (revision, wrong) = Resources.IfMatch(http.Request);
        var operation = new WriteResource(WriteVerb.Replace, profile, revision) { EvenIfRewritten = http.Request.Has(RouteParameters.EvenIfRewritten) };
        return wrong ?? await changes.AnswerAsync(http, operation, null, Now(profile.Name), FeedGate.Etcd);
    }

    private static async Task<IResult> DeleteAsync(string name, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (Find(name, state, settings, out var refusal) is not { } found)
        {
            return refusal!;
        }

        var (revision, wrong) = Resources.IfMatch(http.Request);
        var operation = new DeleteResource(ResourceId.From(found.Value), revision,
            http.Request.Has(RouteParameters.EvenIfInUse))
        { EvenIfRewritten = http.Request.Has(RouteParameters.EvenIfRewritten) };
        return wrong ?? await changes.AnswerAsync(http, operation, null, Now(found.Value.Name), FeedGate.Etcd);
    }

    private static Func<ClusterSnapshot, object?> Now(string name) =>
        s => s.Calico.Profiles.GetValueOrDefault(name) is { } stored ? Resources.Document(stored.Value) : null;

    private static Stored<Profile>? Find(string text, IClusterState state, ConsoleSettings settings, out IResult? refusal)
    {
        Stored<Profile>? found = null;
        refusal = FeedGate.EtcdMissing(state, settings);
        if (refusal is null)
        {
            found = state.Current.Calico.Profiles.GetValueOrDefault(text);
            refusal = found is null ? ApiProblems.NotFound(KindNames.Profile, text) : null;
        }

        return found;
    }
}
