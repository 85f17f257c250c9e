using System.Collections.Immutable;
using System.Text;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Snapshot;

/// <summary>Every key of Calico's tree is seen: by a resource that has it, as unreadable, or as another key with what becomes of it.</summary>
public sealed class OtherKeysTests
{
    [Theory]
    [InlineData("/calico/v1/policy/tier/strict/policy/a%2fb", "{\"selector\":\"all()\"}", OtherKeyFate.Enforced)]
    [InlineData("/calico/v1/policy/tier/strict/policy/bad", "{", OtherKeyFate.Ignored)]
    [InlineData("/calico/v1/policy/tier/default/metadata", "{\"order\":1}", OtherKeyFate.Ignored)]
    [InlineData("/calico/v1/policy/profile/web/notes", "x", OtherKeyFate.Ignored)]
    [InlineData("/calico/v1/config/a/b", "x", OtherKeyFate.Read)]
    [InlineData("/calico/v1/host/n1/config/a/b", "x", OtherKeyFate.Read)]
    [InlineData("/calico/v1/host/n1/left/over", "x", OtherKeyFate.Ignored)]
    [InlineData("/calico/v1/ipam/v5/pool/10.0.0.0-8", "{}", OtherKeyFate.Enforced)]
    [InlineData("/calico/v1/something", "x", OtherKeyFate.Ignored)]
    [InlineData("/calico/bgp/v1/global/custom_filters/v4/mine", "accept;", OtherKeyFate.Read)]
    [InlineData("/calico/bgp/v1/host/gone/ip_addr_v4", "10.0.0.9", OtherKeyFate.Read)]
    [InlineData("/calico/felix/v1/host/gone/status", "{}", OtherKeyFate.Ignored)]
    [InlineData("/calico/felix/v1/host/gone/last_reported_status", "not JSON", OtherKeyFate.Ignored)]
    [InlineData("/calico/felix/v1/host/n1/workload/k8s/w/endpoint/e", "{}", OtherKeyFate.Ignored)]
    [InlineData("/calico/felix/v1/host/n1/endpoint/eth0", "{}", OtherKeyFate.Ignored)]
    [InlineData("/calico/felix/v1/host/n1", "{}", OtherKeyFate.Ignored)]
    [InlineData("/calico/ipam/v1/assignment/x", "x", OtherKeyFate.Ignored)]
    [InlineData("/calico/tool/x", "x", OtherKeyFate.Ignored)]
    public void KeyThatNoResourceHas_IsListedWithItsFate(string key, string value, OtherKeyFate fate)
    {
        var other = Assert.Single(OtherKeys.AllIn(CalicoStateUpdate.FromListing([Stored(key, value)], 1)));
        Assert.Equal((key, fate), (other.Stored.Key, other.Fate));
        Assert.EndsWith(".", other.What, StringComparison.Ordinal);
    }

    [Fact]
    public void KeysOfResources_AreNotListed()
    {
        ImmutableArray<StoredKey> keys =
        [
            Stored("/calico/v1/Ready", "true"),
            Stored("/calico/v1/config/LogSeverityScreen", "info"),
            Stored("/calico/v1/host/n1/metadata", "{}"),
            Stored("/calico/bgp/v1/host/n1/ip_addr_v4", "10.0.0.1"),
            Stored("/calico/v1/policy/profile/web/tags", "[]"),
            Stored("/calico/v1/policy/tier/default/policy/p", "{}"),
            Stored("/calico/v1/policy/tier/default/policy/bad", "{"),
            Stored("/calico/v1/ipam/v4/pool/10.0.0.0-16", "{\"cidr\":\"10.0.0.0/16\"}"),
            Stored("/calico/v1/host/n1/endpoint/eth0", "{}"),
        ];
        Assert.Empty(OtherKeys.AllIn(CalicoStateUpdate.FromListing(keys, 9)));
    }

    [Fact]
    public void FelixReports_AreRead_WhileWhatTheyAreOnIsThere()
    {
        const string Endpoint = "{\"state\":\"active\",\"name\":\"cali1\",\"mac\":\"aa:bb:cc:dd:ee:ff\",\"ipv4_nets\":[\"10.0.0.1/32\"],\"ipv6_nets\":[]}";
        ImmutableArray<StoredKey> things =
        [
            Stored("/calico/v1/host/n1/metadata", "{}"),
            Stored("/calico/v1/host/n1/endpoint/eth0", "{}"),
            Stored("/calico/v1/host/n1/workload/k8s/ns%2fa/endpoint/e", Endpoint),
        ];
        ImmutableArray<StoredKey> reports =
        [
            Stored("/calico/felix/v1/host/n1/endpoint/eth0", "{}"),
            Stored("/calico/felix/v1/host/n1/last_reported_status", "{}"),
            Stored("/calico/felix/v1/host/n1/status", "{}"),
            Stored("/calico/felix/v1/host/n1/workload/k8s/ns%2fa/endpoint/e", "{}"),
        ];
        var others = OtherKeys.AllIn(CalicoStateUpdate.FromListing([.. things, .. reports], 1));
        Assert.Equal(reports.Select(r => r.Key), others.Select(o => o.Stored.Key));
        Assert.All(others, o => Assert.Equal(OtherKeyFate.Read, o.Fate));
    }

    [Fact]
    public void Changes_AreFollowed()
    {
        var state = CalicoStateUpdate.FromListing([Stored("/calico/v1/host/n1/left", "1")], 1);
        Assert.Contains("n1", state.Nodes.Keys);
        var (changed, _) = CalicoStateUpdate.Apply(
            state,
            new DatastoreUpdate.Change("/calico/v1/host/n1/left", Stored("/calico/v1/host/n1/left", "2"), false, 2));
        Assert.Equal("2", Assert.Single(OtherKeys.AllIn(changed)).Stored.Text);
        var (gone, _) = CalicoStateUpdate.Apply(changed, new DatastoreUpdate.Change("/calico/v1/host/n1", null, true, 3));
        Assert.Empty(OtherKeys.AllIn(gone));
        Assert.Empty(gone.Nodes);
    }

    private static StoredKey Stored(string key, string value) => new(key, Encoding.UTF8.GetBytes(value), 1);
}
