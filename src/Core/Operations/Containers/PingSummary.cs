using System.Globalization;
using System.Text.RegularExpressions;

namespace CalicoConsole.Core.Operations.Containers;

/// <summary>Reads the summary of <c>ping</c>, of busybox or iputils.</summary>
public static partial class PingSummary
{
    /// <summary>Packets sent and answered; null when the line is no summary.</summary>
    public static (int Sent, int Received)? Read(string line) => Summaries().Match(line) is { Success: true } match
        ? (int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
        : null;

    [GeneratedRegex(@"(\d{1,9}) packets transmitted, (\d{1,9}) (?:packets )?received")]
    private static partial Regex Summaries();
}
