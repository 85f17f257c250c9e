using System.Globalization;
using CalicoConsole.NodeEmulation.Startup;

namespace CalicoConsole.NodeEmulation.Plugin;

/// <summary>Which libnetwork-plugin to be.</summary>
public enum PluginVersion
{
    /// <summary>1.1.2, in calico/node v2.6.4 to v2.6.9: no automatic addresses on a network with a subnet.</summary>
    V112,

    /// <summary>1.1.3, in calico/node v2.6.10 and later.</summary>
    V113,
}

/// <summary>Settings of the plugin (libnetwork-plugin 1.1.3 <c>main.go</c>, <c>driver</c>).</summary>
public sealed record PluginOptions
{
    /// <summary>Which plugin to be.</summary>
    public PluginVersion Version { get; init; } = PluginVersion.V112;

    /// <summary>Name of the node in every key: HOSTNAME, not NODENAME.</summary>
    public required string HostName { get; init; }

    /// <summary>CALICO_LIBNETWORK_CREATE_PROFILES: a profile for each Docker network.</summary>
    public bool CreateProfiles { get; init; } = true;

    /// <summary>CALICO_LIBNETWORK_LABEL_ENDPOINTS: copy container labels to the endpoint.</summary>
    public bool LabelEndpoints { get; init; }

    /// <summary>CALICO_LIBNETWORK_LABEL_POLL_TIMEOUT: time to find the container.</summary>
    public TimeSpan LabelPollTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>CALICO_LIBNETWORK_IFPREFIX: interface name prefix inside the container.</summary>
    public string InterfacePrefix { get; init; } = "cali";

    /// <summary>CALICO_LIBNETWORK_VETH_MTU in bytes; null leaves the kernel's default.</summary>
    public int? VethMtu { get; init; }

    /// <summary>Reads the plugin's environment variables.</summary>
    /// <param name="environment">Variables of the process.</param>
    /// <param name="osHostName">Used when HOSTNAME is not set.</param>
    /// <param name="version">Which plugin to be.</param>
    /// <exception cref="FormatException">CALICO_LIBNETWORK_VETH_MTU is not a number from 0 to 65535; the real plugin exits.</exception>
    public static PluginOptions FromEnvironment(IReadOnlyDictionary<string, string> environment, string osHostName, PluginVersion version)
    {
        ArgumentNullException.ThrowIfNull(environment);
        string Value(string name) => environment.TryGetValue(name, out var value) ? value : "";

        int? mtu = null;
        if (Value("CALICO_LIBNETWORK_VETH_MTU") is { Length: > 0 } text)
        {
            mtu = ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new FormatException($"CALICO_LIBNETWORK_VETH_MTU is '{text}', which is not a number from 0 to 65535");
        }

        return new PluginOptions
        {
            Version = version,
            HostName = Value("HOSTNAME") is { Length: > 0 } name ? name : osHostName,
            CreateProfiles = !Value("CALICO_LIBNETWORK_CREATE_PROFILES").Equals("false", StringComparison.OrdinalIgnoreCase),
            LabelEndpoints = Value("CALICO_LIBNETWORK_LABEL_ENDPOINTS").Equals("true", StringComparison.OrdinalIgnoreCase),
            LabelPollTimeout = GoDuration.TryParse(Value("CALICO_LIBNETWORK_LABEL_POLL_TIMEOUT"), out var timeout) ? timeout : TimeSpan.FromSeconds(5),
            InterfacePrefix = Value("CALICO_LIBNETWORK_IFPREFIX") is { Length: > 0 } prefix ? prefix : "cali",
            VethMtu = mtu,
        };
    }
}
