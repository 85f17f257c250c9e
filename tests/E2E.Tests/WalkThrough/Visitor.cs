using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests.WalkThrough;

/// <summary>Somebody who does things by clicking, on whichever cluster stands behind the console.</summary>
/// <param name="page">The browser's page, signed in.</param>
/// <param name="pictures">Folder for pictures of each step; null takes none.</param>
internal sealed partial class Visitor(IPage page, string? pictures = null)
{
    // Pulls, start-up and the engine's own waits need their time on a busy machine.
    private const float Patience = 90_000;

    private int _picture;

    public async Task DeployAsync(string host, string? image = null)
    {
        await GoAsync("Nodes");
        await page.Locator($"tr[data-node='{host}']").GetByRole(AriaRole.Link).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Deploy calico-node" }).ClickAsync();
        await Heading("Deploy calico-node").WaitForAsync();
        if (image is not null)
        {
            await page.GetByLabel("Image", new() { Exact = true }).FillAsync(image);
        }

        await SubmitAsync("Deploy calico-node", "deploy");
    }

    public async Task CreatePoolAsync(string cidr)
    {
        await GoAsync("IP pools");
        await page.GetByRole(AriaRole.Link, new() { Name = "Create pool" }).ClickAsync();
        await Heading("Create IP pool").WaitForAsync();
        await page.GetByLabel("CIDR").FillAsync(cidr);
        await page.GetByLabel("NAT outgoing").CheckAsync();
        await SubmitAsync("Create pool", "pool");
    }

    public async Task CreateNetworkAsync(string name, string cidr, string host)
    {
        await GoAsync("Networks");
        await page.GetByRole(AriaRole.Link, new() { Name = "Create network" }).ClickAsync();
        await Heading("Create network").WaitForAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("IP pool").SelectOptionAsync(cidr);
        await page.GetByLabel("Docker host that is asked").SelectOptionAsync(host);
        await SubmitAsync("Create network", "network");
    }

    /// <summary>The walk-through's last scene: the ping that nobody could explain is made, seen, named, mended, and stands in the audit.</summary>
    public async Task LastSceneAsync(string from, string to)
    {
        await GoAsync("Scenes");
        await page.GetByRole(AriaRole.Link, new() { Name = "The ping of the walk-through" }).ClickAsync();
        var stage = page.Locator("[data-scene-stage='mac-mismatch']");
        await stage.Locator("[data-from]").SelectOptionAsync(from);
        await stage.Locator("[data-to]").SelectOptionAsync(to);
        var next = stage.Locator("[data-next]");
        await next.ClickAsync();
        await Expect(page.Locator("[data-step='1']")).ToBeVisibleAsync(new() { Timeout = Patience });
        await next.ClickAsync();
        await Expect(stage.GetByRole(AriaRole.Log, new() { Name = "Output of ping" })).ToContainTextAsync("0 packets received", new() { Timeout = Patience });
        await next.ClickAsync();
        var diagnosis = stage.Locator("[data-diagnosis]");
        await Expect(diagnosis).ToHaveAttributeAsync("data-cause", "mac-mismatch", new() { Timeout = Patience });
        await Expect(diagnosis).ToContainTextAsync("Proven");
        await Expect(diagnosis.Locator(".hop.broken")).ToHaveCountAsync(1);
        await PictureAsync("scene-named");
        await Expect(next).ToContainTextAsync("set the recorded MAC and ask again");
        await next.ClickAsync();
        await Expect(page.Locator("[data-step='4']")).ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(stage).ToContainTextAsync("3 packets received");

        await GoAsync("Audit");
        var name = from[(from.IndexOf('/', StringComparison.Ordinal) + 1)..];
        await Expect(page.Locator("main").GetByText($"mac-mismatch: {from} to {to}").First).ToBeVisibleAsync();
        await Expect(page.Locator("main").GetByText(new Regex($"Set MAC of.*{Regex.Escape(name)}", RegexOptions.Singleline)).First).ToBeVisibleAsync();
    }

