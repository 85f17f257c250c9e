using Bunit;
using CalicoConsole.Core.Diagnostics;
using CalicoConsole.Core.Diagnostics.Causes;
using CalicoConsole.Core.Diagnostics.Decision;
using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Ports;
using CalicoConsole.Web.Areas.Connectivity;
using CalicoConsole.Web.Routing;
using CalicoConsole.Web.Tests.Forms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CalicoConsole.Web.Tests.Components;

/// <summary>Kept diagnoses: the report, and where each mend is done.</summary>
public sealed class ConnectivityPageTests : IAsyncDisposable
{
    private static readonly WorkloadEndpointId Endpoint = new("docker01", "libnetwork", "libnetwork", "e1");

    private readonly BunitContext _context = new();

    public ConnectivityPageTests()
    {
        var state = new ManualClusterState();
        state.Publish(Cluster.Snapshot());
        var runner = new FormRunner(state);
        _context.AddConsole(state, runner, runner);
    }

    /// <summary>One of each kind of mend, and what its address begins with.</summary>
    public static TheoryData<CauseMend, string> Mends { get; } = new()
    {
        { new CauseMend.SetMac("docker01", "c1", "cali0", "ee:ee:ee:ee:ee:ee"), "do/set-container-mac?host=docker01&container=c1&interface=cali0&mac=" },
        { new CauseMend.StartContainer("docker01", "c1"), "do/start-container?" },
        { new CauseMend.UnpauseContainer("docker01", "c1"), "do/unpause-container?" },
        { new CauseMend.RestartContainer("docker01", "c1"), "do/restart-container?" },
        { new CauseMend.DeployNode("docker01"), "do/deploy-calico-node?" },
        { new CauseMend.SetFelix("docker01", "InterfacePrefix", "cali"), "do/set-config?" },
        { new CauseMend.SetMesh(), "do/set-config?" },
        { new CauseMend.DeleteEndpoint(Endpoint), "do/delete-endpoint?node=" },
        { new CauseMend.ReleaseEndpoint("docker01", "my_net", "web"), "do/release-endpoint?" },
        { new CauseMend.CreatePool("192.0.2.0/24"), "do/create-pool?" },
        { new CauseMend.EditPool("192.0.2.0/24"), "do/edit-pool?" },
        { new CauseMend.ReleaseAddress("192.0.2.9"), "do/release-addresses?" },
        { new CauseMend.AttachProfile(Endpoint), "do/attach-profile?" },
        { new CauseMend.AllowByRule("docker01/web", "docker02/db", "tcp", 5432), "reachability?" },
        { new CauseMend.EditRules(KindNames.Policy, "web"), "do/edit-policy?" },
        { new CauseMend.CreateProfile("my_net"), "do/create-profile?name=my_net" },
        { new CauseMend.RebuildHandle("h1"), "do/rebuild-handle?handle=h1" },
    };

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    [Theory]
    [MemberData(nameof(Mends))]
    public void Mend_HasItsForm(CauseMend mend, string address)
    {
        var link = MendLinks.For(mend);
        Assert.NotNull(link);
        Assert.StartsWith(address, link.Value.Href, StringComparison.Ordinal);
    }

