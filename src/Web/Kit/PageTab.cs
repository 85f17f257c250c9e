namespace CalicoConsole.Web.Kit;

/// <summary>A view of an object, named in the address as <c>?tab=</c>.</summary>
/// <param name="Key">Its name in the address; empty for the first one.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Count">How many things it lists; null when it is no list.</param>
public sealed record PageTab(string Key, string Title, int? Count = null)
{
    /// <summary>The first view.</summary>
    public static PageTab Overview { get; } = new("", "Overview");

    /// <summary>The object's document.</summary>
    public static PageTab Document { get; } = new("yaml", "YAML");

    /// <summary>What was done to the object.</summary>
    public static PageTab History { get; } = new("history", "History");
}
