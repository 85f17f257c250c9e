using System.Globalization;
using System.Text.Json;
using CalicoConsole.Core.Kinds.Documents;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Model.Validation;

namespace CalicoConsole.Core.Manifests;

/// <summary>The kinds' documents to models (libcalico-go lib/api). Null when the identity is missing; errors say the rest.</summary>
internal static class DocumentReader
{
    public static object? Read(string kind, DocumentObject root) => kind switch
    {
        KindNames.IPPool => Pool(root),
        KindNames.Profile => Profile(root),
        KindNames.Node => Node(root),
        KindNames.WorkloadEndpoint => WorkloadEndpoint(root),
        KindNames.Policy => Policy(root),
        KindNames.BgpPeer => BgpPeer(root),
        KindNames.HostEndpoint => HostEndpoint(root),
        _ => null,
    };

    private static IPPool? Pool(DocumentObject root)
    {
        var (metadata, spec) = Parts(root, "IPPool");
        var given = metadata.Take("cidr");
        var cidr = default(Cidr);
        if (given.ValueKind == JsonValueKind.Undefined)
        {
            metadata.Fail("cidr", "insufficient identifiers, missing 'cidr'");
        }
        else if (metadata.OwnText(given, "cidr") is { } text && !Cidr.TryParse(text, out cidr))
        {
            metadata.Fail("cidr", $"invalid IP address: {text}");
        }

        var ipip = spec.OptionalObject("ipip", "IPIPConfiguration");
        var pool = new IPPool
        {
            Cidr = cidr,
            IpipEnabled = ipip?.Bool("enabled") ?? false,
            IpipMode = ipip?.Text("mode") ?? "",
            NatOutgoing = spec.Bool("nat-outgoing"),
            Disabled = spec.Bool("disabled"),
        };
        ipip?.Finish();
        Finish(metadata, spec);
        return pool;
    }

    private static Profile Profile(DocumentObject root)
    {
        var (metadata, spec) = Parts(root, "Profile");
        var profile = new Profile
        {
            Name = metadata.Text("name"),
            Tags = metadata.Texts("tags"),
            Labels = metadata.Map("labels"),
            Ingress = spec.Objects("ingress", "Rule", RuleDocument.Read),
            Egress = spec.Objects("egress", "Rule", RuleDocument.Read),
        };
        Finish(metadata, spec);
        return profile;
    }

    private static Node Node(DocumentObject root)
    {
        var (metadata, spec) = Parts(root, "Node");
        var bgp = spec.OptionalObject("bgp", "NodeBGPSpec");
        var node = new Node
        {
            Name = metadata.Text("name"),
            HasMetadata = true,
            AsNumber = bgp is null ? null : AsNumber(bgp, bgp.Take("asNumber")),
            IPv4 = bgp?.Network("ipv4Address"),
            IPv6 = bgp?.Network("ipv6Address"),
            OrchRefs = spec.Objects("orchRefs", "OrchRef", static o => new OrchRef(o.Text("orchestrator"), o.Text("nodeName"))),
        };
        if (bgp is not null && node is { AsNumber: null, IPv4: null, IPv6: null })
        {
            bgp.Fail("ipv4Address", "no BGP IP address and subnet specified");
        }

        bgp?.Finish();
        Finish(metadata, spec);
        return node;
    }

    private static WorkloadEndpoint WorkloadEndpoint(DocumentObject root)
    {
        var (metadata, spec) = Parts(root, "WorkloadEndpoint");
        var normalized = "";
        if (spec.OwnText(spec.Take("mac"), "mac") is { } mac && !Mac.TryNormalize(mac, out normalized))
        {
            spec.Fail("mac", mac.Length == 0 ? "invalid MAC address" : $"address {mac}: invalid MAC address");
        }

        var given = spec.Take("profiles");
        var nets = spec.Networks("ipNetworks");
        var nats = spec.Objects("ipNATs", "IPNAT", Nat);
        var endpoint = new WorkloadEndpoint
        {
            Id = new WorkloadEndpointId(metadata.Text("node"), metadata.Text("orchestrator"), metadata.Text("workload"), metadata.Text("name")),
            ActiveInstanceId = metadata.Text("activeInstanceID"),
            Labels = metadata.Map("labels"),
            InterfaceName = spec.Text("interfaceName"),
            Mac = normalized,
            ProfileIds = Profiles(spec, given),
            EmptyProfilesAsArray = given.ValueKind == JsonValueKind.Array && given.GetArrayLength() == 0,
            IPv4Nets = [.. nets.Where(n => !n.IsIPv6)],
            IPv6Nets = [.. nets.Where(n => n.IsIPv6)],
            IPv4Nats = [.. nats.Where(n => n is { Internal.IsIPv6: false }).Select(n => n!.Value)],
            IPv6Nats = [.. nats.Where(n => n is { Internal.IsIPv6: true }).Select(n => n!.Value)],
            IPv4Gateway = spec.Address("ipv4Gateway"),
            IPv6Gateway = spec.Address("ipv6Gateway"),
        };
        Finish(metadata, spec);
        return endpoint;
    }

