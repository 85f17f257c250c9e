using System.Collections;
using CalicoConsole.Adapters.Etcd;
using CalicoConsole.NodeEmulation.Bgp;
using CalicoConsole.NodeEmulation.Plugin;

namespace CalicoConsole.Lab.Node;

/// <summary>The container's environment, read as calico/node's programs read it (libcalico-go lib/api/apiconfig.go for etcd).</summary>
internal static class NodeSettings
{
    /// <summary>Where lab.sh writes which plugin to imitate: calicoctl's environment for the container has no place for it.</summary>
    public const string PluginFile = "/run/lab-plugin";

    /// <summary>Where lab.sh writes <c>quick</c> for BGP timers that do not keep one waiting.</summary>
    public const string TimersFile = "/run/lab-bgp-timers";

    public static IReadOnlyDictionary<string, string> Environment() => System.Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);

    public static EtcdOptions Etcd(IReadOnlyDictionary<string, string> environment)
    {
        string? Value(string name) => environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
        var scheme = Value("ETCD_SCHEME") ?? "http";
        return new EtcdOptions
        {
            Endpoints = [Value("ETCD_ENDPOINTS") ?? $"{scheme}://{Value("ETCD_AUTHORITY") ?? "127.0.0.1:2379"}"],
            Username = Value("ETCD_USERNAME"),
            Password = Value("ETCD_PASSWORD"),
            CaCertificateFile = Value("ETCD_CA_CERT_FILE"),
            ClientCertificateFile = Value("ETCD_CERT_FILE"),
            ClientKeyFile = Value("ETCD_KEY_FILE"),
        };
    }

    public static async Task<PluginVersion> PluginAsync(CancellationToken cancellationToken) =>
        File.Exists(PluginFile) && (await File.ReadAllTextAsync(PluginFile, cancellationToken).ConfigureAwait(false)).Trim() == "1.1.3"
            ? PluginVersion.V113
            : PluginVersion.V112;

    /// <summary><c>bird</c>, <c>gobgp</c> or <c>none</c>; bird when nothing is said, as in calico/node.</summary>
    public static string Backend(IReadOnlyDictionary<string, string> environment) =>
        environment.GetValueOrDefault("CALICO_NETWORKING") == "false" ? "none"
        : environment.GetValueOrDefault("CALICO_NETWORKING_BACKEND") is { Length: > 0 } backend ? backend
        : "bird";

    /// <summary>Null for the timers that calico/node has.</summary>
    public static async Task<BgpTimers?> TimersAsync(CancellationToken cancellationToken) =>
        File.Exists(TimersFile) && (await File.ReadAllTextAsync(TimersFile, cancellationToken).ConfigureAwait(false)).Trim() == "quick" ? BgpTimers.Quick
            : null;
}
