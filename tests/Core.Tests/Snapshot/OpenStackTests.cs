using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Operations;

namespace CalicoConsole.Core.Tests.Snapshot;

public sealed class OpenStackTests
{
    private const string Vm =
        """{"state": "active", "name": "tap1", "mac": "fa:16:3e:00:00:01", "profile_ids": ["openstack-sg-web"]"""
        + """, "ipv4_nets": ["172.31.0.7/32"], "ipv6_nets": [], "ipv4_subnet_ids": ["s1"], "ipv6_subnet_ids": []"""
        + """, "fqdn": "web-1", "ipv4_nat": [{"int_ip": "172.31.0.7", "ext_ip": "203.0.113.7"}]}""";
    private const string Container =
        """{"state":"active","name":"cali1","active_instance_id":"","mac":null,"profile_ids":["my_net"],"ipv4_nets":["192.0.2.2/32"],"ipv6_nets":[]}""";
    private const string VmKey = "/calico/v1/host/compute01/workload/openstack/i1/endpoint/p1";
    private const string ContainerKey = "/calico/v1/host/docker01/workload/libnetwork/libnetwork/endpoint/e1";
    private const string Pool = """{"cidr":"192.0.2.0/24","ipip":"","ipip_mode":"","masquerade":true,"ipam":true,"disabled":false}""";
    private static readonly (string, string)[] Group =
    [
        ("/calico/v1/policy/profile/openstack-sg-web/tags", """["web"]"""),
        ("/calico/v1/policy/profile/openstack-sg-web/rules", """{"inbound_rules": [], "outbound_rules": []}"""),
    ];

    [Fact]
    public void View_HoldsWhatTheDriverWrote()
    {
        const string Subnet =
            """{"cidr": "172.31.0.0/24", "gateway_ip": "172.31.0.1", "network_id": "n", "dns_servers": ["192.0.2.53"], "host_routes": [{}]}""";
        var view = OpenStackView.From(Listings.State(
        [
            .. Group,
            (VmKey, Vm),
            (ContainerKey, Container),
            ("/calico/openstack/v1/neutron_election", "n1"),
            ("/calico/dhcp/v1/subnet/s1", Subnet),
            ("/calico/dhcp/v1/subnet/s2", "{}"),
        ]));

        Assert.True(view is { IsPresent: true, DriverLives: true, Endpoints: 1 });
        Assert.Equal("compute01 openstack-sg-web", string.Join(' ', view.ComputeHosts.Concat(view.SecurityGroups)));
        var subnet = Assert.Single(view.Subnets);
        Assert.Equal(("s1", "172.31.0.0/24", "172.31.0.1", 1), (subnet.Id, subnet.Cidr.ToString(), subnet.Gateway.ToString(), subnet.HostRoutes));
        Assert.Equal(("/calico/dhcp/v1/subnet/s2", "'cidr' is missing"), Assert.Single(view.UnreadableSubnets));
        Assert.False(OpenStackView.From(Listings.State((ContainerKey, Container))).IsPresent);
    }

    [Fact]
    public void Vm_IsReadFromMembersThatCalicoctlDoesNotKnow()
    {
        var state = Listings.State((VmKey, Vm), (ContainerKey, Container));

        var vm = OpenStackVm.From(state.WorkloadEndpoints[VmKey].Value)!;

        Assert.Equal(
            ("i1", "p1", "web-1", "s1", "203.0.113.7"),
            (vm.Instance, vm.Port, vm.Fqdn, vm.Subnets.Single(), vm.FloatingIPs.Single().External.ToString()));
        Assert.Null(OpenStackVm.From(state.WorkloadEndpoints[ContainerKey].Value));
    }

    [Theory]
    [InlineData("", "interface-prefix True compute01")]
    [InlineData("/calico/v1/config/InterfacePrefix=tap", "interface-prefix True docker01")]
    [InlineData("/calico/v1/config/InterfacePrefix=cali,tap", "")]
    [InlineData("/calico/v1/config/InterfacePrefix=tap;/calico/v1/host/docker01/config/InterfacePrefix=cali", "")]
    [InlineData("/calico/v1/config/InterfacePrefix=cali,tap;/calico/v1/config/ReportingIntervalSecs=0", "reporting False ")]
    [InlineData("/calico/v1/config/InterfacePrefix=cali,tap;/calico/v1/config/ReportingIntervalSecs=30", "")]
    [InlineData("/calico/v1/config/InterfacePrefix=cali,tap;/calico/v1/ipam/v4/pool/192.0.2.0-24=nat", "masquerade False ")]
    [InlineData("/calico/v1/config/InterfacePrefix=cali,tap;/calico/v1/ipam/v4/pool/192.0.2.0-24=nat;/calico/v1/ipam/v4/pool/172.31.0.0-16=off", "")]
    [InlineData("/calico/v1/config/InterfacePrefix=cali,tap;/calico/v1/ipam/v4/pool/192.0.2.0-24=nat;/calico/dhcp/v1/subnet/s1=sub", "masquerade False ")]
    public void Traps_AreThoseOfTheReference(string keys, string found)
    {
        var given = keys.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(k => k.Split('=', 2) is var parts ? (parts[0], parts[1] switch
        {
            "nat" => Pool,
            "off" => """{"cidr":"172.31.0.0/16","masquerade":false,"disabled":true}""",
            "sub" => """{"cidr": "172.31.0.0/24", "network_id": "n"}""",
            var text => text,
        }) : default);

        var traps = OpenStackTraps.AllIn(Listings.State([(VmKey, Vm), (ContainerKey, Container), .. given]));

        Assert.Equal(found, string.Join(';', traps.Select(t => $"{t.Code} {t.Broken} {t.Node}")));
    }

