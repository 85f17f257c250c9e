using System.Globalization;
using System.Text;

namespace CalicoConsole.Integration.Tests.Faults;

/// <summary>How long faults took to be noticed and to be over, by fault. Not for concurrent use.</summary>
internal sealed class FaultTimes
{
    private readonly List<(string Fault, TimeSpan? Noticed, TimeSpan Recovered)> _all = [];

    /// <summary>One fault.</summary>
    /// <param name="fault">Its name.</param>
    /// <param name="noticed">From the fault until the screen said so; null where it says nothing.</param>
    /// <param name="recovered">From the part's first answer until the screen was live again.</param>
    public void Add(string fault, TimeSpan? noticed, TimeSpan recovered) => _all.Add((fault, noticed, recovered));

    /// <summary>Median and longest, in seconds.</summary>
    public string Table()
    {
        var table = new StringBuilder("fault                                    n   noticed median/longest s   live again median/longest s\n");
        foreach (var group in _all.GroupBy(t => t.Fault).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var noticed = group.Where(t => t.Noticed is not null).Select(t => t.Noticed!.Value.TotalSeconds).ToArray();
            table.Append(CultureInfo.InvariantCulture,
                $"{group.Key,-36} {group.Count(),5}   {Of(noticed),24}   {Of([.. group.Select(t => t.Recovered.TotalSeconds)]),27}\n");
        }

        return table.ToString();
    }

    private static string Of(double[] seconds)
    {
        if (seconds.Length == 0)
        {
            return "-";
        }

        Array.Sort(seconds);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds[seconds.Length / 2]:0.00} / {seconds[^1]:0.00}");
    }
}
