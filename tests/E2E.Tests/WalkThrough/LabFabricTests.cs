using CalicoConsole.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests.WalkThrough;

/// <summary>
/// BGP and configuration by clicking on the lab: the bytes that <c>calicoctl config</c> writes, and BIRD, the kernel's routes and packets that follow.
/// </summary>
[Collection(LabBrowsing.Name)]
public sealed class LabFabricTests(LabBrowserFixture fixture) : LabJourney(fixture)
{
    private const string As = "64515";
    private const string FirstAddress = "192.168.122.45";
    private const string SecondAddress = "192.168.122.46";
    private const string Peer = $"/calico/bgp/v1/global/peer_v4/{LabRouter.Address}";

    [Fact]
    public async Task Bgp_AsNumberMeshAndPeer_AreFollowedByBirdAndByPackets()
    {
        await StageAsync();
        await using var router = new LabRouter(Lab, As);
        var page = await OpenAsync();
        await SessionAsync(page, First, SecondAddress, "docker02", "node-to-node mesh", "Established", "Established");
        await LookAsync(page, "bgp-sessions");

        await SetAsync(page, "AS number", async value => await value.FillAsync(As));
        await AssertGoldenAsync("calicoctl/067-config-as");
        await BirdAsync(First, "Mesh_192_168_122_46", "Neighbor AS:      64515", "BGP state:          Established");
        await SessionAsync(page, Second, FirstAddress, "docker01", "node-to-node mesh", "Established", "Established");

        // Without mesh and peers the hosts forget the way to each other's containers, and the page says so.
        await SetAsync(page, "Node-to-node mesh", async value => await value.SelectOptionAsync("off"));
        await AssertGoldenAsync("calicoctl/066-config-mesh-off");
        await RouteAsync(there: false);
        await Lab.RefusedAsync(First, "here", "192.0.2.2");
        await page.GetByRole(AriaRole.Link, new() { Name = "BGP", Exact = true }).First.ClickAsync();
        await Expect(page.GetByText("No node peers with anybody")).ToBeVisibleAsync();
        await OpenSessionsAsync(page, First);
        await Expect(page.GetByText("BIRD runs and has no peers.")).ToBeVisibleAsync();

        // A router that everybody peers with brings them back.
        await new Visitor(page).GoAsync("BGP");
        await page.GetByRole(AriaRole.Link, new() { Name = "Create BGP peer" }).First.ClickAsync();
        await page.GetByLabel("Address of the peer").FillAsync(LabRouter.Address);
        await page.GetByLabel("AS number of the peer").FillAsync(As);
        await new Visitor(page).SubmitAsync("Create BGP peer", "peer");
        await AssertGoldenAsync("calicoctl/045-create-bgppeer-global", ("192.20.30.40", LabRouter.Address), ("64567", As));
        await SessionAsync(page, First, LabRouter.Address, "no node of this cluster", "global", "Established");
        await SessionAsync(page, Second, LabRouter.Address, "no node of this cluster", "global", "Established");
        await RouteAsync(there: true);
        await Lab.PingsAsync(First, "here", "192.0.2.2");
        await GoAsync(page, "/bgp");
        await Expect(page.GetByText("To peers that are not nodes of this cluster")).ToBeVisibleAsync();
        await LookAsync(page, "bgp-router");

        // And the mesh again.
        await SetAsync(page, "Node-to-node mesh", async value => await value.SelectOptionAsync("on"));
        Assert.Equal("""{"enabled":true}""", await KeyAsync("/calico/bgp/v1/global/node_mesh"));
        await GoAsync(page, "/bgp?tab=peers");
        await page.GetByRole(AriaRole.Link, new() { Name = LabRouter.Address, Exact = true }).ClickAsync();
        await LookAsync(page, "bgp-peer");
        await MoreAsync(page, "Delete BGP peer");
        await page.GetByLabel($"Type {LabRouter.Address} to confirm").FillAsync(LabRouter.Address);
        await new Visitor(page).SubmitAsync("Delete BGP peer", "peer-gone");
        Assert.False(await HasAsync(Peer));
        await SessionAsync(page, First, SecondAddress, "docker02", "node-to-node mesh", "Established", "Established");
        await Expect(page.Locator("main table tbody tr")).ToHaveCountAsync(1);
        await Lab.PingsAsync(First, "here", "192.0.2.2");
        Assert.Empty(Foreign);
    }

