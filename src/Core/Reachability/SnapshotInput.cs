using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Reachability;

/// <summary>From the picture of the cluster to what decides over packets. Pure.</summary>
public static class SnapshotInput
{
    private const string DefaultMetadataAddress = "127.0.0.1";
    private const int DefaultMetadataPort = 8775;

    /// <summary>Everything of a snapshot. Endpoints without an interface name are left out, as Felix leaves them out.</summary>
    public static ReachabilityInput From(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return From(snapshot.Calico);
    }

    /// <summary>Everything of a datastore.</summary>
    public static ReachabilityInput From(CalicoState calico)
    {
        ArgumentNullException.ThrowIfNull(calico);
        return SettingsOf(calico) with
        {
            WorkloadEndpoints = [.. calico.WorkloadEndpoints.Values.Select(e => e.Value).Where(IsKnownToFelix)],
            HostEndpoints = [.. calico.HostEndpoints.Values.Select(e => e.Value)],
            Profiles = [.. calico.Profiles.Values.Select(Known)],
            Policies = [.. calico.Policies.Values.Select(p => p.Value), .. Doubtful(calico).Where(p => p.Tier.Length == 0).Select(p => p.Policy)],
            TierPolicies =
            [
                .. calico.TierPolicies.Select(p => new TierPolicy(((V1Key.Policy)V1Key.Parse(p.Key)).Tier, p.Value.Value)),
                .. Doubtful(calico).Where(p => p.Tier.Length > 0),
            ],
        };
    }

    /// <summary>How Felix is set on a host: the host's own values, else those for all hosts, else Felix's defaults.</summary>
    public static HostSettings HostOf(CalicoState calico, string node)
    {
        ArgumentNullException.ThrowIfNull(calico);
        var own = calico.NodeConfiguration.GetValueOrDefault(node)?.Felix;
        var problems = ImmutableArray.CreateBuilder<string>();
        string? Value(string name) => Named(own, name) ?? Named(calico.Configuration.Felix, name);
        var resource = calico.Nodes.GetValueOrDefault(node)?.Value;
        var prefixes = Value("InterfacePrefix") is { } list ? Words(list) : ["cali"];
        var metadata = Value("MetadataAddr") ?? DefaultMetadataAddress;
        var port = Value("MetadataPort") is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : DefaultMetadataPort;
        return new HostSettings
        {
            IPv4 = resource?.IPv4,
            IPv6 = resource?.IPv6,
            EndpointToHost = ToHost(Value("DefaultEndpointToHostAction"), problems),
            InterfacePrefixes = prefixes,
            FailsafeInbound = Failsafe("FailsafeInboundHostPorts", Value("FailsafeInboundHostPorts"), HostSettings.DefaultFailsafeInbound, problems),
            FailsafeOutbound = Failsafe("FailsafeOutboundHostPorts", Value("FailsafeOutboundHostPorts"), HostSettings.DefaultFailsafeOutbound, problems),
            OpenStack = (Value("ClusterType")?.Contains("openstack", StringComparison.OrdinalIgnoreCase) ?? false)
                || metadata != DefaultMetadataAddress || port != DefaultMetadataPort || prefixes.Contains("tap", StringComparer.Ordinal),
            MetadataAddress = Ip.TryParse(metadata, out var address) ? address : null,
            MetadataPort = port,
            Problems = problems.ToImmutable(),
        };
    }

    /// <summary>A profile as Felix may take it; null when there is none.</summary>
    internal static Profile? ProfileOf(CalicoState calico, string name) => calico.Profiles.TryGetValue(name, out var stored) ? Known(stored) : null;

    /// <summary>A policy as Felix may take it; null when there is none, or none that can be read.</summary>
    internal static Policy? PolicyOf(CalicoState calico, string name) => calico.Policies.TryGetValue(name, out var stored)
        ? stored.Value
        : calico.Unparsable.TryGetValue(calico.KeyOf(V1Keys.Policy(name)), out var bad) ? PolicyCodec.ReadDoubtful(name, bad.Stored.Value.Span) : null;

