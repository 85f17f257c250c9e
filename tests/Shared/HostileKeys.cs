using System.Globalization;
using System.Text;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Tests;

/// <summary>Keys and values of every kind that no well-meaning program would write. The seed is fixed.</summary>
internal static class HostileKeys
{
    // Names as they stand in keys: etcd takes any of these between two slashes.
    private static readonly string[] Names =
    [
        "50%", "p%2Fq", "p%2fq", "p%252Fq", "%", "%%", "%41", "a%25", "~", "~7e", "a~25b", "esc\u001b[31mred", "two\nlines", "cr\rtab\t", "bell\u0007",
            "\u202Egnp.exe", "zero\u200bwidth", "\u2066iso", "\u2028sep",
        "ünïcode", "日本", "😀", "<script>alert(1)</script>", "\"quoted\"", "it's", "a b", "a+b", "a?b=c", "a#b", "a&b", "a;b", "back\\slash", "{{x}}", "@(1+1)",
            "$(reboot)", "`x`", "con", "-rf", "=1+1", ".hidden", "...",
        "null", "true", "0", "1e9", "0x10", "metadata", "endpoint", "workload", "disabled x", "x", "global", "%2e%2e", "..%2f..%2fetc", "%00", "%0a", "a=b",
            "{name}", "[x]", "a|b", "a^b", "\u0301combining", "\uFEFFbom", "\uFFFD", "\uFFFF",
        "a-name-of-more-than-sixty-letters-that-no-label-and-no-interface-could-ever-have-as-it-is", new string('n', 300), new string('ö', 200),
            new string('L', 5000), "</title></textarea><img src=x onerror=alert(1)>",
    ];

    // Values by what they are not.
    private static readonly string[] Values =
    [
        "", " ", "null", "true", "0", "[]", "{}", "\"text\"", "{", "[", "{\"a\":", "not JSON", "{\"a\":1}garbage", "[[[[[]]]]]", "\u001b[2J", "\u202E{}",
            "{\"\\ud800\":1}", "{\"a\":\"\\ud800\"}", "1e999",
    ];

    private static readonly string[] Fields =
    [
        "null", "[null]", "[]", "{}", "\"\"", "1", "-1", "1e400", "true", "[[]]", "[{}]", "{\"\":\"\"}", "[\"a\",\"a\"]", "[\"a\",null,\"a\"]",
            "\"\\u001b[31m\"", "\"\\u202E\"", "\"\\n\"", "[\"10.0.0.0/33\"]", "[\"10.1.2.3/32\",\"10.1.2.3/32\"]",
        "[\"::ffff:10.0.0.1/128\"]", "{\"a\":null}", "{\"a\":{\"b\":{}}}", "99999999999999999999", "\"999\"", "[{\"action\":\"allow\",\"src_nets\":[null]}]",
            "[{\"action\":\"DENY\",\"icmp_type\":300}]", "[{\"src_selector\":\"((\"}]", "[null]",
    ];