    [Fact]
    public async Task Configuration_LogLevelAndFelix_ForAllAndForOneNode_AreWhatCalicoctlWrites()
    {
        await StageAsync();
        var page = await OpenAsync();
        await Lab.PingsAsync(First, "here", FirstAddress);

        await SetAsync(page, "Log level", async value => await value.SelectOptionAsync("warning"));
        await AssertGoldenAsync("calicoctl/063-config-loglevel");
        await ConfigurationAsync(First, text => !text.Contains("debug", StringComparison.Ordinal));
        await GoAsync(page, "/configuration");
        await page.Locator("tr[data-setting=logLevel]").GetByRole(AriaRole.Link, new() { Name = "logLevel", Exact = true }).ClickAsync();
        await page.Locator("nav.tabs").GetByRole(AriaRole.Link, new() { NameRegex = new("^Nodes") }).ClickAsync();
        await Expect(page.Locator($"tr[data-node={First}]")).ToContainTextAsync("as all nodes");
        await LookAsync(page, "config-nodes");
        await page.Locator($"tr[data-node={First}]").GetByRole(AriaRole.Link, new() { Name = "Set", Exact = true }).ClickAsync();
        await page.GetByLabel("Value", new() { Exact = true }).SelectOptionAsync("debug");
        await new Visitor(page).SubmitAsync("Set value", "log-level");
        await AssertGoldenAsync("calicoctl/065-config-loglevel-none", ("node-min", First), ("none", "debug"));
        await ConfigurationAsync(First, text => text.Contains("debug all;", StringComparison.Ordinal));
        await ConfigurationAsync(Second, text => !text.Contains("debug", StringComparison.Ordinal));

        await GoAsync(page, "/configuration");
        await page.GetByRole(AriaRole.Link, new() { Name = "Set a parameter" }).ClickAsync();
        await page.GetByLabel("Parameter", new() { Exact = true }).FillAsync("IpInIpMtu");
        await page.GetByLabel("Value", new() { Exact = true }).FillAsync("1440");
        await new Visitor(page).SubmitAsync("Set parameter", "felix");
        await AssertGoldenAsync("calicoctl/073-config-raw-felix");

        // What a container may do to its own host: packets tell whether the node's own value counts.
        await ToHostAsync(page, "DROP");
        await LookAsync(page, "config-set");
        await LabCluster.UntilAsync(PingHostAsync, output => output.Contains("0 packets received", StringComparison.Ordinal));
        await ToHostAsync(page, "ACCEPT");
        await AssertGoldenAsync("calicoctl/074-config-raw-felix-node", ("node-full", First));
        await Lab.PingsAsync(First, "here", FirstAddress);

        // Unset: the node follows all nodes again.
        await GoAsync(page, "/configuration/calicoctl/logLevel?tab=nodes");
        await page.Locator($"tr[data-node={First}]").GetByRole(AriaRole.Link, new() { Name = "Unset", Exact = true }).ClickAsync();
        await new Visitor(page).SubmitAsync("Unset value", "unset");
        Assert.False(await HasAsync($"/calico/v1/host/{First}/config/LogSeverityScreen"));
        Assert.False(await HasAsync($"/calico/bgp/v1/host/{First}/loglevel"));
        await ConfigurationAsync(First, text => !text.Contains("debug", StringComparison.Ordinal));
        Assert.Empty(Foreign);
    }

    private async Task StageAsync()
    {
        await Lab.DeployAsync();
        await Lab.NetworkAsync(Network, Subnet);
        await Lab.ContainerAsync(First, "here", Network, "192.0.2.1");
        await Lab.ContainerAsync(Second, "there", Network, "192.0.2.2");
        await Lab.PingsAsync(First, "here", "192.0.2.2");
    }

