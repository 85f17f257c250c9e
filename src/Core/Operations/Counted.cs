using System.Globalization;

namespace CalicoConsole.Core.Operations;

/// <summary>Numbers with what they count, in grammatical English.</summary>
internal static class Counted
{
    /// <summary>The number with its noun, and with a verb that agrees where one is given.</summary>
    /// <param name="count">How many.</param>
    /// <param name="noun">The noun for one; its plural takes an s.</param>
    /// <param name="one">The verb for one, such as <c>uses</c>.</param>
    /// <param name="many">The verb for any other number, such as <c>use</c>.</param>
    public static string Format(int count, string noun, string? one = null, string? many = null)
    {
        var counted = string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
        return (count == 1 ? one : many) is { } verb ? $"{counted} {verb}" : counted;
    }

    /// <summary>Up to five names, and how many more there are.</summary>
    public static string Few(IReadOnlyCollection<string> names) => names.Count <= 5
        ? string.Join(", ", names) : $"{string.Join(", ", names.Take(5))} and {names.Count - 5} more";
}
