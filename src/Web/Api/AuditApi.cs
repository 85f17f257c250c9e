using System.Globalization;
using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Web.Areas.Audit;

namespace CalicoConsole.Web.Api;

/// <summary><c>GET audit?object=&amp;kind=&amp;actor=&amp;since=&amp;until=&amp;result=&amp;text=&amp;before=&amp;limit=&amp;cursor=</c>.</summary>
internal static class AuditApi
{
    private static readonly string[] Known =
        ["object", "kind", "actor", "since", "until", "result", "text", "before", PageRequest.Limits.Name, PageRequest.Cursors.Name];

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("audit", GetAsync).WithName("listAudit")
        .WithSummary("Changes, newest first, 100 where no limit is given; before=<id> leaves out that one and those after it").AnswersList<AuditAnswer>();

    private static async Task<IResult> GetAsync(
        HttpContext http, IAuditLog audit, string? @object, string? kind, string? actor, string? since, string? until, string? result, string? text,
        string? before,
        CancellationToken cancellationToken)
    {
        var errors = http.Request.Query.Keys.Where(k => !Known.Contains(k, StringComparer.OrdinalIgnoreCase))
            .Select(k => new FieldError(k, $"unknown parameter; known are {string.Join(", ", Known)}")).ToList();
        var (from, to) = (Time("since", since, errors), Time("until", until, errors));
        var ended = Given(result) ? AuditFilter.ResultOf(result!) : null;
        if (Given(result) && ended is null)
        {
            errors.Add(new("result", $"'{result}' is not done, not-done or open"));
        }

        var beforeId = Before(before, "before", errors);
        var asked = PageRequest.Read(http, errors);
        // The log goes from the newest back, and an entry's place is its id.
        if (errors.Count == 0 && asked.After is not null && Before(asked.After, PageRequest.Cursors.Name, errors) is { } after)
        {
            beforeId = Math.Min(beforeId ?? after, after);
        }

        if (errors.Count > 0)
        {
            return PageRequest.Refused(errors);
        }

        var query = new AuditQuery
        {
            Object = Or(@object),
            Kind = Or(kind),
            Actor = Or(actor),
            Since = from,
            Until = to,
            Result = ended,
            Text = Or(text),
            Before = beforeId,
            Limit = asked.Limit ?? 100,
        };
        var page = await audit.QueryAsync(query, cancellationToken);
        var follows = asked != new PageRequest(null, null) && page.Items.Length == query.Limit
            && (await audit.QueryAsync(query with { Before = page.Items[^1].Id, Limit = 1 }, cancellationToken)).Items.Length > 0;
        return TypedResults.Ok(new ApiList<AuditAnswer>([.. page.Items.Select(AuditAnswer.From)], page.Total)
        {
            Next = follows ? PageRequest.Cursor(http, page.Items[^1].Id.ToString(CultureInfo.InvariantCulture)) : null,
        });
    }

    private static DateTimeOffset? Time(string name, string? text, List<FieldError> errors)
    {
        if (!Given(text))
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
        {
            return at;
        }

        errors.Add(new(name, $"'{text}' is not a time such as 2026-01-31T12:00:00Z"));
        return null;
    }

    private static bool Given(string? text) => !string.IsNullOrEmpty(text);

    private static string? Or(string? text) => Given(text) ? text : null;

    private static long? Before(string? text, string name, List<FieldError> errors)
    {
        if (!Given(text))
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1)
        {
            return number;
        }

        errors.Add(name == PageRequest.Cursors.Name ? PageRequest.WrongCursor : new(name, $"'{text}' is not a whole number from 1 to {long.MaxValue}"));
        return null;
    }
}

/// <summary>One change; <c>outcome</c> is null while it runs or when the console died with it.</summary>
internal sealed record AuditAnswer(
    long Id, Guid OperationId, DateTimeOffset At, string Actor, string Origin, string? Source, string Operation, string Kind, string Object,
    JsonElement Writes, JsonElement Changes, string[] Commands, AuditOutcomeAnswer? Outcome)
{
    public static AuditAnswer From(AuditEntry e) => new(
        e.Id, e.Intent.OperationId, e.Intent.At, e.Intent.Actor, e.Intent.Origin, e.Intent.Source, e.Intent.Operation, e.Intent.ObjectKind, e.Intent.ObjectName,
        Json(e.Intent.Writes), Json(e.Intent.Changes), [.. e.Intent.Commands],
        e.Outcome is null ? null : new AuditOutcomeAnswer(e.Outcome.At, e.Outcome.Outcome, e.Outcome.Message, Json(e.Outcome.Changes)));

    private static JsonElement Json(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // The log is append-only: what an older version wrote is shown as it is.
            return JsonSerializer.SerializeToElement(text);
        }
    }
}

/// <summary>How it ended.</summary>
internal sealed record AuditOutcomeAnswer(DateTimeOffset At, string Outcome, string? Message, JsonElement Changes);
