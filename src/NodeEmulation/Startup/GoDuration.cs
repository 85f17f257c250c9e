using System.Buffers;
using System.Globalization;

namespace CalicoConsole.NodeEmulation.Startup;

/// <summary>Durations as Go writes them, such as <c>1m30.5s</c> (Go package time, ParseDuration).</summary>
public static class GoDuration
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>Parses a duration; false for anything that Go refuses, and for what a <see cref="TimeSpan"/> cannot hold.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        var rest = text.AsSpan();
        var negative = false;
        if (rest is ['-' or '+', ..])
        {
            negative = rest[0] == '-';
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return true;
        }

        if (rest.IsEmpty)
        {
            return false;
        }

        var seconds = 0m;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0
                || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                || number > 9_000_000_000m)
            {
                return false;
            }

            rest = rest[digits..];
            var letters = rest.IndexOfAny(Digits);
            var unit = letters < 0 ? rest : rest[..letters];
            if (SecondsIn(unit) is not { } factor)
            {
                return false;
            }

            seconds += number * factor;
            rest = rest[unit.Length..];
        }

        if (seconds > 9_000_000_000m)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
        duration = negative ? -duration : duration;
        return true;
    }

    private static decimal? SecondsIn(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 0.000_000_001m,
        "us" or "µs" or "μs" => 0.000_001m,
        "ms" => 0.001m,
        "s" => 1m,
        "m" => 60m,
        "h" => 3600m,
        _ => null,
    };
}
