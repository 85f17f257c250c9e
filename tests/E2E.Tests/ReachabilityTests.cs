using System.Text.RegularExpressions;
using CalicoConsole.E2E.Tests.WalkThrough;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

/// <summary>
/// The reachability page in a browser, on the sandbox: question, verdict, trace, probe beside it; matrix, graph and table; links that restore all; the
/// keyboard; what assistive technology finds.
/// </summary>
public sealed class ReachabilityTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    // web1 may reach db1 on Postgres's port, by a policy that passes and the profile of db1's network.
    private const string Allowed = "/reachability?from=docker01%2Fweb1&to=docker02%2Fdb1&protocol=tcp&port=5432";
    private const string Denied = "/reachability?from=docker01%2Fweb1&to=docker02%2Fdb1&protocol=tcp&port=22";

    private readonly List<string> _foreign = [];

    [Fact]
    public async Task Question_ByKeyboardAlone_GivesVerdictTraceAndProbe()
    {
        var page = await OpenAsync("/reachability");
        await TabToAsync(page, "[data-from]");
        await page.Keyboard.TypeAsync("docker01/web1");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("docker02/db1");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("TCP");
        await Expect(page.Locator("[data-port]")).ToBeEnabledAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("5432");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator("[data-verdict=allowed]")).ToContainTextAsync("docker01/web1");
        await Expect(page).ToHaveURLAsync(new Regex("from=docker01%2Fweb1&to=docker02%2Fdb1&protocol=tcp&port=5432"));
        await Expect(page.Locator("[data-step=passed]")).ToContainTextAsync("policy db-no-guests, rule 2 passes: Pass everything on to the profiles");
        await Expect(page.Locator("[data-step=allowed]").Last).ToContainTextAsync("profile db, rule 1 allows");

        await TabToAsync(page, "[data-probe] button");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-probe] .chip.healthy")).ToHaveTextAsync("agrees");
        await Expect(page.Locator("[data-probe]")).ToContainTextAsync("The connection was made, as computed (simulated by the sandbox)");

        await TabToAsync(page, "[data-step=passed] a");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "db-no-guests" })).ToBeVisibleAsync();
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Probe_IsHeldAgainstTheVerdict_AndADisagreementIsAFinding()
    {
        var page = await OpenAsync(Denied);
        await Expect(page.Locator("[data-verdict=denied]")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-near-misses]")).ToContainTextAsync("port 22 is not in 5432");
        await page.Locator("[data-suggest]").ClickAsync();
        await Expect(page.Locator("[data-suggestions]")).ToContainTextAsync("port 22");
        await ProbeAsync(page, "agrees", "The connection got no answer");

        // Nothing listens in a busybox: a refusal shows that the packets got through.
        await page.GotoAsync("/reachability?from=docker01/web1&to=docker02/api2&protocol=tcp&port=8080");
        await ProbeAsync(page, "agrees", "nothing listens there");

        await page.GotoAsync("/reachability?from=docker01/web1&to=docker02/api2");
        await ProbeAsync(page, "agrees", "The ping was answered");

        // An address outside the cluster: allowed by the sender's rules, and nobody is there.
        await page.GotoAsync("/reachability?from=docker01/web1&to=203.0.113.9&protocol=tcp&port=443");
        await ProbeAsync(page, "disagrees", "Finding: computed is allowed, yet the connection got no answer");
        await PageCheck.CheckAsync(page, "reachability-finding");

        // Each was an operation.
        await page.GotoAsync("/audit");
        await Expect(page.Locator("main").GetByText("Connect by TCP from").First).ToBeVisibleAsync();
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task MatrixCell_OpensAQuestionWithAProbe_AndItsLinkRestoresAll()
    {
        var page = await OpenAsync("/reachability?by=network&q=b");
        await Expect(page.Locator("[data-cell='frontend>db']")).ToHaveCountAsync(0);
        await page.Locator("[data-cell='backend>db']").ClickAsync();
        await Expect(page.Locator("[data-verdict=allowed]")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-from]")).ToHaveValueAsync(new Regex("^docker0[12]/api[12]$"));
        await Expect(page.Locator("[data-to]")).ToHaveValueAsync("docker02/db1");
        await ProbeAsync(page, "agrees", "The connection was made");
        await page.GetByRole(AriaRole.Link, new() { Name = "Table", Exact = true }).ClickAsync();
        await Expect(page.Locator("tr[data-cell='backend>db']")).ToContainTextAsync("tcp 5432");

        var other = await page.Context.NewPageAsync();
        await other.GotoAsync(page.Url);
        await Expect(other.Locator("[data-verdict=allowed]")).ToBeVisibleAsync();
        foreach (var (field, value) in new[] { ("[data-from]", await page.Locator("[data-from]").InputValueAsync()), ("[data-to]", "docker02/db1"),
            ("[data-protocol]", "tcp"), ("[data-port]", "5432"), ("[data-by]", "network"), ("[data-groups]", "b") })
        {
            await Expect(other.Locator(field)).ToHaveValueAsync(value);
        }

        await Expect(other.Locator("tr[data-cell='backend>db']")).ToBeVisibleAsync();
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Containers_OfferAConnectThatSaysHowItEnded()
    {
        var page = await OpenAsync("/containers");
        await page.GetByRole(AriaRole.Link, new() { Name = "api2", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "More", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Connect by TCP" }).ClickAsync();
        await page.GetByLabel("Target").FillAsync("10.20.2.80");
        await page.GetByLabel("Port").FillAsync("5432");
        await Expect(page.Locator(".plan")).ToContainTextAsync("docker exec api2 nc -z -vv -w 2 10.20.2.80 5432");
        await page.GetByRole(AriaRole.Button, new() { Name = "Connect", Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToContainTextAsync("10.20.2.80 port 5432: connected");
        await PageCheck.CheckAsync(page, "reachability-connect");
        Assert.Empty(_foreign);
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task Page_HasNoSeriousFindingsAndDoesNotScrollSideways(int width)
    {
        var page = await OpenAsync("/reachability", width);
        foreach (var (name, path) in new[]
        {
            ("matrix", "/reachability"), ("table", "/reachability?view=table&by=node"),
                ("label", "/reachability?by=label:tier"),
            ("denied", Denied), ("invalid", "/reachability?from=nobody&to=docker02/db1"), ("allowed", Allowed),
        })
        {
            await page.GotoAsync(path);
            await page.Locator("main[data-ready]").WaitForAsync();
            await Expect(page.GetByText("feeds live")).ToHaveCountAsync(1);
            if (name == "allowed")
            {
                await ProbeAsync(page, "agrees", "The connection was made");
            }

            await PageCheck.CheckInBothColoursAsync(page, $"reachability-{name}");
        }

        Assert.Empty(_foreign);
    }

    private static async Task ProbeAsync(IPage page, string chip, string words)
    {
        await page.Locator("[data-probe] button").ClickAsync();
        await Expect(page.Locator("[data-probe] .chip")).ToHaveTextAsync(chip);
        await Expect(page.Locator("[data-probe]")).ToContainTextAsync(words);
    }

    // By the Tab key alone, as somebody without a pointer goes there; what cannot be reached in that many steps counts as out of reach.
    private static async Task TabToAsync(IPage page, string selector)
    {
        for (var steps = 0; steps < 80; steps++)
        {
            if (await page.EvaluateAsync<bool>("s => document.activeElement?.matches(s) ?? false", selector))
            {
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"the Tab key does not lead to {selector}");
    }

    private async Task<IPage> OpenAsync(string path, int width = 1440)
    {
        var page = await sandbox.NewPageAsync(_foreign, width);
        await sandbox.SignInAsync(page, path);
        await Expect(page.GetByText("feeds live")).ToHaveCountAsync(1);
        return page;
    }
}
