using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Api;

/// <summary>
/// <c>GET|POST drafts</c>, <c>GET|PUT|DELETE drafts/{**name}</c>, <c>POST drafts/{name}/apply</c>: changes that are prepared and not yet applied.
/// </summary>
internal static class DraftsApi
{
    // Where a failure has no particular feed: the console's own database.
    private const string Feed = FeedWords.Audit;
    private const string Name = "name";
    private const string Manifest = "manifest";
    private const string Note = "note";
    private const string Status = "status";
    private const string Conflicts = "conflicts";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("drafts", List).WithName("listDrafts").WithSummary("Drafts, each with how it stands: ready, inForce, conflict or unreadable")
            .AnswersList<JsonElement>();
        api.MapPost("drafts", CreateAsync).WithName("createDraft")
            .WithSummary("""Prepares a change: {"name":"open web","manifest":"apiVersion: v1\nkind: policy\n…","note":"why"}; it is based on what is stored now""")
            .Accepts<JsonElement>("application/json").WithChangeAnswers();
        api.MapGet("drafts/{**name}", Get).WithName("getDraft").WithSummary("One draft with how it stands and what was changed since; its ETag serves If-Match")
            .Produces<JsonElement>().GivesETag();
        api.MapPut("drafts/{**name}", UpdateAsync).WithName("updateDraft")
            .WithSummary(
                "Replaces a draft, which is then based on what is stored now; with the manifest that GET answered it is staged again. If-Match refuses it when "
                + "somebody changed it meanwhile")
            .Accepts<JsonElement>("application/json").WithChangeAnswers().TakesIfMatch();
        api.MapDelete("drafts/{**name}", DiscardAsync).WithName("discardDraft").WithSummary("Discards a draft; what it would have changed stays as it is")
            .WithChangeAnswers().TakesIfMatch();
        api.MapPost("drafts/{name}/apply", ApplyAsync).WithName("applyDraft")
            .WithSummary(
                "Applies a draft as one operation; 409 with conflicts when something it changes was changed since it was staged. A slash in the name is "
                + "written %2F. If-Match refuses it when the draft itself was changed")
            .Produces<ManifestAnswer>().Produces<ManifestAnswer>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
                .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status502BadGateway)
            .Takes(RouteParameters.EvenIfRewritten, RouteParameters.DryRun, RouteParameters.EvenIfBreaksAssertions).TakesIfMatch();
    }

    private static IResult List(IClusterState state, ConsoleSettings settings) => FeedGate.EtcdMissing(state, settings)
        ?? ListOf(state.Current);

    private static IResult ListOf(ClusterSnapshot now) =>
        ApiList.InOrder(now.Kept.Values.Where(k => k.Kind == KeptKinds.Draft).OrderBy(k => k.Name, StringComparer.Ordinal), k => k.Name, k => Document(k, now));

    private static IResult Get(string name, HttpContext http, IClusterState state, ConsoleSettings settings)
    {
        if (Find(ref name, state, settings, out var refusal) is not { } item)
        {
            return refusal!;
        }

        http.Response.Headers.ETag = $"\"{item.Revision.ToString(CultureInfo.InvariantCulture)}\"";
        return TypedResults.Ok(Document(item, state.Current));
    }

    private static async Task<IResult> CreateAsync(HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings, TimeProvider time)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var body = await ReadAsync(http.Request, nameNeeded: true);
        return body.Value is not { } asked ? body.Refusal!
            : StagedDraft.Errors(asked.Manifest) is { IsEmpty: false } errors ? Invalid(errors)
            : await changes.AnswerAsync(http, Save(asked.Name, asked, 0, http, state, time), $"/api/v1/drafts/{Uri.EscapeDataString(asked.Name)}",
                Now(asked.Name), Feed);
    }

    private static async Task<IResult> UpdateAsync(string name, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings,
        TimeProvider time)
    {
        if (Find(ref name, state, settings, out var refusal) is null)
        {
            return refusal!;
        }

        var body = await ReadAsync(http.Request, nameNeeded: false);
        if (body.Value is not { } asked)
        {
            return body.Refusal!;
        }

        if (asked.Name.Length > 0 && asked.Name != name)
        {
            return Resources.OtherName(Name, asked.Name, name);
        }

        if (StagedDraft.Errors(asked.Manifest) is { IsEmpty: false } errors)
        {
            return Invalid(errors);
        }

        var (revision, wrong) = Resources.IfMatch(http.Request);
        return wrong ?? await changes.AnswerAsync(http, Save(name, asked, revision, http, state, time), null, Now(name), Feed);
    }

    private static async Task<IResult> DiscardAsync(string name, HttpContext http, Changes changes, IClusterState state, ConsoleSettings settings)
    {
        if (Find(ref name, state, settings, out var refusal) is null)
        {
            return refusal!;
        }

        var (revision, wrong) = Resources.IfMatch(http.Request);
        return wrong ?? await changes.AnswerAsync(http, new DeleteKept(KeptKinds.Draft, name, revision), null, Now(name), Feed);
    }

    private static async Task<IResult> ApplyAsync(string name, HttpContext http, IOperationRunner runner, IClusterState state, ConsoleSettings settings)
    {
        if (Find(ref name, state, settings, out var refusal) is not { } item)
        {
            return refusal!;
        }

        if (ManifestsApi.WrongFlag(http.Request.Query) is { } flag)
        {
            return flag;
        }

        var (revision, wrong) = Resources.IfMatch(http.Request);
        if (wrong is not null)
        {
            return wrong;
        }

        if (revision is { } seen && seen != item.Revision)
        {
            return ApiProblems.Problem(StatusCodes.Status409Conflict, "Somebody else changed it meanwhile",
                $"The draft {name} is not the one that was seen; nothing was applied.", [], [new("current", Document(item, state.Current))]);
        }

        if (StagedDraft.Read(item) is not { } draft)
        {
            return ApiProblems.Problem(StatusCodes.Status422UnprocessableEntity, "The draft cannot be read",
                $"The document of {name} is not a draft: discard it.", [new(Manifest, "cannot be read")]);
        }

        var (result, answer) = await ManifestsApi.AnswerAsync(http, draft.On(state.Current).Operation, runner, state);
        return result.Outcome == OperationOutcome.Refused && draft.On(state.Current) is { State: DraftState.Conflict } standing
            ? ApiProblems.Problem(
                StatusCodes.Status409Conflict,
                "What the draft changes was changed since it was staged",
                string.Join("; ", result.Plan.Errors.Select(e => e.Reason)),
                result.Plan.Errors,
                [new("outcome", "refused"), new(Conflicts, ConflictsOf(standing))])
            : answer;
    }

    private static SaveKept Save(string name, DraftRequest asked, ulong? revision, HttpContext http, IClusterState state, TimeProvider time) =>
        new(KeptKinds.Draft, name, StagedDraft.From(asked.Manifest, state.Current, asked.Note, http.User.Identity?.Name ?? "api", time.GetUtcNow()).ToJson(),
            revision);

    private static JsonElement Document(KeptItem item, ClusterSnapshot snapshot)
    {
        var draft = StagedDraft.Read(item);
        var standing = draft?.On(snapshot);
        var document = new JsonObject
        {
            [Name] = item.Name,
            [Manifest] = draft?.Manifest,
            [Note] = draft?.Note,
            [Status] = new JsonObject
            {
                ["state"] = standing is null ? "unreadable" : StepAnswer.Lower(standing.State),
                ["by"] = draft?.By,
                ["at"] = draft?.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
                ["revision"] = item.Revision,
                ["resources"] = new JsonArray([.. draft?.Seen.Keys.Select(k => (JsonNode)k) ?? []]),
                [Conflicts] = standing is null ? new JsonArray() : ConflictsOf(standing),
            },
        };
        using var parsed = JsonDocument.Parse(document.ToJsonString());
        return parsed.RootElement.Clone();
    }

    private static JsonArray ConflictsOf(DraftStanding standing) =>
        new([.. standing.Conflicts.Select(c => (JsonNode)new JsonObject { ["resource"] = c.Resource, ["base"] = c.Base, ["now"] = c.Now })]);

    private static Func<ClusterSnapshot, object?> Now(string name) => s =>
        s.Kept.GetValueOrDefault(KeptKeys.For(KeptKinds.Draft, name)) is { } item ? Document(item, s) : null;

    private static KeptItem? Find(ref string name, IClusterState state, ConsoleSettings settings, out IResult? refusal)
    {
        refusal = FeedGate.EtcdMissing(state, settings);
        var item = refusal is null ? state.Current.Kept.GetValueOrDefault(KeptKeys.For(KeptKinds.Draft, name)) : null;
        refusal ??= item is null ? ApiProblems.NotFound(KeptKinds.Draft, name) : null;
        return item;
    }

    private static Task<Body<DraftRequest>> ReadAsync(HttpRequest request, bool nameNeeded) => RequestBody.ReadAsync(request, r =>
    {
        // What GET adds may come back with PUT.
        r.Ignore(Status);
        return new DraftRequest(nameNeeded ? r.Required(Name) : r.Text(Name), r.Required(Manifest), r.Text(Note));
    });

    private static IResult Invalid(IReadOnlyList<FieldError> errors) =>
        ApiProblems.Problem(StatusCodes.Status400BadRequest, "The draft is not valid", string.Join("; ", errors.Select(e => $"{e.Field}: {e.Reason}")), errors);

    private sealed record DraftRequest(string Name, string Manifest, string Note);
}
