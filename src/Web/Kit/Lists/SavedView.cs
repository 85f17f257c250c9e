using System.Collections.Immutable;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>A way of looking at a list that was given a name: everybody can open it by <c>?view=name</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">Filter, order and groups, as the address has them.</param>
/// <param name="Layout">The columns.</param>
/// <param name="By">Who saved it last.</param>
public sealed record SavedView(string Name, ImmutableSortedDictionary<string, string> Parameters, ListLayout Layout, string By)
{
    /// <summary>How long a name may be.</summary>
    public const int LongestName = 60;

    /// <summary>Why a text is no name of a view; null when it is one.</summary>
    public static string? WhyNoName(string? text) => (text ?? "").Trim() switch
    {
        "" => "Give the view a name.",
        { Length: > LongestName } => $"A name has at most {LongestName} letters.",
        var name when name.Any(char.IsControl) => "A name has no line breaks or other control characters.",
        _ => null,
    };
}
