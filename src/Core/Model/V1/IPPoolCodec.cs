using System.Text.Json;

namespace CalicoConsole.Core.Model.V1;

/// <summary>The stored form of an ipPool (docs/calico-v1.md#ippool). Thread-safe.</summary>
public static class IPPoolCodec
{
    /// <summary>The interface name that calicoctl writes when IPIP is enabled.</summary>
    public const string TunnelInterface = "tunl0";

    private static readonly IReadOnlySet<string> Known = GoObject.Names("cidr", "ipip", "ipip_mode", "masquerade", "ipam", "disabled");

    /// <summary>Reads a stored pool. The CIDR is taken from the value, as Calico's readers take it.</summary>
    public static Decoded<IPPool> Decode(ReadOnlySpan<byte> value) => GoJson.Read(value, Read);

    /// <summary>The bytes that calicoctl 1.6.3 writes: all six members always, then those that are not known.</summary>
    public static byte[] Encode(IPPool pool) => new GoJsonWriter().BeginObject()
        .Name("cidr").String(pool.Cidr.ToString())
        .Name("ipip").String(!pool.IpipEnabled ? "" : pool.IpipInterface.Length > 0 ? pool.IpipInterface : TunnelInterface)
        .Name("ipip_mode").String(pool.IpipMode)
        .Name("masquerade").Bool(pool.NatOutgoing)
        .Name("ipam").Bool(!pool.Disabled)
        .Name("disabled").Bool(pool.Disabled)
        .EndObject(pool.Unknown)
        .ToBytes();

    /// <summary>The desired pool with what the stored one has and no document can say.</summary>
    public static IPPool Merge(IPPool desired, IPPool stored) => desired with
    {
        IpipInterface = desired.IpipEnabled && desired.IpipInterface.Length == 0 ? stored.IpipInterface : desired.IpipInterface,
        Unknown = stored.Unknown,
    };

    private static IPPool Read(JsonElement root)
    {
        var o = new GoObject(root, "", Known);
        var name = o.Text("ipip");
        _ = o.Bool("ipam");
        return new IPPool
        {
            Cidr = o.Network("cidr") ?? throw new GoJsonException("'cidr' is missing"),
            IpipEnabled = name.Length > 0,
            IpipInterface = name == TunnelInterface ? "" : name,
            IpipMode = o.Text("ipip_mode"),
            NatOutgoing = o.Bool("masquerade"),
            Disabled = o.Bool("disabled"),
            Unknown = o.Unknown,
        };
    }
}
