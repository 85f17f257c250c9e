namespace CalicoConsole.Core.Series;

/// <summary>How finely, and for how long, measurements are kept: the older, the coarser. Immutable.</summary>
/// <param name="Span">What one point stands for.</param>
/// <param name="Kept">How long a point is kept.</param>
public sealed record SeriesResolution(TimeSpan Span, TimeSpan Kept)
{
    /// <summary>All of them, finest first: at most 1,354 points of a series.</summary>
    public static ImmutableArray<SeriesResolution> All { get; } =
    [
        new(TimeSpan.FromMinutes(5), TimeSpan.FromDays(1)),
        new(TimeSpan.FromHours(1), TimeSpan.FromDays(14)),
        new(TimeSpan.FromDays(1), TimeSpan.FromDays(730)),
    ];

    /// <summary>
    /// The finest that reaches as far back as is asked for, else the one that reaches back furthest. One span more counts as reached: whoever asks for a day
    /// does so a moment later.
    /// </summary>
    /// <param name="back">How far back from now.</param>
    public static SeriesResolution For(TimeSpan back) => All.FirstOrDefault(r => r.Kept + r.Span >= back) ?? All[^1];

    /// <summary>The beginning of the span that holds a time; spans are counted from the beginning of 1970 in UTC.</summary>
    public DateTimeOffset StartOf(DateTimeOffset at)
    {
        var ticks = at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        return DateTimeOffset.UnixEpoch.AddTicks(ticks - (ticks % Span.Ticks));
    }
}