    internal static ReachabilityInput SettingsOf(CalicoState calico) => new()
    {
        Pools = [.. calico.IPPools.Values.Select(p => p.Value)],
        Hosts = calico.Nodes.Keys.ToImmutableDictionary(n => n, n => HostOf(calico, n), StringComparer.Ordinal),
        UnreadablePolicies = [.. calico.Unparsable.Keys.Select(V1Key.Parse).OfType<V1Key.Policy>()
            .Select(p => (p.Tier == V1Keys.DefaultTier ? "" : p.Tier, p.Name))],
        EndpointToHost = ToHost(Named(calico.Configuration.Felix, "DefaultEndpointToHostAction"), ImmutableArray.CreateBuilder<string>()),
    };

    private static Profile Known(Stored<Profile> stored) => stored.Value.HasRules
        ? stored.Value
        : stored.Keys.Where(k => V1Key.Parse(k.Key) is V1Key.ProfileKey { Part: ProfilePart.Rules })
            .Select(k => ProfileCodec.ReadDoubtful(stored.Value, k.Value.Span)).FirstOrDefault() ?? stored.Value;

    // What the console refuses to read as a policy, but Felix may well enforce.
    private static IEnumerable<TierPolicy> Doubtful(CalicoState calico)
    {
        foreach (var bad in calico.Unparsable.Values)
        {
            if (V1Key.Parse(bad.Stored.Key) is V1Key.Policy key && PolicyCodec.ReadDoubtful(key.Name, bad.Stored.Value.Span) is { } policy
                && (key.Tier != V1Keys.DefaultTier || (!calico.Policies.ContainsKey(key.Name) && calico.KeyOf(V1Keys.Policy(key.Name)) == bad.Stored.Key)))
            {
                yield return new TierPolicy(key.Tier == V1Keys.DefaultTier ? "" : key.Tier, policy);
            }
        }
    }

    internal static bool IsKnownToFelix(WorkloadEndpoint endpoint) => FelixEndpointCheck.Problem(endpoint) is null;

    // Felix matches names without regard to case and ignores empty values.
    private static string? Named(ImmutableSortedDictionary<string, Ports.StoredKey>? values, string name) =>
        values?.FirstOrDefault(v => string.Equals(v.Key, name, StringComparison.OrdinalIgnoreCase)).Value is { Text: { Length: > 0 } text } ? text : null;

    private static ImmutableArray<string> Words(string list) => [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private static EndpointToHostAction ToHost(string? value, ImmutableArray<string>.Builder problems)
    {
        switch (value?.ToUpperInvariant())
        {
            case "RETURN":
                return EndpointToHostAction.Return;
            case "ACCEPT":
                return EndpointToHostAction.Accept;
            case null or "DROP":
                return EndpointToHostAction.Drop;
            default:
                problems.Add($"DefaultEndpointToHostAction '{value}' is none of DROP, RETURN, ACCEPT: Felix does not start with it; DROP is assumed");
                return EndpointToHostAction.Drop;
        }
    }

    private static ImmutableArray<FailsafePort> Failsafe(string name, string? value, ImmutableArray<FailsafePort> unset,
        ImmutableArray<string>.Builder problems)
    {
        if (value is null)
        {
            return unset;
        }

        if (string.Equals(value, "none", StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        var ports = ImmutableArray.CreateBuilder<FailsafePort>();
        foreach (var word in Words(value))
        {
            var parts = word.Split(':');
            int? protocol = parts.Length == 1
                ? ProtocolNumbers.Tcp : parts[0].ToLowerInvariant() switch { "tcp" => ProtocolNumbers.Tcp, "udp" => ProtocolNumbers.Udp, _ => null };
            if (parts.Length > 2 || protocol is not { } known || !int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                || port > 65535)
            {
                problems.Add($"{name} '{value}' cannot be read: Felix does not start with it; its default is assumed");
                return unset;
            }

            ports.Add(new FailsafePort(known, port));
        }

        return ports.ToImmutable();
    }
}
