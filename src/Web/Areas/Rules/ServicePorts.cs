using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Web.Kit.Forms;

namespace CalicoConsole.Web.Areas.Rules;

/// <summary>
/// Names of well-known services and their ports, so that nobody has to know them by heart. Names are as in IANA's registry where it has them.
/// </summary>
internal static class ServicePorts
{
    private static readonly ImmutableArray<(string Name, int Port, string Protocol)> Known =
    [
        ("ftp", 21, "tcp"), ("ssh", 22, "tcp"), ("smtp", 25, "tcp"), ("dns", 53, "udp, tcp"), ("dhcp", 67, "udp"), ("tftp", 69, "udp"), ("http", 80, "tcp"),
            ("kerberos", 88, "udp, tcp"),
        ("ntp", 123, "udp"), ("snmp", 161, "udp"), ("bgp", 179, "tcp"), ("ldap", 389, "tcp"), ("https", 443, "tcp"), ("smb", 445, "tcp"),
            ("syslog", 514, "udp"), ("ldaps", 636, "tcp"),
        ("mqtt", 1883, "tcp"), ("nfs", 2049, "tcp"), ("zookeeper", 2181, "tcp"), ("docker", 2375, "tcp"), ("docker-tls", 2376, "tcp"), ("etcd", 2379, "tcp"),
            ("etcd-peer", 2380, "tcp"),
        ("mysql", 3306, "tcp"), ("rdp", 3389, "tcp"), ("nats", 4222, "tcp"), ("vxlan", 4789, "udp"), ("postgresql", 5432, "tcp"), ("amqp", 5672, "tcp"),
            ("redis", 6379, "tcp"), ("kubernetes-api", 6443, "tcp"),
        ("http-alt", 8080, "tcp"), ("vault", 8200, "tcp"), ("https-alt", 8443, "tcp"), ("consul", 8500, "tcp"), ("cassandra", 9042, "tcp"),
            ("prometheus", 9090, "tcp"), ("felix-metrics", 9091, "tcp"), ("kafka", 9092, "tcp"),
        ("elasticsearch", 9200, "tcp"), ("memcached", 11211, "tcp"), ("mongodb", 27017, "tcp"),
    ];

    /// <summary>What may be picked for a port.</summary>
    public static ImmutableArray<FormOption> Options { get; } = [.. Known.Select(s => new FormOption(Text(s.Port), $"{s.Name} ({s.Protocol})"))];

    /// <summary>The port of a service's name; the word itself when it names none.</summary>
    public static string Resolve(string word) =>
        Known.FirstOrDefault(s => string.Equals(s.Name, word.Trim(), StringComparison.OrdinalIgnoreCase)) is { Name: not null } found ? Text(found.Port) : word;

    /// <summary>The name of a port's service; null when it is not known.</summary>
    public static string? NameOf(string port) => Known.FirstOrDefault(s => Text(s.Port) == port).Name;

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
