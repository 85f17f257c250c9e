using Bunit;
using CalicoConsole.Core.Counters;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Reachability;
using CalicoConsole.Web.Hosting;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Live;
using CalicoConsole.Web.Tests.Api;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Components;

public sealed class ReachabilityPageTests : IAsyncDisposable
{
    private readonly BunitContext _context = new();
    private readonly ManualClusterState _state = new();
    private readonly RecordingRunner _runner = new();

    public ReachabilityPageTests()
    {
        _context.AddConsole(_state, _runner, _runner);
        _context.Services.AddSingleton(new ConsoleSettings { ClusterName = "test", ClusterKind = "sandbox", ConnectionString = "", DataFolder = "" });
        _context.Services.AddSingleton<ReachabilityModels>();
        _state.Publish(Cluster.Snapshot() with { Calico = ReachabilitySample.State() });
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeComponentsAsync();
        await _context.DisposeAsync();
        Assert.Equal(0, _state.Subscribers);
    }

    [Fact]
    public async Task Way_IsShownOnceSaid_AndAskedWithTheQuestion()
    {
        Assert.False(Open("reachability").Find("[data-way]").HasAttribute("open"));
        var page = Open("reachability?from=198.51.100.7&to=203.0.113.7&via=docker01&viaIn=eth0");
        Assert.True(page.Find("[data-way]").HasAttribute("open"));
        Assert.Equal("eth0", page.Find("[data-via-in]").GetAttribute("value"));
        await page.InvokeAsync(() => page.Find("[data-via-out]").Input("eth1,192.0.2.1"));
        await page.InvokeAsync(() => page.Find("form[data-question]").Submit());
        Assert.Contains("via=docker01&viaIn=eth0&viaOut=eth1%2C192.0.2.1", _context.Services.GetRequiredService<NavigationManager>().Uri,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Trace_StepsOfRules_SayWhatTheRuleCounted()
    {
        var page = Open("reachability?from=docker01/workload1&to=db&protocol=tcp&port=5432");
        var steps = page.FindAll("[data-step]");
        Assert.Equal(2, steps.Count);
        Assert.All(steps, s => Assert.Equal("hits unknown", s.QuerySelector("[data-rule-count]")?.TextContent));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(3, false)]
    public async Task Matrix_MarksWhatIsOpenAndWasNeverUsed_WhenAsked(int packets, bool marked)
    {
        var kernel = $"""
            *filter
            :cali-pri-db - [0:0]
            :cali-pri-web - [0:0]
            :cali-pro-web - [0:0]
            [{packets}:{packets * 60}] -A cali-pri-db -p tcp -m set --match-set web src -m multiport --dports 5432 -j MARK --set-xmark 0x1000000/0x1000000
            [{packets}:{packets * 60}] -A cali-pri-db -m mark --mark 0x1000000/0x1000000 -j RETURN
            [9:540] -A cali-pro-web -j MARK --set-xmark 0x1000000/0x1000000
            [9:540] -A cali-pro-web -m mark --mark 0x1000000/0x1000000 -j RETURN
            COMMIT
            """;
        ((UnreadCounters)_context.Services.GetRequiredService<IRuleCounterReader>()).Answer =
            host => new HostSample(host, DateTimeOffset.UnixEpoch, ChainCounts.Parse(kernel.Split('\n')), "");
        var page = Open("reachability?unused=1");
        page.WaitForAssertion(() => Assert.DoesNotContain(
            "unused", page.Find("[data-cell='web>db']").ParentElement!.ClassName, StringComparison.Ordinal));
        await _context.Services.GetRequiredService<RuleCounterSampler>().SampleAsync(Xunit.TestContext.Current.CancellationToken);

        page.WaitForAssertion(() => Assert.Equal(marked, page.Find("[data-cell='web>db']").ParentElement!.ClassList.Contains("unused")));
        Assert.Equal(marked, page.Find("[data-cell='web>db']").GetAttribute("aria-label")!.EndsWith("; never used", StringComparison.Ordinal));
        Assert.DoesNotContain("unused", page.Find("[data-cell='db>web']").ParentElement!.ClassName, StringComparison.Ordinal);
        Assert.True(page.Find("input[data-unused]").HasAttribute("checked"));
        Assert.Single(page.FindAll("[data-unused-legend]"));
    }

    [Fact]
    public void Matrix_LinksEachCellToAQuestionWithOpenTraffic()
    {
        var page = Open("reachability");
        var cell = page.Find("[data-cell='web>db']");
        Assert.Equal("tcp 5432, web to db: tcp 5432", cell.GetAttribute("aria-label"));
        Assert.Contains("protocol=tcp&port=5432", cell.GetAttribute("href"), StringComparison.Ordinal);
        Assert.Contains("none", page.Find("[data-cell='db>web']").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reachability?from=docker01/workload1&to=db&protocol=tcp&port=5432", "allowed")]
    [InlineData("reachability?from=docker01/workload1&to=db&protocol=tcp&port=80", "denied")]
    [InlineData("reachability?from=docker01/workload1&to=nobody", "invalid")]
    [InlineData("reachability?from=198.51.100.7&to=203.0.113.7&via=docker01&viaIn=eth0&viaOut=eth1", "allowed")]
    [InlineData("reachability?from=docker01/workload1&to=db&via=docker01", "invalid")]
    public void Question_InTheAddress_IsAnswered(string address, string verdict) =>
        Assert.Equal(verdict, Open(address).Find("[data-verdict]").GetAttribute("data-verdict"));

    [Fact]
    public async Task Question_Asked_GoesIntoTheAddress()
    {
        var page = Open("reachability");
        await page.InvokeAsync(() => page.Find("[data-from]").Input("docker01/workload1"));
        await page.InvokeAsync(() => page.Find("[data-to]").Input("db"));
        await page.InvokeAsync(() => page.Find("[data-protocol]").Change("tcp"));
        await page.InvokeAsync(() => page.Find("[data-port]").Input("5432"));
        await page.InvokeAsync(() => page.Find("[data-question]").Submit());
        page.WaitForAssertion(() => Assert.EndsWith(
            "reachability?from=docker01%2Fworkload1&to=db&protocol=tcp&port=5432", _context.Services.GetRequiredService<NavigationManager>().Uri,
                StringComparison.Ordinal));
        // The router draws a page without parameters no more when only its query changes: it follows by itself.
        page.WaitForAssertion(() => Assert.Equal("allowed", page.Find("[data-verdict]").GetAttribute("data-verdict")));
    }

    [Fact]
    public async Task Denied_ShowsTheNearMissAndSuggestsChanges()
    {
        var page = Open("reachability?from=docker01/workload1&to=db&protocol=tcp&port=80");
        Assert.Contains("port 80 is not in 5432", page.Find("[data-near-misses]").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.Find("[data-suggest]").Click());
        Assert.Contains("add port 80 to ingress rule 1", page.Find("[data-suggestions]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Matrix_OfAddressesThatAreToldApart_SaysSome_AndAsksAboutTheOneThatIsOpen()
    {
        Assert.Empty(Open("reachability").FindAll("[data-split]"));
        _state.Publish(_state.Current with { Calico = ReachabilitySample.WithTwoAddresses() });
        var page = Open("reachability");
        Assert.Contains("1 endpoint has several addresses", page.Find("[data-split]").TextContent, StringComparison.Ordinal);
        var cell = page.Find("[data-cell='web>db']");
        Assert.EndsWith(", web to db: tcp 5432 for some pairs or addresses", cell.GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.Contains("&to=10.9.9.9&", cell.GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public void Verdict_OfSeveralAddresses_NamesTheOne_AndSaysTheOthers()
    {
        _state.Publish(_state.Current with { Calico = ReachabilitySample.WithTwoAddresses() });
        var page = Open("reachability?from=docker01/workload1&to=db&protocol=tcp&port=5432");
        Assert.Contains("db at 192.0.2.3 with tcp port 5432", page.Find("[data-verdict=denied]").TextContent, StringComparison.Ordinal);
        var others = page.Find("[data-other-addresses=differ]");
        Assert.Contains("192.0.2.2 → 10.9.9.9 allowed", others.TextContent, StringComparison.Ordinal);
        Assert.Contains("to=10.9.9.9", others.QuerySelector("a")!.GetAttribute("href"), StringComparison.Ordinal);

        page = Open("reachability?from=docker01/workload1&to=10.9.9.9&protocol=tcp&port=5432");
        Assert.Contains("db at 10.9.9.9 with tcp port 5432", page.Find("[data-verdict=allowed]").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-other-addresses]"));

        page = Open("reachability?from=docker01/workload1&to=db&protocol=tcp&port=80");
        Assert.NotNull(page.Find("[data-other-addresses=same]"));
    }

    [Fact]
    public void Verdict_FollowsTheCluster()
    {
        var page = Open("reachability?from=docker01/workload1&to=db&protocol=tcp&port=5432");
        var (next, _) = CalicoStateUpdate.Apply(_state.Current.Calico, new DatastoreUpdate.Change("/calico/v1/policy/profile/db", null, Subtree: true, 2));
        _state.Publish(_state.Current with { Calico = next });
        page.WaitForAssertion(() => Assert.Equal("denied", page.Find("[data-verdict]").GetAttribute("data-verdict")), TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData(2, "disagrees")]
    [InlineData(0, "agrees")]
    public async Task Probe_IsComparedWithTheVerdict(int received, string words)
    {
        var page = Open("reachability?from=docker01/workload1&to=db");
        _runner.ResultOf = _ => RecordingRunner.Result(OperationOutcome.Succeeded) with { Answer = new OperationAnswer.PingCount(2, received) };
        await page.InvokeAsync(() => page.Find("[data-probe] button").Click());
        page.WaitForAssertion(() => Assert.Contains(words, page.Find("[data-probe] .chip").TextContent, StringComparison.Ordinal));
        Assert.Equal("192.0.2.3", Assert.IsType<Ping>(Assert.Single(_runner.Ran).Operation).Target);
    }

    [Theory]
    [InlineData("5432", TcpAnswer.Connected, "agrees")]
    [InlineData("5432", TcpAnswer.Refused, "agrees")]
    [InlineData("5432", TcpAnswer.NoAnswer, "disagrees")]
    [InlineData("80", TcpAnswer.NoAnswer, "agrees")]
    [InlineData("80", TcpAnswer.Refused, "disagrees")]
    [InlineData("80", null, "not possible")]
    public async Task Connect_IsComparedWithTheVerdict(string port, TcpAnswer? answer, string words)
    {
        var page = Open($"reachability?from=docker01/workload1&to=db&protocol=tcp&port={port}");
        var result = RecordingRunner.Result(answer is null ? OperationOutcome.Failed : OperationOutcome.Succeeded) with { Message = "said" };
        _runner.ResultOf = _ => answer is { } ended ? result with { Answer = new OperationAnswer.TcpProbe(ended) } : result;
        await page.InvokeAsync(() => page.Find("[data-probe] button").Click());
        page.WaitForAssertion(() => Assert.Contains(words, page.Find("[data-probe] .chip").TextContent, StringComparison.Ordinal));
        Assert.Equal(words == "disagrees", page.Find("[data-probe]").TextContent.Contains("Finding:", StringComparison.Ordinal));
        var ran = Assert.IsType<ConnectTcp>(Assert.Single(_runner.Ran).Operation);
        Assert.Equal(("192.0.2.3", port, "workload1"), (ran.Target, ran.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), ran.Label));
        Assert.Contains("simulated", page.Find("[data-probe]").TextContent + (answer is null ? "simulated" : ""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reachability?from=docker01/workload1&to=db&protocol=udp&port=53", "no probe for this traffic")]
    [InlineData("reachability?from=db&to=docker01/workload1", "Only a running container can try it")]
    public void Probe_WhereNoneCanBeMade_SaysWhy(string address, string words)
    {
        var page = Open(address);
        Assert.Contains(words, page.Find("[data-probe]").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-probe] button"));
    }

    [Fact]
    public void Table_SaysTheSame_AndThePictureIsTheTopology()
    {
        Assert.NotNull(Open("reachability?view=table").WaitForElement("tr[data-cell='web>db']"));
        Assert.Equal("topology?by=profile", Open("reachability").Find("[data-as-picture]").GetAttribute("href"));
        Assert.Equal("topology", Open("reachability?by=node").Find("[data-as-picture]").GetAttribute("href"));
    }

    [Fact]
    public void TwoGroupsInTheAddress_AreACell_AndNoQuestion()
    {
        var page = Open("reachability?from=web&to=web");
        Assert.StartsWith("web to web: ", System.Text.RegularExpressions.Regex.Replace(page.Find("[data-named-cell]").TextContent, @"\s+", " ").Trim(),
            StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-verdict]"));
        Assert.Equal("web>web", page.Find("[data-at][aria-current]").GetAttribute("data-cell"));
        // The ends of a question are in groups too.
        page = Open("reachability?from=docker01/workload1&to=db");
        Assert.Equal("web>db", page.Find("[data-at][aria-current]").GetAttribute("data-cell"));
        Assert.Empty(page.FindAll("[data-named-cell]"));
    }

    private IRenderedComponent<ReachabilityPage> Open(string address)
    {
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        var page = _context.Render<ReachabilityPage>();
        page.WaitForState(() => page.FindAll("[data-working]").Count == 0, TimeSpan.FromSeconds(30));
        return page;
    }
}
