using System.Globalization;

namespace CalicoConsole.Web.Kit;

/// <summary>Times as people say them.</summary>
public static class RelativeTimes
{
    /// <summary>How long before <paramref name="now"/>; times in the future are "just now" (clocks differ).</summary>
    public static string Format(DateTimeOffset at, DateTimeOffset now)
    {
        var age = now - at;
        return age < TimeSpan.FromSeconds(5) ? "just now"
            : age < TimeSpan.FromMinutes(1) ? Words(age.TotalSeconds, "s")
            : age < TimeSpan.FromHours(1) ? Words(age.TotalMinutes, "min")
            : age < TimeSpan.FromDays(1) ? Words(age.TotalHours, "h")
            : Words(age.TotalDays, "d");
    }

    /// <summary>The exact time, in UTC.</summary>
    public static string Exact(DateTimeOffset at) => Core.Words.ExactTimes.InUtc(at);

    private static string Words(double count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(count)} {unit} ago");
}
