using System.Globalization;

namespace CalicoConsole.Core.Diagnostics.Probes;

/// <summary>Packets of a network interface since it came up (a row of <c>/proc/net/dev</c>).</summary>
/// <param name="Received">Packets received.</param>
/// <param name="Sent">Packets sent.</param>
public readonly record struct InterfaceCount(long Received, long Sent)
{
    /// <summary>Reads a row of <c>/proc/net/dev</c>; null when the line is none.</summary>
    internal static (string Name, InterfaceCount Count)? Read(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            return null;
        }

        var numbers = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return numbers.Length >= 16 && Number(numbers[1]) is { } received && Number(numbers[9]) is { } sent
            ? (line[..colon].Trim(), new InterfaceCount(received, sent))
            : null;
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
