namespace CalicoConsole.Web.Api;

/// <summary>A list.</summary>
/// <param name="Items">Its items.</param>
/// <param name="Total">How many there are in all.</param>
internal sealed record ApiList<T>(IReadOnlyList<T> Items, long Total);

/// <summary>Makes lists.</summary>
internal static class ApiList
{
    /// <summary>A whole list.</summary>
    public static ApiList<T> From<T>(IReadOnlyList<T> items) => new(items, items.Count);
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
