using CalicoConsole.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests.WalkThrough;

/// <summary>On the lab: an extra profile that outlives a container's restart, and an OpenStack group beside a Docker network, joined and separated.</summary>
[Collection(LabBrowsing.Name)]
public sealed class LabAttachmentTests(LabBrowserFixture fixture) : LabJourney(fixture)
{
    private const string Group = "openstack-sg-5b0d6a1e-3f7c-4f0e-9a55-1c7e2d9b4a10";
    private const string Vm = "10.65.0.3";
    private const string OfNetwork = $"/calico/v1/policy/profile/{Network}/";

    // As networking-calico writes them: blanks, members of its own, no labels.
    private static readonly (string Key, string Value)[] OpenStack =
    [
        ($"/calico/v1/policy/profile/{Group}/tags", """["5b0d6a1e-3f7c-4f0e-9a55-1c7e2d9b4a10"]"""),
        ($"/calico/v1/policy/profile/{Group}/rules", """{"inbound_rules": [{"ip_version": 4, "protocol": "tcp", "src_net": "0.0.0.0/0", "dst_ports": [22]}], "outbound_rules": [{"ip_version": 4, "dst_net": "0.0.0.0/0"}]}"""),
        ("/calico/v1/host/compute01/workload/openstack/7c9a5c1e-3c55-4a58-9f3f-5c1d8a1d6d11/endpoint/9f0d5f1c-211a-4b1f-8d1d-a5f3b8c5e0b1", $$"""{"state": "active", "name": "tap9f0d5f1c-21", "mac": "fa:16:3e:00:00:01", "profile_ids": ["{{Group}}"], "ipv4_nets": ["{{Vm}}/32"], "ipv6_nets": [], "ipv4_subnet_ids": ["5a1de7fb-6f5a-4bec-87a5-ad8bd8f0a8c1"], "ipv6_subnet_ids": [], "ipv4_gateway": "10.65.0.1", "fqdn": "vm-1.example.org"}"""),
        ("/calico/openstack/v1/neutron_election", "neutron01:4711"),
    ];

    [Fact]
    public async Task RememberedProfile_IsGivenAgainToTheRestartedContainer_AndDetached()
    {
        await Lab.DeployAsync();
        await Lab.NetworkAsync(Network, Subnet);
        await Lab.NetworkAsync("other", "198.51.100.0/24");
        await Lab.ContainerAsync(First, "server", Network, "192.0.2.1");
        await Lab.ContainerAsync(Second, "stranger", "other", "198.51.100.1");
        var page = await OpenAsync();
        var visitor = new Visitor(page);
        await visitor.PingAsync("stranger", "192.0.2.1", answered: false);

        await visitor.OpenContainerAsync("server");
        await MoreAsync(page, "Attach profile");
        await page.GetByLabel("Profile", new() { Exact = true }).SelectOptionAsync("other");
        await Expect(page.GetByLabel("Remember it")).ToBeCheckedAsync();
        await Expect(page.Locator(".effect-changes").First).ToBeVisibleAsync();
        await LookAsync(page, "attach-form");
        await visitor.SubmitAsync("Attach profile", "attach");
        var (first, document) = await EndpointAsync();
        Assert.Contains($"\"profile_ids\":[\"{Network}\",\"other\"]", document, StringComparison.Ordinal);
        await visitor.PingAsync("stranger", "192.0.2.1", answered: true);

        // The restarted container has another endpoint, made by the plugin with the profile of its network alone.
        await visitor.OpenContainerAsync("server");
        await Expect(page.Locator("[data-attachments]")).ToContainTextAsync("in place");
        await LookAsync(page, "attach-container");
        await page.GetByRole(AriaRole.Link, new() { Name = "Restart", Exact = true }).ClickAsync();
        await visitor.SubmitAsync("Restart container", "restart");
        await LabCluster.UntilAsync(async () => (await EndpointAsync()).Document,
            d => d.Contains($"\"profile_ids\":[\"{Network}\",\"other\"]", StringComparison.Ordinal));
        Assert.NotEqual(first, (await EndpointAsync()).Key);
        await visitor.PingAsync("stranger", "192.0.2.1", answered: true);
        await GoAsync(page, "/audit?kind=profile&object=other");
        await Expect(page.Locator("main").GetByText("console", new() { Exact = true }).First).ToBeVisibleAsync();
        await LookAsync(page, "attach-audit");

        await visitor.OpenContainerAsync("server");
        await page.Locator("[data-attachments]").GetByRole(AriaRole.Link, new() { Name = "Detach" }).ClickAsync();
        await visitor.SubmitAsync("Detach profile", "detach");
        Assert.Contains($"\"profile_ids\":[\"{Network}\"]", (await EndpointAsync()).Document, StringComparison.Ordinal);
        await visitor.PingAsync("stranger", "192.0.2.1", answered: false);
        await visitor.OpenContainerAsync("server");
        // The detachment is remembered as the attachment was, so that no restart gives the profile back.
        await Expect(page.Locator("[data-attachments] li")).ToHaveCountAsync(1);
        await Expect(page.Locator("[data-attachments] li")).ToContainTextAsync("kept off");
        Assert.Empty(Foreign);
    }