    [Fact]
    public void Traps_WithoutOpenStack_AreNone() => Assert.Empty(OpenStackTraps.AllIn(Listings.State(
        (ContainerKey, Container),
        ("/calico/v1/config/InterfacePrefix", "tap"),
        ("/calico/v1/config/ReportingIntervalSecs", "0"))));

    [Fact]
    public void SecurityGroup_ChangeOfRulesOrTags_IsRefusedUntilConfirmed()
    {
        var snapshot = new ClusterSnapshot { Calico = Listings.State(Group) };
        var group = snapshot.Calico.Profiles["openstack-sg-web"].Value with { Tags = ["web", "mine"] };
        var id = new ResourceId(KindNames.Profile, group.Name);
        var made = group with { Name = "openstack-sg-new" };
        Operation[] refused =
        [
            new WriteResource(WriteVerb.Replace, group),
            new WriteResource(WriteVerb.Create, made),
            new WriteResource(WriteVerb.Apply, group),
            new DeleteResource(id),
        ];
        Operation[] confirmed =
        [
            new WriteResource(WriteVerb.Replace, group) { EvenIfRewritten = true },
            new WriteResource(WriteVerb.Create, made) { EvenIfRewritten = true },
            new WriteResource(WriteVerb.Apply, group) { EvenIfRewritten = true },
            new DeleteResource(id) { EvenIfRewritten = true },
        ];

        Assert.All(refused, o => Assert.Equal("evenIfRewritten", Assert.Single(Plan(o).Errors).Field));
        Assert.All(refused, o => Assert.Contains("every 60 seconds", Plan(o).Errors[0].Reason, StringComparison.Ordinal));
        Assert.All(confirmed, o => Assert.Empty(Plan(o).Errors));
        Assert.All(confirmed, o => Assert.Contains(Plan(o).Warnings, w => w.Contains("lasts until then", StringComparison.Ordinal)));

        Plan Plan(Operation operation) => new OperationPlanner().Plan(operation, snapshot).Plan;
    }

    [Fact]
    public void SecurityGroup_ChangeOfLabelsAlone_IsTheirsAndLasts()
    {
        var snapshot = new ClusterSnapshot { Calico = Listings.State(Group) };
        var group = snapshot.Calico.Profiles["openstack-sg-web"].Value;

        var plan = new OperationPlanner().Plan(new WriteResource(WriteVerb.Replace, group with { Labels = group.Labels.Add("role", "web") }), snapshot).Plan;

        Assert.Empty(plan.Errors);
        Assert.Equal("/calico/v1/policy/profile/openstack-sg-web/labels", Assert.Single(plan.Changes).Object);
    }

    [Fact]
    public void Rules_StoredWithoutAction_DoNotStandAgainstAnotherChange()
    {
        const string rules = """{"inbound_rules": [{"protocol": "tcp", "dst_ports": [22]}], "outbound_rules": []}""";
        var snapshot = new ClusterSnapshot
        {
            Calico = Listings.State(("/calico/v1/policy/profile/hand/tags", "[]"), ("/calico/v1/policy/profile/hand/rules", rules)),
        };
        var stored = snapshot.Calico.Profiles["hand"].Value;

        var plan = new OperationPlanner().Plan(new WriteResource(WriteVerb.Replace, stored with { Tags = ["a"] }), snapshot).Plan;

        Assert.Empty(plan.Errors);
        Assert.DoesNotContain(plan.Changes, c => c.Object.EndsWith("/rules", StringComparison.Ordinal));
        var added = stored with { Ingress = stored.Ingress.Add(new Rule { Action = "", Protocol = new("udp", 0) }) };
        Assert.Equal("spec.ingress[1].action", new OperationPlanner().Plan(new WriteResource(WriteVerb.Replace, added), snapshot).Refusal().Field);
    }
}
