namespace CalicoConsole.Core.Operations.Resources;

/// <summary>The values of <c>calicoctl config --raw</c>.</summary>
public static class RawNames
{
    /// <summary>Reads one; null or empty is none. Answers what is wrong in calicoctl's words, or null when nothing is.</summary>
    public static string? TryParse(string? text, out RawConfiguration raw)
    {
        raw = text switch
        {
            "felix" => RawConfiguration.Felix,
            "bgp" => RawConfiguration.Bgp,
            _ => RawConfiguration.None,
        };
        return raw == RawConfiguration.None && !string.IsNullOrEmpty(text) ? $"unrecognised component '{text}'" : null;
    }
}
