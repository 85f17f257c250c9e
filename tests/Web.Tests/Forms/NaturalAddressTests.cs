using System.Reflection;
using System.Text;
using Bunit;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations.Policies;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Operations;
using CalicoConsole.Web.Kit;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Tests.Forms;

/// <summary>Every <c>/do/…</c> address by the natural key of what it is about, as somebody types it: with the CIDR's slash, with names and not ids.</summary>
public sealed class NaturalAddressTests : IAsyncDisposable
{
    private readonly FormStage _stage = new();

    public NaturalAddressTests() => _stage.State.Publish(World());

    /// <summary>Route, address, and what the page's heading or fields must show of it.</summary>
    public static TheoryData<string, string> Addresses { get; } = new()
    {
        { "do/edit-pool?cidr=10.20.0.0/16", "10.20.0.0/16" },
        { "do/edit-pool?cidr=10.20.0.0-16", "10.20.0.0/16" },
        { "do/edit-pool?cidr=10.20.3.4/16", "10.20.0.0/16" },
        { "do/edit-pool?cidr=FD00:0:0::/64", "fd00::/64" },
        { "do/delete-pool?cidr=10.20.0.0/16", "10.20.0.0/16" },
        { "do/create-pool", "Create IP pool" },
        { "do/create-network?host=docker01&pool=10.20.0.0/16", "10.20.0.0/16" },
        { "do/delete-network?host=docker01&name=my_net", "my_net" },
        { "do/delete-network?name=my_net", "my_net" },
        { "do/create-container?host=docker01&network=my_net", "my_net" },
        { "do/start-container?host=docker02&container=workload2", "workload2" },
        { "do/stop-container?host=docker01&container=workload1", "workload1" },
        { "do/restart-container?container=workload1", "workload1" },
        { "do/pause-container?container=workload1", "workload1" },
        { "do/unpause-container?container=workload1", "workload1" },
        { "do/remove-container?host=docker01&container=workload1", "workload1" },
        { "do/ping?host=docker01&container=workload1&target=192.0.2.3", "Ping from workload1" },
        { "do/ping?container=workload1", "Ping from workload1" },
        { "do/diagnose?from=docker01/workload1&to=192.0.2.3", "Diagnose a connection" },
        { "do/diagnose", "Diagnose a connection" },
        { "do/capture?from=docker01/workload1&to=192.0.2.3", "cali0 in workload1" },
        { "do/capture", "Capture packets" },
        { "do/load-helper?host=docker01", "docker01" },
        { "do/set-container-mac?host=docker01&container=workload1&interface=cali0&mac=ee:ee:ee:ee:ee:ee", "Set the MAC of workload1" },
        { "do/set-container-mac?container=workload1", "Set the MAC of workload1" },
        { "do/connect?host=docker01&container=workload1&target=192.0.2.3&port=80", "Connect by TCP from workload1" },
        { "do/edit-profile?name=team/db", "team/db" },
        { "do/delete-profile?name=team/db", "team/db" },
        { "do/create-profile", "Create profile" },
        { "do/attach-profile?network=my_net&profile=team/db", "my_net" },
        { "do/attach-profile?host=docker01&container=workload1", "workload1" },
        { "do/detach-profile?network=my_net&profile=my_net", "my_net" },
        { "do/swap-profile?network=my_net&profile=my_net&to=team/db", "team/db" },
        { "do/create-policy", "Create policy" },
        { "do/edit-policy?name=team/web", "team/web" },
        { "do/delete-policy?name=team/web", "team/web" },
        { "do/disable-policy?name=team/web", "team/web" },
        { "do/enable-policy?name=off", "off" },
        { "do/delete-disabled-policy?name=off", "off" },
        { "do/create-bgp-peer?node=docker01", "Create BGP peer" },
        { "do/edit-bgp-peer?peer=192.0.2.254", "192.0.2.254" },
        { "do/edit-bgp-peer?peer=192.0.2.253&node=docker01", "192.0.2.253" },
        { "do/delete-bgp-peer?peer=192.0.2.254", "192.0.2.254" },
        { $"do/delete-endpoint?node=docker01&orchestrator=libnetwork&workload=libnetwork&name={Cluster.EndpointId}", "Delete endpoint of workload1" },
        { "do/create-host-endpoint?node=docker01", "docker01" },
        { "do/edit-host-endpoint?node=docker01&name=uplink", "uplink" },
        { "do/delete-host-endpoint?node=docker01&name=uplink", "uplink" },
        { "do/edit-node?name=docker01", "docker01" },
        { "do/delete-node?name=docker01", "docker01" },
        { "do/deploy-calico-node?host=docker02", "docker02" },
        { "do/remove-calico-node?host=docker01", "docker01" },
        { "do/set-config?kind=felix&name=LogSeverityScreen", "LogSeverityScreen" },
        { "do/unset-config?kind=felix&name=LogSeverityScreen&node=docker01", "LogSeverityScreen of docker01" },
        { "do/set-ipam-config", "IPAM" },
        { "do/release-addresses?ip=10.20.0.7", "10.20.0.7" },
        { "do/release-affinity?node=docker01&block=10.20.0.0/26", "10.20.0.0/26" },
        { "do/rebuild-handle?handle=h1", "h1" },
        { "do/join-vms?network=my_net", "Join VMs" },
        { "do/create-assertion", "Create assertion" },
        { "do/edit-assertion?name=web reaches db", "web reaches db" },
        { "do/delete-assertion?name=web reaches db", "web reaches db" },
        { "do/discard-draft?name=later", "later" },
        { "do/release-endpoint?host=docker01&network=my_net&name=till", "Release endpoint till" },
        { "do/remove-key?key=/calico/v1/ipam/v4/pool/temp", "/calico/v1/ipam/v4/pool/temp" },
    };

