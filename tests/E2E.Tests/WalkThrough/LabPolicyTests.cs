using CalicoConsole.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests.WalkThrough;

/// <summary>Policies and host endpoints by clicking on the lab: at each step packets, and the verdict beside a probe that agrees with them.</summary>
[Collection(LabBrowsing.Name)]
public sealed class LabPolicyTests(LabBrowserFixture fixture) : LabJourney(fixture)
{
    private const string Policies = "/calico/v1/policy/tier/default/policy";
    private const string Deny = $"{Policies}/no-ping";
    private const string Allow = $"{Policies}/yes-ping";
    private const string Ping = "/reachability?from=docker01%2Fhere&to=docker02%2Fthere";
    private const string Connect = $"{Ping}&protocol=tcp&port=80";

    private const string SecondAddress = "192.168.122.46";
    private const string OpenPort = "8098";
    private const string ClosedPort = "8099";

    [Fact]
    public async Task Policy_CreatedDisabledEnabledAndMoved_PacketsAndVerdictsFollow()
    {
        await Lab.DeployAsync();
        await Lab.NetworkAsync(Network, Subnet);
        await Lab.ContainerAsync(First, "here", Network, "192.0.2.1");
        await Lab.ContainerAsync(Second, "there", Network, "192.0.2.2");
        await Lab.PingsAsync(First, "here", "192.0.2.2");
        var page = await OpenAsync();
        var visitor = new Visitor(page);
        await AnswersAsync(page, answered: true);

        // The first one: no ping, the rest as the profiles have it.
        await CreateAsync(page, "no-ping", "10", "deny");
        await LookAsync(page, "policy-created");
        const string Document = """{"order":10,"inbound_rules":[{"action":"deny","protocol":"icmp"},{"action":"next-tier"}],"selector":"has(my_net)","types":["ingress"]}""";
        Assert.Equal(Document, await KeyAsync(Deny));
        await AnswersAsync(page, answered: false);
        await Lab.RefusedAsync(First, "here", "192.0.2.2");
        await LookAsync(page, "policy-verdict");

        // Out of force by the board, and back.
        await OpenBoardAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Disable policy no-ping" }).ClickAsync();
        await visitor.SubmitAsync("Disable policy", "disable");
        Assert.False(await HasAsync(Deny));
        await AnswersAsync(page, answered: true);
        await OpenBoardAsync(page);
        await Expect(page.Locator("[data-disabled=no-ping]")).ToContainTextAsync("disabled by");
        await LookAsync(page, "policy-board-disabled");
        await page.GetByRole(AriaRole.Link, new() { Name = "Enable policy no-ping" }).ClickAsync();
        await visitor.SubmitAsync("Enable policy", "enable");
        Assert.Equal(Document, await KeyAsync(Deny));
        await AnswersAsync(page, answered: false);

        // A second one is behind it, until it is moved before it; and moved back.
        await CreateAsync(page, "yes-ping", "20", "allow");
        await AnswersAsync(page, answered: false);
        await MoveAsync(page, "Move yes-ping up");
        Assert.Contains("\"action\":\"allow\"", await KeyAsync(Allow), StringComparison.Ordinal);
        await AnswersAsync(page, answered: true);
        await Lab.PingsAsync(First, "here", "192.0.2.2");
        await MoveAsync(page, "Move yes-ping down");
        await AnswersAsync(page, answered: false);
        await Lab.RefusedAsync(First, "here", "192.0.2.2");
        Assert.Empty(Foreign);
    }

