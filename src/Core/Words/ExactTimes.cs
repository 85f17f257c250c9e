using System.Globalization;

namespace CalicoConsole.Core.Words;

/// <summary>Times that say the second.</summary>
public static class ExactTimes
{
    /// <summary>In UTC: <c>2026-11-29 18:53:00 UTC</c>.</summary>
    public static string InUtc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
