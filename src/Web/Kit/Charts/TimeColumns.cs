using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Series;

namespace CalicoConsole.Web.Kit.Charts;

/// <summary>What is drawn at one place of a chart over time.</summary>
/// <param name="At">When its time begins.</param>
/// <param name="Most">The greatest value that was measured in it; null where nothing was.</param>
/// <param name="Least">The least.</param>
public sealed record TimeColumn(DateTimeOffset At, double? Most, double? Least);

/// <summary>Brings measurements into places of equal width, with gaps where nothing was measured. Pure.</summary>
public static class TimeColumns
{
    /// <summary>More places cannot be told apart.</summary>
    public const int Most = 96;

    /// <summary>The places from the first measurement to the end.</summary>
    /// <param name="points">Measurements of one resolution, oldest first.</param>
    /// <param name="until">The end.</param>
    public static ImmutableArray<TimeColumn> From(ImmutableArray<SeriesPoint> points, DateTimeOffset until)
    {
        if (points.IsDefaultOrEmpty)
        {
            return [];
        }

        var (start, span) = (points[0].Start, points[0].Span);
        var spans = Math.Max(1, (int)Math.Ceiling((until - start) / span));
        var wide = span * ((spans + Most - 1) / Most);
        var count = (int)Math.Ceiling(span * spans / wide);
        var columns = new TimeColumn[count];
        for (var i = 0; i < count; i++)
        {
            columns[i] = new TimeColumn(start + (wide * i), null, null);
        }

        // A clock that was set back leaves measurements after the end.
        foreach (var point in points.Where(p => p.Start < until))
        {
            ref var column = ref columns[(int)((point.Start - start) / wide)];
            column = column with { Most = Math.Max(column.Most ?? point.Most, point.Most), Least = Math.Min(column.Least ?? point.Least, point.Least) };
        }

        return [.. columns];
    }

    /// <summary>What stands below the places: a time at every few of them, nothing below the others.</summary>
    public static string[] Labels(ImmutableArray<TimeColumn> columns, int most = 5)
    {
        var step = Math.Max(1, (columns.Length + most - 1) / most);
        var format = columns.Length > 1 && columns[^1].At - columns[0].At > TimeSpan.FromDays(2) ? "d MMM" : "HH:mm";
        return [.. columns.Select((c, i) => i % step == 0 ? c.At.UtcDateTime.ToString(format, CultureInfo.InvariantCulture) : "")];
    }
}
