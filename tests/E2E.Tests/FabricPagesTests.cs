using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

public sealed class FabricPagesTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>, IAsyncLifetime
{
    private const string Policies = "/calico/v1/policy/tier/default/policy";
    private const string Vm = "/endpoints/compute02/openstack/7c9a5c1e-3c55-4a58-9f3f-5c1d8a1d6d11/9f0d5f1c-211a-4b1f-8d1d-a5f3b8c5e0b1";

    private static readonly (string Name, string Path)[] Pages =
    [
        ("policies", "/policies"), ("policy", "/policies/allow-web"), ("policy-slash", "/policies/team/deny-guests"), ("policy-refused", "/policies/broken"),
            ("policy-raw", "/policies/raw"),
        ("policy-endpoints", "/policies/allow-web?tab=endpoints"), ("policy-yaml", "/policies/allow-web?tab=yaml"),
            ("policy-history", "/policies/allow-web?tab=history"), ("policy-missing", "/policies/none"),
        ("create-policy", "/do/create-policy"), ("edit-policy", "/do/edit-policy?name=allow-web"), ("delete-policy", "/do/delete-policy?name=allow-web"),
        ("bgp", "/bgp"), ("bgp-peers", "/bgp?tab=peers"), ("bgp-nodes", "/bgp?tab=nodes"), ("bgp-peer", "/bgp/peers/global/192.168.122.1"),
            ("bgp-peer-node", "/bgp/peers/node/docker01/192.168.122.46"),
        ("create-bgp-peer", "/do/create-bgp-peer"), ("edit-bgp-peer", "/do/edit-bgp-peer?peer=192.168.122.1"),
            ("delete-bgp-peer", "/do/delete-bgp-peer?peer=192.168.122.46&node=docker01"),
        ("hostendpoints", "/hostendpoints"), ("hostendpoint", "/hostendpoints/docker01/eth0"), ("hostendpoint-refused", "/hostendpoints/docker02/eth1"),
            ("create-host-endpoint", "/do/create-host-endpoint"),
        ("edit-host-endpoint", "/do/edit-host-endpoint?node=docker01&name=eth0"), ("delete-host-endpoint", "/do/delete-host-endpoint?node=docker01&name=eth0"),
        ("configuration", "/configuration"), ("parameter", "/configuration/felix/InterfacePrefix"),
            ("parameter-nodes", "/configuration/felix/IptablesMarkMask?tab=nodes"), ("parameter-unreadable", "/configuration/felix/LogSeverityScreen"),
        ("parameter-unknown", "/configuration/felix/MyOwnThing"), ("parameter-calicoctl", "/configuration/calicoctl/logLevel"),
            ("parameter-bgp", "/configuration/bgp/as_num"), ("parameter-missing", "/configuration/calicoctl/nothing"),
        ("set-config", "/do/set-config?kind=felix&name=InterfacePrefix"), ("set-config-mesh", "/do/set-config?kind=calicoctl&name=nodeToNodeMesh"),
            ("unset-config", "/do/unset-config?kind=felix&name=InterfacePrefix"),
        ("node-configuration", "/nodes/docker02?tab=configuration"), ("node-bgp", "/nodes/docker01?tab=bgp"), ("edit-node", "/do/edit-node?name=docker01"),
            ("delete-node", "/do/delete-node?name=compute02"),
        ("endpoints-selector", "/endpoints?selector=has(my_net)"), ("endpoints-selector-wrong", "/endpoints?selector=role%20%3D%3D%20"), ("endpoint-vm", Vm),
        ("openstack", "/openstack"), ("profile-openstack", "/profiles/openstack-sg-web"), ("edit-profile-openstack", "/do/edit-profile?name=openstack-sg-web"),
            ("delete-profile-openstack", "/do/delete-profile?name=openstack-sg-web"),
        ("nodes-openstack", "/nodes"), ("overview-openstack", "/"),
    ];

