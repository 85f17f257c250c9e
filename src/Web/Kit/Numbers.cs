using System.Globalization;

namespace CalicoConsole.Web.Kit;

/// <summary>Numbers as people read them, in every browser alike.</summary>
internal static class Numbers
{
    /// <summary>A whole number with its thousands apart: <c>12,345</c>.</summary>
    /// <param name="number">The number; a fraction is rounded.</param>
    public static string Grouped<T>(this T number) where T : IFormattable => number.ToString("N0", CultureInfo.InvariantCulture);
}