    [Fact]
    public async Task HostEndpoint_PolicesItsHost_FailsafePortsStayOpenAndTheConsoleLive()
    {
        await Lab.DeployAsync();
        (await Lab.DockerOn(Second, "run", "-d", "--net", "host", "--name", "open", "busybox", "busybox", "httpd", "-f", "-p", OpenPort)).Demand();
        (await Lab.DockerOn(Second, "run", "-d", "--net", "host", "--name", "closed", "busybox", "busybox", "httpd", "-f", "-p", ClosedPort)).Demand();
        await AnswerAsync(OpenPort, "connected");
        await AnswerAsync(ClosedPort, "connected");
        await AnswerAsync("22", "refused");

        // The policy first, as the form advises.
        var page = await OpenAsync();
        var visitor = new Visitor(page);
        await visitor.GoAsync("Policies");
        await page.GetByRole(AriaRole.Link, new() { Name = "Create policy", Exact = true }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("gateways");
        await page.GetByLabel("Selector", new() { Exact = true }).FillAsync("role == 'gateway'");
        await page.GetByLabel("Types", new() { Exact = true }).SelectOptionAsync("ingress,egress");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add ingress rule" }).ClickAsync();
        await page.GetByRole(AriaRole.Group, new() { Name = "Ingress rule 1", Exact = true }).GetByLabel("Ports", new() { Exact = true }).FillAsync(OpenPort);
        await page.GetByRole(AriaRole.Group, new() { Name = "Ingress rule 1", Exact = true }).GetByLabel("Anywhere", new() { Exact = true }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add egress rule" }).ClickAsync();
        await page.GetByRole(AriaRole.Group, new() { Name = "Egress rule 1", Exact = true }).GetByRole(AriaRole.Button, new() { Name = "Any protocol" })
            .ClickAsync();
        await page.GetByRole(AriaRole.Group, new() { Name = "Egress rule 1", Exact = true }).GetByLabel("Anywhere", new() { Exact = true }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await visitor.SubmitAsync("Create policy", "gateways");
        Assert.Equal(
            """{"inbound_rules":[{"action":"allow","protocol":"tcp","dst_ports":[8098]}],"outbound_rules":[{"action":"allow"}],"selector":"role == 'gateway'","types":["ingress","egress"]}""",
            await KeyAsync($"{Policies}/gateways"));

        await visitor.GoAsync("Host endpoints");
        await page.GetByRole(AriaRole.Link, new() { Name = "Create host endpoint" }).First.ClickAsync();
        await page.GetByLabel("Node", new() { Exact = true }).SelectOptionAsync(Second);
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("uplink");
        await page.GetByLabel("Interface", new() { Exact = true }).FillAsync("eth0");
        await page.GetByLabel("Expected addresses").FillAsync(SecondAddress);
        await page.GetByLabel("Labels", new() { Exact = true }).FillAsync("role=gateway");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "What will happen" })).ToContainTextAsync("everything is dropped but the failsafe ports");
        await LookAsync(page, "hep-form");
        await visitor.SubmitAsync("Create host endpoint", "hep");
        Assert.Equal(
            $$$"""{"name":"eth0","expected_ipv4_addrs":["{{{SecondAddress}}}"],"labels":{"role":"gateway"}}""", await KeyAsync($"/calico/v1/host/{Second}/endpoint/uplink"));

        // What the policy does not name is closed, what it names and a failsafe port are open, and the verdicts say the same.
        await AnswerAsync(ClosedPort, "silence");
        await AnswerAsync(OpenPort, "connected");
        await AnswerAsync("22", "refused");
        await VerdictAsync(page, ClosedPort, "denied");
        await LookAsync(page, "hep-verdict");
        await VerdictAsync(page, OpenPort, "allowed");
        await VerdictAsync(page, "22", "allowed");
        await page.GotoAsync($"/hostendpoints/{Second}/uplink");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "gateways", Exact = true })).ToBeVisibleAsync();
        await LookAsync(page, "hep");

        // The console goes on seeing that host: its engine by docker, its calico-node through etcd.
        await visitor.GoAsync("Containers");
        (await Lab.DockerOn(Second, "run", "-d", "--name", "still_seen", "busybox", "sleep", "60")).Demand();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "still_seen" })).ToBeVisibleAsync();
        await LiveAsync(page);

        await visitor.GoAsync("Host endpoints");
        await page.GetByRole(AriaRole.Link, new() { Name = "uplink", Exact = true }).ClickAsync();
        await MoreAsync(page, "Delete host endpoint");
        await page.GetByLabel("Type uplink to confirm").FillAsync("uplink");
        await visitor.SubmitAsync("Delete host endpoint", "hep-gone");
        Assert.False(await HasAsync($"/calico/v1/host/{Second}/endpoint/uplink"));
        await AnswerAsync(ClosedPort, "connected");
        await VerdictAsync(page, ClosedPort, "allowed");
        Assert.Empty(Foreign);
    }

    private static async Task CreateAsync(IPage page, string name, string order, string action)
    {
        var visitor = new Visitor(page);
        await visitor.GoAsync("Policies");
        await page.GetByRole(AriaRole.Link, new() { Name = "Create policy", Exact = true }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("Order", new() { Exact = true }).FillAsync(order);
        await page.GetByLabel("Selector", new() { Exact = true }).FillAsync($"has({Network})");
        await Expect(page.Locator("[data-matches]")).ToContainTextAsync("2 workload endpoints");
        await RuleAsync(page, "Ingress rule 1", action, "icmp");
        await RuleAsync(page, "Ingress rule 2", "pass", "");
        await visitor.SubmitAsync("Create policy", name);
    }

    private static async Task RuleAsync(IPage page, string name, string action, string protocol)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Add ingress rule" }).ClickAsync();
        var rule = page.GetByRole(AriaRole.Group, new() { Name = name, Exact = true });
        await rule.GetByLabel("Protocol", new() { Exact = true }).FillAsync(protocol);
        await rule.GetByLabel("Action", new() { Exact = true }).SelectOptionAsync(action);
        await rule.GetByLabel("Anywhere", new() { Exact = true }).CheckAsync();
        await rule.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
    }

    private static async Task OpenBoardAsync(IPage page)
    {
        await new Visitor(page).GoAsync("Policies");
        await page.GetByRole(AriaRole.Link, new() { Name = "Policy board", Exact = true }).First.ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Policy board" }).WaitForAsync();
    }

    private static async Task MoveAsync(IPage page, string button)
    {
        await OpenBoardAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        await new Visitor(page).SubmitAsync("Save order", button);
    }

    // By the container's page until it is as expected; then the verdict of the same ping and of a TCP connect, each with its probe.
    private static async Task AnswersAsync(IPage page, bool answered)
    {
        await new Visitor(page).PingAsync("here", "192.0.2.2", answered);
        await GoAsync(page, Connect);
        await ProbeAsync(page, "allowed", "nothing listens there");
        await GoAsync(page, Ping);
        await ProbeAsync(page, answered ? "allowed" : "denied", answered ? "The ping was answered" : "The ping was not answered");
    }

    private static async Task ProbeAsync(IPage page, string verdict, string words)
    {
        await Expect(page.Locator($"[data-verdict={verdict}]")).ToBeVisibleAsync();
        await page.Locator("[data-probe] button").ClickAsync();
        await Expect(page.Locator("[data-probe] .chip")).ToHaveTextAsync("agrees");
        await Expect(page.Locator("[data-probe]")).ToContainTextAsync(words);
    }

    private static async Task VerdictAsync(IPage page, string port, string verdict)
    {
        await GoAsync(page, $"/reachability?from={First}&to={Second}&protocol=tcp&port={port}");
        await Expect(page.Locator($"[data-verdict={verdict}]")).ToBeVisibleAsync();
    }

    // From the other host, until it is as expected. A refusal is an answer: the packets came through and nothing listens.
    private Task<string> AnswerAsync(string port, string expected) => LabCluster.UntilAsync(
        async () =>
        {
            var result = await Lab.RunOn(First, "busybox", "nc", "-w", "1", SecondAddress, port, "-e", "true");
            return result.ExitCode == 0 ? "connected" : result.Error.Contains("refused", StringComparison.Ordinal) ? "refused" : "silence";
        },
        answer => answer == expected);
}
