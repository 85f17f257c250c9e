using CalicoConsole.Tests;

namespace CalicoConsole.E2E.Tests;

/// <summary>
/// Policies, peers, host endpoints, configuration and OpenStack's objects beside <see cref="SeededCluster"/>, in the form in which their programs write them.
/// </summary>
internal static class SeededFabric
{
    public const string Subnet = "5a1de7fb-6f5a-4bec-87a5-ad8bd8f0a8c1";
    public const string Group = "openstack-sg-web";

    public static async Task FillAsync(EtcdServer etcd, CancellationToken cancellationToken)
    {
        await using var keys = new SeedWriter(etcd);
        foreach (var (key, value) in Keys())
        {
            await keys.PutAsync(key, value, cancellationToken);
        }
    }

    private static IEnumerable<(string Key, string Value)> Keys()
    {
        const string policy = "/calico/v1/policy/tier/default/policy";
        yield return ($"{policy}/allow-web", """{"order":100,"inbound_rules":[{"action":"allow","protocol":"tcp","src_tag":"my_net","dst_ports":[80,443]},{"action":"next-tier","src_nets":["10.0.0.0/8"]}],"selector":"has(my_net)","types":["ingress"]}""");
        yield return ($"{policy}/team%2fdeny-guests", """{"order":10.5,"inbound_rules":[{"action":"deny","src_selector":"role == 'guest'"}],"outbound_rules":[{"action":"allow"}],"selector":"team == 'blue'","annotations":{"owner":"net"},"types":["ingress","egress"]}""");
        yield return ($"{policy}/broken", """{"inbound_rules":[{"action":"allow","dst_ports":[80]}],"selector":"","types":["ingress"]}""");
        yield return ($"{policy}/raw", """{"order":1,"inbound_rules":[{"action":"deny","src_nets":["198.51.100.0/24"]}],"selector":"role == 'gateway'","untracked":true,"types":["ingress"]}""");
        yield return ("/calico/v1/host/docker01/endpoint/eth0", """{"name":"eth0","expected_ipv4_addrs":["192.168.122.45"],"labels":{"role":"gateway"},"profile_ids":["my_net"]}""");
        yield return ("/calico/v1/host/docker02/endpoint/eth1", """{"name":"eth1","profile_ids":["team/db"]}""");
        yield return ("/calico/bgp/v1/global/as_num", "64512");
        yield return ("/calico/bgp/v1/global/node_mesh", """{"enabled":true}""");
        yield return ("/calico/bgp/v1/global/loglevel", "info");
        yield return ("/calico/bgp/v1/global/peer_v4/192.168.122.1", """{"ip":"192.168.122.1","as_num":"64513"}""");
        yield return ("/calico/bgp/v1/host/docker01/peer_v4/192.168.122.46", """{"ip":"192.168.122.46","as_num":"64512"}""");
        yield return ("/calico/v1/config/ReportingIntervalSecs", "0");
        yield return ("/calico/v1/config/InterfacePrefix", "cali,tap");
        yield return ("/calico/v1/config/LogSeverityScreen", "chatty");
        yield return ("/calico/v1/config/MyOwnThing", "1");
        yield return ("/calico/v1/host/docker01/config/DefaultEndpointToHostAction", "RETURN");
        yield return ("/calico/v1/host/docker02/config/IptablesMarkMask", "0x1");
        yield return ("/calico/openstack/v1/neutron_election", "neutron01:4711");
        yield return ($"/calico/dhcp/v1/subnet/{Subnet}", """{"network_id": "0e5b0c52-7d9a-4c6d-9a35-3d1c0a5a9d10", "cidr": "172.31.0.0/24", "host_routes": [], "gateway_ip": "172.31.0.1", "dns_servers": ["192.0.2.53"]}""");
        yield return ($"/calico/v1/policy/profile/{Group}/tags", """["web"]""");
        yield return ($"/calico/v1/policy/profile/{Group}/rules", """{"inbound_rules": [{"ip_version": 4, "protocol": "tcp", "src_net": "0.0.0.0/0", "dst_ports": [22]}], "outbound_rules": [{"ip_version": 4, "dst_net": "0.0.0.0/0"}]}""");
        yield return ("/calico/v1/host/compute02/workload/openstack/7c9a5c1e-3c55-4a58-9f3f-5c1d8a1d6d11/endpoint/9f0d5f1c-211a-4b1f-8d1d-a5f3b8c5e0b1", """{"state": "active", "name": "tap9f0d5f1c-21", "mac": "fa:16:3e:00:00:01", "profile_ids": ["openstack-sg-web"], "ipv4_nets": ["172.31.0.7/32"], "ipv6_nets": [], "ipv4_subnet_ids": ["5a1de7fb-6f5a-4bec-87a5-ad8bd8f0a8c1"], "ipv6_subnet_ids": [], "ipv4_gateway": "172.31.0.1", "fqdn": "web-1.example.org", "ipv4_nat": [{"int_ip": "172.31.0.7", "ext_ip": "203.0.113.7"}]}""");
    }
}
