using CalicoConsole.Core.Model;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace CalicoConsole.Web.Api;

/// <summary>Answers of the API when something cannot be done: problem+json (RFC 9457), with <c>errors</c> by field.</summary>
internal static class ApiProblems
{
    // An answer is for people: what goes on without end helps nobody, and would be many times the request.
    private const int MostErrors = 200;
    private const int LongestDetail = 4000;

    /// <summary>A problem.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="title">What it is, in a few words.</param>
    /// <param name="detail">What was tried, what was answered, what to do.</param>
    /// <param name="errors">Errors by field.</param>
    /// <param name="more">Further members.</param>
    public static IResult Problem(
        int status,
        string title,
        string? detail = null,
        IEnumerable<FieldError>? errors = null,
        IEnumerable<KeyValuePair<string, object?>>? more = null)
    {
        var problem = new ProblemDetails
        {
            Status = status,
            Title = title,
            Detail = detail is { Length: > LongestDetail } ? detail[..LongestDetail] + "…" : detail
        };
        FieldError[] all = [.. errors ?? []];
        FieldError[] further = all.Length > MostErrors ? [new FieldError("", $"and {all.Length - MostErrors} more")] : [];
        problem.Extensions["errors"] = all.Take(MostErrors).Concat(further).Select(e => new { field = e.Field, reason = e.Reason }).ToArray();
        foreach (var (name, value) in more ?? [])
        {
            problem.Extensions[name] = value;
        }

        return TypedResults.Problem(problem);
    }

    /// <summary>404 for an object.</summary>
    public static IResult NotFound(string kind, string name) =>
        Problem(StatusCodes.Status404NotFound, "Not found", $"There is no {kind} '{name}'.");

    /// <summary>Answers an unexpected exception without its particulars; they are in the log.</summary>
    public static void AnswerException(IApplicationBuilder app) => app.Run(context =>
    {
        var exception = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        return exception is BadHttpRequestException bad
            ? Problem(bad.StatusCode, "The request cannot be read", bad.Message).ExecuteAsync(context)
            : Problem(
                StatusCodes.Status500InternalServerError,
                "Internal error",
                $"The console failed at {context.Request.Method} {context.Request.Path}. Its log has the details under {context.TraceIdentifier}.")
                    .ExecuteAsync(context);
    });

    /// <summary>Gives answers that have only a status a body.</summary>
    public static Task AnswerStatusAsync(StatusCodeContext context)
    {
        var request = context.HttpContext.Request;
        var status = context.HttpContext.Response.StatusCode;
        var (title, detail) = status switch
        {
            StatusCodes.Status404NotFound => ("Not found", $"There is no {request.Path}. /openapi/v1.json lists what there is."),
            StatusCodes.Status405MethodNotAllowed =>
                ("Method not allowed", $"{request.Path} does not take {request.Method}; it takes {context.HttpContext.Response.Headers.Allow}."),
            StatusCodes.Status415UnsupportedMediaType => ("Unsupported media type", "Send the document as application/json."),
            _ => ("The request was refused", (string?)null),
        };
        return Problem(status, title, detail).ExecuteAsync(context.HttpContext);
    }
}
