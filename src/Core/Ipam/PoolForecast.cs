using System.Globalization;
using CalicoConsole.Core.Series;

namespace CalicoConsole.Core.Ipam;

/// <summary>What a pool's past says of its future.</summary>
public enum PoolOutlook
{
    /// <summary>Too little was measured.</summary>
    TooEarly,

    /// <summary>It does not grow.</summary>
    Steady,

    /// <summary>It grows, and is full one day.</summary>
    Fills,

    /// <summary>It is full.</summary>
    Full,
}

/// <summary>When a pool will be full at the pace of its past. Immutable; pure.</summary>
/// <param name="Outlook">What is to be expected.</param>
/// <param name="PerDay">How many addresses more are taken each day; 0 while that is not known.</param>
/// <param name="Over">The time that was looked back over.</param>
/// <param name="Left">How long until it is full; null unless it <see cref="PoolOutlook.Fills"/>.</param>
public sealed record PoolForecast(PoolOutlook Outlook, double PerDay, TimeSpan Over, TimeSpan? Left)
{
    /// <summary>How long must have been measured before anything is said.</summary>
    public static TimeSpan Needed { get; } = TimeSpan.FromDays(1);

    /// <summary>How far it looks back.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromDays(14);

    // More pairs of points say no more about a slope, and cost their square.
    private const int MostPoints = 100;

    /// <summary>The pace is the median slope between the measurements (Theil and Sen): one short flood of containers does not change it.</summary>
    /// <param name="points">What was measured, oldest first.</param>
    /// <param name="free">Addresses that can still be taken.</param>
    public static PoolForecast From(ImmutableArray<SeriesPoint> points, UInt128 free)
    {
        var over = points.IsDefaultOrEmpty ? TimeSpan.Zero : points[^1].Start - points[0].Start;
        if (free == 0)
        {
            return new(PoolOutlook.Full, 0, over, null);
        }

        if (over < Needed)
        {
            return new(PoolOutlook.TooEarly, 0, over, null);
        }

        var perDay = Slope(Thinned(points));
        // Less than one address in ten days is noise.
        if (perDay < 0.1)
        {
            return new(PoolOutlook.Steady, perDay, over, null);
        }

        var days = (double)free / perDay;
        return days > 3650 ? new(PoolOutlook.Steady, perDay, over, null) : new(PoolOutlook.Fills, perDay, over, TimeSpan.FromDays(days));
    }

    /// <summary>The forecast in a sentence that can stand by itself.</summary>
    public string Sentence => Outlook switch
    {
        PoolOutlook.Full => "No address is free.",
        PoolOutlook.TooEarly => $"When it will be full is said once it was measured for a day; so far for {Span(Over)}.",
        PoolOutlook.Steady => $"It does not fill up at the pace of the last {Span(Over)}.",
        PoolOutlook.Fills => $"Full in about {Span(Left!.Value)} at the pace of the last {Span(Over)}: {Pace} a day.",
        _ => throw new InvalidOperationException($"no words for {Outlook}"),
    };

    /// <summary>The forecast in a cell of a table.</summary>
    public string Brief => Outlook switch
    {
        PoolOutlook.Full => "full",
        PoolOutlook.TooEarly => "not known yet",
        PoolOutlook.Steady => "not filling",
        PoolOutlook.Fills => Span(Left!.Value),
        _ => throw new InvalidOperationException($"no words for {Outlook}"),
    };

    private string Pace => PerDay.ToString(PerDay < 10 ? "0.#" : "N0", CultureInfo.InvariantCulture)
        + (Math.Abs(PerDay - 1) < 0.05 ? " address" : " addresses");

    private static string Span(TimeSpan span) => span.TotalDays >= 2 ? Count(span.TotalDays, "day") : span.TotalHours >= 1 ? Count(span.TotalHours, "hour")
        : Count(span.TotalMinutes, "minute");

    private static string Count(double count, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(count):N0} {unit}{((long)count == 1 ? "" : "s")}");

    private static SeriesPoint[] Thinned(ImmutableArray<SeriesPoint> points)
    {
        var step = Math.Max(1, (points.Length + MostPoints - 1) / MostPoints);
        // From the end: the newest counts.
        return [.. points.Where((_, i) => (points.Length - 1 - i) % step == 0)];
    }

    private static double Slope(SeriesPoint[] points)
    {
        var slopes = new List<double>(points.Length * (points.Length - 1) / 2);
        for (var i = 0; i < points.Length; i++)
        {
            for (var j = i + 1; j < points.Length; j++)
            {
                slopes.Add((points[j].Mean - points[i].Mean) / (points[j].Start - points[i].Start).TotalDays);
            }
        }

        slopes.Sort();
        var middle = slopes.Count / 2;
        return slopes.Count % 2 == 1 ? slopes[middle] : (slopes[middle - 1] + slopes[middle]) / 2;
    }
}
