using System.Globalization;
using System.Text.RegularExpressions;

namespace CalicoConsole.Web.Areas.Audit;

/// <summary>Reads how far back somebody wants to look: "the last hour", "90 min", "last 3 days", "today", a day or a time in UTC. Pure.</summary>
public static partial class SinceWords
{
    /// <summary>What is offered to be picked.</summary>
    public static IReadOnlyList<string> Offered { get; } = ["last hour", "last 24 hours", "last 7 days", "today", "yesterday"];

    /// <summary>The end that the words mean, which is not included any more: that of the day where they name a day; null when they mean none.</summary>
    public static DateTimeOffset? ReadEnd(string text, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = text.Trim().ToLowerInvariant();
        var isDay = words is "today" or "yesterday" || (Date().IsMatch(words) && !words.Contains(':', StringComparison.Ordinal));
        return Read(text, now) is { } at ? isDay ? at.AddDays(1) : at : null;
    }

    /// <summary>The time that the words mean; null when they mean none.</summary>
    public static DateTimeOffset? Read(string text, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = text.Trim().ToLowerInvariant();
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        if (words is "today" or "yesterday")
        {
            return words == "today" ? today : today.AddDays(-1);
        }

        if (Span().Match(words) is { Success: true } span)
        {
            var count = span.Groups["count"] is { Success: true, Value: var digits } ? int.Parse(digits, CultureInfo.InvariantCulture) : 1;
            TimeSpan? length = span.Groups["unit"].Value[0] switch
            {
                's' => TimeSpan.FromSeconds(count),
                'm' => TimeSpan.FromMinutes(count),
                'h' => TimeSpan.FromHours(count),
                'd' => TimeSpan.FromDays(count),
                'w' => TimeSpan.FromDays(7.0 * count),
                _ => null,
            };
            return length is { } back && back < now - DateTimeOffset.UnixEpoch ? now - back : null;
        }

        return Date().IsMatch(words) && DateTimeOffset.TryParse(words.ToUpperInvariant(), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
    }

    [GeneratedRegex(@"^(the )?(last |past )?(?<count>[0-9]{1,6})? ?(?<unit>s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)( ago)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Span();

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}", RegexOptions.CultureInvariant)]
    private static partial Regex Date();
}
