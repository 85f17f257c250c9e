using System.Globalization;
using CalicoConsole.Core.Counters;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Areas.Rules;

/// <summary>What counters say of a rule, in words.</summary>
internal static class RuleCountWords
{
    private const int Kilo = 1024;

    /// <summary>In short.</summary>
    public static string Short(RuleCount count, DateTimeOffset now)
    {
        if (count.Hits is not { } hits)
        {
            return count.Missing.Length > 0 ? "hits unknown" : "on no host";
        }

        var watched = count.Since is { } since ? Span(now - since) : "";
        return count.NeverHit ? $"never hit, watched for {watched}"
            : string.Join(" · ", [$"{hits.Packets.Grouped()} {(hits.Packets == 1 ? "packet" : "packets")}", Bytes(hits.Bytes),
                count.LastHit is { } last ? $"last hit {Span(now - last)} ago" : $"none for {watched}", .. Edit(count)]);
    }

    /// <summary>What stands behind it, as a sentence or two.</summary>
    public static string Long(RuleCount count) => count switch
    {
        { Missing.Length: > 0 } => $"Unknown: {count.Missing}.",
        { Hits: null } => "No host has this rule for IPv4: none of its endpoints uses it.",
        _ => $"IPv4 packets that the rule decided, on {string.Join(", ", count.Hosts)}. Further packets of a connection that was let through are not counted."
            + (count.NotRead.IsEmpty ? ""
                : $" {string.Join(", ", count.NotRead)} cannot be read from here and {(count.NotRead.Length == 1 ? "is" : "are")} not in it.")
            + (count.ResetAt is { } reset ? $" Felix wrote the rule anew and it has counted from 0 since {RelativeTimes.Exact(reset)}." : ""),
    };

    /// <summary>Bytes as people read them.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var (size, unit) = ((double)bytes, 0);
        while (size >= Kilo && unit < units.Length - 1)
        {
            (size, unit) = (size / Kilo, unit + 1);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(size < 10 && unit > 0 ? Math.Round(size, 1) : Math.Round(size)):0.#} {units[unit]}");
    }

    private static string[] Edit(RuleCount count) =>
        count.SinceEdit is not { } since ? [] : [since.Packets > 0 ? "hit since the edit" : "not hit since the edit"];

    private static string Span(TimeSpan span) =>
        span < TimeSpan.FromMinutes(1) ? Words(Math.Max(0, span.TotalSeconds), "s")
        : span < TimeSpan.FromHours(1) ? Words(span.TotalMinutes, "min")
        : span < TimeSpan.FromDays(1) ? Words(span.TotalHours, "h") : Words(span.TotalDays, "d");

    private static string Words(double count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(count)} {unit}");
}
