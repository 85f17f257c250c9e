using System.Collections.Immutable;
using System.Text;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Hosting;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Api;

/// <summary>
/// <c>POST manifests?verb=create|apply|replace|delete&amp;dryRun=&amp;continueOnError=&amp;evenIfInUse=&amp;evenIfRewritten=</c> with YAML or JSON as the body,
/// and
/// <c>GET manifests?kind=&amp;name=&amp;output=yaml|json|wide|ps</c> as <c>calicoctl get -o</c>.
/// </summary>
internal static class ManifestsApi
{
    /// <summary>Where a signed-in person downloads an export; see <see cref="Links"/>.</summary>
    public const string DownloadPath = "/manifests/export.yaml";

    private const string Yaml = "application/yaml";
    private const string Json = "application/json";
    private const string Table = "text/plain";
    private static readonly QueryParameter Output = new("output",
        "yaml, json, wide or ps, as calicoctl get -o takes them; yaml when it is left out. wide and ps are tables, one for each kind");
    private static readonly string[] Taken = [Yaml, "application/x-yaml", "text/yaml", "text/x-yaml", "text/plain", "application/json",
        "application/octet-stream"];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("manifests", Get).WithName("getManifest")
            .WithSummary("Resources as calicoctl get -o prints them; with documents=true split so that calicoctl takes them back")
            .Produces<string>(StatusCodes.Status200OK, Yaml, Json, Table).ProducesProblem(StatusCodes.Status400BadRequest)
                .ProducesProblem(StatusCodes.Status404NotFound)
            .Takes(
                new QueryParameter("kind", "Kinds as calicoctl get takes them, with commas between; none for all"),
                new QueryParameter("name", "metadata.name, the CIDR of an ipPool, the address of a bgpPeer"),
                new QueryParameter("node", "metadata.node"),
                new QueryParameter("orchestrator", "metadata.orchestrator"),
                new QueryParameter("workload", "metadata.workload"),
                new QueryParameter("scope", "global or node, of a bgpPeer"),
                new QueryParameter("q", "A part of the name"),
                Output);
        api.MapPost("manifests", RunAsync).WithName("runManifest").WithSummary("Creates, applies, replaces or deletes every resource of a manifest")
            .Accepts<string>(Yaml, [.. Taken[1..]]).Produces<ManifestAnswer>().Produces<ManifestAnswer>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status422UnprocessableEntity)
                .ProducesProblem(StatusCodes.Status502BadGateway)
            .Takes(
                new QueryParameter("verb", "create, apply, replace or delete", Required: true),
                new QueryParameter("continueOnError", "Goes on with the next resource after one that is refused or fails; calicoctl stops", IsFlag: true),
                RouteParameters.EvenIfInUse,
                RouteParameters.EvenIfRewritten,
                RouteParameters.DryRun,
                RouteParameters.EvenIfBreaksAssertions);
    }

    /// <summary>The download for pages, which sign in by cookie.</summary>
    public static void MapDownload(IEndpointRouteBuilder routes) =>
        routes.MapGet(DownloadPath, (HttpContext http, IClusterState state, ConsoleSettings settings) =>
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        if (Filter(http.Request) is not { } filter)
        {
            return WrongKind(http.Request);
        }

        if (Format(http.Request) is not { } format)
        {
            return WrongOutput(http.Request);
        }

        var calico = state.Current.Calico;
        var found = ManifestExport.Select(calico, filter);
        var text = format == ExportFormat.Yaml ? ManifestExport.ToDocuments(found) : ManifestExport.Write(format, filter, found, calico);
        return TypedResults.File(Encoding.UTF8.GetBytes(text), MediaType(format), FileName(format));
    }).ExcludeFromDescription();

    /// <summary>What a downloaded export is called.</summary>
    public static string FileName(ExportFormat format) => format switch
    {
        ExportFormat.Yaml => "calico.yaml",
        ExportFormat.Json => "calico.json",
        ExportFormat.Wide or ExportFormat.Ps => "calico.txt",
    };

    private static IResult Get(HttpContext http, IClusterState state, ConsoleSettings settings, bool documents = false)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        if (Filter(http.Request) is not { } filter)
        {
            return WrongKind(http.Request);
        }

        if (Format(http.Request) is not { } format)
        {
            return WrongOutput(http.Request);
        }

        if (documents && format != ExportFormat.Yaml)
        {
            return Wrong("documents", "only YAML is split into documents: leave it out, or ask for output=yaml");
        }

        var calico = state.Current.Calico;
        var found = ManifestExport.Select(calico, filter);
        if (found.IsEmpty && filter is { Kinds: [KindNames.Node], Name: { Length: > 0 } node })
        {
            // Of this kind alone calicoctl says that there is none; of the others it prints an empty list.
            return ApiProblems.Problem(StatusCodes.Status404NotFound, "Not found", $"resource does not exist: Node(name={node})",
                [new("name", $"resource does not exist: Node(name={node})")]);
        }

        return TypedResults.Text(documents ? ManifestExport.ToDocuments(found) : ManifestExport.Write(format, filter, found, calico), MediaType(format),
            Encoding.UTF8);
    }

    private static async Task<IResult> RunAsync(HttpContext http, IOperationRunner runner, IClusterState state, ConsoleSettings settings)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var query = http.Request.Query;
        if (!Enum.TryParse<ManifestVerb>(query["verb"], ignoreCase: true, out var verb) || !Enum.IsDefined(verb) || int.TryParse(query["verb"], out _))
        {
            return Wrong("verb", "must be create, apply, replace or delete");
        }

        if (WrongFlag(query, "continueOnError", "evenIfInUse") is { } wrong)
        {
            return wrong;
        }

        var (text, refusal) = await TextAsync(http.Request);
        if (text is null)
        {
            return refusal!;
        }

        return (await AnswerAsync(http, new ApplyManifest(verb,
            ManifestReader.ReadWhileAwaited(text, http.RequestAborted))
        {
            ContinueOnError = Flag(query, "continueOnError"),
            EvenIfInUse = Flag(query, "evenIfInUse")
        }, runner, state)).Answer;
    }

    /// <summary>400 when one of the flags that every manifest takes, or one of these, is neither true nor false; null otherwise.</summary>
    public static IResult? WrongFlag(IQueryCollection query, params IEnumerable<string> more) =>
        more.Concat(["dryRun", "evenIfRewritten", AssertionGuard.Field])
            .FirstOrDefault(f => query.TryGetValue(f, out var given) && !bool.TryParse(given, out _)) is { } flag
            ? Wrong(flag, "must be true or false")
            : null;

    /// <summary>
    /// Plans or runs a manifest, as the query's <c>dryRun</c>, <c>evenIfRewritten</c> and <c>evenIfBreaksAssertions</c> say, and answers what becomes of each
    /// resource.
    /// </summary>
    public static async Task<(OperationResult Result, IResult Answer)> AnswerAsync(HttpContext http, ApplyManifest operation, IOperationRunner runner,
        IClusterState state)
    {
        var query = http.Request.Query;
        operation = operation with
        {
            EvenIfRewritten = Flag(query, "evenIfRewritten"),
            EvenIfBreaksAssertions = Flag(query, AssertionGuard.Field),
            Abandoned = http.RequestAborted
        };
        var context = new OperationContext(http.User.Identity?.Name ?? "api", "api", OperationPermissions.Change) { Source = Auth.RequestSource.For(http) };
        OperationResult result;
        if (Flag(query, "dryRun"))
        {
            var plan = runner.Plan(operation, context);
            result = new OperationResult
            {
                OperationId = Guid.Empty,
                Outcome = plan.Errors.IsEmpty ? OperationOutcome.Planned : OperationOutcome.Refused,
                Plan = plan
            };
        }
        else
        {
            result = await runner.RunAsync(operation, context, null, http.RequestAborted);
        }

        return (result, Answer(operation, result, state));
    }

    private static IResult Answer(ApplyManifest operation, OperationResult result, IClusterState state)
    {
        var documents = result.Documents.IsEmpty ? result.Plan.Documents : result.Documents;
        var answer = new ManifestAnswer(
            result.OperationId == Guid.Empty ? null : result.OperationId,
            ManifestWords.For(operation.Verb),
            string.Concat(result.Outcome.ToString()[..1].ToLowerInvariant(), result.Outcome.ToString().AsSpan(1)),
            [.. documents.Select(DocumentAnswer.From)],
            [.. operation.Manifest.Notes.Select(n => new NoteAnswer(n.Document, n.Line, n.Column, n.Text))],
            PlanAnswer.From(result.Plan),
            result.Message);
        int? status = result.Outcome switch
        {
            _ when documents.Any(d => d.Outcome == DocumentOutcome.Refused) || result.Outcome == OperationOutcome.Refused =>
                StatusCodes.Status422UnprocessableEntity,
            OperationOutcome.Succeeded or OperationOutcome.Unchanged or OperationOutcome.Planned or OperationOutcome.NotYetSeen => null,
            OperationOutcome.Conflict or OperationOutcome.Cancelled => StatusCodes.Status409Conflict,
            _ when result.NotRecorded || state.Current.Feeds.Any(f => f.Name == FeedGate.Etcd && f.Status == FeedStatus.Stale) =>
                StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status502BadGateway,
        };
        if (status is not { } wrong)
        {
            return TypedResults.Json(answer, statusCode: result.Outcome == OperationOutcome.NotYetSeen ? StatusCodes.Status202Accepted
                : StatusCodes.Status200OK);
        }

        ImmutableArray<FieldError> errors = result.Plan.Errors.IsEmpty
            ? [.. documents.SelectMany((d, i) => d.Errors.Select(e => new FieldError(documents.Length == 1 ? e.Field : $"documents[{i}].{e.Field}", e.Reason)))]
            : result.Plan.Errors;
        return ApiProblems.Problem(
            wrong,
            wrong == StatusCodes.Status422UnprocessableEntity ? "The manifest was refused, or a part of it" : "The manifest did not go through",
            result.Message ?? ManifestWords.Failure(operation.Verb, documents),
            errors,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["operationId"] = answer.OperationId,
                ["verb"] = answer.Verb,
                ["outcome"] = answer.Outcome,
                ["documents"] = answer.Documents,
                ["notes"] = answer.Notes,
                ["plan"] = answer.Plan,
                ["message"] = answer.Message,
            });
    }

    private static async Task<Body<string>> TextAsync(HttpRequest request)
    {
        if (request.ContentType is { Length: > 0 } type && !Taken.Contains(type.Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase))
        {
            return new(null, ApiProblems.Problem(StatusCodes.Status415UnsupportedMediaType, "Unsupported media type",
                $"Send the manifest as {Yaml} or application/json."));
        }

        if (request.ContentLength > ManifestReader.MaxLength)
        {
            return new(null, TooLarge());
        }

        using var body = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0;)
        {
            body.Write(buffer, 0, read);
            if (body.Length > ManifestReader.MaxLength)
            {
                return new(null, TooLarge());
            }
        }

        var bytes = body.GetBuffer().AsSpan(0, (int)body.Length);
        return RequestBody.NotUtf8(bytes) is { } malformed ? new(null, malformed) : new(Encoding.UTF8.GetString(bytes), null);
    }

    private static ExportFilter? Filter(HttpRequest request)
    {
        var query = request.Query;
        var kinds = query["kind"].SelectMany(k => (k ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(ManifestExport.Kind).ToArray();
        return kinds.Contains(null) ? null : new ExportFilter
        {
            Kinds = [.. kinds.Select(k => k!).Distinct(StringComparer.Ordinal)],
            Name = query["name"],
            Node = query["node"],
            Orchestrator = query["orchestrator"],
            Workload = query["workload"],
            Scope = query["scope"],
            Contains = query["q"],
        };
    }

    private static ExportFormat? Format(HttpRequest request) => request.Query[Output.Name] is { Count: > 0 } asked
        ? ManifestExport.Formats.Where(f => f.Word == asked).Select(f => (ExportFormat?)f.Format).FirstOrDefault()
        : ExportFormat.Yaml;

    private static string MediaType(ExportFormat format) => format switch
    {
        ExportFormat.Yaml => Yaml,
        ExportFormat.Json => Json,
        ExportFormat.Wide or ExportFormat.Ps => Table,
    };

    // As calicoctl says it.
    private static IResult WrongOutput(HttpRequest request) => Wrong(
        Output.Name,
        $"unrecognized output format '{request.Query[Output.Name]}': it must be {string.Join(", ", ManifestExport.Formats.Select(f => f.Word))}");

    private static IResult WrongKind(HttpRequest request)
    {
        var word = request.Query["kind"].SelectMany(k => (k ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .First(k => ManifestExport.Kind(k) is null);
        return Wrong("kind", $"Resource type '{word}' is not supported");
    }

    private static bool Flag(IQueryCollection query, string name) => bool.TryParse(query[name], out var value) && value;

    private static IResult Wrong(string field, string reason) =>
        ApiProblems.Problem(StatusCodes.Status400BadRequest, "The request is not valid", $"{field}: {reason}.", [new(field, reason)]);

    private static IResult TooLarge() =>
        ApiProblems.Problem(StatusCodes.Status413PayloadTooLarge, "The manifest is too large",
            $"At most {ManifestReader.MaxLength / 1024 / 1024} MiB are read.");
}

/// <summary>The answer of a manifest.</summary>
internal sealed record ManifestAnswer(Guid? OperationId, string Verb, string Outcome, DocumentAnswer[] Documents, NoteAnswer[] Notes, PlanAnswer Plan,
    string? Message);

/// <summary>What is legal but will surprise.</summary>
internal sealed record NoteAnswer(int Document, int Line, int Column, string Text);

/// <summary>What becomes or became of a resource.</summary>
internal sealed record DocumentAnswer(
    int Document, int Line, int Column, string Kind, string Name, string? Node, string? Orchestrator, string? Workload, string Outcome, string? Field,
        string? Reason, KeyAnswer[] Keys, PlaceAnswer[] Errors)
{
    public static DocumentAnswer From(DocumentResult d) => new(
        d.Item.Document, d.Item.Line, d.Item.Column, d.Item.Kind, d.Id?.Name ?? d.Item.Name, Text(d.Id?.Node), Text(d.Id?.Orchestrator), Text(d.Id?.Workload),
            ManifestWords.For(d.Outcome),
        d.Errors.IsEmpty ? null : d.Errors[0].Field,
        d.Errors.IsEmpty ? null : d.Errors[0].Reason,
        [.. d.Changes.Select(c => new KeyAnswer(c.Object, c.Before, c.After))],
        d.Item.Errors.IsEmpty
            ? [.. d.Errors.Select(e => new PlaceAnswer(e.Field, e.Reason, d.Item.Line, d.Item.Column))]
            : [.. d.Item.Errors.Select(e => new PlaceAnswer(e.Field, e.Reason, e.Line, e.Column))]);

    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>A key before and after.</summary>
internal sealed record KeyAnswer(string Key, string? Before, string? After);

/// <summary>What is wrong, and where in the text.</summary>
internal sealed record PlaceAnswer(string Field, string Reason, int Line, int Column);
