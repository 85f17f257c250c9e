using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Operations.Networks;

public sealed class VmJoinTests
{
    private const string Web = "openstack-sg-11111111-aaaa";
    private const string Closed = "openstack-sg-22222222-bbbb";
    private static readonly OperationPlanner Planner = new();

    [Fact]
    public void FromVms_AddsARuleThatNamesTheGroupsTag_First()
    {
        var join = VmJoin.From(new JoinVms("net1", Web, ToVms: false, FromVms: true) { Protocol = "tcp", Ports = [new(5432, 5432)] }, Cluster());

        var rule = join.After!.Ingress[0];
        Assert.Equal(
            ("allow", "11111111-aaaa", "tcp", "5432"),
            (rule.Action, rule.Source.Tag, rule.Protocol.ToString(), string.Join(',', rule.Destination.Ports)));
        Assert.Equal(2, join.After.Ingress.Length);
    }

    [Fact]
    public void ToVms_TakesTheTagThatTheGroupLetsIn()
    {
        var join = VmJoin.From(new JoinVms("net1", Web, ToVms: true, FromVms: false) { Protocol = "tcp", Ports = [new(8080, 8080)] }, Cluster());

        Assert.Equal(["net1", "peers"], join.After!.Tags);
        Assert.Empty(join.Neutron);
    }

