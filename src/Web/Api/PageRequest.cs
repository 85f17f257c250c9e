using System.Globalization;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Web.Api;

/// <summary>The part of a list that a request asks for: <c>limit</c> items, after those that <c>cursor</c> tells of.</summary>
/// <param name="Limit">At most so many; null for all.</param>
/// <param name="After">What the cursor holds; null for the beginning.</param>
internal sealed record PageRequest(int? Limit, string? After)
{
    /// <summary>The longest page.</summary>
    public const int Most = 1000;

    /// <summary>How many items.</summary>
    public static readonly QueryParameter Limits = new("limit", $"At most so many items, 1 to {Most}; next is the cursor of the page that follows")
    {
        IsNumber = true,
    };

    /// <summary>Where to go on.</summary>
    public static readonly QueryParameter Cursors = new("cursor", "next of the page before; without it the list begins");

    /// <summary>Reads both parameters; what is wrong with them is added to <paramref name="errors"/>.</summary>
    public static PageRequest Read(HttpContext http, ICollection<FieldError> errors)
    {
        var limit = http.Request.Query[Limits.Name].ToString();
        var cursor = http.Request.Query[Cursors.Name].ToString();
        int? count = null;
        if (limit.Length > 0)
        {
            count = int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= Most ? number : null;
            if (count is null)
            {
                errors.Add(new(Limits.Name, $"'{Shown(limit)}' is not a whole number from 1 to {Most}"));
            }
        }

        var after = cursor.Length == 0 ? null : ListCursor.Read(ListOf(http), cursor);
        if (cursor.Length > 0 && after is null)
        {
            errors.Add(WrongCursor);
        }

        return new(count, after);
    }

    /// <summary>What is said of a cursor that this list never gave.</summary>
    public static FieldError WrongCursor { get; } = new(Cursors.Name, "is none that this list gave; begin again without it");

    /// <summary>The cursor of the page that follows.</summary>
    public static string Cursor(HttpContext http, string after) => ListCursor.Write(ListOf(http), after);

    /// <summary>400 with what is wrong.</summary>
    public static IResult Refused(IReadOnlyCollection<FieldError> errors) => ApiProblems.Problem(
        StatusCodes.Status400BadRequest, "The request is not valid", string.Join("; ", errors.Select(e => $"{e.Field}: {e.Reason}")), errors);

    // A cursor belongs to one list.
    private static string ListOf(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? "";

    private static string Shown(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
