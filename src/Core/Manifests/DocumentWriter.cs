using CalicoConsole.Core.Kinds.Documents;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Manifests;

/// <summary>Models to documents, members in the order of libcalico-go's structs, as <c>calicoctl get -o json</c> prints them.</summary>
internal static class DocumentWriter
{
    public static GoJsonWriter Write(object resource) => resource switch
    {
        IPPool pool => Write(pool),
        Profile profile => Write(profile),
        Node node => Write(node),
        WorkloadEndpoint endpoint => Write(endpoint),
        Policy policy => Write(policy),
        BgpPeer peer => Write(peer),
        HostEndpoint endpoint => Write(endpoint),
        _ => throw new ArgumentException($"{resource.GetType().Name} has no calicoctl document", nameof(resource)),
    };

    private static GoJsonWriter Begin(string kind) =>
        new GoJsonWriter().BeginObject().Name("kind").String(kind).Name("apiVersion").String(ResourceDocument.ApiVersion).Name("metadata").BeginObject();

    private static GoJsonWriter Write(IPPool pool)
    {
        var writer = Begin(KindNames.IPPool).Name("cidr").String(pool.Cidr.ToString()).EndObject().Name("spec").BeginObject();
        if (pool.IpipEnabled || pool.IpipMode.Length > 0)
        {
            writer.Name("ipip").BeginObject();
            True(writer, "enabled", pool.IpipEnabled).OptionalString("mode", pool.IpipMode).EndObject();
        }

        True(writer, "nat-outgoing", pool.NatOutgoing);
        return True(writer, "disabled", pool.Disabled).EndObject().EndObject();
    }

    private static GoJsonWriter Write(Profile profile)
    {
        var writer = Begin(KindNames.Profile).OptionalString("name", profile.Name).OptionalArray("tags", profile.Tags, WriteText);
        return Labels(writer, profile.Labels).EndObject().Name("spec").BeginObject()
            .OptionalArray("ingress", profile.Ingress, RuleDocument.Write)
            .OptionalArray("egress", profile.Egress, RuleDocument.Write)
            .EndObject().EndObject();
    }

    private static GoJsonWriter Write(Node node)
    {
        var writer = Begin(KindNames.Node).OptionalString("name", node.Name).EndObject().Name("spec").BeginObject();
        if ((node.IPv4 ?? node.IPv6) is not null || (node.OddIPv4 ?? node.OddIPv6) is not null)
        {
            writer.Name("bgp").BeginObject()
                .OptionalNumber("asNumber", node.AsNumber)
                .OptionalString("ipv4Address", node.OddIPv4 ?? node.IPv4?.ToString() ?? "")
                .OptionalString("ipv6Address", node.OddIPv6 ?? node.IPv6?.ToString() ?? "")
                .EndObject();
        }

        return writer.OptionalArray("orchRefs", node.OrchRefs, static (w, r) => w.BeginObject()
            .OptionalString("nodeName", r.NodeName).Name("orchestrator").String(r.Orchestrator).EndObject()).EndObject().EndObject();
    }

    private static GoJsonWriter Write(WorkloadEndpoint endpoint)
    {
        var writer = Begin(KindNames.WorkloadEndpoint)
            .OptionalString("name", endpoint.Id.Name)
            .OptionalString("workload", endpoint.Id.Workload)
            .OptionalString("orchestrator", endpoint.Id.Orchestrator)
            .OptionalString("node", endpoint.Id.Node)
            .OptionalString("activeInstanceID", endpoint.ActiveInstanceId);
        return Labels(writer, endpoint.Labels).EndObject().Name("spec").BeginObject()
            .OptionalArray<Cidr>("ipNetworks", [.. endpoint.IPv4Nets, .. endpoint.IPv6Nets], static (w, n) => w.String(n.ToString()))
            .OptionalArray<IpNat>("ipNATs", [.. endpoint.IPv4Nats, .. endpoint.IPv6Nats], static (w, n) => w.BeginObject()
                .Name("internalIP").String(n.Internal.ToString()).Name("externalIP").String(n.External.ToString()).EndObject())
            .OptionalString("ipv4Gateway", endpoint.IPv4Gateway?.ToString() ?? "")
            .OptionalString("ipv6Gateway", endpoint.IPv6Gateway?.ToString() ?? "")
            .OptionalArray("profiles", endpoint.ProfileIds, WriteText)
            .OptionalString("interfaceName", endpoint.InterfaceName)
            .OptionalString("mac", endpoint.Mac)
            .EndObject().EndObject();
    }

    private static GoJsonWriter Write(Policy policy)
    {
        var writer = Begin(KindNames.Policy).OptionalString("name", policy.Name);
        if (!policy.Annotations.IsEmpty)
        {
            writer.Name("annotations").Map(policy.Annotations);
        }

        writer.EndObject().Name("spec").BeginObject();
        if (policy.Order is { } order)
        {
            writer.Name("order").Float(order);
        }

        writer.OptionalArray("ingress", policy.Ingress, RuleDocument.Write).OptionalArray("egress", policy.Egress, RuleDocument.Write)
            .Name("selector").String(policy.Selector);
        True(writer, "doNotTrack", policy.DoNotTrack);
        return True(writer, "preDNAT", policy.PreDnat).OptionalArray("types", policy.Types, WriteText).EndObject().EndObject();
    }

    private static GoJsonWriter Write(BgpPeer peer) => Begin(KindNames.BgpPeer)
        .Name("scope").String(peer.Node is null ? "global" : "node").OptionalString("node", peer.Node ?? "").Name("peerIP").String(peer.PeerIP.ToString())
        .EndObject().Name("spec").BeginObject().Name("asNumber").Number(peer.AsNumber).EndObject().EndObject();

    private static GoJsonWriter Write(HostEndpoint endpoint) =>
        Labels(Begin(KindNames.HostEndpoint).OptionalString("name", endpoint.Name).OptionalString("node", endpoint.Node), endpoint.Labels).EndObject()
            .Name("spec").BeginObject()
            .OptionalString("interfaceName", endpoint.InterfaceName)
            .OptionalArray<string>("expectedIPs", [.. endpoint.ExpectedIPv4.Select(ip => ip.ToString()), .. endpoint.ExpectedIPv6Texts()], WriteText)
            .OptionalArray("profiles", endpoint.ProfileIds, WriteText)
            .EndObject().EndObject();

    private static GoJsonWriter Labels(GoJsonWriter writer, ImmutableSortedDictionary<string, string> labels) =>
        labels.IsEmpty ? writer : writer.Name("labels").Map(labels);

    private static GoJsonWriter True(GoJsonWriter writer, string name, bool value) => value ? writer.Name(name).Bool(true) : writer;

    private static void WriteText(GoJsonWriter writer, string text) => writer.String(text);
}
