using System.Globalization;
using System.Text.Json;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Snapshot;
using Microsoft.Extensions.Primitives;

namespace CalicoConsole.Web.Api;

/// <summary>Calico resources as calicoctl's v1 documents, for answers and from requests.</summary>
internal static class Resources
{
    /// <summary>The document of a resource.</summary>
    public static JsonElement Document(object resource)
    {
        using var document = JsonDocument.Parse(ResourceDocument.Write(resource));
        return document.RootElement.Clone();
    }

    /// <summary>Answers one resource, with its revision as ETag for If-Match.</summary>
    public static IResult Answer<T>(HttpContext http, Stored<T> stored)
        where T : class
    {
        http.Response.Headers.ETag = $"\"{stored.Revision.ToString(CultureInfo.InvariantCulture)}\"";
        return TypedResults.Ok(Document(stored.Value));
    }

    /// <summary>Reads a resource from a request's body; what calicoctl would not parse is refused with every field named.</summary>
    public static async Task<Body<T>> ReadAsync<T>(HttpRequest request)
        where T : class
    {
        var (text, refusal) = await RequestBody.TextAsync(request);
        if (text is null)
        {
            return new(null, refusal);
        }

        using var document = JsonDocument.Parse(text);
        return ResourceDocument.TryRead<T>(document.RootElement, out var resource, out var errors)
            ? new(resource, null)
            : new(null, ApiProblems.Problem(StatusCodes.Status400BadRequest, "The document is not valid",
                string.Join("; ", errors.Select(e => $"{e.Field}: {e.Reason}")), errors));
    }

    /// <summary>The revision that the client says it saw; an answer that refuses it when it cannot be read.</summary>
    public static (ulong? Revision, IResult? Refusal) IfMatch(HttpRequest request)
    {
        if (StringValues.IsNullOrEmpty(request.Headers.IfMatch) || request.Headers.IfMatch == "*")
        {
            return (null, null);
        }

        return ulong.TryParse(request.Headers.IfMatch.ToString().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? (revision, null)
            : (null, ApiProblems.Problem(StatusCodes.Status400BadRequest, "The request is not valid", "If-Match must hold the ETag of a GET.",
                [new("If-Match", "must hold the ETag of a GET")]));
    }

    /// <summary>400: the document names another object than the address.</summary>
    public static IResult OtherName(string field, string inBody, string inPath) => ApiProblems.Problem(
        StatusCodes.Status400BadRequest, "The document names another object", $"The address names {inPath}, the document {inBody}.",
            [new(field, $"must be {inPath}")]);
}
