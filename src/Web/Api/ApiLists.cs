using System.Text.Json.Serialization;

namespace CalicoConsole.Web.Api;

/// <summary>A list, or a page of one.</summary>
/// <param name="Items">Its items.</param>
/// <param name="Total">How many there are in all, on every page.</param>
internal sealed record ApiList<T>(IReadOnlyList<T> Items, long Total)
{
    /// <summary>The cursor of the page that follows; left out where nothing does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Next { get; init; }
}

/// <summary>What every list of the API is: whole, or by pages as <see cref="PageRequest"/> asks (docs/api.md).</summary>
internal static class ApiList
{
    /// <summary>A list whose items each have a place in an order.</summary>
    /// <param name="items">All of them in that order; enumerated as far as the page needs.</param>
    /// <param name="place">An item's place, unique within the list.</param>
    /// <param name="answer">What the API says of an item; asked for those of the page alone.</param>
    /// <param name="order">The order of the places; ordinal when left out.</param>
    /// <param name="from">The items from a place on, where they can be found without going through those before.</param>
    /// <param name="count">How many there are, where that is known without going through them.</param>
    public static IResult InOrder<T, TAnswer>(
        IEnumerable<T> items, Func<T, string> place, Func<T, TAnswer> answer, IComparer<string>? order = null, Func<string, IEnumerable<T>>? from = null,
        int? count = null) =>
        new ListResult<T, TAnswer>(new PlaceOrder<T>(items, place, order ?? StringComparer.Ordinal, from ?? (_ => items)) { Known = count }, answer);

    /// <summary>A list of a few items, at most <see cref="GivenOrder{T}.Most"/>, whose order is that of nothing in them.</summary>
    /// <param name="items">All of them.</param>
    /// <param name="identity">What an item is known by.</param>
    /// <param name="answer">What the API says of an item.</param>
    public static IResult OfFew<T, TAnswer>(IReadOnlyList<T> items, Func<T, string> identity, Func<T, TAnswer> answer) =>
        new ListResult<T, TAnswer>(new GivenOrder<T>(items, identity), answer);

    /// <summary>A place that is made of several names, the first of which counts most.</summary>
    public static string Place(params ReadOnlySpan<string> names) => string.Join('\0', names);

    /// <summary>The route answers a list.</summary>
    public static RouteHandlerBuilder AnswersList<TAnswer>(this RouteHandlerBuilder route) => route.Produces<ApiList<TAnswer>>()
        .ProducesProblem(StatusCodes.Status400BadRequest).Takes(PageRequest.Limits, PageRequest.Cursors);
}

/// <summary>What the description says of every change.</summary>
internal static class ChangeRoutes
{
    public static RouteHandlerBuilder WithChangeAnswers(this RouteHandlerBuilder route) => route
        .Produces<ChangedAnswer>()
        .Produces<ChangedAnswer>(StatusCodes.Status201Created)
        .Produces<ChangedAnswer>(StatusCodes.Status202Accepted)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status502BadGateway)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .Takes(RouteParameters.DryRun, RouteParameters.EvenIfBreaksAssertions, RouteParameters.EvenIfUnprogrammable);
}
