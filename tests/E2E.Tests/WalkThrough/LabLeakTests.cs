using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests.WalkThrough;

/// <summary>A leak as it comes about in the field, the plugin killed in the middle of an attach on the lab, seen and repaired by clicking.</summary>
[Collection(LabBrowsing.Name)]
public sealed class LabLeakTests(LabBrowserFixture fixture) : LabJourney(fixture)
{
    private const int Attempts = 4;
    private const string BlockPage = "/ippools/192.0.2.0-24?block=192.0.2.0%2F26";

    [Fact]
    public async Task PluginKilledInMidAttach_LeakIsReleasedByClicking_AndTheAddressServesAgain()
    {
        await Lab.ResetAsync();
        var page = await OpenAsync();
        var visitor = new Visitor(page);
        await visitor.DeployAsync("docker01", Lab.NodeImage);
        await visitor.CreatePoolAsync("192.0.2.0/24");
        await visitor.CreateNetworkAsync("my_net", "192.0.2.0/24", "docker01");

        // The first one claims the block and makes the profile, so that the next attach is the assignment and then the endpoint.
        await visitor.CreateContainerAsync("docker01", "sound", "my_net", "192.0.2.1");
        var leaked = "";
        for (var attempt = 2; leaked.Length == 0; attempt++)
        {
            Assert.True(attempt < 2 + Attempts, "the plugin was never killed between the assignment and the endpoint");
            var address = $"192.0.2.{attempt}";
            await KillInMidAttachAsync($"victim{attempt}", address);
            leaked = await IsSuspectAsync(page, address) ? address : "";
        }

        // What somebody has is no leak at any time; the other is named once it is confirmed.
        await Expect(page.Locator("[data-cell='192.0.2.1']")).ToHaveClassAsync("cell endpoint");
        await page.GotoAsync("/");
        await Expect(page.Locator($"[data-problem='ipam.leak {leaked}']")).ToBeVisibleAsync(new() { Timeout = 90_000 });
        await page.Locator($"[data-problem='ipam.leak {leaked}'] a").ClickAsync();
        await Expect(page.Locator($"[data-address='{leaked}']")).ToContainTextAsync("leak");
        await PageCheck.CheckAsync(page, "lab-leak");
        await page.GetByRole(AriaRole.Link, new() { Name = $"Release address {leaked}", Exact = true }).ClickAsync();
        await visitor.SubmitAsync("Release address", "release");
        await page.GotoAsync(BlockPage);
        await Expect(page.Locator($"[data-cell='{leaked}']")).ToHaveClassAsync("cell free");

        // It can be had again, and the container with it works.
        await visitor.CreateContainerAsync("docker01", "again", "my_net", leaked);
        await visitor.PingAsync("again", "192.0.2.1", answered: true);
        Assert.Empty(Foreign);
    }

    // The page says so by itself; an attach that was undone, or went through, leaves the address free or with its endpoint.
    private static async Task<bool> IsSuspectAsync(IPage page, string address)
    {
        await page.GotoAsync(BlockPage);
        var cell = page.Locator($"[data-cell='{address}']");
        await cell.WaitForAsync();
        try
        {
            await Expect(cell).ToHaveClassAsync("cell suspect", new() { Timeout = 10_000 });
            return true;
        }
        catch (PlaywrightException)
        {
            return false;
        }
    }

    /// <summary>
    /// Starts a container and kills the plugin's process as soon as etcd shows the address assigned; then calico-node starts again. Docker gives
    /// up on the plugin after half a minute, for the attach and for each step of undoing it.
    /// </summary>
    private async Task KillInMidAttachAsync(string name, string address)
    {
        const string Script = """
            pid=$(docker inspect -f '{{.State.Pid}}' calico-node)
            ETCDCTL_API=2 etcdctl --endpoints "$1" watch --recursive /calico/ipam/v2/assignment >/dev/null & watcher=$!
            until ETCDCTL_API=2 etcdctl --endpoints "$1" ls /calico/ipam/v2 >/dev/null; do :; done
            docker start "$2" >/dev/null 2>&1 & started=$!
            wait $watcher
            kill -9 "$pid"
            wait $started
            docker rm -f "$2" >/dev/null 2>&1
            exit 0
            """;
        (await Lab.Docker("update", "--restart=no", "calico-node")).Demand();
        (await Lab.Docker("create", "--name", name, "--network", "my_net", "--ip", address, "busybox", "sh")).Demand();
        (await Lab.Run("sh", "-c", Script, "kill-in-mid-attach", Lab.EtcdFromHosts, name)).Demand();
        (await Lab.Docker("start", "calico-node")).Demand();
        Cancel.ThrowIfCancellationRequested();
    }
}