    // One of the settings on the page of BGP.
    private static async Task SetAsync(IPage page, string setting, Func<ILocator, Task> give)
    {
        var visitor = new Visitor(page);
        await visitor.GoAsync("BGP");
        await page.GetByRole(AriaRole.Link, new() { Name = $"Change {setting}", Exact = true }).ClickAsync();
        await give(page.GetByLabel("Value", new() { Exact = true }));
        await visitor.SubmitAsync("Set value", setting);
    }

    private static async Task ToHostAsync(IPage page, string action)
    {
        var visitor = new Visitor(page);
        await visitor.GoAsync("Nodes");
        await page.Locator($"tr[data-node={First}]").GetByRole(AriaRole.Link).First.ClickAsync();
        await page.Locator("nav.tabs").GetByRole(AriaRole.Link, new() { NameRegex = new("^Configuration") }).ClickAsync();
        await page.Locator("main tr", new() { HasText = "DefaultEndpointToHostAction" }).GetByRole(AriaRole.Link, new() { Name = "Set", Exact = true })
            .ClickAsync();
        await page.GetByLabel("Value", new() { Exact = true }).SelectOptionAsync(action);
        await visitor.SubmitAsync("Set parameter", action);
    }

    private static async Task OpenSessionsAsync(IPage page, string host)
    {
        await new Visitor(page).GoAsync("Nodes");
        await page.Locator($"tr[data-node={host}]").GetByRole(AriaRole.Link).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "BGP sessions", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Read again" })).ToBeEnabledAsync();
    }

    // The page reads when it is asked; BIRD needs a moment for a session.
    private static async Task SessionAsync(IPage page, string host, string peer, params string[] cells)
    {
        await OpenSessionsAsync(page, host);
        var row = page.Locator($"tr[data-session='{peer}']");
        var again = page.GetByRole(AriaRole.Button, new() { Name = "Read again" });
        await LabCluster.UntilAsync(
            async () =>
            {
                if (await row.CountAsync() == 1 && await row.Locator("td").AllInnerTextsAsync() is var now && IsAsWanted(now, peer, cells))
                {
                    return "";
                }

                await again.ClickAsync();
                await Expect(again).ToBeEnabledAsync();
                return string.Join(" | ", await page.Locator("main tbody tr").AllInnerTextsAsync());
            },
            text => text.Length == 0);
    }

    // Peer, node, type, state here, since, state at the other end: of the last column only what is wanted.
    private static bool IsAsWanted(IReadOnlyList<string> now, string peer, string[] cells) =>
        now is [var p, var node, var type, var here, _, var far] && p == peer && node == cells[0] && type == cells[1]
            && here.Contains(cells[2], StringComparison.Ordinal)
        && (cells.Length < 4 || far.Contains(cells[3], StringComparison.Ordinal));

    private Task<string> BirdAsync(string host, string protocol, params string[] lines) => LabCluster.UntilAsync(
        async () => (await Lab.DockerOn(host, "exec", "calico-node", "birdcl", "-s", "/var/run/calico/bird.ctl", "show", "protocols", "all", protocol)).Output,
        output => lines.All(l => output.Contains(l, StringComparison.Ordinal)));

    private Task<string> ConfigurationAsync(string host, Func<string, bool> right) => LabCluster.UntilAsync(
        async () => (await Lab.DockerOn(host, "exec", "calico-node", "cat", "/etc/calico/confd/config/bird.cfg")).Demand().Output, right);

    private Task<string> RouteAsync(bool there) => LabCluster.UntilAsync(
        async () => (await Lab.RunOn(First, "ip", "route")).Demand().Output, routes =>
            routes.Contains($"192.0.2.2 via {SecondAddress}", StringComparison.Ordinal) == there);

    private async Task<string> PingHostAsync() => (await Lab.Docker("exec", "here", "ping", "-c", "1", "-W", "1", FirstAddress)).Output;
}