    [Fact]
    public async Task VmsAndContainers_JoinedAndSeparated_OnlyOurProfileChangesAndTheKernelFollows()
    {
        await Lab.DeployAsync();
        await Lab.NetworkAsync(Network, Subnet);
        await Lab.ContainerAsync(First, "server", Network, "192.0.2.1");
        foreach (var (key, value) in OpenStack)
        {
            (await Lab.Etcdctl("set", key, value)).Demand();
        }

        var before = await Lab.KeysAsync();
        var page = await OpenAsync();
        var visitor = new Visitor(page);
        await visitor.GoAsync("OpenStack");
        await LookAsync(page, "openstack");
        await page.GetByRole(AriaRole.Link, new() { Name = "Join VMs and containers" }).ClickAsync();
        await page.GetByLabel("Docker network").SelectOptionAsync(Network);
        await page.GetByLabel("Security group").SelectOptionAsync(Group);
        await page.GetByLabel("Ports").FillAsync("5432");
        await Expect(page.Locator(".effect-changes").First).ToBeVisibleAsync();
        await Expect(page.Locator(".form-right")).ToContainTextAsync("Nothing of OpenStack's is touched");
        await LookAsync(page, "join-form");
        await visitor.SubmitAsync("Join", "join");
        var joined = await Lab.KeysAsync();
        Assert.All(joined.Except(before), l => Assert.StartsWith(OfNetwork, l, StringComparison.Ordinal));
        Assert.All(before.Except(joined), l => Assert.StartsWith(OfNetwork, l, StringComparison.Ordinal));
        Assert.Contains($"\"src_tag\":\"{Group["openstack-sg-".Length..]}\",\"dst_ports\":[5432]", await KeyAsync($"{OfNetwork}rules"),
            StringComparison.Ordinal);
        await LookAsync(page, "joined");

        // The container's host learns the VM's address, to let it in.
        await SetsAsync(known: true);
        await GoAsync(page, $"/reachability?from={Vm}&to={First}%2Fserver&protocol=tcp&port=5432");
        await Expect(page.Locator("[data-verdict=allowed]")).ToBeVisibleAsync();

        await page.GoBackAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Take it back" }).ClickAsync();
        await visitor.SubmitAsync("Separate", "separate");
        Assert.Equal(before, await Lab.KeysAsync());
        await SetsAsync(known: false);
        await GoAsync(page, $"/reachability?from={Vm}&to={First}%2Fserver&protocol=tcp&port=5432");
        await Expect(page.Locator("[data-verdict=denied]")).ToBeVisibleAsync();
        Assert.Empty(Foreign);
    }

    // The one endpoint of docker01; empty while there is none.
    private async Task<(string Key, string Document)> EndpointAsync() =>
        (await Lab.KeysAsync()).Where(l => l.StartsWith($"/calico/v1/host/{First}/workload/", StringComparison.Ordinal)).ToArray() is [var line]
            && line.Split('=', 2) is [var key, var document]
            ? (key, document) : ("", "");

    private Task<string> SetsAsync(bool known) => LabCluster.UntilAsync(
        async () => (await Lab.Docker("exec", "calico-node", "ipset", "list")).Demand().Output, sets => sets.Contains(Vm, StringComparison.Ordinal) == known);
}
