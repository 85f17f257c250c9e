using System.Globalization;

namespace CalicoConsole.Sandbox.Docker;

/// <summary>Durations as <c>docker ps</c> says them (source: docker/go-units <c>HumanDuration</c>).</summary>
internal static class HumanDuration
{
    public static string Format(TimeSpan span)
    {
        var seconds = (long)span.TotalSeconds;
        var minutes = (long)span.TotalMinutes;
        var hours = (long)Math.Round(span.TotalHours, MidpointRounding.AwayFromZero);
        return span switch
        {
            _ when seconds < 1 => "Less than a second",
            _ when seconds == 1 => "1 second",
            _ when seconds < 60 => Many(seconds, "seconds"),
            _ when minutes == 1 => "About a minute",
            _ when minutes < 60 => Many(minutes, "minutes"),
            _ when hours == 1 => "About an hour",
            _ when hours < 48 => Many(hours, "hours"),
            _ when hours < 24 * 7 * 2 => Many(hours / 24, "days"),
            _ when hours < 24 * 30 * 2 => Many(hours / 24 / 7, "weeks"),
            _ when hours < 24 * 365 * 2 => Many(hours / 24 / 30, "months"),
            _ => Many((long)span.TotalHours / 24 / 365, "years"),
        };
    }

    private static string Many(long count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count} {unit}");
}
