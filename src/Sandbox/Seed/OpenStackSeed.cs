using CalicoConsole.Core.Model;
using CalicoConsole.Sandbox.Node;

namespace CalicoConsole.Sandbox.Seed;

/// <summary>
/// What networking-calico 1.4.3 writes for VMs on a compute host: Python's JSON with blanks, subnet ids, host names, security groups as
/// profiles without labels (docs/calico-v1.md#openstack). Nothing rewrites it, as Neutron would every minute.
/// </summary>
internal static class OpenStackSeed
{
    /// <summary>UUID of the security group of web VMs, which is also the tag of its members.</summary>
    public const string WebGroup = "5b0d6a1e-3f7c-4f0e-9a55-1c7e2d9b4a10";

    private const string DefaultGroup = "c2a7f8d4-60b1-4a0b-8f1e-7a3d5e6b9c21";
    private const string Subnet = "9e4f6c7a-8b2d-4e1f-a3c5-6d7e8f901234";

    private static readonly ImmutableArray<(string Vm, string Port, string Host, string Address, string Group)> Vms =
    [
        ("1f0c8f0e-7d0a-4a55-8a5e-2b1d3c4e5f60", "f0d5f1c2-11aa-4b1f-8d1d-a5f3b8c5e0b1", "shop-web-1", "10.65.0.3", WebGroup),
        ("2a9d7e1f-8e1b-4b66-9b6f-3c2e4d5f6071", "a1e6a2d3-22bb-4c20-9e2e-b604c9d6f1c2", "shop-web-2", "10.65.0.4", WebGroup),
        ("3bae8f20-9f2c-4c77-ac70-4d3f5e607182", "b2f7b3e4-33cc-4d31-af3f-c715dae702d3", "build-1", "10.65.0.10", DefaultGroup),
    ];

    /// <summary>Settings that have to be there before the first calico-node of a shared datastore starts.</summary>
    public static async Task ConfigureAsync(SeedStore store)
    {
        await store.PutAsync("/calico/v1/config/InterfacePrefix", "cali,tap").ConfigureAwait(false);
        await store.PutAsync("/calico/v1/config/ReportingIntervalSecs", "30").ConfigureAwait(false);
        await store.PutAsync("/calico/v1/config/EndpointReportingEnabled", "true").ConfigureAwait(false);
        // Covers the VMs' subnet, so that traffic to them from pools with outgoing NAT keeps its source address.
        await store.PutAsync(new IPPool { Cidr = Cidr.Parse("10.65.0.0/24"), Disabled = true }).ConfigureAwait(false);
    }

    /// <summary>The VMs and their groups, and Felix on their host.</summary>
    public static async Task FillAsync(World world, SeedStore store, CancellationToken cancellationToken)
    {
        await store.PutAsync(
            $"/calico/dhcp/v1/subnet/{Subnet}",
            """{"cidr": "10.65.0.0/24", "network_id": "0d3f8e2b-5a64-4c1e-9b7a-2f1c8d6e5b40", "gateway_ip": "10.65.0.1", "host_routes": [], "dns_servers": ["192.168.122.1"]}""").ConfigureAwait(false);
        await GroupAsync(
            store,
            WebGroup,
            """{"ip_version": 4, "protocol": "tcp", "src_net": "0.0.0.0/0", "dst_ports": [80]}, {"ip_version": 4, "protocol": "icmp", "src_net": "0.0.0.0/0"}""").ConfigureAwait(false);
        await GroupAsync(store, DefaultGroup, $$"""{"ip_version": 4, "src_tag": "{{DefaultGroup}}"}, {"ip_version": 4, "protocol": "tcp", "src_net": "0.0.0.0/0", "dst_ports": [22]}""").ConfigureAwait(false);
        for (var i = 0; i < Vms.Length; i++)
        {
            var vm = Vms[i];
            var mac = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"fa:16:3e:5c:10:{i + 1:x2}");
            await store.PutAsync(
                $"/calico/v1/host/{Machine.Compute.Name}/workload/openstack/{vm.Vm}/endpoint/{vm.Port}",
                $$"""{"state": "active", "name": "tap{{vm.Port[..11]}}", "mac": "{{mac}}", "profile_ids": ["openstack-sg-{{vm.Group}}"], "ipv4_nets": ["{{vm.Address}}/32"], "ipv4_subnet_ids": ["{{Subnet}}"], "ipv4_gateway": "10.65.0.1", "ipv6_nets": [], "ipv6_subnet_ids": [], "fqdn": "{{vm.Host}}.example.test"}""").ConfigureAwait(false);
        }

        var node = new RunningNode(Machine.Compute.Name, Machine.Compute, Bird: false, world.Time.GetUtcNow(), RoutedElsewhere: true);
        var felix = new FelixReports(world, node);
        var pause = await felix.ReportAsync(cancellationToken).ConfigureAwait(false);
        world.Background.Add(new BackgroundWork(token => felix.RunAsync(pause, token), world.Nodes.Add(node)));
    }

    private static async Task GroupAsync(SeedStore store, string group, string ingress)
    {
        await store.PutAsync($"/calico/v1/policy/profile/openstack-sg-{group}/tags", $"""["{group}"]""").ConfigureAwait(false);
        await store.PutAsync(
            $"/calico/v1/policy/profile/openstack-sg-{group}/rules",
            $$"""{"inbound_rules": [{{ingress}}], "outbound_rules": [{"ip_version": 4, "dst_net": "0.0.0.0/0"}]}""").ConfigureAwait(false);
    }
}