    private static readonly (string Prefix, string[] Members)[] Kinds =
    [
        ("/calico/v1/policy/profile/{0}/tags", []),
        ("/calico/v1/policy/profile/{0}/labels", []),
        ("/calico/v1/policy/profile/{0}/rules", ["inbound_rules", "outbound_rules"]),
        ("/calico/v1/policy/tier/default/policy/{0}", ["order", "selector", "types", "inbound_rules", "outbound_rules", "untracked", "pre_dnat"]),
        ("/calico/v1/policy/tier/{0}/policy/p", ["order", "selector"]),
        ("/calico/v1/host/{0}/metadata", []),
        ("/calico/v1/host/{0}/bird_ip", []),
        ("/calico/v1/host/{0}/orchestrator_refs", []),
        ("/calico/v1/host/{0}/config/InterfacePrefix", []),
        ("/calico/v1/host/h1/config/{0}", []),
        ("/calico/v1/config/{0}", []),
        ("/calico/v1/host/h1/endpoint/{0}", ["name", "expected_ipv4_addrs", "expected_ipv6_addrs", "profile_ids", "labels"]),
        ("/calico/v1/host/h1/workload/{0}/w/endpoint/e", ["state", "name", "mac", "profile_ids", "ipv4_nets", "ipv6_nets", "labels", "ipv4_nat",
            "ipv4_gateway"]),
        ("/calico/v1/host/h1/workload/k8s/{0}/endpoint/e", ["state", "name", "mac", "profile_ids", "ipv4_nets", "ipv6_nets", "labels", "ipv4_nat",
            "ipv4_gateway"]),
        ("/calico/v1/host/h1/workload/openstack/w/endpoint/{0}", ["state", "name", "mac", "profile_ids", "ipv4_nets", "fqdn", "ipv4_subnet_ids"]),
        ("/calico/v1/ipam/v4/pool/{0}", ["cidr", "ipip", "ipip_mode", "masquerade", "disabled"]),
        ("/calico/bgp/v1/global/{0}", []),
        ("/calico/bgp/v1/host/{0}/ip_addr_v4", []),
        ("/calico/bgp/v1/host/{0}/as_num", []),
        ("/calico/bgp/v1/host/h1/peer_v4/{0}", ["ip", "as_num"]),
        ("/calico/ipam/v2/handle/{0}", ["block"]),
        ("/calico/ipam/v2/host/{0}/ipv4/block/10.0.0.0-26", []),
        ("/calico/felix/v1/host/{0}/status", ["time", "uptime"]),
        ("/calico/v1/host/h1/endpoint/{0}", ["name", "profile_ids", "expected_ipv4_addrs"]),
        ("/calico/v1/host/h1/workload/{0}", []),
        ("/calico/v1/host/h1/workload/libnetwork/libnetwork/endpoint/{0}", ["state", "name", "mac", "profile_ids", "ipv4_nets", "active_instance_id"]),
        ("/calico/v1/policy/tier/{0}/metadata", ["order"]),
        ("/calico/v1/policy/tier/other/policy/{0}", ["order", "selector", "types", "inbound_rules", "outbound_rules"]),
        ("/calico/v1/policy/profile/{0}/other", []),
        ("/calico/v1/ipam/v6/pool/{0}", ["cidr", "ipip"]),
        ("/calico/v1/{0}", []),
        ("/calico/bgp/v1/host/{0}/peer_v6/fd00::1", ["ip", "as_num"]),
        ("/calico/bgp/v1/host/h1/{0}", []),
        ("/calico/bgp/v1/global/custom_filters/v4/{0}", []),
        ("/calico/ipam/v2/assignment/ipv4/block/{0}", ["cidr", "affinity", "allocations", "unallocated", "attributes", "strictAffinity"]),
        ("/calico/ipam/v2/host/h1/ipv6/block/{0}", []),
        ("/calico/ipam/v2/{0}", []),
        ("/calico/felix/v1/host/{0}/last_reported_status", ["time", "uptime"]),
        ("/calico/felix/v1/host/h1/workload/k8s/{0}/endpoint/e", ["status"]),
        ("/calico/felix/v1/host/h1/endpoint/{0}", ["status"]),
        ("/calico/openstack/v1/{0}", []),
        ("/calico/dhcp/v1/subnet/{0}", ["network_id", "cidr", "dns_servers"]),
        ("/calico/{0}", []),
        ("/calico/unheard/of/{0}", []),
    ];

