using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Reachability.Assertions;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Api;

/// <summary>A changed document: <c>key</c> for etcd, <c>object</c> for Docker.</summary>
internal sealed record ChangeAnswer(string Target, string? Key, string? Object, string? Before, string? After)
{
    public static ChangeAnswer From(DocumentChange c) =>
        c.Target == "etcd" ? new(c.Target, c.Object, null, c.Before, c.After) : new(c.Target, null, c.Object, c.Before, c.After);
}

/// <summary>A plan.</summary>
internal sealed record PlanAnswer(ChangeAnswer[] Changes, string[] Commands, string[] Warnings, string[] Consequences, string[] Steps,
    AssertionEffectAnswer? Assertions = null)
{
    public static PlanAnswer From(Plan p) => new(
        [.. p.Changes.Select(ChangeAnswer.From)],
        [.. p.Commands],
        [.. p.Warnings],
        [.. p.Consequences],
        [.. p.Steps],
        AssertionEffectAnswer.From(p.Assertions));
}

/// <summary>Names of the assertions that a change breaks, mends, or leaves with nothing to check.</summary>
internal sealed record AssertionEffectAnswer(string[] Breaks, string[] Mends, string[] Empties)
{
    public static AssertionEffectAnswer? From(AssertionEffect? e) =>
        e is null ? null : new([.. e.Breaks.Select(r => r.Name)], [.. e.Mends.Select(r => r.Name)], [.. e.Empties.Select(r => r.Name)]);
}

/// <summary>The answer of a change that was made, or planned with <c>dryRun</c>, which has no <c>operationId</c>.</summary>
internal sealed record ChangedAnswer(
    Guid? OperationId,
    string Outcome,
    ChangeAnswer[] Changes,
    PlanAnswer Plan,
    string? Message,
    string? Id,
    int? Sent,
    int? Received,
    string[] Lines,
    IReadOnlyDictionary<string, string> Data);

/// <summary>Runs operations for the API and turns how they ended into answers.</summary>
internal sealed class Changes(IOperationRunner runner, IClusterState state)
{
    /// <summary>Plans or runs an operation.</summary>
    /// <param name="http">The request; when its client goes, the operation is asked to stop.</param>
    /// <param name="operation">What to do.</param>
    /// <param name="created">Where the new object is, for the answer 201; null for 200.</param>
    /// <param name="current">The object as it is now, for the answer 409.</param>
    /// <param name="feed">The feed of what is changed: when it is lost, a failure is answered 503 instead of 502.</param>
    /// <param name="mayExist">Whether creating replaces what is there: a refusal then has another reason than that.</param>
    public async Task<IResult> AnswerAsync(HttpContext http, Operation operation, string? created, Func<ClusterSnapshot, object?> current, string feed,
        bool mayExist = false)
    {
        var context = new OperationContext(http.User.Identity?.Name ?? "api", "api", OperationPermissions.Change) { Source = Auth.RequestSource.For(http) };
        created = created is null ? null : http.Request.PathBase + created;
        operation = http.Request.Has(RouteParameters.EvenIfBreaksAssertions) ? operation with { EvenIfBreaksAssertions = true } : operation;
        operation = http.Request.Has(RouteParameters.EvenIfUnprogrammable) ? operation with { EvenIfUnprogrammable = true } : operation;
        var exists = created is not null && !mayExist && current(state.Current) is not null;
        if (http.Request.Has(RouteParameters.DryRun))
        {
            var plan = runner.Plan(operation, context);
            return Answer(new OperationResult
            {
                OperationId = Guid.Empty,
                Outcome = plan.Errors.Length > 0 ? OperationOutcome.Refused : OperationOutcome.Planned,
                Plan = plan,
                Changes = plan.Changes
            }, created, exists,
                current, feed);
        }

        var result = await runner.RunAsync(operation, context, null, http.RequestAborted);
        return Answer(result, created, exists, current, feed);
    }

    private static string Words(OperationOutcome outcome) => string.Concat(outcome.ToString()[..1].ToLowerInvariant(), outcome.ToString().AsSpan(1));

    private IResult Answer(OperationResult result, string? created, bool exists, Func<ClusterSnapshot, object?> current, string feed)
    {
        var data = AnswerData.Written(result.Answer);
        var count = result.Answer as OperationAnswer.PingCount;
        var answer = new ChangedAnswer(
            result.OperationId == Guid.Empty ? null : result.OperationId,
            Words(result.Outcome),
            [.. result.Changes.Select(ChangeAnswer.From)],
            PlanAnswer.From(result.Plan),
            result.Message,
            data.GetValueOrDefault(AnswerData.Id),
            count?.Sent,
            count?.Received,
            [.. result.Lines],
            data);
        return result.Outcome switch
        {
            OperationOutcome.Succeeded when created is not null => TypedResults.Created(created.Replace("{id}", answer.Id, StringComparison.Ordinal), answer),
            OperationOutcome.Succeeded or OperationOutcome.Unchanged or OperationOutcome.Planned => TypedResults.Ok(answer),
            OperationOutcome.NotYetSeen => TypedResults.Json(answer, statusCode: StatusCodes.Status202Accepted),
            _ => Problem(result, answer, exists, current, feed),
        };
    }

    private IResult Problem(OperationResult result, ChangedAnswer answer, bool exists, Func<ClusterSnapshot, object?> current, string feed)
    {
        var (status, title) = result.Outcome switch
        {
            OperationOutcome.Refused when exists => (StatusCodes.Status409Conflict, "It exists already"),
            OperationOutcome.Refused => (StatusCodes.Status422UnprocessableEntity, "The change was refused"),
            OperationOutcome.Conflict => (StatusCodes.Status409Conflict, "Somebody else changed it meanwhile"),
            OperationOutcome.Cancelled => (StatusCodes.Status409Conflict, "The change was cancelled"),
            OperationOutcome.Partial when result.EndUnknown => (StatusCodes.Status502BadGateway, "It is not known how the change ended"),
            OperationOutcome.Partial => (StatusCodes.Status502BadGateway, "The change was made in part"),
            _ when result.NotRecorded => (StatusCodes.Status503ServiceUnavailable, "The console cannot record the change"),
            _ when state.Current.Feeds.Any(f => f.Name == feed && f.Status == FeedStatus.Stale) =>
                (StatusCodes.Status503ServiceUnavailable, "The other side cannot be reached"),
            _ => (StatusCodes.Status502BadGateway, "The change failed"),
        };
        var more = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["operationId"] = answer.OperationId,
            ["outcome"] = answer.Outcome,
            ["changes"] = answer.Changes,
            ["plan"] = answer.Plan,
            ["message"] = answer.Message,
            ["lines"] = answer.Lines,
            ["data"] = answer.Data,
        };
        if (status == StatusCodes.Status409Conflict)
        {
            more["current"] = current(state.Current);
        }

        var detail = result.Message ?? string.Join("; ", result.Plan.Errors.Select(e => $"{e.Field}: {e.Reason}"));
        return ApiProblems.Problem(status, title, detail, result.Plan.Errors, more);
    }
}