    private static ImmutableArray<string> Profiles(DocumentObject spec, JsonElement given) => given.ValueKind switch
    {
        JsonValueKind.Undefined => [],
        JsonValueKind.Array => [.. given.EnumerateArray().Select((e, i) => spec.Text(e, $"profiles[{i}]") ?? "")],
        _ => spec.Wrong<ImmutableArray<string>>(given, "profiles", "[]string", []),
    };

    private static IpNat? Nat(DocumentObject o)
    {
        var (inner, outer) = (o.Address("internalIP"), o.Address("externalIP"));
        if (inner is { } i && outer is { } e)
        {
            return new IpNat(i, e);
        }

        o.Fail(inner is null ? "internalIP" : "externalIP", "an address is needed");
        return null;
    }

    private static Policy Policy(DocumentObject root)
    {
        var (metadata, spec) = Parts(root, "Policy");
        var policy = new Policy
        {
            Name = metadata.Text("name"),
            Annotations = metadata.Map("annotations"),
            Order = spec.Float("order"),
            Ingress = spec.Objects("ingress", "Rule", RuleDocument.Read),
            Egress = spec.Objects("egress", "Rule", RuleDocument.Read),
            Selector = spec.Text("selector"),
            DoNotTrack = spec.Bool("doNotTrack"),
            PreDnat = spec.Bool("preDNAT"),
            Types = spec.Texts("types"),
        };
        Finish(metadata, spec);
        return policy;
    }

    private static BgpPeer BgpPeer(DocumentObject root)
    {
        var (metadata, spec) = Parts(root, "BGPPeer");
        var (scope, node, peer, asNumber) = (metadata.Text("scope"), metadata.Text("node"), metadata.Address("peerIP"), spec.Take("asNumber"));
        if (scope is not ("" or "global" or "node"))
        {
            metadata.Fail("scope", $"'{scope}' is not one of global, node");
        }
        else if (scope == "global" && node.Length > 0)
        {
            metadata.Fail("node", "no BGP Peer node name should be specified when scope is global");
        }
        else if (scope == "" && node.Length > 0)
        {
            // It calls what is missing a node.
            metadata.Fail("scope", $"{Findings.Missing} 'node'");
        }

        if (peer is null && !metadata.HasFailed("peerIP"))
        {
            metadata.Fail("peerIP", "insufficient identifiers, missing 'peerIP'");
        }

        var result = new BgpPeer { Node = scope == "global" ? null : node, PeerIP = peer ?? default, AsNumber = AsNumber(spec, asNumber) ?? 0 };
        Finish(metadata, spec);
        return result;
    }

    private static HostEndpoint HostEndpoint(DocumentObject root)
    {
        var (metadata, spec) = Parts(root, "HostEndpoint");
        var ips = spec.Addresses("expectedIPs");
        var endpoint = new HostEndpoint
        {
            Node = metadata.Text("node"),
            Name = metadata.Text("name"),
            Labels = metadata.Map("labels"),
            InterfaceName = spec.Text("interfaceName"),
            ExpectedIPv4 = [.. ips.OfType<Ip>().Where(ip => !ip.IsIPv6)],
            ExpectedIPv6 = [.. ips.OfType<Ip>().Where(ip => ip.IsIPv6)],
            BlankExpectedIPs = Model.HostEndpoint.Blanks([.. ips.Where(ip => ip is null or { IsIPv6: true })]),
            ProfileIds = spec.Texts("profiles"),
        };
        Finish(metadata, spec);
        return endpoint;
    }

    private static uint? AsNumber(DocumentObject bgp, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Undefined)
        {
            return null;
        }

        if (element.ValueKind == JsonValueKind.Number
            && uint.TryParse(DocumentObject.Number(element), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        if (element.ValueKind != JsonValueKind.String)
        {
            // Also what is too large or an unquoted 1.10, which is a float.
            bgp.Fail("asNumber", $"json: cannot unmarshal {DocumentObject.Word(element)} into Go value of type string");
            return null;
        }

        if (!AsNumbers.TryParse(element.GetString()!, out number))
        {
            bgp.Fail("asNumber", $"invalid AS Number format ({element.GetString()})");
        }

        return number;
    }

    private static (DocumentObject Metadata, DocumentObject Spec) Parts(DocumentObject root, string type) =>
        (root.Object("metadata", $"{type}Metadata"), root.Object("spec", $"{type}Spec"));

    private static void Finish(DocumentObject metadata, DocumentObject spec)
    {
        metadata.Finish();
        spec.Finish();
    }
}