    /// <summary>Follows the link that the finished network form offers.</summary>
    public async Task CreateContainerAsync(string host, string name, string network, string address)
    {
        await GoAsync("Containers");
        await page.GetByRole(AriaRole.Link, new() { Name = "Create container" }).ClickAsync();
        await Heading("Create container").WaitForAsync();
        await page.GetByLabel("Docker host", new() { Exact = true }).SelectOptionAsync(host);
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("Image", new() { Exact = true }).FillAsync("busybox");
        await page.GetByLabel("Command (optional)").FillAsync("sleep 3600");
        var networks = page.GetByLabel("Network", new() { Exact = true });
        var option = networks.Locator("option", new() { HasTextRegex = new Regex($"^{Regex.Escape(network)} ·") });
        await networks.SelectOptionAsync(await option.GetAttributeAsync("value") ?? "");
        await page.GetByLabel("Fixed IPv4 address").FillAsync(address);
        await SubmitAsync("Create and start container", "container");
    }

    /// <summary>Pings from a container's page until as many requests are answered as expected: a rule takes a moment to reach the hosts.</summary>
    public async Task PingAsync(string from, string target, bool answered)
    {
        await OpenContainerAsync(from);
        await page.GetByRole(AriaRole.Link, new() { Name = "Ping", Exact = true }).ClickAsync();
        await page.GetByLabel("Target").FillAsync(target);
        await page.GetByLabel("Requests").FillAsync("2");
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(Patience));
        while (true)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Ping", Exact = true }).ClickAsync();
            var ended = page.Locator("form[data-phase=succeeded], form[data-phase=failed]");
            await page.Locator("form[data-phase=running]").Or(ended).WaitForAsync();
            await ended.WaitForAsync(new() { Timeout = Patience });
            var title = await page.Locator(".outcome-title strong").InnerTextAsync();
            if (Received().Match(title) is { Success: true } match && match.Groups[1].Value == (answered ? "2" : "0"))
            {
                await PictureAsync(answered ? "ping-answered" : "ping-refused");
                return;
            }

            Assert.False(limit.IsCancellationRequested, $"ping from {from} to {target}, expected {(answered ? "answers" : "none")}: {title}");
        }
    }

    public async Task OpenContainerAsync(string name)
    {
        await GoAsync("Containers");
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Filter containers" }).FillAsync(name);
        // The list puts what is typed into the address, and a click before that is undone by it.
        await Expect(page).ToHaveURLAsync(new Regex($"[?&]q={Regex.Escape(name)}"));
        await page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
        await Heading(name).WaitForAsync();
    }

    /// <summary>Adds an ingress rule that lets endpoints with a tag in.</summary>
    public async Task AdmitAsync(string profile, string tag)
    {
        await GoAsync("Profiles");
        await page.GetByRole(AriaRole.Link, new() { Name = profile, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit profile" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add ingress rule" }).ClickAsync();
        var rule = page.GetByRole(AriaRole.Group, new() { NameRegex = IngressRule() }).Last;
        await rule.GetByLabel("Protocol", new() { Exact = true }).FillAsync("");
        await rule.GetByLabel("Endpoints tagged").First.FillAsync(tag);
        await SubmitAsync("Save profile", "profile");
    }

    /// <summary>Sends a form and waits until its operation ended well.</summary>
    public async Task SubmitAsync(string button, string picture)
    {
        var submit = page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true });
        await submit.BlurAsync();
        await Expect(page.Locator(".plan-errors")).ToHaveCountAsync(0);
        await Expect(page.Locator(".plan:not(.effect)")).Not.ToContainTextAsync("Still needed");
        await PictureAsync(picture + "-form");
        await submit.ClickAsync();
        var outcome = page.Locator("[data-outcome]");
        await outcome.WaitForAsync(new() { Timeout = Patience });
        Assert.True(await outcome.GetAttributeAsync("data-outcome") == "Succeeded", await outcome.InnerTextAsync());
        await PictureAsync(picture + "-done");
    }

    /// <summary>Opens a page of the navigation.</summary>
    public async Task GoAsync(string item)
    {
        await page.Locator("#nav").GetByRole(AriaRole.Link, new() { Name = item, Exact = true }).ClickAsync();
        await page.Locator("main h1").First.WaitForAsync();
    }

    /// <summary>A numbered picture of what is in sight.</summary>
    public async Task PictureAsync(string name)
    {
        if (pictures is not null)
        {
            await page.EvaluateAsync("() => document.fonts.ready");
            await page.ScreenshotAsync(new() { Path = Path.Combine(pictures, $"{++_picture:d2}-{name}.png") });
        }
    }

    private ILocator Heading(string name) => page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = name, Exact = true });

    [GeneratedRegex(@"(\d+) received")]
    private static partial Regex Received();

    [GeneratedRegex(@"^Ingress rule \d+$")]
    private static partial Regex IngressRule();
}
