using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Snapshot;

/// <summary>Who uses a tag: by name, by selector, and who carries it.</summary>
public sealed class TagUseTests
{
    private static readonly CalicoState State = CalicoStateUpdate.FromListing(
    [
        Key(V1Keys.ProfileTags("web"), """["web","front"]"""),
        Key(V1Keys.ProfileRules("web"), """{"inbound_rules":[{"action":"allow","src_tag":"db"},{"action":"allow"}],"outbound_rules":[{"action":"deny","!dst_tag":"web"}]}"""),
        Key(V1Keys.ProfileTags("db"), "[]"),
        Key(V1Keys.ProfileRules("db"), """{"inbound_rules":[{"action":"allow","src_selector":"has(webmail)"},{"action":"allow","src_selector":"!has(web)"}],"outbound_rules":[]}"""),
        Key(V1Keys.Policy("gate"), """{"selector":"has(web)","order":1,"inbound_rules":[{"action":"allow","!src_selector":"web == ''"}],"outbound_rules":[]}"""),
        Key(V1Keys.Policy("other"), """{"selector":"has(webmail)","order":1,"inbound_rules":[],"outbound_rules":[]}"""),
        Endpoint("one", "web"), Endpoint("two", "db"), Endpoint("three", "db\",\"web"),
        Key("/calico/v1/host/docker01/endpoint/eth0", """{"name":"eth0","profile_ids":["web"]}"""),
        Key("/calico/v1/host/docker01/endpoint/eth1", """{"name":"eth1","profile_ids":["db"]}"""),
    ], 9);

    [Fact]
    public void Rules_NameItAsTagOrInASelector_AndNotAnotherThatBeginsLikeIt() =>
        Assert.Equal(
            [
                (KindNames.Profile, "db", false, true, 1), (KindNames.Profile, "web", false, false, 0), (KindNames.Policy, "gate", true, true, 0),
            ],
            TagUse.Rules(State, "web").Select(r => (r.Kind, r.Owner, r.InPolicy, r.Ingress, r.Index)));

    [Fact]
    public void Policies_AreThoseWhoseSelectorNamesIt()
    {
        Assert.Equal(["gate"], TagUse.Policies(State, "web"));
        Assert.Empty(TagUse.Policies(State, "front"));
    }

    [Theory]
    [InlineData("web", "one three", "eth0")]
    [InlineData("front", "one three", "eth0")]
    [InlineData("db", "", "")]
    [InlineData("", "", "")]
    public void Carriers_HaveItByOneOfTheirProfiles(string tag, string workloads, string hosts)
    {
        Assert.Equal(workloads, string.Join(' ', TagUse.Workloads(State, tag).Select(e => e.Id.Name).Order(StringComparer.Ordinal)));
        Assert.Equal(hosts, string.Join(' ', TagUse.Hosts(State, tag).Select(e => e.Name)));
    }

    [Fact]
    public void Nothing_IsNamedByNoText()
    {
        Assert.Empty(TagUse.Rules(State, ""));
        Assert.Empty(TagUse.Policies(State, ""));
    }

    private static StoredKey Endpoint(string name, string profiles) => Key(
        V1Keys.WorkloadEndpoint(new WorkloadEndpointId("docker01", "libnetwork", "libnetwork", name)),
        $$"""{"state":"active","name":"cali{{name}}","profile_ids":["{{profiles}}"],"ipv4_nets":[],"ipv6_nets":[]}""");

    private static StoredKey Key(string key, string value) => new(key, Encoding.UTF8.GetBytes(value), 1);
}