    [Theory]
    [InlineData(Web, "tcp", 9999)]
    [InlineData(Closed, "tcp", 8080)]
    public void ToVms_NothingThatLasts_IsRefusedWithNeutronsCommand(string group, string protocol, int port)
    {
        var join = VmJoin.From(new JoinVms("net1", group, ToVms: true, FromVms: false) { Protocol = protocol, Ports = [new(port, port)] }, Cluster());

        Assert.Null(join.After);
        Assert.Contains(
            $"openstack security group rule create --ingress --protocol {protocol} --dst-port {port}",
            Assert.Single(join.Errors).Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Undo_TakesBackExactlyWhatJoiningMade()
    {
        var before = Cluster();
        var operation = new JoinVms("net1", Web, ToVms: true, FromVms: true) { Protocol = "tcp", Ports = [new(8080, 8080)] };
        var joined = VmJoin.From(operation, before).After!;

        var undone = VmJoin.From(operation with { Undo = true }, With(before, joined)).After!;

        var own = before.Calico.Profiles["net1"].Value;
        Assert.Equal(own.Tags, undone.Tags);
        Assert.Equal(own.Ingress.Select(RuleCodec.KnownText), undone.Ingress.Select(RuleCodec.KnownText));
        Assert.Equal(own.Egress.Select(RuleCodec.KnownText), undone.Egress.Select(RuleCodec.KnownText));
    }

    [Fact]
    public void Joined_Again_ChangesNothing()
    {
        var operation = new JoinVms("net1", Web, ToVms: true, FromVms: true) { Protocol = "tcp", Ports = [new(8080, 8080)] };
        var joined = With(Cluster(), VmJoin.From(operation, Cluster()).After!);

        var planned = Planner.Plan(operation, joined);

        Assert.Empty(planned.Plan.Errors);
        Assert.Empty(planned.Writes);
    }

    [Theory]
    [InlineData(false, "Nothing to change: the profile already says so.")]
    [InlineData(true, "Nothing of this join is left.")]
    public void Plan_OfWhatChangesNothing_SaysSo(bool undo, string sentence)
    {
        var operation = new JoinVms("net1", Web, ToVms: true, FromVms: true) { Protocol = "tcp", Ports = [new(8080, 8080)] };
        var snapshot = undo ? Cluster() : With(Cluster(), VmJoin.From(operation, Cluster()).After!);

        Assert.Equal([sentence], Planner.Plan(operation with { Undo = undo }, snapshot).Plan.Consequences);
    }

    [Fact]
    public void Plan_OfWhatIsNotPossible_IsRefusedForThatReasonAlone()
    {
        var operation = new JoinVms("net1", Closed, ToVms: true, FromVms: false) { Protocol = "tcp", Ports = [new(8080, 8080)] };
        var join = VmJoin.From(operation, Cluster());

        var plan = Planner.Plan(operation, Cluster()).Plan;

        Assert.Equal(join.Errors, plan.Errors);
        Assert.Equal(join.Warnings, plan.Warnings);
        Assert.Empty(plan.Consequences);
    }

    [Fact]
    public void Plan_WritesTheNetworksProfileAlone()
    {
        var planned = Planner.Plan(new JoinVms("net1", Web, ToVms: true, FromVms: true) { Protocol = "tcp", Ports = [new(8080, 8080)] }, Cluster());

        Assert.Empty(planned.Plan.Errors);
        Assert.All(planned.Writes, w => Assert.StartsWith("/calico/v1/policy/profile/net1/", w.Key, StringComparison.Ordinal));
        Assert.Contains(planned.Plan.Consequences, c => c.Contains("Nothing of OpenStack's is touched", StringComparison.Ordinal));
        Assert.Equal(
            VmJoin.From(new JoinVms("net1", Web, ToVms: true, FromVms: true) { Protocol = "tcp", Ports = [new(8080, 8080)] }, Cluster()).Warnings,
            planned.Plan.Warnings);
    }

    [Theory]
    [InlineData("", Web, "tcp", "", "network")]
    [InlineData("nosuch", Web, "tcp", "", "network")]
    [InlineData("net1", "net1", "tcp", "", "securityGroup")]
    [InlineData("net1", Web, "gre", "", "protocol")]
    [InlineData("net1", Web, "icmp", "80", "ports")]
    [InlineData("net1", Web, null, "80", "ports")]
    public void NotValid_NamesTheField(string network, string group, string? protocol, string ports, string field)
    {
        var join = new JoinVms(network, group, true, true) { Protocol = protocol, Ports = PortList.Read(ports)!.Value };
        Assert.Equal(field, Assert.Single(VmJoin.From(join, Cluster()).Errors).Field);
    }

    [Theory]
    [InlineData("80, 8000:8080", "80,8000:8080")]
    [InlineData("", "")]
    [InlineData("80:70", null)]
    [InlineData("65536", null)]
    [InlineData("x", null)]
    public void Ports_AreRead(string text, string? read) => Assert.Equal(read, PortList.Read(text) is { } ports ? string.Join(',', ports) : null);

    private static ClusterSnapshot Cluster() => new()
    {
        Calico = CalicoStateUpdate.FromListing(
        [
            Key(V1Keys.ProfileTags("net1"), """["net1"]""", 1),
            Key(V1Keys.ProfileRules("net1"), """{"inbound_rules":[{"action":"allow","src_tag":"net1"}],"outbound_rules":[{"action":"allow"}]}""", 2),
            Key(V1Keys.ProfileTags(Web), """["11111111-aaaa"]""", 3),
            Key(
                V1Keys.ProfileRules(Web),
                """{"inbound_rules": [{"ip_version": 4, "protocol": "tcp", "src_tag": "peers", "dst_ports": [8080]}]"""
                    + """, "outbound_rules": [{"ip_version": 4, "dst_net": "0.0.0.0/0"}]}""",
                4),
            Key(V1Keys.ProfileTags(Closed), """["22222222-bbbb"]""", 5),
            Key(V1Keys.ProfileRules(Closed), """{"inbound_rules": [], "outbound_rules": []}""", 6),
        ], 100),
        Feeds = [Listings.EtcdIsLive],
    };

    private static ClusterSnapshot With(ClusterSnapshot snapshot, Profile profile)
    {
        var profiles = snapshot.Calico.Profiles;
        profiles = profiles.SetItem(profile.Name, profiles[profile.Name] with { Value = profile });
        return snapshot with { Calico = snapshot.Calico with { Profiles = profiles } };
    }

    private static StoredKey Key(string key, string value, ulong revision) => new(key, Encoding.UTF8.GetBytes(value), revision);
}