    [Fact]
    public void Mends_AreAllHere() => Assert.Equal(
        typeof(CauseMend).GetNestedTypes().Select(t => t.Name).Order(StringComparer.Ordinal),
        Mends.Select(m => m.Data.Item1.GetType().Name).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public async Task Report_SaysTheCauseItsEvidenceAndTheWayToMendIt()
    {
        var report = await KeepAsync();
        var page = _context.Render<KeptDiagnosis>(p => p.Add(d => d.Result, Done(report.Id)));
        page.WaitForAssertion(() => Assert.Equal("mac-mismatch", page.Find("[data-diagnosis]").GetAttribute("data-cause")));
        Assert.Contains("far hears nothing", page.Find(".diagnosis-head").TextContent, StringComparison.Ordinal);
        Assert.Contains("Proven", page.Find(".diagnosis-head").TextContent, StringComparison.Ordinal);
        Assert.Contains("86:24:00:ce:d2:5d", page.Find(".evidence tbody tr").TextContent, StringComparison.Ordinal);
        Assert.Contains("Set the recorded MAC", page.Find("[data-mend]").TextContent, StringComparison.Ordinal);
        Assert.StartsWith("do/set-container-mac", page.Find(".mend a").GetAttribute("href"), StringComparison.Ordinal);
        Assert.Equal("broken", page.Find("[data-hop]").GetAttribute("data-hop"));
        Assert.Contains("# docker01/web to docker02/far", ReportText.Markdown(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DiagnosisOutcome.Works, "Mended")]
    [InlineData(DiagnosisOutcome.Found, "Not mended")]
    public async Task Mend_SaysWhatItDoes_RunsIt_AndAsksAgainByItself(DiagnosisOutcome after, string said)
    {
        var report = Sample();
        var again = report with { Id = Guid.NewGuid(), Outcome = after, Cause = null, Headline = "The new headline." };
        var runner = new RecordingRunner
        {
            PlanOf = _ => new Plan { Consequences = ["The interface cali0 gets the MAC."] },
            ResultOf = o => o is Diagnose ? Done(again.Id) : RecordingRunner.Result(OperationOutcome.Succeeded),
        };
        // Half a minute is over with the first answer: what does not work then is said to be not mended.
        var time = new FakeTimeProvider { AutoAdvanceAmount = MendRun.Limit + TimeSpan.FromSeconds(1) };
        _context.Services.AddSingleton<IOperationRunner>(runner).AddSingleton<TimeProvider>(time);
        await KeepAsync(report);
        await KeepAsync(again);
        var page = _context.Render<KeptDiagnosis>(p => p.Add(d => d.Result, Done(report.Id)));
        page.WaitForElement("[data-mend]").Click();
        page.WaitForAssertion(() => Assert.Contains("The interface cali0 gets the MAC.", page.Markup, StringComparison.Ordinal));
        Assert.Empty(runner.Ran);
        page.Find("[data-mend-run]").Click();

        page.WaitForAssertion(() => Assert.Equal(said, page.Find("[data-mend-now='ended'] strong").TextContent), TimeSpan.FromSeconds(20));
        var ran = runner.Ran.Select(r => r.Operation).ToArray();
        Assert.Equal(new SetContainerMac("docker02", "c2", "cali0", "ee:ee:ee:ee:ee:ee"), ran[0]);
        Assert.Equal(new Diagnose(new DiagnosisQuestion("docker01/web", "docker02/far", "ping")), Assert.Single(ran.Skip(1)));
        Assert.Equal(Links.Diagnosis(again.Id), page.Find("[data-mend-now] a").GetAttribute("href"));
    }

    [Fact]
    public async Task Mend_ThatIsRefused_SaysWhy_AndNobodyAsksAgain()
    {
        var report = Sample();
        var runner = new RecordingRunner { ResultOf = _ => RecordingRunner.Result(OperationOutcome.Failed) with { Message = "The engine is gone." } };
        _context.Services.AddSingleton<IOperationRunner>(runner);
        await KeepAsync(report);
        var page = _context.Render<KeptDiagnosis>(p => p.Add(d => d.Result, Done(report.Id)));
        page.WaitForElement("[data-mend]").Click();
        page.WaitForElement("[data-mend-run]").Click();

        page.WaitForAssertion(() => Assert.Contains("The engine is gone.", page.Find("[data-mend-now='ended']").TextContent, StringComparison.Ordinal));
        Assert.IsType<SetContainerMac>(Assert.Single(runner.Ran).Operation);
    }

    [Fact]
    public void Report_ThatIsGone_SaysSo()
    {
        var page = _context.Render<KeptDiagnosis>(p => p.Add(d => d.Result, Done(Guid.NewGuid())));
        page.WaitForAssertion(() => Assert.Contains("There is no diagnosis", page.Markup, StringComparison.Ordinal));
    }

    private static OperationResult Done(Guid report) => new()
    {
        OperationId = Guid.NewGuid(),
        Outcome = OperationOutcome.Succeeded,
        Plan = new Plan(),
        Answer = new OperationAnswer.Diagnosed(report, "found",
            "far hears nothing"),
    };

    private async Task<DiagnosisReport> KeepAsync()
    {
        var report = Sample();
        await KeepAsync(report);
        return report;
    }

    private static DiagnosisReport Sample() => new()
    {
        Id = Guid.NewGuid(),
        At = DateTimeOffset.UnixEpoch,
        From = "docker01/web",
        To = "docker02/far",
        Protocol = "ping",
        Outcome = DiagnosisOutcome.Found,
        Certainty = Certainty.Certain,
        Headline = "far hears nothing: its network card has another MAC address than Calico was told.",
        Cause = new ReportedCause
        {
            Id = "D01",
            Code = "mac-mismatch",
            Title = "The MAC",
            Why = "Why.",
            Impact = CauseImpact.Outage,
            Proof = Proof.Proven,
            Subject = "docker02/far",
            Headline = "far hears nothing",
            Evidence = [new EvidenceLine("MAC of cali0 in far", "86:24:00:ce:d2:5d", "ee:ee:ee:ee:ee:ee", "inside the container")],
            Mend = new CauseMend.SetMac("docker02", "c2", "cali0", "ee:ee:ee:ee:ee:ee"),
        },
        Path = [new Hop("far", "docker02", HopState.Broken, ["MAC 86:24:00:ce:d2:5d"])],
    };

    private Task KeepAsync(DiagnosisReport report) => _context.Services.GetRequiredService<IDiagnosisReports>().KeepAsync(
        new KeptReport(report.Id, report.At, report.From, report.To, "ping", "found", report.Headline, report.ToJson()), CancellationToken.None);
}
