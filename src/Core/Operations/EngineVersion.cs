using System.Globalization;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Operations;

/// <summary>What an engine's or a node image's version means for Calico v2.6 (facts: doctor reference D01, D10, D11, D15).</summary>
public static class EngineVersion
{
    /// <summary>Reads <c>20.10.24</c>, <c>18.03.1-ce</c>, <c>v2.6.9</c>, <c>v2.6.9-lab</c>; null when it is none.</summary>
    public static Version? Parse(string text)
    {
        var digits = new string([.. text.TrimStart('v').TakeWhile(c => char.IsAsciiDigit(c) || c == '.')]).TrimEnd('.');
        var parts = digits.Split('.');
        return parts.Length is 2 or 3 && parts.All(p => p.Length is > 0 and < 6)
            ? new Version(int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture), parts.Length == 3
                ? int.Parse(parts[2], CultureInfo.InvariantCulture) : 0)
            : null;
    }

    /// <summary>Engines from 23.0 on have no cluster store, so drivers of global scope cannot work.</summary>
    public static bool HasNoClusterStoreSupport(DockerInfo info) => Parse(info.ServerVersion) is { Major: >= 23 };

    /// <summary>Docker 18.01 to 18.05 lose the MAC that the plugin gives: every container is cut off (D01).</summary>
    public static bool LosesPluginMac(DockerInfo info) => Parse(info.ServerVersion) is { Major: 18, Minor: >= 1 and <= 5 };

    /// <summary>
    /// Whether the plugin in a calico/node image cannot choose an address on a network with a subnet (plugin 1.1.1 and 1.1.2,
    /// calico/node v2.6.3 to v2.6.9); null when neither the image's tag nor <paramref name="calicoVersion"/> tells.
    /// </summary>
    /// <param name="nodeImage">Image of the calico-node container; the lab's <c>-lab</c> tags count by their version.</param>
    /// <param name="calicoVersion">Value of <c>/calico/v1/config/CalicoVersion</c>; null when absent.</param>
    public static bool? PluginCannotChooseAddress(string? nodeImage, string? calicoVersion)
    {
        var version = (nodeImage is null ? null : Parse(DockerSyntax.Tag(nodeImage))) ?? (calicoVersion is null ? null : Parse(calicoVersion.Trim()));
        return version is null ? null : version is { Major: 2, Minor: 6, Build: >= 3 and <= 9 };
    }
}
