using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Model.Validation;

namespace CalicoConsole.Core.Kinds;

/// <summary>Checks resources as calicoctl 1.6.3 does before it writes, all findings at once, and for names that etcd hides. Thread-safe.</summary>
public static class ResourceValidator
{
    private static readonly Cidr LinkLocalV4 = Cidr.Parse("169.254.0.0/16");
    private static readonly Cidr LinkLocalV6 = Cidr.Parse("fe80::/10");

    /// <summary>Checks a resource of any of calicoctl's kinds.</summary>
    /// <exception cref="ArgumentException">It is none of them.</exception>
    public static ValidationResult ValidateAny(object resource) => resource switch
    {
        IPPool r => Validate(r),
        Profile r => Validate(r),
        Policy r => Validate(r),
        Node r => Validate(r),
        BgpPeer r => Validate(r),
        HostEndpoint r => Validate(r),
        WorkloadEndpoint r => Validate(r),
        _ => throw new ArgumentException($"{resource?.GetType().Name ?? "null"} is not a calicoctl kind", nameof(resource)),
    };

    /// <summary>Checks an ipPool (docs/calico-v1.md#ippool).</summary>
    public static ValidationResult Validate(IPPool pool)
    {
        var found = new Findings();
        if (pool.Cidr.IsIPv6 && pool.IpipEnabled)
        {
            found.Error("spec.ipip.enabled", "IPIP is not supported on an IPv6 IP pool");
        }

        if (pool.IpipMode is not ("" or "always" or "cross-subnet"))
        {
            found.Error("spec.ipip.mode", $"'{pool.IpipMode}' is not one of always, cross-subnet");
        }

        if (!pool.Disabled && pool.Cidr.Address.Width - pool.Cidr.PrefixLength < 6)
        {
            found.Error("metadata.cidr", $"IP pool size is too small (min /{(pool.Cidr.IsIPv6 ? 122 : 26)}) for use with Calico IPAM");
        }

        if (!pool.Cidr.IsMasked)
        {
            found.Error("metadata.cidr", "IP pool CIDR is not strictly masked");
        }

        if (pool.Cidr.Overlaps(LinkLocalV4))
        {
            found.Error("metadata.cidr", "IP pool range overlaps with IPv4 Link Local range 169.254.0.0/16");
        }

        if (pool.Cidr.Overlaps(LinkLocalV6))
        {
            found.Error("metadata.cidr", "IP pool range overlaps with IPv6 Link Local range fe80::/10");
        }

        return found.ToResult();
    }

    /// <summary>Checks a profile with its rules (docs/calico-v1.md#profile, #rules).</summary>
    public static ValidationResult Validate(Profile profile)
    {
        var found = new Findings();
        found.Identifier("metadata.name", profile.Name, namespaced: true);
        for (var i = 0; i < profile.Tags.Length; i++)
        {
            found.Name($"metadata.tags[{i}]", profile.Tags[i]);
        }

        found.Labels("metadata.labels", profile.Labels);
        RuleValidator.Check(found, "spec.ingress", profile.Ingress);
        RuleValidator.Check(found, "spec.egress", profile.Egress);
        return found.ToResult();
    }

    /// <summary>Checks a node (docs/calico-v1.md#node).</summary>
    public static ValidationResult Validate(Node node)
    {
        var found = new Findings();
        found.Identifier("metadata.name", node.Name, namespaced: false);
        if (node is { AsNumber: not null, IPv4: null, IPv6: null })
        {
            found.Error("spec.bgp.ipv4Address", "no BGP IP address and subnet specified");
        }

        if (!node.OrchRefs.IsDefault && node.OrchRefs.Any(r => r is { Orchestrator: "", NodeName: "" }))
        {
            found.Warn("spec.orchRefs has an entry that is null or empty: it is stored as {}, as calicoctl stores it.");
        }

        if (node.IPv4 is { IsIPv6: true })
        {
            found.Error("spec.bgp.ipv4Address", "invalid IPv4 address and subnet specified");
        }

        if (node.IPv6 is { IsIPv6: false })
        {
            found.Error("spec.bgp.ipv6Address", "invalid IPv6 address and subnet specified");
        }

        return found.ToResult();
    }