    private readonly List<string> _foreign = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await SeededCluster.FillAsync(fixture.Etcd, Cancel);
        await SeededFabric.FillAsync(fixture.Etcd, Cancel);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task Pages_HaveNoSeriousFindingsAndDoNotScrollSideways(int width)
    {
        var page = await fixture.NewPageAsync(_foreign, width);
        await fixture.SignInAsync(page);
        var findings = new List<string>();
        foreach (var (name, path) in Pages)
        {
            await page.GotoAsync(path);
            await page.Locator("main[data-ready]").WaitForAsync();
            await Expect(page.GetByText("feeds live")).ToBeVisibleAsync();
            await Expect(page.Locator("#blazor-error-ui")).ToBeHiddenAsync();
            try
            {
                await PageCheck.CheckInBothColoursAsync(page, name, tab: width == 1440);
            }
            catch (Xunit.Sdk.TrueException e)
            {
                findings.Add(e.Message);
            }
        }

        Assert.True(findings.Count == 0, string.Join('\n', findings));
        Assert.DoesNotContain(_foreign, f => !f.Contains("404", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Policy_CreatedEditedAndDeleted_IsWhatCalicoctlWrites()
    {
        var page = await fixture.NewPageAsync(_foreign);
        await fixture.SignInAsync(page, "/policies");
        await page.GetByRole(AriaRole.Link, new() { Name = "Create policy", Exact = true }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("e2e/web");
        await page.GetByLabel("Order", new() { Exact = true }).FillAsync("50");
        var selector = page.GetByLabel("Selector", new() { Exact = true });
        await selector.FillAsync("has(my_net");
        await selector.BlurAsync();
        await Expect(page.Locator(".selector-mark[data-position]")).ToBeVisibleAsync();
        await selector.FillAsync("has(my_net)");
        await Expect(page.Locator("[data-matches]")).ToContainTextAsync("2 workload endpoints");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add ingress rule" }).ClickAsync();
        await page.GetByLabel("Endpoints tagged").First.FillAsync("my_net");
        await page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        var plan = page.GetByRole(AriaRole.Region, new() { Name = "What will happen" });
        await Expect(plan.GetByText($"{Policies}/e2e%2fweb").First).ToBeVisibleAsync();
        await Expect(plan.GetByText("It governs 2 workload endpoints")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create policy" }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        Assert.Equal(
            """{"order":50,"inbound_rules":[{"action":"allow","protocol":"tcp","src_tag":"my_net"}],"selector":"has(my_net)","types":["ingress"]}""",
            await fixture.GetAsync($"{Policies}/e2e%252fweb", Cancel));

        await page.GetByRole(AriaRole.Link, new() { Name = "Policy e2e/web" }).ClickAsync();
        await Expect(page.Locator("[data-rule]").First).ToContainTextAsync("Allow TCP from endpoints tagged my_net");
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit policy" }).ClickAsync();
        await page.GetByLabel("Order", new() { Exact = true }).FillAsync("");
        await Expect(page.GetByText("of 5", new() { Exact = false }).First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save policy" }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        Assert.DoesNotContain("order", await fixture.GetAsync($"{Policies}/e2e%252fweb", Cancel), StringComparison.Ordinal);

        await page.GotoAsync("/policies/e2e/web?tab=history");
        await Expect(page.Locator("tr[data-audit]")).ToHaveCountAsync(2);
        await page.GotoAsync("/do/delete-policy?name=e2e/web");
        await page.GetByLabel("Type e2e/web to confirm").FillAsync("e2e/web");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete policy", Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        await page.GotoAsync("/policies");
        await Expect(page.Locator("tr[data-policy]")).ToHaveCountAsync(4);
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Policies_StandInTheOrderOfEvaluationWithWhatFelixRefuses()
    {
        var page = await fixture.NewPageAsync(_foreign);
        await fixture.SignInAsync(page, "/policies");
        await Expect(page.Locator("tr[data-policy]")).ToHaveCountAsync(4);
        Assert.Equal(["raw", "team/deny-guests", "allow-web", "broken"], await page.Locator("tr[data-policy] td.name").AllInnerTextsAsync());
        await Expect(page.Locator("tr[data-policy=broken]")).ToContainTextAsync("refused by Felix");
        await page.Locator("tr[data-policy=allow-web]").GetByRole(AriaRole.Link, new() { Name = "2 endpoints" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"/endpoints\?selector=has(\(|%28)my_net(\)|%29)"));
        await Expect(page.Locator("tr[data-endpoint]")).ToHaveCountAsync(2);
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Policy_ChangedElsewhere_IsShownAndNotOverwritten()
    {
        var page = await fixture.NewPageAsync(_foreign);
        await fixture.PutAsync($"{Policies}/shared", """{"order":7,"selector":"has(a)","types":["ingress"]}""", Cancel);
        await fixture.SignInAsync(page, "/do/edit-policy?name=shared");
        await page.GetByLabel("Order", new() { Exact = true }).FillAsync("8");
        await fixture.PutAsync($"{Policies}/shared", """{"order":7,"selector":"has(b)","types":["ingress"]}""", Cancel);
        await Expect(page.Locator("[data-conflict=changed]")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply mine on top" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save policy" }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        Assert.Equal("""{"order":8,"selector":"has(b)","types":["ingress"]}""", await fixture.GetAsync($"{Policies}/shared", Cancel));
        await page.GotoAsync("/do/delete-policy?name=shared");
        await page.GetByLabel("Type shared to confirm").FillAsync("shared");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete policy", Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task BgpPeer_CreatedEditedAndDeleted()
    {
        var page = await fixture.NewPageAsync(_foreign);
        await fixture.SignInAsync(page, "/bgp?tab=peers");
        await page.GetByRole(AriaRole.Link, new() { Name = "Create BGP peer" }).First.ClickAsync();
        await page.GetByLabel("Who peers with it").SelectOptionAsync("docker02");
        await page.GetByLabel("Address of the peer").FillAsync("fd00::1");
        await page.GetByLabel("AS number of the peer").FillAsync("1.10");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create BGP peer" }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        const string key = "/calico/bgp/v1/host/docker02/peer_v6/fd00::1";
        Assert.Equal("""{"ip":"fd00::1","as_num":"65546"}""", await fixture.GetAsync(key, Cancel));
        await page.GetByRole(AriaRole.Link, new() { Name = "BGP peer fd00::1" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit BGP peer" }).ClickAsync();
        await page.GetByLabel("AS number of the peer").FillAsync("64600");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save BGP peer" }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        Assert.Equal("""{"ip":"fd00::1","as_num":"64600"}""", await fixture.GetAsync(key, Cancel));
        await page.GotoAsync("/do/delete-bgp-peer?peer=fd00::1&node=docker02");
        await page.GetByLabel("Type fd00::1 to confirm").FillAsync("fd00::1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete BGP peer" }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        await page.GotoAsync("/bgp?tab=peers");
        await Expect(page.Locator("tr[data-peer]")).ToHaveCountAsync(2);
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Configuration_SetForANodeAndForAll_SaysWhatRestartsAndWhatRefusesToStart()
    {
        var page = await fixture.NewPageAsync(_foreign);
        await fixture.SignInAsync(page, "/configuration/felix/FailsafeInboundHostPorts?tab=nodes");
        await page.Locator("tr[data-node=docker01]").GetByRole(AriaRole.Link, new() { Name = "Set", Exact = true }).ClickAsync();
        var value = page.GetByLabel("Value", new() { Exact = true });
        await value.FillAsync("tcp:22,sctp:1");
        var plan = page.GetByRole(AriaRole.Region, new() { Name = "What will happen" });
        await Expect(plan.GetByText("Felix on docker01 will refuse to start")).ToBeVisibleAsync();
        await value.FillAsync("tcp:22,udp:68,tcp:179");
        await Expect(plan.GetByText("Felix on docker01 restarts")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Set parameter" }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        Assert.Equal("tcp:22,udp:68,tcp:179", await fixture.GetAsync("/calico/v1/host/docker01/config/FailsafeInboundHostPorts", Cancel));
        await page.GotoAsync("/configuration/felix/FailsafeInboundHostPorts?tab=nodes");
        await Expect(page.Locator("tr[data-node=docker01]")).ToContainTextAsync("the node's own key");
        await page.Locator("tr[data-node=docker01]").GetByRole(AriaRole.Link, new() { Name = "Unset" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Unset value" }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();

        await page.GotoAsync("/do/set-config?kind=calicoctl&name=nodeToNodeMesh");
        await page.GetByLabel("Value", new() { Exact = true }).SelectOptionAsync("off");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set value" }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        Assert.Equal("""{"enabled":false}""", await fixture.GetAsync("/calico/bgp/v1/global/node_mesh", Cancel));
        await page.GotoAsync("/bgp");
        await Expect(page.Locator("[data-setting=nodeToNodeMesh]")).ToHaveTextAsync("off");
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Endpoints_BySelector_AreThoseItMatchesAndErrorsHaveTheirPlace()
    {
        var page = await fixture.NewPageAsync(_foreign);
        await fixture.SignInAsync(page, "/endpoints");
        await Expect(page.Locator("tr[data-endpoint]")).ToHaveCountAsync(4);
        var selector = page.GetByLabel("Selector", new() { Exact = true });
        await selector.FillAsync("team == 'blue'");
        await selector.PressAsync("Enter");
        await Expect(page.Locator("tr[data-endpoint]")).ToHaveCountAsync(2);
        await Expect(page).ToHaveURLAsync(new Regex("selector=team"));
        await selector.FillAsync("team = 'blue'");
        await selector.PressAsync("Enter");
        await Expect(page.Locator(".selector-mark")).ToContainTextAsync("at character 6");
        await page.GotoAsync($"/endpoints/docker01/libnetwork/libnetwork/{SeededCluster.Endpoint}");
        await Expect(page.Locator("tr[data-label=team]")).ToContainTextAsync("label of profile my_net");
        await Expect(page.Locator("tr[data-label=my_net]")).ToContainTextAsync("tag of profile my_net");
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task OpenStack_GroupsAreReadOnlyAndTrapsAreSaid()
    {
        var page = await fixture.NewPageAsync(_foreign);
        await fixture.SignInAsync(page, "/");
        await Expect(page.Locator("[data-problem='openstack.reporting ReportingIntervalSecs']")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-problem^='openstack.masquerade']")).ToBeVisibleAsync();
        await page.GotoAsync(Vm);
        await Expect(page.GetByText("web-1.example.org")).ToBeVisibleAsync();
        await Expect(page.GetByText("203.0.113.7")).ToBeVisibleAsync();
        await page.GotoAsync("/do/edit-profile?name=openstack-sg-web");
        await page.GetByLabel("Tags", new() { Exact = true }).FillAsync("web, mine");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save profile" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "What will happen" })).ToContainTextAsync("rewrites");
        Assert.Equal("""["web"]""", await fixture.GetAsync("/calico/v1/policy/profile/openstack-sg-web/tags", Cancel));
        await page.GetByLabel("Change it although the driver rewrites it").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save profile" }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        Assert.Empty(_foreign);
    }
}
