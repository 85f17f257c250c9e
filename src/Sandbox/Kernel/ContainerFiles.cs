using System.Globalization;
using CalicoConsole.Sandbox.Docker;

namespace CalicoConsole.Sandbox.Kernel;

/// <summary>The files of a simulated container that tell of its network: what <c>cat</c> shows inside.</summary>
internal static class ContainerFiles
{
    /// <summary>What the plugin calls the interface inside.</summary>
    public const string Interface = "cali0";

    /// <summary>MAC of a host's end of a container's interface, which answers for the gateway.</summary>
    private const string HostMac = "ee:ee:ee:ee:ee:ee";

    /// <summary>The lines of a file; null when there is none of that name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="places">The container's places on networks.</param>
    /// <param name="kernel">Its host.</param>
    public static IEnumerable<string>? Read(string path, ImmutableArray<Attachment> places, HostKernel kernel)
    {
        var calico = places.FirstOrDefault(p => p.IsCalico);
        var bridge = places.FirstOrDefault(p => p.EndpointId.Length > 0 && p.IPv4.Length > 0 && !p.IsCalico);
        var stack = calico is null ? new ContainerStack() : kernel.Stack(calico.EndpointId);
        return path switch
        {
            $"/sys/class/net/{Interface}/address" when calico is not null => [stack.Mac ?? calico.Mac],
            $"/sys/class/net/{Interface}/mtu" when calico is not null => ["1500"],
            "/proc/net/route" =>
            [
                "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
                .. calico is not null ? stack.HasDefaultRoute ? [ProcText.DefaultRoute(Interface, "0101FEA9")] : []
                    : bridge is not null ? [ProcText.DefaultRoute("eth0", "010011AC")] : Array.Empty<string>(),
            ],
            "/proc/net/arp" =>
            [
                ProcText.NeighbourHeader,
                .. calico is not null && stack.HasAsked ? [stack.IsAnswered ? ProcText.Neighbour("169.254.1.1", "0x2", HostMac, Interface)
                    : ProcText.Neighbour("169.254.1.1", "0x0", "00:00:00:00:00:00", Interface)] : Array.Empty<string>(),
            ],
            "/proc/net/dev" =>
            [
                ProcText.DeviceHeader,
                ProcText.Device("lo", 0, 0),
                .. calico is not null ? [ProcText.Device(Interface, stack.FramesIn, stack.FramesOut)] : Array.Empty<string>(),
                .. bridge is not null ? [ProcText.Device("eth0", 0, 0)] : Array.Empty<string>(),
            ],
            "/proc/net/snmp" =>
            [
                "Ip: Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos InDiscards InDelivers OutRequests",
                string.Create(CultureInfo.InvariantCulture, $"Ip: 1 64 {stack.Received} 0 0 0 0 0 {stack.Delivered} {stack.FramesOut}"),
            ],
            "/proc/net/netstat" => ["TcpExt: SyncookiesSent IPReversePathFilter", "TcpExt: 0 0"],
            "/etc/resolv.conf" => ["nameserver 127.0.0.11"],
            _ => null,
        };
    }
}
