namespace CalicoConsole.Core.Model.Configuration;

/// <summary>
/// The parameters of Felix 2.6 that are described in this console, as data. Defaults are Felix's own; what calico/node and the
/// OpenStack driver write is said with each. Other keys are Felix's as well, or nobody's: they are shown without a meaning.
/// </summary>
public static class FelixParameters
{
    private const string Data = "What it polices";
    private const string HostTraffic = "Hosts and host endpoints";
    private const string Tunnel = "IPIP";
    private const string Reporting = "Reporting";
    private const string Logging = "Logging";
    private const string Iptables = "iptables and routes";
    private const string OpenStack = "OpenStack";
    private const string Observing = "Metrics and health";
    private const string Cluster = "The cluster itself";

    private static readonly ValueForm Text = new ValueForm.Text();
    private static readonly ValueForm Flag = new ValueForm.Flag();
    private static readonly ValueForm Seconds = new ValueForm.Seconds();
    private static readonly ValueForm Port = new ValueForm.Whole(0, 65535);
    private static readonly ValueForm Severity = new ValueForm.OneOf(["DEBUG", "INFO", "WARNING", "ERROR", "FATAL"]);

    /// <summary>Every known parameter, group by group.</summary>
    public static ImmutableArray<KnownParameter> All { get; } =
    [
        new("InterfacePrefix", Data,
            "Prefixes of the names of workload interfaces. To Felix, an interface with another prefix is not a workload, and it is not policed as one.",
            "cali", new ValueForm.Interfaces())
        {
            RefusesToStart = true, NeedsValue = true,
                WrittenBy = "The OpenStack driver appends tap every 60 seconds; where the key is missing it writes tap alone.",
        },
        new("DefaultEndpointToHostAction", Data,
            "What happens to traffic from a workload to its own host after the workload's egress policy let it through: dropped, given to the host's own "
            + "rules, or accepted.", "DROP", new ValueForm.OneOf(["DROP", "RETURN", "ACCEPT"]))
        {
            RefusesToStart = true, NeedsValue = true, WrittenBy = "calico/node writes RETURN for its host where nothing is set.",
        },
        new("DisableConntrackInvalidCheck", Data, "Whether packets that connection tracking calls invalid go on to the rules instead of being dropped at once.",
            "false", Flag),
        new("Ipv6Support", Data, "Whether Felix programs IPv6 at all.", "true", Flag),
        new("FailsafeInboundHostPorts", HostTraffic,
            "Ports into a host that stay open on its host endpoints whatever the policies say. Without 22 a wrong policy locks everybody out.", "tcp:22,udp:68",
            new ValueForm.Ports()) { RefusesToStart = true },
        new("FailsafeOutboundHostPorts", HostTraffic,
            "Ports out of a host that stay open on its host endpoints whatever the policies say. Without etcd's, Felix cuts itself off.",
            "tcp:2379,tcp:2380,tcp:4001,tcp:7001,udp:53,udp:67", new ValueForm.Ports()) { RefusesToStart = true },
        new("IpInIpEnabled", Tunnel, "Whether Felix sets up the IPIP tunnel device and lets IPIP in from nodes.", "false",
            Flag) { WrittenBy = "calicoctl and this console write true with a pool that has IPIP; nothing ever writes false." },
        new("IpInIpMtu", Tunnel, "MTU of the tunnel device: 20 less than that of the network between the hosts.", "1440",
            new ValueForm.Whole(0, int.MaxValue)) { Unit = "bytes", NeedsValue = true },
        new("IpInIpTunnelAddr", Tunnel, "The address of a host's tunnel device, out of a pool with IPIP.", "",
            new ValueForm.Address()) { WrittenBy = "calico/node assigns it for its host; another value leaks the one before." },
        new("ReportingIntervalSecs", Reporting, "How often Felix reports that it is alive; with 0 it reports nothing, and nobody can tell.", "30", Seconds)
        {
            Unit = "seconds", WrittenBy = "calico/node writes 0 for all hosts where nothing is set. Neutron needs the reports: set 30 beside OpenStack.",
        },
        new("ReportingTTLSecs", Reporting, "How long such a report stays in etcd: longer than the interval.", "90", Seconds) { Unit = "seconds" },
        new("EndpointReportingEnabled", Reporting, "Whether Felix writes for each endpoint whether it is up.", "false",
            Flag) { WrittenBy = "The OpenStack driver writes true every 60 seconds." },
        new("EndpointReportingDelaySecs", Reporting, "How long an endpoint's state must stand before it is written.", "1", Seconds) { Unit = "seconds" },
        new("LogSeverityScreen", Logging, "From which severity on Felix logs to calico-node's output.", "INFO",
            Severity) { WrittenBy = "calico/node writes info where nothing is set; calicoctl config set logLevel writes it together with BIRD's." },
        new("LogPrefix", Logging, "The prefix of packets that rules with the action log write to the kernel's log.", "calico-packet", Text),
        new("ChainInsertMode", Iptables, "Whether Calico's chains are hooked in before or behind the rules that a host has.", "insert",
            new ValueForm.OneOf(["insert", "append"])) { RefusesToStart = true, NeedsValue = true },
        new("IptablesFilterAllowAction", Iptables, "What happens to allowed traffic in the filter table: accepted at once, or passed on to the host's rules.",
            "ACCEPT", new ValueForm.OneOf(["ACCEPT", "RETURN"])) { RefusesToStart = true, NeedsValue = true },
        new("IptablesMangleAllowAction", Iptables, "The same in the mangle table, for preDNAT policies.", "ACCEPT",
            new ValueForm.OneOf(["ACCEPT", "RETURN"])) { RefusesToStart = true, NeedsValue = true },
        new("IptablesMarkMask", Iptables, "The bits of packet marks that Felix may use. Others on the host must keep off them.", "0xff000000",
            new ValueForm.Mask(2)) { RefusesToStart = true, NeedsValue = true },
        new("IptablesRefreshInterval", Iptables, "How often Felix checks its rules for changes by others, and repairs them.", "90",
            Seconds) { Unit = "seconds" },
        new("RouteRefreshInterval", Iptables, "How often Felix checks its routes for changes by others, and repairs them.", "90", Seconds) { Unit = "seconds" },
        new("IpsetsRefreshInterval", Iptables, "How often Felix checks its IP sets for changes by others, and repairs them.", "10",
            Seconds) { Unit = "seconds" },
        new("MaxIpsetSize", Iptables, "The most addresses that one IP set may hold.", "1048576", new ValueForm.Whole(0, int.MaxValue)) { Unit = "addresses",
            NeedsValue = true },
        new("MetadataAddr", OpenStack, "Where VMs find Nova's metadata service; any value but the default tells Felix that OpenStack is here.",
            "127.0.0.1", new ValueForm.HostName()) { RefusesToStart = true },
        new("MetadataPort", OpenStack, "The port of that service.", "8775", Port) { RefusesToStart = true },
        new("PrometheusMetricsEnabled", Observing, "Whether Felix serves its metrics.", "false", Flag),
        new("PrometheusMetricsPort", Observing, "The port of its metrics.", "9091", Port),
        new("HealthEnabled", Observing, "Whether Felix answers whether it is ready and alive.", "false", Flag),
        new("HealthPort", Observing, "The port of these answers.", "9099", Port),
        new("UsageReportingEnabled", Observing, "Whether Felix reports its version and the number of hosts to its makers over the internet.", "true", Flag),
        new("ClusterGUID", Cluster, "The name of this cluster in such reports: 32 hex digits, made once.", "", Text) { Restarts = false, PerNode = false,
            WrittenBy = "calicoctl and calico/node write it once, with the first node." },
        new("ClusterType", Cluster, "What runs here, with commas between; openstack tells Felix that OpenStack is here.", "", Text) { Restarts = false,
            PerNode = false, WrittenBy = "calico/node adds its own." },
        new("CalicoVersion", Cluster, "The version that a calico/node wrote last.", "", Text) { Restarts = false, PerNode = false,
            WrittenBy = "Every calico/node writes it at its start." },
    ];

    /// <summary>A parameter by its name in any case, as Felix matches it; null when it is not known.</summary>
    public static KnownParameter? Find(string name) => All.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
