using System.Text.Json;

namespace CalicoConsole.Core.Model.V1;

/// <summary>The stored form of a workload endpoint (docs/calico-v1.md#workloadendpoint). Thread-safe.</summary>
public static class WorkloadEndpointCodec
{
    private static readonly IReadOnlySet<string> Known = GoObject.Names(
        "state", "name", "active_instance_id", "mac", "profile_ids", "ipv4_nets", "ipv6_nets", "ipv4_nat", "ipv6_nat", "labels", "ipv4_gateway",
            "ipv6_gateway");

    private static readonly IReadOnlySet<string> NatMembers = GoObject.Names("int_ip", "ext_ip");

    /// <summary>Reads a stored endpoint whose identity comes from its key.</summary>
    public static Decoded<WorkloadEndpoint> Decode(WorkloadEndpointId id, ReadOnlySpan<byte> value) => GoJson.Read(value, root => Read(id, root));

    /// <summary>The same for one of many, which share what they have in common.</summary>
    internal static Decoded<WorkloadEndpoint> Decode(WorkloadEndpointId id, ReadOnlySpan<byte> value, EndpointCaches caches) =>
        WorkloadEndpointReader.TryRead(id, value, caches) is { } endpoint ? new(endpoint, null) : Decode(id, value);

    /// <summary>The bytes that calicoctl 1.6.3 and the libnetwork plugin write.</summary>
    public static byte[] Encode(WorkloadEndpoint endpoint)
    {
        var writer = new GoJsonWriter().BeginObject()
            .Name("state").String(endpoint.State)
            .Name("name").String(endpoint.InterfaceName)
            .Name("active_instance_id").String(endpoint.ActiveInstanceId)
            .Name("mac");
        _ = endpoint.Mac.Length == 0 ? writer.Null() : writer.String(endpoint.Mac);
        writer.Name("profile_ids");
        _ = endpoint.ProfileIds.IsDefaultOrEmpty && !endpoint.EmptyProfilesAsArray
            ? writer.Null() : writer.Strings(endpoint.ProfileIds.IsDefault ? [] : endpoint.ProfileIds);
        writer.Name("ipv4_nets").Array(endpoint.IPv4Nets, WriteNet)
            .Name("ipv6_nets").Array(endpoint.IPv6Nets, WriteNet)
            .OptionalArray("ipv4_nat", endpoint.IPv4Nats, WriteNat)
            .OptionalArray("ipv6_nat", endpoint.IPv6Nats, WriteNat);
        if (!endpoint.Labels.IsEmpty)
        {
            writer.Name("labels").Map(endpoint.Labels);
        }

        return writer.OptionalString("ipv4_gateway", endpoint.IPv4Gateway?.ToString() ?? "")
            .OptionalString("ipv6_gateway", endpoint.IPv6Gateway?.ToString() ?? "")
            .EndObject(endpoint.Unknown)
            .ToBytes();
    }

    /// <summary>The desired endpoint with what the stored one has and no document can say: the state and members that are not known.</summary>
    public static WorkloadEndpoint Merge(WorkloadEndpoint desired, WorkloadEndpoint stored) => desired with
    {
        State = stored.State,
        EmptyProfilesAsArray = desired.EmptyProfilesAsArray || (desired.ProfileIds.IsDefaultOrEmpty && stored.EmptyProfilesAsArray),
        Unknown = stored.Unknown,
    };

    private static WorkloadEndpoint Read(WorkloadEndpointId id, JsonElement root)
    {
        var o = new GoObject(root, "", Known);
        var mac = o.Text("mac");
        if (o.Has("mac") && !Mac.TryNormalize(mac, out mac))
        {
            throw new GoJsonException($"'mac': address {o.Text("mac")}: invalid MAC address");
        }

        var profiles = o.Strings("profile_ids");
        return new WorkloadEndpoint
        {
            Id = id,
            State = o.Text("state"),
            InterfaceName = o.Text("name"),
            ActiveInstanceId = o.Text("active_instance_id"),
            Mac = mac,
            ProfileIds = profiles,
            EmptyProfilesAsArray = o.Has("profile_ids") && profiles.IsEmpty,
            IPv4Nets = o.Networks("ipv4_nets"),
            IPv6Nets = o.Networks("ipv6_nets"),
            IPv4Nats = o.Array("ipv4_nat", ReadNat),
            IPv6Nats = o.Array("ipv6_nat", ReadNat),
            Labels = o.Map("labels"),
            IPv4Gateway = o.Address("ipv4_gateway"),
            IPv6Gateway = o.Address("ipv6_gateway"),
            Unknown = o.Unknown,
        };
    }

    private static IpNat ReadNat(JsonElement element, string path)
    {
        var o = new GoObject(element, path, NatMembers);
        return new IpNat(
            o.Address("int_ip") ?? throw new GoJsonException($"'{o.At("int_ip")}' is missing"),
            o.Address("ext_ip") ?? throw new GoJsonException($"'{o.At("ext_ip")}' is missing"));
    }

    private static void WriteNet(GoJsonWriter writer, Cidr net) => writer.String(net.ToString());

    private static void WriteNat(GoJsonWriter writer, IpNat nat) => writer.BeginObject()
        .Name("int_ip").String(nat.Internal.ToString()).Name("ext_ip").String(nat.External.ToString()).EndObject();
}
