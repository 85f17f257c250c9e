using System.Text.RegularExpressions;

namespace CalicoConsole.NodeEmulation.Plugin;

/// <summary>Which labels calicoctl 1.6.3 and the plugin accept (libcalico-go validator/validator.go).</summary>
internal static partial class LabelSyntax
{
    public static bool IsValid(string name, string value) => NamePattern().IsMatch(name) && value.Length <= 63 && ValuePattern().IsMatch(value);

    [GeneratedRegex(@"\A[a-zA-Z0-9_./-]{1,512}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A([a-zA-Z0-9_.-]*[a-zA-Z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex ValuePattern();
}
