using Bunit;
using CalicoConsole.Core.Diagnostics.Causes;
using CalicoConsole.Core.Diagnostics.Decision;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Web.Areas.Connectivity;
using CalicoConsole.Web.Tests.Forms;
using Microsoft.Extensions.DependencyInjection;

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
        { new CauseMend.DeleteEndpoint(Endpoint), "" },
        { new CauseMend.ReleaseEndpoint("docker01", "my_net", "web"), "do/release-endpoint?" },
        { new CauseMend.CreatePool("192.0.2.0/24"), "do/create-pool?" },
        { new CauseMend.EditPool("192.0.2.0/24"), "do/edit-pool?" },
        { new CauseMend.ReleaseAddress("192.0.2.9"), "do/release-addresses?" },
        { new CauseMend.AttachProfile(Endpoint), "do/attach-profile?" },
        { new CauseMend.AllowByRule("docker01/web", "docker02/db", "tcp", 5432), "reachability?" },
        { new CauseMend.EditRules(KindNames.Policy, "web"), "do/edit-policy?" },
    };

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    [Theory]
    [MemberData(nameof(Mends))]
    public void Mend_HasItsForm(CauseMend mend, string address)
    {
        var link = MendLinks.For(mend);
        // Workload endpoints are deleted by a manifest: there is no form to lead to.
        Assert.Equal(address.Length > 0, link is not null);
        Assert.StartsWith(address, link?.Href ?? "", StringComparison.Ordinal);
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
        Assert.StartsWith("do/set-container-mac", page.Find("[data-mend]").GetAttribute("href"), StringComparison.Ordinal);
        Assert.Equal("broken", page.Find("[data-hop]").GetAttribute("data-hop"));
        Assert.Contains("# docker01/web to docker02/far", ReportText.Markdown(report), StringComparison.Ordinal);
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
        var report = new DiagnosisReport
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
        await _context.Services.GetRequiredService<IDiagnosisReports>().KeepAsync(
            new KeptReport(report.Id, report.At, report.From, report.To, "ping", "found", report.Headline, report.ToJson()), CancellationToken.None);
        return report;
    }
}
