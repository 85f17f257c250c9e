using System.Text.RegularExpressions;

namespace CalicoConsole.Core.Tests.Golden;

/// <summary>The field that calicoctl names in an error, which it calls by names of its own.</summary>
internal static class SaidField
{
    /// <summary>Whether our path of a field is meant.</summary>
    public static bool Is(string calicoctl, string ours) => calicoctl switch
    {
        "Port" => Last(ours) is "port" or "notport",
        "Source/Destination.Net/Nets" => Last(ours) is "source" or "destination",
        "PolicySpec.EgressRules" => ours == "spec.egress",
        "labels" => ours.StartsWith("metadata.labels.", StringComparison.Ordinal),
        _ => Last(calicoctl) == Last(ours),
    };

    private static string Last(string path) => Regex.Replace(path[(path.LastIndexOf('.') + 1)..], "(\\(s\\)|s)?(\\[\\d+\\])?\\z", "").ToLowerInvariant();
}
