using CalicoConsole.Core.Model;

namespace CalicoConsole.Web.Api;

/// <summary>Answers the part of a list that the request asks for, the whole of it where it asks for none.</summary>
/// <param name="order">The list.</param>
/// <param name="answer">What the API says of an item.</param>
internal sealed class ListResult<T, TAnswer>(ListOrder<T> order, Func<T, TAnswer> answer) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var errors = new List<FieldError>();
        var asked = PageRequest.Read(httpContext, errors);
        var rest = asked.After is null ? order.All : order.After(asked.After);
        if (rest is null)
        {
            errors.Add(PageRequest.WrongCursor);
        }

        return errors.Count > 0 || rest is null
            ? PageRequest.Refused(errors).ExecuteAsync(httpContext)
            : TypedResults.Ok(asked.Limit is { } limit ? Page(httpContext, asked.After, rest, limit) : Rest(asked.After, rest)).ExecuteAsync(httpContext);
    }

    private ApiList<TAnswer> Rest(string? after, IEnumerable<T> rest)
    {
        TAnswer[] items = [.. rest.Select(answer)];
        return new(items, after is null ? items.Length : order.Count);
    }

    private ApiList<TAnswer> Page(HttpContext http, string? after, IEnumerable<T> rest, int limit)
    {
        // One more tells whether anything follows.
        List<T> found = [.. rest.Take(limit + 1)];
        var more = found.Count > limit;
        T[] page = more ? [.. found.Take(limit)] : [.. found];
        return new([.. page.Select(answer)], order.Count) { Next = more ? PageRequest.Cursor(http, order.Told(after, page)) : null };
    }
}
