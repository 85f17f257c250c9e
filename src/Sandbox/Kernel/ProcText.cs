using System.Globalization;

namespace CalicoConsole.Sandbox.Kernel;

/// <summary>Rows of files below <c>/proc</c>, as Linux writes them.</summary>
internal static class ProcText
{
    /// <summary>The head of <c>/proc/net/dev</c>.</summary>
    public const string DeviceHeader =
        " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed";

    /// <summary>The head of <c>/proc/net/arp</c>.</summary>
    public const string NeighbourHeader = "IP address       HW type     Flags       HW address            Mask     Device";

    // An echo request in its frame.
    private const int Bytes = 98;

    /// <summary>A row of <c>/proc/net/dev</c>.</summary>
    public static string Device(string name, long received, long sent) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name,6}: {received * Bytes,7} {received,7}    0    0    0     0          0         0 "
        + $"{sent * Bytes,8} {sent,7}    0    0    0     0       0          0");

    /// <summary>A row of <c>/proc/net/arp</c>.</summary>
    public static string Neighbour(string address, string flags, string mac, string device) =>
        $"{address,-16} 0x1         {flags}         {mac}     *        {device}";

    /// <summary>The default route in <c>/proc/net/route</c>; the gateway in the kernel's byte order.</summary>
    public static string DefaultRoute(string device, string gateway) => $"{device}\t00000000\t{gateway}\t0003\t0\t0\t0\t00000000\t0\t0\t0";
}