    /// <summary>Checks a workload endpoint (docs/calico-v1.md#workloadendpoint).</summary>
    public static ValidationResult Validate(WorkloadEndpoint endpoint)
    {
        var found = new Findings();
        found.Identifier("metadata.node", endpoint.Id.Node, namespaced: false);
        found.Identifier("metadata.orchestrator", endpoint.Id.Orchestrator, namespaced: true);
        found.Identifier("metadata.workload", endpoint.Id.Workload, namespaced: true);
        found.Identifier("metadata.name", endpoint.Id.Name, namespaced: true);
        if (endpoint.ActiveInstanceId.Length > 0)
        {
            found.Name("metadata.activeInstanceID", endpoint.ActiveInstanceId);
        }

        found.Labels("metadata.labels", endpoint.Labels);
        if (!ValueRules.IsInterface(endpoint.InterfaceName))
        {
            found.Error("spec.interfaceName", $"'{endpoint.InterfaceName}' is not 1 to 15 characters of letters, digits, '_', '-'");
        }

        if (endpoint.Mac.Length > 0 && (!Mac.TryNormalize(endpoint.Mac, out var mac) || mac != endpoint.Mac))
        {
            found.Error("spec.mac", $"address {endpoint.Mac}: invalid MAC address");
        }

        ImmutableArray<Cidr> nets = [.. endpoint.IPv4Nets, .. endpoint.IPv6Nets];
        if (nets.Any(n => !n.IsSingle))
        {
            found.Error("spec.ipNetworks", "IP network contains multiple addresses");
        }

        Nats(found, nets, [.. endpoint.IPv4Nats, .. endpoint.IPv6Nats]);
        if (endpoint.IPv4Gateway is { IsIPv6: true })
        {
            found.Error("spec.ipv4Gateway", "invalid IPv4 gateway address specified");
        }

        if (endpoint.IPv6Gateway is { IsIPv6: false })
        {
            found.Error("spec.ipv6Gateway", "invalid IPv6 gateway address specified");
        }

        found.ProfileNames("spec.profiles", endpoint.ProfileIds.IsDefault ? [] : endpoint.ProfileIds);
        return found.ToResult();
    }

    /// <summary>Checks a policy (docs/calico-v1.md#policy).</summary>
    public static ValidationResult Validate(Policy policy)
    {
        var found = new Findings();
        found.Identifier("metadata.name", policy.Name, namespaced: true);
        if (policy.Name.StartsWith("knp.default.", StringComparison.Ordinal))
        {
            found.Error("metadata.name", $"{Findings.NotSupported} {policy.Name}");
        }

        RuleValidator.Selector(found, "spec.selector", policy.Selector);
        RuleValidator.Check(found, "spec.ingress", policy.Ingress);
        RuleValidator.Check(found, "spec.egress", policy.Egress);
        for (var i = 0; i < policy.Types.Length; i++)
        {
            if (policy.Types[i] is not ("ingress" or "egress"))
            {
                found.Error($"spec.types[{i}]", $"'{policy.Types[i]}' is not one of ingress, egress");
            }
        }

        foreach (var repeated in policy.Types.GroupBy(t => t, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            found.Error("spec.types", $"'{repeated.Key}' type specified more than once");
        }

        if (policy is { DoNotTrack: true, PreDnat: true })
        {
            found.Error("spec.preDNAT", "PreDNAT and DoNotTrack cannot both be true, for a given PolicySpec");
        }

        if (policy is { PreDnat: true, Egress.IsEmpty: false })
        {
            found.Error("spec.egress", "PreDNAT PolicySpec cannot have any EgressRules");
        }

        if (policy.PreDnat && policy.Types.Contains("egress", StringComparer.Ordinal))
        {
            found.Error("spec.types", "PreDNAT PolicySpec cannot have 'egress' Type");
        }

        return found.ToResult();
    }

    /// <summary>Checks a BGP peer (docs/calico-v1.md#bgppeer).</summary>
    public static ValidationResult Validate(BgpPeer peer)
    {
        var found = new Findings();
        if (peer.Node is { } node)
        {
            found.Identifier("metadata.node", node, namespaced: false);
        }

        return found.ToResult();
    }

    /// <summary>Checks a host endpoint (docs/calico-v1.md#hostendpoint).</summary>
    public static ValidationResult Validate(HostEndpoint endpoint)
    {
        var found = new Findings();
        found.Identifier("metadata.node", endpoint.Node, namespaced: false);
        found.Identifier("metadata.name", endpoint.Name, namespaced: true);
        found.Labels("metadata.labels", endpoint.Labels);
        if (endpoint.InterfaceName.Length > 0 && !ValueRules.IsInterface(endpoint.InterfaceName))
        {
            found.Error("spec.interfaceName", $"'{endpoint.InterfaceName}' is not 1 to 15 characters of letters, digits, '_', '-'");
        }

        if (!endpoint.BlankExpectedIPs.IsEmpty)
        {
            found.Warn("spec.expectedIPs has an entry that is null or empty: calicoctl stores it as an empty text among the IPv6 addresses, which fits no "
                + "interface.");
        }

        if (endpoint is { InterfaceName: "", ExpectedIPv4.IsEmpty: true, ExpectedIPv6.IsEmpty: true, BlankExpectedIPs.IsEmpty: true })
        {
            found.Error("spec.interfaceName", "no interface or expected IPs have been specified");
        }

        found.ProfileNames("spec.profiles", endpoint.ProfileIds);
        if (endpoint.ProfileIds.Any(p => p.Contains('/', StringComparison.Ordinal)))
        {
            found.Warn("spec.profiles names a profile with '/': Felix of Calico v2.6 then ignores the whole host endpoint.");
        }

        return found.ToResult();
    }

    private static void Nats(Findings found, ImmutableArray<Cidr> nets, ImmutableArray<IpNat> nats)
    {
        if (nats.Any(nat => !nets.Any(n => n.Contains(nat.Internal))))
        {
            found.Error("spec.ipNATs", "NAT is not in the endpoint networks");
        }

        for (var i = 0; i < nats.Length; i++)
        {
            if (nats[i].Internal.IsIPv6 != nats[i].External.IsIPv6)
            {
                found.Error($"spec.ipNATs[{i}].externalIP", "mismatched IP versions");
            }
        }
    }
}