    // Several keys of one identity, and values that say they are others.
    private static readonly (string Key, string Value)[] Twins =
    [
        ("/calico/v1/ipam/v4/pool/10.90.0.0-26", "{\"cidr\":\"10.90.0.0/26\"}"), ("/calico/v1/ipam/v4/pool/10.91.0.0-26", "{\"cidr\":\"10.90.0.0/26\"}"),
            ("/calico/v1/ipam/v4/pool/10.90.0.9-26", "{\"cidr\":\"10.90.0.0/26\"}"),
        ("/calico/v1/ipam/v6/pool/fd00::-64", "{\"cidr\":\"fd00::/64\"}"), ("/calico/v1/ipam/v6/pool/FD00::-64", "{\"cidr\":\"fd00::/64\"}"),
        ("/calico/bgp/v1/global/peer_v6/fd00::1", "{\"ip\":\"fd00::1\",\"as_num\":\"1\"}"),
            ("/calico/bgp/v1/global/peer_v6/fd00:0::1", "{\"ip\":\"fd00::1\",\"as_num\":\"2\"}"),
            ("/calico/bgp/v1/global/peer_v6/FD00::1", "{\"ip\":\"fd00::2\",\"as_num\":\"3\"}"),
        ("/calico/ipam/v2/assignment/ipv4/block/10.90.0.0-26", "{\"cidr\":\"10.90.0.64/26\",\"allocations\":[],\"unallocated\":[],\"attributes\":[]}"),
        ("/calico/v1/policy/profile/twin%/tags", "[\"t\",\"t\",\"\"]"), ("/calico/v1/policy/profile/twin%25/tags", "[\"t\",\"t\"]"),
            ("/calico/v1/policy/profile/twin%25/rules", "{\"inbound_rules\":[{\"action\":\"allow\"},{\"action\":\"allow\"}]}"),
        ("/calico/v1/host/h1/workload/k8s/ns%2Fa/endpoint/e", Endpoint), ("/calico/v1/host/h1/workload/k8s/ns%252Fa/endpoint/e", Endpoint),
            ("/calico/v1/host/h2/workload/k8s/ns%2fa/endpoint/e", Endpoint),
        ("/calico/v1/Ready", "no"),
        // Directories where keys are looked for, and keys where directories are.
        ("/calico/v1/policy/profile/dir/tags/x", "[]"), ("/calico/v1/policy/profile/dir/rules/x/y", "{}"), ("/calico/v1/policy/profile/flat", "{}"),
            ("/calico/v1/policy/tier/default/policy/dir/x", "{}"), ("/calico/v1/policy/tier/flat", "{}"),
        ("/calico/v1/host/dir/metadata/x", "{}"), ("/calico/v1/host/flat", "{}"), ("/calico/v1/host/flat2/workload", "{}"),
            ("/calico/v1/host/flat3/endpoint", "{}"), ("/calico/v1/host/flat4/config", "{}"), ("/calico/v1/host/dir/endpoint/eth0/x", "{}"),
        ("/calico/v1/host/dir/workload/k8s/w/endpoint/e/x", "{}"), ("/calico/v1/host/dir/workload/k8s/w/endpoint2/e", "{}"),
            ("/calico/v1/ipam/v4/pool/10.0.0.0-8/x", "{}"), ("/calico/v1/config/dir/x", "1"), ("/calico/bgp/v1/global/as_num/x", "1"),
        ("/calico/bgp/v1/host/flat", "1"), ("/calico/bgp/v1/host/dir/ip_addr_v4/x", "1"), ("/calico/bgp/v1/global/peer_v4/10.0.0.1/x", "{}"),
            ("/calico/bgp/v1/host/flat2/peer_v4", "{}"), ("/calico/ipam/v2/host/flat", "{}"), ("/calico/ipam/v2/handle/dir/x", "{}"),
        ("/calico/ipam/v2/assignment/ipv4/block/10.9.0.0-26/x", "{}"), ("/calico/ipam/v2/assignment/ipv6", "x"), ("/calico/ipam/v2/config/x", "{}"),
            ("/calico/felix/v1/host/flat", "{}"), ("/calico/felix/v1/host/dir/status/x", "{}"), ("/calico/openstack", "x"),
        ("/calico/ipam/v2/host/h1/ipv4/block/10.90.0.0-26/x", ""), ("/calico/v1/Ready2", "true"), ("/calico/docker/network/v1.0/network/n", "{}"),
            ("/calico/v1/policy/tier/default/policy/order-text", "{\"order\":\"first\",\"selector\":\"all()\"}"),
        ("/calico/v1/policy/tier/default/policy/order-huge", "{\"order\":1e308,\"selector\":\"all()\"}"),
            ("/calico/v1/policy/tier/default/policy/order-least", "{\"order\":-1.7976931348623157e308,\"selector\":\"all()\"}"),
        ("/calico/bgp/v1/global/as_num", "99999999999"), ("/calico/bgp/v1/global/node_mesh", "{\"enabled\":\"perhaps\"}"),
            ("/calico/bgp/v1/global/loglevel", "\u001b[31m"), ("/calico/v1/config/FailsafeInboundHostPorts", "tcp:99999,%,,"),
        ("/calico/v1/config/InterfacePrefix", "<script>"), ("/calico/v1/config/LogSeverityScreen", "\u202ELOUD"),
            ("/calico/v1/config/ChainInsertMode", "sideways"), ("/calico/v1/host/h1/config/DefaultEndpointToHostAction", "{}"),
    ];

    /// <summary>Keys that are no text, as a URL writes them: several of them look alike wherever bytes are read as UTF-8.</summary>
    public static IReadOnlyList<string> Bytes { get; } =
    [
        "/calico/v1/policy/profile/%FF/tags", "/calico/v1/policy/profile/%FE/tags", "/calico/v1/policy/tier/default/policy/%C3%28",
            "/calico/v1/policy/tier/default/policy/%C3%29", "/calico/v1/host/%80/metadata", "/calico/v1/host/%81/metadata",
        "/calico/v1/host/h1/workload/k8s/%ED%A0%80/endpoint/e", "/calico/v1/ipam/v4/pool/%FF", "/calico/v1/config/%FF", "/calico/unheard/%F8%88%80%80%80",
            "/calico/felix/v1/host/%FF/status", "/calico/ipam/v2/handle/%FF",
    ];

