using System.Collections.Immutable;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Series;

namespace CalicoConsole.Web.Api;

/// <summary>How a pool filled up, and when it will be full.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Outlook">tooEarly, steady, fills or full.</param>
/// <param name="AddressesPerDay">How many addresses more are taken each day; null while that is not known.</param>
/// <param name="FullInDays">In how many days it will be full at that pace; null unless it fills.</param>
/// <param name="Summary">The same in a sentence.</param>
/// <param name="Points">What was measured, oldest first; times in which nothing was are left out.</param>
internal sealed record PoolHistoryAnswer(string Pool, string Outlook, double? AddressesPerDay, double? FullInDays, string Summary,
    ImmutableArray<PoolHistoryPoint> Points)
{
    /// <summary>The answer.</summary>
    public static PoolHistoryAnswer From(Cidr pool, PoolForecast forecast, ImmutableArray<SeriesPoint> points) => new(
        pool.ToString(),
        forecast.Outlook switch
        {
            PoolOutlook.TooEarly => "tooEarly",
            PoolOutlook.Steady => "steady",
            PoolOutlook.Fills => "fills",
            PoolOutlook.Full => "full",
            _ => throw new InvalidOperationException($"no word for {forecast.Outlook}"),
        },
        forecast.Outlook is PoolOutlook.TooEarly or PoolOutlook.Full ? null : Math.Round(forecast.PerDay, 2),
        forecast.Left is { } left ? Math.Round(left.TotalDays, 1) : null,
        forecast.Sentence,
        [.. points.Select(p => new PoolHistoryPoint(p.Start, (long)p.Span.TotalSeconds, p.Least, Math.Round(p.Mean, 2), p.Most, p.Last))]);
}

/// <summary>What was measured within a span of time; values are addresses.</summary>
/// <param name="Start">When it began.</param>
/// <param name="Seconds">How long it is.</param>
/// <param name="Least">The least value.</param>
/// <param name="Mean">The mean of the values.</param>
/// <param name="Most">The greatest value.</param>
/// <param name="Last">The value that was measured last.</param>
internal sealed record PoolHistoryPoint(DateTimeOffset Start, long Seconds, double Least, double Mean, double Most, double Last);
