using System.Diagnostics;
using Microsoft.Playwright;
using static System.FormattableString;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests.WalkThrough;

/// <summary>The walk-through by clicking, on real etcd, real engines and the kernel's own data plane.</summary>
[Collection(LabBrowsing.Name)]
public sealed class LabWalkThroughTests(LabBrowserFixture fixture) : LabJourney(fixture)
{
    [Fact]
    public async Task FromDeployToPing_ByClicking()
    {
        await Lab.ResetAsync();
        var began = Stopwatch.GetTimestamp();
        var page = await OpenAsync();
        var visitor = new Visitor(page);
        await visitor.DeployAsync("docker01", Lab.NodeImage);
        await visitor.DeployAsync("docker02", Lab.NodeImage);
        await visitor.CreatePoolAsync("192.0.2.0/24");
        await visitor.CreatePoolAsync("198.51.100.0/24");
        await visitor.CreateNetworkAsync("my_net", "192.0.2.0/24", "docker01");
        await visitor.CreateNetworkAsync("other", "198.51.100.0/24", "docker01");
        await visitor.CreateContainerAsync("docker01", "my_workload1", "my_net", "192.0.2.1");
        await visitor.CreateContainerAsync("docker02", "my_workload2", "my_net", "192.0.2.2");
        await visitor.CreateContainerAsync("docker02", "stranger", "other", "198.51.100.3");

        await visitor.PingAsync("my_workload1", "192.0.2.2", answered: true);
        var (opened, up) = (Stopwatch.GetElapsedTime(began).TotalSeconds, Lab.Up.TotalSeconds);
        TestContext.Current.TestOutputHelper?.WriteLine(Invariant(
            $"a ping from host to host answered on the screen {opened:0.0} s after the browser was opened; lab.sh up took {up:0.0} s before"));
        await visitor.LastSceneAsync("docker01/my_workload1", "docker02/my_workload2");
        await visitor.PingAsync("stranger", "192.0.2.1", answered: false);
        await visitor.AdmitAsync("my_net", "other");
        await visitor.PingAsync("stranger", "192.0.2.1", answered: true);

        await ChangesOfOthersAppearAsync(page, visitor);
        await EngineGoneAndBackAsync(page, visitor);
        Assert.Empty(Foreign);
    }

    // An engine that dies: its containers stay in sight, marked as old, and all is live again once it is back.
    private async Task EngineGoneAndBackAsync(IPage page, Visitor visitor)
    {
        await visitor.GoAsync("Overview");
        var feed = page.Locator("[data-feed='docker/docker02']");
        (await Lab.LabAsync("kill", "docker02")).Demand();
        await Expect(feed).ToContainTextAsync("stale", new() { Timeout = 60_000 });
        await Expect(page.Locator(".feed-link")).Not.ToContainTextAsync("feeds live");
        await visitor.GoAsync("Containers");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "my_workload2" })).ToBeVisibleAsync();
        (await Lab.LabAsync("start", "docker02")).Demand();
        await visitor.GoAsync("Overview");
        await Expect(feed).ToContainTextAsync("live", new() { Timeout = 60_000 });
        await Expect(page.GetByText("feeds live")).ToBeVisibleAsync(new() { Timeout = 60_000 });
    }

    // What etcdctl and docker do beside the console is on the screen by itself.
    private async Task ChangesOfOthersAppearAsync(IPage page, Visitor visitor)
    {
        await visitor.GoAsync("IP pools");
        (await Lab.Etcdctl("set", "/calico/v1/ipam/v4/pool/203.0.113.0-24", """{"cidr":"203.0.113.0/24","ipip":"","ipip_mode":"","masquerade":false,"ipam":true,"disabled":true}""")).Demand();
        await Expect(page.Locator("[data-pool='203.0.113.0/24']")).ToContainTextAsync("disabled");
        await visitor.GoAsync("Containers");
        (await Lab.Docker("run", "-d", "--name", "from_the_cli", "busybox", "sleep", "60")).Demand();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "from_the_cli" })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        (await Lab.Docker("rm", "-f", "from_the_cli")).Demand();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "from_the_cli" })).ToHaveCountAsync(0, new() { Timeout = 30_000 });
        Cancel.ThrowIfCancellationRequested();
    }
}
