using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Snapshot;

/// <summary>What the OpenStack driver adds to the endpoint of a VM (docs/calico-v1.md#openstack), which calicoctl does not know.</summary>
/// <param name="Instance">Nova's id of the VM.</param>
/// <param name="Port">Neutron's id of the port.</param>
/// <param name="Fqdn">The VM's name; null when the driver wrote none.</param>
/// <param name="Subnets">Neutron's ids of its subnets.</param>
/// <param name="FloatingIPs">Addresses by which it is reached from outside.</param>
public sealed record OpenStackVm(string Instance, string Port, string? Fqdn, ImmutableArray<string> Subnets, ImmutableArray<IpNat> FloatingIPs)
{
    /// <summary>The VM of an endpoint; null when OpenStack did not make it. Members that are not what they should be are left out.</summary>
    public static OpenStackVm? From(WorkloadEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (endpoint.Id.Orchestrator != OpenStackView.Orchestrator)
        {
            return null;
        }

        string? fqdn = null;
        var subnets = ImmutableArray.CreateBuilder<string>();
        foreach (var (name, raw) in endpoint.Unknown.Members.Where(m => m.Key is "fqdn" or "ipv4_subnet_ids" or "ipv6_subnet_ids"))
        {
            // Whatever stands there, however deep or with half a character: what cannot be read is left out.
            var texts = GoJson.Read<IReadOnlyList<string>>(Encoding.UTF8.GetBytes(raw), root => root.ValueKind switch
            {
                JsonValueKind.String => [root.GetString()!],
                JsonValueKind.Array => [.. root.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!)],
                _ => [],
            });
            if (!texts.IsOk)
            {
                continue;
            }

            if (name != "fqdn")
            {
                subnets.AddRange(texts.Value);
            }
            else if (raw.AsSpan().TrimStart() is ['"', ..])
            {
                fqdn = texts.Value[0];
            }
        }

        return new OpenStackVm(endpoint.Id.Workload, endpoint.Id.Name, fqdn, subnets.ToImmutable(), [.. endpoint.IPv4Nats, .. endpoint.IPv6Nats]);
    }
}
