namespace CalicoConsole.Web.Kit.Charts;

/// <summary>How far back a chart looks, as it stands in the page's address.</summary>
/// <param name="Key">In the address; empty is the one that is shown first.</param>
/// <param name="Words">In words.</param>
/// <param name="Back">How far.</param>
internal sealed record ChartSpan(string Key, string Words, TimeSpan Back)
{
    /// <summary>Those that measurements are kept for.</summary>
    public static IReadOnlyList<ChartSpan> All { get; } =
    [
        new("", "day", TimeSpan.FromDays(1)),
        new("14d", "14 days", TimeSpan.FromDays(14)),
        new("2y", "2 years", TimeSpan.FromDays(730)),
    ];

    /// <summary>The one that the address asks for; the first where it asks for none that there is.</summary>
    public static ChartSpan For(string? key) => All.FirstOrDefault(s => s.Key == (key ?? "")) ?? All[0];
}
