using System.Text.Json.Nodes;

namespace CalicoConsole.Integration.Tests.Doctor;

/// <summary>The faults that this lab can make for real.</summary>
internal static class LabFaults
{
    private const string Mac = "86:24:00:ce:d2:5d";
    private const string Told = "ee:ee:ee:ee:ee:ee";

    public static IReadOnlyList<LabFault> All { get; } =
    [
        new("mac-mismatch", "another MAC in the container that is asked", async s =>
        {
            await s.InAsync("docker02", "far", "ip", "link", "set", "dev", "cali0", "address", Mac);
            return () => s.InAsync("docker02", "far", "ip", "link", "set", "dev", "cali0", "address", Told);
        }),
        new("mac-mismatch", "another MAC in the container that asks", async s =>
        {
            await s.InAsync("docker01", "web", "ip", "link", "set", "dev", "cali0", "address", Mac);
            return () => s.InAsync("docker01", "web", "ip", "link", "set", "dev", "cali0", "address", Told);
        }) { To = "docker01/near" },
        new("interface-prefix", "InterfacePrefix of the node is tap", async s =>
        {
            await s.SetAsync("/calico/v1/host/docker02/config/InterfacePrefix", "tap");
            await s.LostAsync("docker01", "web", DoctorStage.Far);
            return () => s.SetAsync("/calico/v1/host/docker02/config/InterfacePrefix", "cali");
        }),
        new("felix-down", "Felix is stopped, then the container is recreated", async s =>
        {
            await s.DockerAsync("docker02", "exec", "calico-node", "sv", "stop", "/etc/service/enabled/felix");
            await s.DockerAsync("docker02", "rm", "-f", "far");
            await s.Lab.ContainerAsync("docker02", "far", "my_net", DoctorStage.Far);
            await s.SeenAsync("docker02", "far");
            return async () => await s.DockerAsync("docker02", "exec", "calico-node", "sv", "start", "/etc/service/enabled/felix");
        }),
        new("felix-down", "calico-node is stopped on the other host: what it programmed stays", async s =>
        {
            await s.DockerAsync("docker02", "stop", "-t", "0", "calico-node");
            await s.StateAsync("docker02", "calico-node", "exited");
            return async () => await s.DockerAsync("docker02", "start", "calico-node");
        }) { Outcome = "works" },
        new("felix-down", "the key Ready is not true, then the container is recreated", async s =>
        {
            await s.SetAsync("/calico/v1/Ready", "false");
            await s.DockerAsync("docker02", "rm", "-f", "far");
            await s.Lab.ContainerAsync("docker02", "far", "my_net", DoctorStage.Far);
            await s.SeenAsync("docker02", "far");
            return () => s.SetAsync("/calico/v1/Ready", "true");
        }),
        new("rpf-loose", "rp_filter of all interfaces is 2, Felix ends at its start, then the container is recreated", async s =>
        {
            await s.KernelAsync("docker02", "ipv4/conf/all/rp_filter", "2");
            await s.DockerAsync("docker02", "exec", "calico-node", "sv", "stop", "/etc/service/enabled/felix");
            await s.DockerAsync("docker02", "exec", "calico-node", "sv", "start", "/etc/service/enabled/felix");
            await s.DockerAsync("docker02", "rm", "-f", "far");
            await s.Lab.ContainerAsync("docker02", "far", "my_net", DoctorStage.Far);
            await s.SeenAsync("docker02", "far");
            return () => s.KernelAsync("docker02", "ipv4/conf/all/rp_filter", "1");
        }),
        new("felix-behind", "Felix is frozen, then the container is recreated", async s =>
        {
            await s.DockerAsync("docker02", "exec", "calico-node", "sh", "-c", "kill -STOP $(pidof calico-felix)");
            await s.DockerAsync("docker02", "rm", "-f", "far");
            await s.Lab.ContainerAsync("docker02", "far", "my_net", DoctorStage.Far);
            await s.SeenAsync("docker02", "far");
            return async () => await s.DockerAsync("docker02", "exec", "calico-node", "sh", "-c", "kill -CONT $(pidof calico-felix)");
        }),
        new("route-missing", "Felix is frozen and the container's route is deleted", async s =>
        {
            await s.DockerAsync("docker02", "exec", "calico-node", "sh", "-c", "kill -STOP $(pidof calico-felix)");
            await s.OnAsync("docker02", "ip", "route", "del", DoctorStage.Far);
            return async () => await s.DockerAsync("docker02", "exec", "calico-node", "sh", "-c",
                "kill -CONT $(pidof calico-felix); kill $(pidof calico-felix)");
        }),
        new("proxy-arp-off", "the host that asks has no default route and the container's memory of its gateway is flushed", async s =>
        {
            await s.OnAsync("docker01", "ip", "route", "del", "default");
            await s.InAsync("docker01", "web", "ip", "neigh", "flush", "all");
            return () => s.OnAsync("docker01", "ip", "route", "add", "default", "via", "192.168.122.1");
        }),
        new("wrong-default-route", "the container's default route is deleted", async s =>
        {
            await s.InAsync("docker02", "far", "ip", "route", "del", "default");
            return () => s.InAsync("docker02", "far", "ip", "route", "add", "default", "via", "169.254.1.1", "dev", "cali0");
        }),
        new("container-down", "the container is stopped", async s =>
        {
            await s.DockerAsync("docker02", "stop", "-t", "0", "far");
            await s.StateAsync("docker02", "far", "exited");
            return async () => await s.DockerAsync("docker02", "start", "far");
        }),
        new("container-down", "the container is paused: its kernel answers a ping all the same", async s =>
        {
            await s.DockerAsync("docker02", "pause", "far");
            await s.StateAsync("docker02", "far", "paused");
            return async () => await s.DockerAsync("docker02", "unpause", "far");
        }) { Outcome = "works" },
        new("no-profile", "the endpoint's profiles are taken away", async s =>
        {
            var (key, value) = await s.EndpointAsync("docker02", "far");
            var endpoint = JsonNode.Parse(value)!;
            endpoint["profile_ids"] = new JsonArray();
            await s.SetAsync(key, endpoint.ToJsonString());
            await s.LostAsync("docker01", "web", DoctorStage.Far);
            return () => s.SetAsync(key, value);
        }),
        new("profile-denies", "the networks' own profiles keep strangers out", _ => Task.FromResult<Func<Task>>(() => Task.CompletedTask))
        {
            From = "docker02/other", To = "docker02/far",
        },
        new("policy-denies", "a policy denies ping into the endpoint", async s =>
        {
            await s.SetAsync("/calico/v1/policy/tier/default/policy/no-ping",
                """{"order":1,"inbound_rules":[{"action":"deny","protocol":"icmp"},{"action":"allow"}],"outbound_rules":[{"action":"allow"}],"selector":"all()","types":["ingress"]}""");
            await s.LostAsync("docker01", "web", DoctorStage.Far);
            return () => s.RemoveAsync("/calico/v1/policy/tier/default/policy/no-ping");
        }),
        new("inside-container", "a firewall in the container drops what comes in", async s =>
        {
            await s.InAsync("docker02", "far", "iptables-legacy", "-I", "INPUT", "-j", "DROP");
            return () => s.InAsync("docker02", "far", "iptables-legacy", "-F", "INPUT");
        }),
        new("host-firewall", "a rule above Felix's drops what is forwarded", async s =>
        {
            await s.OnAsync("docker02", "iptables-legacy", "-I", "FORWARD", "-p", "icmp", "-d", DoctorStage.Far, "-j", "DROP");
            return () => s.OnAsync("docker02", "iptables-legacy", "-D", "FORWARD", "-p", "icmp", "-d", DoctorStage.Far, "-j", "DROP");
        }),
        new("ip-forward", "forwarding is switched off on the uplink", async s =>
        {
            await s.KernelAsync("docker02", "ipv4/conf/eth0/forwarding", "0");
            return () => s.KernelAsync("docker02", "ipv4/conf/eth0/forwarding", "1");
        }),
        new("bird-down", "the other host was deployed with the backend none", async s =>
        {
            await s.Lab.DeployNodeOnAsync("docker02", "NO_DEFAULT_POOLS=true", "CALICO_NETWORKING_BACKEND=none");
            await s.OnAsync("docker01", "ip", "route", "flush", "proto", "bird");
            await s.OnAsync("docker02", "ip", "route", "flush", "proto", "bird");
            await s.LostAsync("docker01", "web", DoctorStage.Far);
            return async () => await s.Lab.DeployNodeOnAsync("docker02", "NO_DEFAULT_POOLS=true");
        }),
        new("bgp-down", "port 179 is filtered until the session is given up", async s =>
        {
            string[] rule = ["INPUT", "-p", "tcp", "-m", "multiport", "--ports", "179", "-j", "DROP"];
            await s.OnAsync("docker02", ["iptables-legacy", "-I", .. rule]);
            await s.NotEstablishedAsync("docker01");
            return () => s.OnAsync("docker02", ["iptables-legacy", "-D", .. rule]);
        }),
        new("no-peers", "the mesh is switched off and nobody has a peer", async s =>
        {
            await s.SetAsync("/calico/bgp/v1/global/node_mesh", """{"enabled":false}""");
            await s.LostAsync("docker01", "web", DoctorStage.Far);
            return () => s.SetAsync("/calico/bgp/v1/global/node_mesh", """{"enabled":true}""");
        }),
        new("node-ip-changed", "the node's stored address is none of the host's", async s =>
        {
            await s.SetAsync("/calico/bgp/v1/host/docker02/ip_addr_v4", "192.168.122.99");
            await s.LostAsync("docker01", "web", DoctorStage.Far);
            return () => s.SetAsync("/calico/bgp/v1/host/docker02/ip_addr_v4", "192.168.122.46");
        }),
        new("duplicate-node", "both nodes have one address in etcd", async s =>
        {
            await s.SetAsync("/calico/bgp/v1/host/docker02/ip_addr_v4", "192.168.122.45");
            await s.LostAsync("docker01", "web", DoctorStage.Far);
            return () => s.SetAsync("/calico/bgp/v1/host/docker02/ip_addr_v4", "192.168.122.46");
        }),
        new("no-pool", "the pool is deleted in etcd: BIRD goes on announcing whole blocks", async s =>
        {
            var key = "/calico/v1/ipam/v4/pool/192.0.2.0-24";
            var value = (await s.Lab.Etcdctl("get", key)).Demand().Output.Trim();
            await s.RemoveAsync(key);
            await s.Api.UntilAsync("ippools", p => p.GetProperty("items").GetArrayLength() == 1);
            return () => s.SetAsync(key, value);
        }) { Outcome = "works" },
        new("ipip-blocked", "the other host's network drops the packets before they are routed", async s =>
        {
            string[] rule = ["PREROUTING", "-i", "eth0", "-s", DoctorStage.Web, "-j", "DROP"];
            await s.OnAsync("docker02", ["iptables-legacy", "-t", "raw", "-I", .. rule]);
            return () => s.OnAsync("docker02", ["iptables-legacy", "-t", "raw", "-D", .. rule]);
        }),
        new("no-nat-outgoing", "an outside address without a way back, from a pool without NAT", _ => Task.FromResult<Func<Task>>(() => Task.CompletedTask))
        {
            To = "192.168.122.1",
        },
        new("mtu", "the uplink of the other host takes no packets of 1,500 bytes", async s =>
        {
            await s.OnAsync("docker02", "iptables-legacy", "-t", "raw", "-I", "PREROUTING", "-i", "eth0", "-m", "length", "--length", "1401:65535", "-j",
                "DROP");
            return () => s.OnAsync("docker02", "iptables-legacy", "-t", "raw", "-F", "PREROUTING");
        }) { Outcome = "works" },
    ];
}