    private const string Endpoint = "{\"state\":\"active\",\"name\":\"cali1\",\"profile_ids\":[\"twin%\",\"twin%\",\"none\"],"
        + "\"ipv4_nets\":[\"10.90.0.1/32\",\"10.90.0.1/32\"],\"ipv6_nets\":[],\"labels\":{\"\":\"\",\"a\":\"\\u001b\"}}";

    /// <summary>So many keys, all different.</summary>
    public static IReadOnlyDictionary<string, byte[]> Make(int count)
    {
        var random = new Random(20261129);
        var keys = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (key, value) in Twins)
        {
            keys[key] = Encoding.UTF8.GetBytes(value);
        }

        while (keys.Count < count)
        {
            var (prefix, members) = Kinds[random.Next(Kinds.Length)];
            var name = Names[random.Next(Names.Length)] + (random.Next(3) == 0 ? "" : Names[random.Next(Names.Length)])
                + (random.Next(2) == 0 ? "" : random.Next(999).ToString(CultureInfo.InvariantCulture));
            name = name is "." or ".." ? "dots" : name.Length is > 900 and < 5000 ? name[..900] : name;
            var key = prefix.Replace("{0}", random.Next(4) == 0 ? V1Keys.EscapeName(name + "/" + name[..Math.Min(4, name.Length)]) : name,
                StringComparison.Ordinal);
            if (!key.Contains('\0', StringComparison.Ordinal))
            {
                keys[key] = Value(random, members);
            }
        }

        return keys;
    }

    private static byte[] Value(Random random, string[] members)
    {
        if (members.Length == 0 || random.Next(4) == 0)
        {
            return random.Next(40) switch
            {
                0 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("[", 3000))),
                1 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 400)) + "1" + new string('}', 400)),
                2 => [0xff, 0xfe, 0x7b, 0x7d],
                3 => Encoding.UTF8.GetBytes(new string('v', 20000)),
                < 22 => Encoding.UTF8.GetBytes(Fields[random.Next(Fields.Length)]),
                _ => Encoding.UTF8.GetBytes(Values[random.Next(Values.Length)]),
            };
        }

        // Now and then the same member twice.
        var some = members.Concat(members).OrderBy(_ => random.Next()).Take(random.Next(1, members.Length + 2));
        return Encoding.UTF8.GetBytes($"{{{string.Join(',', some.Select(m => $"\"{m}\":{Fitting(random, m)}"))}}}");
    }

    // Mostly what makes a resource, so that it is shown and not only refused.
    private static string Fitting(Random random, string member) => random.Next(3) == 0 ? Fields[random.Next(Fields.Length)] : member switch
    {
        "order" => "100",
        "selector" => "\"has(a) && b == 'c'\"",
        "types" => "[\"ingress\"]",
        "inbound_rules" or "outbound_rules" => "[{\"action\":\"allow\",\"protocol\":\"tcp\",\"dst_ports\":[80],\"src_tag\":\"t\"}]",
        "untracked" or "pre_dnat" or "masquerade" or "disabled" => "false",
        "profile_ids" => "[\"50%\",\"50%\",\"p%2Fq\"]",
        "ipv4_nets" => $"[\"10.90.{random.Next(3)}.{random.Next(250)}/32\"]",
        "ipv6_nets" => "[\"fd00::5/128\"]",
        "labels" => "{\"a\":\"b\",\"\\u202E\":\"\\n\"}",
        "expected_ipv4_addrs" => "[\"10.90.0.7\"]",
        "cidr" => "\"10.90.0.0/26\"",
        "affinity" => "\"host:h1\"",
        "allocations" => "[0,null,99,-1]",
        "unallocated" => "[1,1,64]",
        "attributes" => "[{\"handle_id\":\"h\",\"secondary\":null}]",
        "time" => "\"2026-11-29T00:00:00Z\"",
        "uptime" => "1e300",
        "as_num" => "\"64512\"",
        "ip" => "\"10.90.0.8\"",
        "name" => "\"cali\\u001b\"",
        "state" => "\"active\"",
        "mac" => "\"aa:bb:cc:dd:ee:ff\"",
        _ => "\"x\"",
    };
}