    internal static IReadOnlyDictionary<string, Type> Routes { get; } = typeof(OperationForm).Assembly.GetTypes()
        .SelectMany(t => t.GetCustomAttributes<RouteAttribute>().Select(r => (Route: r.Template.TrimStart('/'), Page: t)))
        .Where(r => r.Route.StartsWith("do/", StringComparison.Ordinal)).ToDictionary(r => r.Route, r => r.Page, StringComparer.Ordinal);

    public async ValueTask DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public void EveryFormHasAnAddressHere() =>
        Assert.Equal(Routes.Keys.Order(StringComparer.Ordinal), Addresses.Select(a => a.Data.Item1.Split('?')[0]).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Addresses))]
    public void Form_IsAboutWhatItsAddressNames(string address, string shown)
    {
        var page = _stage.Open(Routes[address.Split('?')[0]], address);
        Assert.Empty(page.FindAll("[data-missing]"));
        var form = page.Find("form[data-operation-form]");
        Assert.Contains(shown, page.Find("h1").TextContent + form.OuterHtml, StringComparison.Ordinal);
    }

    internal static ClusterSnapshot World()
    {
        var snapshot = Cluster.Snapshot();
        var state = CalicoStateUpdate.FromListing(
            [
                Key("/calico/v1/Ready", "true"),
                Key(V1Keys.Host("docker01") + "/metadata", "{}"),
                Key("/calico/v1/ipam/v4/pool/10.20.0.0-16", """{"cidr":"10.20.0.0/16","ipip":"","ipip_mode":"","masquerade":true,"ipam":true,"disabled":false}"""),
                Key("/calico/v1/ipam/v4/pool/temp", "x"),
                Key("/calico/v1/ipam/v6/pool/fd00::-64", """{"cidr":"fd00::/64","ipip":"","ipip_mode":"","masquerade":false,"ipam":true,"disabled":false}"""),
                Key(V1Keys.ProfileTags("my_net"), """["my_net"]"""),
                Key(V1Keys.ProfileRules("my_net"), """{"inbound_rules":[],"outbound_rules":[]}"""),
                Key(V1Keys.ProfileTags("team/db"), """["db"]"""),
                Key(V1Keys.ProfileRules("team/db"), """{"inbound_rules":[],"outbound_rules":[]}"""),
                Key(V1Keys.Policy("team/web"), """{"selector":"has(a)","order":5,"inbound_rules":[],"outbound_rules":[],"types":["ingress"]}"""),
                Key("/calico/bgp/v1/global/peer_v4/192.0.2.254", """{"ip":"192.0.2.254","as_num":"64512"}"""),
                Key("/calico/bgp/v1/host/docker01/peer_v4/192.0.2.253", """{"ip":"192.0.2.253","as_num":"64512"}"""),
                Key("/calico/v1/host/docker01/endpoint/uplink", """{"name":"eth0"}"""),
                Key(V1Keys.WorkloadEndpoint(new("docker01", "libnetwork", "libnetwork", Cluster.EndpointId)), """{"state":"active","name":"cali1","profile_ids":["my_net"],"ipv4_nets":["10.20.0.7/32"],"ipv6_nets":[]}"""),
            ], 1);
        var host = snapshot.Hosts["docker01"];
        var any = host.Containers.Values.First();
        var node = any with { Id = new string('c', 64), Name = "calico-node", Networks = [] };
        return snapshot with
        {
            Calico = state,
            Hosts = snapshot.Hosts.SetItem("docker01", host with { Containers = host.Containers.Add(node.Id, node) }),
            Kept = snapshot.Kept.SetItems(
            [
                Kept(KeptKinds.Assertion, "web reaches db", Encoding.UTF8.GetBytes("""{"from":{"tag":"web"},"to":{"tag":"db"},"expect":"must","protocol":"tcp"}""")),
                Kept(KeptKinds.Draft, "later", Encoding.UTF8.GetBytes("{}")),
                Kept(KeptKinds.DisabledPolicy, "off", DisabledPolicy.Document("admin", DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes("""{"selector":"has(a)","inbound_rules":[],"outbound_rules":[],"types":["ingress"]}"""))),
            ]),
        };
    }

    private static StoredKey Key(string key, string value) => new(key, Encoding.UTF8.GetBytes(value), 1);

    private static KeyValuePair<string, KeptItem> Kept(string kind, string name, byte[] json) =>
        KeyValuePair.Create(KeptKeys.For(kind, name), new KeptItem(kind, name, new StoredKey(KeptKeys.For(kind, name), json, 1)));
}
