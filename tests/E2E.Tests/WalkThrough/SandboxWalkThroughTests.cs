using CalicoConsole.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests.WalkThrough;

/// <summary>The console as <c>dotnet run</c> starts it, without any setting: on the sandbox.</summary>
public sealed class SandboxFixture(SharedBrowser browser) : ConsoleFixture(browser)
{
    protected override Task<IReadOnlyDictionary<string, string>> SettingsAsync() =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>(StringComparer.Ordinal));
}

/// <summary>The seed demo by clicking, as a visitor does it; with <c>CC_WALKTHROUGH_IMAGES</c> it makes the pictures of docs/walkthrough.md.</summary>
public sealed class SandboxWalkThroughTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private readonly List<string> _foreign = [];

    [Fact]
    public async Task FromDeployToPing_ByClicking()
    {
        var pictures = Environment.GetEnvironmentVariable("CC_WALKTHROUGH_IMAGES") is { Length: > 0 } folder ? Path.Combine(Repository.Root, folder) : null;
        var page = await sandbox.NewPageAsync(_foreign, width: 1280);
        await sandbox.SignInAsync(page);
        await Expect(page.GetByText("feeds live")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-sandbox]")).ToContainTextAsync("simulated");
        var visitor = new Visitor(page, pictures);
        await visitor.PictureAsync("overview");
        await visitor.DeployAsync("docker03");
        await visitor.CreatePoolAsync("192.0.2.0/24");
        await visitor.CreateNetworkAsync("my_net", "192.0.2.0/24", "docker03");
        await visitor.CreateContainerAsync("docker03", "my_workload1", "my_net", "192.0.2.1");
        await visitor.CreateContainerAsync("docker01", "my_workload2", "my_net", "192.0.2.2");
        await visitor.PingAsync("my_workload1", "192.0.2.2", answered: true);
        await visitor.LastSceneAsync("docker03/my_workload1", "docker01/my_workload2");
        await visitor.PingAsync("web1", "192.0.2.1", answered: false);
        await visitor.AdmitAsync("my_net", "frontend");
        await visitor.PingAsync("web1", "192.0.2.1", answered: true);
        await visitor.GoAsync("Audit");
        await Expect(page.Locator("main").GetByText("docker03/my_workload1").First).ToBeVisibleAsync();
        await visitor.PictureAsync("audit");

        await page.GetByRole(AriaRole.Button, new() { Name = "Reset sandbox …" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Reset sandbox now" }).ClickAsync();
        await Expect(page.GetByText("The sandbox is as it was at the start.")).ToBeVisibleAsync();
        await visitor.GoAsync("Containers");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "web1", Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "my_workload1", Exact = true })).ToHaveCountAsync(0);
        Assert.Empty(_foreign);
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task PagesOfHostsAndContainers_HaveNoSeriousFindings(int width)
    {
        var page = await sandbox.NewPageAsync(_foreign, width);
        await sandbox.SignInAsync(page, "/nodes/docker01");
        await Expect(page.GetByText("feeds live")).ToBeVisibleAsync();
        await PageCheck.CheckInBothColoursAsync(page, "sandbox-node");
        foreach (var (list, link) in new[] { ("networks", "frontend"), ("containers", "web1"), ("profiles", "backend") })
        {
            await page.GotoAsync($"/{list}");
            await page.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).First.ClickAsync();
            await page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = link }).WaitForAsync();
            await PageCheck.CheckInBothColoursAsync(page, $"sandbox-{link}");
            if (list == "containers")
            {
                await page.GetByRole(AriaRole.Link, new() { Name = "Logs", Exact = true }).ClickAsync();
                await Expect(page.GetByRole(AriaRole.Log)).ToBeVisibleAsync();
                await PageCheck.CheckInBothColoursAsync(page, "sandbox-logs");
            }
        }

        foreach (var form in (string[])["deploy-calico-node?host=docker03", "create-pool", "create-network", "create-container", "create-profile",
            "edit-profile?name=backend"])
        {
            await page.GotoAsync($"/do/{form}");
            await page.Locator("form[data-phase=editing]").WaitForAsync();
            await PageCheck.CheckInBothColoursAsync(page, $"sandbox-form-{form.Split('?')[0]}");
        }

        Assert.Empty(_foreign);
    }
}
