using System.Text.RegularExpressions;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Operations.Nodes;

/// <summary>
/// Refuses what <c>calicoctl node run</c> 1.6.3 refuses, in its words (golden <c>node/*-bad-*</c>), and what would only fail later on the host.
/// </summary>
internal static partial class CalicoNodeOptionsCheck
{
    private static readonly string[] Backends = ["bird", "gobgp", "none"];

    public static IEnumerable<(string Field, string Reason)> Check(CalicoNodeOptions o)
    {
        if (o.Name.Length > 0 && !NodeNames().IsMatch(o.Name))
        {
            yield return ("name", $"error with field name = '{o.Name}': a node name is 1 to 128 of a-z, A-Z, 0-9, '_', '.', '-'");
        }

        if (Address(o.Ip, ipv6: false) is { } ip)
        {
            yield return ("ip", ip);
        }

        if (Address(o.Ip6, ipv6: true) is { } ip6)
        {
            yield return ("ip6", ip6);
        }

        if (o.As.Length > 0 && !AsNumbers.TryParse(o.As, out _))
        {
            yield return ("as", $"invalid AS Number specified: {o.As}");
        }

        if (Method(o.IpAutodetectionMethod, ipv6: false) is { } method)
        {
            yield return ("ipAutodetectionMethod", method);
        }

        if (Method(o.Ip6AutodetectionMethod, ipv6: true) is { } method6)
        {
            yield return ("ip6AutodetectionMethod", method6);
        }

        if (!o.LogDir.StartsWith('/') || o.LogDir.Contains(':', StringComparison.Ordinal) || o.LogDir.Any(char.IsControl))
        {
            yield return ("logDir", $"invalid log directory '{o.LogDir}': an absolute path on the host without ':' is needed");
        }

        if (DockerSyntax.Image(o.Image) is { } image)
        {
            yield return ("image", image);
        }

        if (o.Backend.Length > 0 && !Backends.Contains(o.Backend))
        {
            yield return ("backend", $"unknown backend '{o.Backend}'");
        }

        if (o.DockerNetworkingIfPrefix.Length > 0 && !Prefixes().IsMatch(o.DockerNetworkingIfPrefix))
        {
            yield return ("dockerNetworkingIfPrefix",
                $"invalid interface prefix '{o.DockerNetworkingIfPrefix}': only letters and digits, at most 13 of them, so that a number fits behind it");
        }

        if (o.DisableDockerNetworking && o.UseDockerNetworkingContainerLabels)
        {
            yield return ("useDockerNetworkingContainerLabels", "invalid to disable Docker Networking and enable Container labels");
        }

        foreach (var endpoint in o.EtcdEndpoints.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Endpoint(endpoint) is { } reason)
            {
                yield return ("etcdEndpoints", reason);
            }
        }
    }

    private static string? Address(string text, bool ipv6)
    {
        if (text is "" or "autodetect")
        {
            return null;
        }

        var flag = ipv6 ? "--ip6" : "--ip";
        if (!Ip.TryParse(text, out var ip))
        {
            return text.Contains('/', StringComparison.Ordinal)
                ? $"invalid IP address specified: {text} (a bare address is needed, without a prefix length)"
                : $"invalid IP address specified: {text}";
        }

        return ip.IsIPv6 == ipv6 ? null : $"{flag} is wrong IP version: {text}";
    }

    private static string? Method(string method, bool ipv6)
    {
        if (CalicoNodeContainer.IsFirstFound(method))
        {
            return null;
        }

        if (Value(method, "can-reach=") is { } target)
        {
            var fits = Ip.TryParse(target, out var ip)
                ? ip.IsIPv6 == ipv6 : DockerSyntax.IsHostName(target) && !target.All(c => char.IsAsciiDigit(c) || c == '.');
            return fits ? null : $"invalid address specified for IP autodetection: {target}";
        }

        return (Value(method, "interface=") ?? Value(method, "skip-interface=")) is { } names
            ? names.Split(',').Select(n => n.Trim()).FirstOrDefault(n => n.Length == 0 || !IsRegex(n)) is { } bad
                ? $"invalid interface regex specified for IP autodetection: {bad}"
                : null
            : $"invalid IP autodetection method: {method}";
    }

    private static string? Value(string text, string prefix) => text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : null;

    private static bool IsRegex(string pattern)
    {
        try
        {
            // Constructing is enough; like Go's engine, this one knows no look-around and no back references.
            return new Regex(pattern, RegexOptions.NonBacktracking).GetGroupNumbers().Length > 0;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private static string? Endpoint(string endpoint)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            return $"invalid etcd endpoint '{endpoint}': http://host:port or https://host:port is needed";
        }

        return uri.UserInfo.Length > 0 ? "etcd user names and passwords are not part of an endpoint: calicoctl does not hand them to calico/node" : null;
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9_.-]{1,128}\z")]
    private static partial Regex NodeNames();

    [GeneratedRegex(@"\A[a-zA-Z0-9]{1,13}\z")]
    private static partial Regex Prefixes();
}
