using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Assertions;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Assertions;
using CalicoConsole.Web.Areas.Reachability;
using CalicoConsole.Web.Hosting;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Live;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET|POST assertions</c>, <c>GET|PUT|DELETE assertions/{**name}</c>, <c>GET assertions/report</c> as JUnit XML.</summary>
internal static class AssertionsApi
{
    // Where a failure has no particular feed: the console's own database.
    private const string Feed = FeedWords.Audit;
    private const string Name = "name";
    private const string Status = "status";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("assertions", List).WithName("listAssertions").WithSummary("Reachability assertions, each with its state now")
            .AnswersList<JsonElement>();
        api.MapPost("assertions", CreateAsync).WithName("createAssertion")
            .WithSummary("""Creates an assertion: {"name":"web reaches db","from":{"tag":"web"},"to":{"tag":"db"},"protocol":"tcp","ports":[5432],"expect":"must"}; an end is one of anything, tag, profile, selector, network, endpoint, host, net""")
            .Accepts<JsonElement>("application/json").WithChangeAnswers();
        api.MapGet("assertions/report", Report).WithName("reportAssertions")
            .WithSummary(
                "All assertions as JUnit XML: a test case each, failed when broken, skipped when there is nothing to check. With failOnBroken=true the status "
                + "is 409 when any is broken or cannot be read")
            .Produces<string>(contentType: "application/xml").Produces<string>(StatusCodes.Status409Conflict, "application/xml")
                .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .Takes(new QueryParameter("failOnBroken", "Answers 409 when any is broken or cannot be read", IsFlag: true));
        api.MapGet("assertions/{**name}", Get).WithName("getAssertion")
            .WithSummary("One assertion with its state and the first pairs that break it; its ETag serves If-Match").Produces<JsonElement>().GivesETag();
        api.MapPut("assertions/{**name}", UpdateAsync).WithName("updateAssertion")
            .WithSummary("Replaces an assertion; If-Match refuses it when somebody changed it meanwhile").Accepts<JsonElement>("application/json")
            .WithChangeAnswers().TakesIfMatch();
        api.MapDelete("assertions/{**name}", DeleteAsync).WithName("deleteAssertion").WithSummary("Deletes an assertion").WithChangeAnswers().TakesIfMatch();
    }

    /// <summary>An assertion as the API shows it: its document with name and state.</summary>
    public static JsonElement Document(AssertionResult result, ReachabilityModel model, ClusterSnapshot snapshot)
    {
        var stored = snapshot.Kept.GetValueOrDefault(KeptKeys.For(KeptKinds.Assertion, result.Name));
        var document = new JsonObject { [Name] = result.Name };
        if (result.Assertion is { } assertion && JsonNode.Parse(AssertionCodec.Write(assertion)) is JsonObject own)
        {
            foreach (var (member, value) in own)
            {
                document[member] = value?.DeepClone();
            }
        }

        document[Status] = new JsonObject
        {
            ["state"] = StepAnswer.Lower(result.State),
            ["sentence"] = result.Assertion?.Sentence,
            ["pairs"] = result.Pairs,
            ["brokenPairs"] = result.BrokenPairs,
            ["reason"] = result.Reason,
            ["revision"] = stored?.Revision,
            ["examples"] = new JsonArray(
            [
                .. result.Examples.Select(e => new JsonObject
                {
                    ["from"] = e.From,
                    ["to"] = e.To,
                    ["fromAddress"] = e.Flow.Source.Address.ToString(),
                    ["toAddress"] = e.Flow.Destination.Address.ToString(),
                    ["traffic"] = VerdictSentences.Traffic(e.Flow),
                    ["sentence"] = AssertionWords.For(e, model),
                }),
            ]),
        };
        using var parsed = JsonDocument.Parse(document.ToJsonString());
        return parsed.RootElement.Clone();
    }

    private static IResult List(IClusterState state, ConsoleSettings settings, AssertionStates states)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var (snapshot, model, results) = states.Latest();
        return ApiList.InOrder(results, r => r.Name, r => Document(r, model, snapshot));
    }

    private static IResult Get(string name, HttpContext http, IClusterState state, ConsoleSettings settings, AssertionStates states)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var (snapshot, model, results) = states.Latest();
        if (Find(snapshot, name) is not { } item || results.FirstOrDefault(r => r.Name == name) is not { } result)
        {
            return ApiProblems.NotFound(KeptKinds.Assertion, name);
        }

        http.Response.Headers.ETag = $"\"{item.Revision.ToString(CultureInfo.InvariantCulture)}\"";
        return TypedResults.Ok(Document(result, model, snapshot));
    }

    private static async Task<IResult> CreateAsync(HttpContext http, Changes changes)
    {
        var (name, json, refusal) = await ReadAsync(http.Request);
        if (json is null)
        {
            return refusal!;
        }

        return string.IsNullOrEmpty(name)
            ? Invalid([new FieldError(Name, "required")])
            : await changes.AnswerAsync(http, new SaveKept(KeptKinds.Assertion, name, json, 0), $"/api/v1/assertions/{Uri.EscapeDataString(name)}", Now(name),
                Feed);
    }

    private static async Task<IResult> UpdateAsync(string name, HttpContext http, Changes changes, IClusterState state)
    {
        if (Find(state.Current, name) is null)
        {
            return ApiProblems.NotFound(KeptKinds.Assertion, name);
        }

        var (given, json, refusal) = await ReadAsync(http.Request);
        if (json is null)
        {
            return refusal!;
        }

        if (given is not null && given != name)
        {
            return Resources.OtherName(Name, given, name);
        }

        var (revision, wrong) = Resources.IfMatch(http.Request);
        return wrong ?? await changes.AnswerAsync(http, new SaveKept(KeptKinds.Assertion, name, json, revision), null, Now(name), Feed);
    }

    private static async Task<IResult> DeleteAsync(string name, HttpContext http, Changes changes, IClusterState state)
    {
        if (Find(state.Current, name) is null)
        {
            return ApiProblems.NotFound(KeptKinds.Assertion, name);
        }

        var (revision, wrong) = Resources.IfMatch(http.Request);
        return wrong ?? await changes.AnswerAsync(http, new DeleteKept(KeptKinds.Assertion, name, revision), null, Now(name), Feed);
    }

    private static IResult Report(HttpContext http, IClusterState state, ConsoleSettings settings, AssertionStates states)
    {
        if (FeedGate.EtcdMissing(state, settings) is { } missing)
        {
            return missing;
        }

        var fail = false;
        if (http.Request.Query.TryGetValue("failOnBroken", out var text) && !bool.TryParse(text, out fail))
        {
            return Invalid([new FieldError("failOnBroken", "must be true or false")]);
        }

        var (snapshot, model, results) = states.Latest();
        var bad = results.Any(r => r.State is AssertionState.Broken or AssertionState.Unreadable);
        var xml = new XDocument(new XDeclaration("1.0", "utf-8", null), JUnit(snapshot, model, results));
        return TypedResults.Text($"{xml.Declaration}\n{xml}\n", "application/xml", Encoding.UTF8,
            fail && bad ? StatusCodes.Status409Conflict : StatusCodes.Status200OK);
    }

    private static XElement JUnit(ClusterSnapshot snapshot, ReachabilityModel model, IReadOnlyCollection<AssertionResult> results)
    {
        XAttribute[] counts() =>
        [
            new("tests", results.Count), new("failures", Count(AssertionState.Broken)), new("errors", Count(AssertionState.Unreadable)),
                new("skipped", Count(AssertionState.NothingToCheck)),
        ];
        int Count(AssertionState state) => results.Count(r => r.State == state);
        var etcd = snapshot.Feeds.FirstOrDefault(f => f.Name == FeedWords.Etcd);
        return new XElement(
            "testsuites",
            counts(),
            new XElement(
                "testsuite",
                new XAttribute(Name, "reachability assertions"),
                counts(),
                new XElement(
                    "properties",
                    Property("etcd", etcd is null ? "unknown" : FeedWords.For(etcd.Status)),
                    Property("datastoreRevision", snapshot.Calico.Revision.ToString(CultureInfo.InvariantCulture))),
                results.Select(r =>
                    new XElement("testcase", new XAttribute("classname", "reachability"), new XAttribute(Name, Plain(r.Name)), Outcome(r, model)))));
    }

    private static XElement Property(string name, string value) => new("property", new XAttribute(Name, name), new XAttribute("value", value));

    private static XElement? Outcome(AssertionResult result, ReachabilityModel model) => result.State switch
    {
        AssertionState.Broken => new XElement(
            "failure",
            new XAttribute("type", "broken"),
            new XAttribute("message", Plain($"{result.Assertion!.Sentence} {AssertionWords.For(result)}")),
            Plain(string.Join('\n', result.Examples.Select(e => AssertionWords.For(e, model))))),
        AssertionState.Unreadable => new XElement("error", new XAttribute("message", Plain(result.Reason ?? ""))),
        AssertionState.NothingToCheck => new XElement("skipped", new XAttribute("message", Plain(result.Reason ?? "nothing to check"))),
        _ => null,
    };

    // XML 1.0 has no way to write most control characters.
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) && c != '\n' || char.IsSurrogate(c) ? ' ' : c));

    private static KeptItem? Find(ClusterSnapshot snapshot, string name) => snapshot.Kept.GetValueOrDefault(KeptKeys.For(KeptKinds.Assertion, name));

    private static Func<ClusterSnapshot, object?> Now(string name) => s => Find(s, name) is { } item ? JsonNode.Parse(item.Json) : null;

    private static async Task<(string? Name, string? Json, IResult? Refusal)> ReadAsync(HttpRequest request)
    {
        var (text, refusal) = await RequestBody.TextAsync(request);
        if (text is null)
        {
            return (null, null, refusal);
        }

        if (JsonNode.Parse(text) is not JsonObject document)
        {
            return (null, null, Invalid([new FieldError("", "must be a JSON object")]));
        }

        string? name = null;
        if (document[Name] is { } given && !(given is JsonValue value && value.TryGetValue(out name)))
        {
            return (null, null, Invalid([new FieldError(Name, "must be a string")]));
        }

        // What GET adds may come back with PUT.
        document.Remove(Name);
        document.Remove(Status);
        return AssertionCodec.TryRead(document.ToJsonString(), out var assertion, out var errors) ? (name, AssertionCodec.Write(assertion), null)
            : (null, null, Invalid(errors));
    }

    private static IResult Invalid(IReadOnlyList<FieldError> errors) =>
        ApiProblems.Problem(StatusCodes.Status400BadRequest, "The assertion is not valid", string.Join("; ", errors.Select(e => $"{e.Field}: {e.Reason}")),
            errors);
}
